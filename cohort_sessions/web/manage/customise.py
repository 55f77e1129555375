"""A course made this session's own: its outline, with what is hidden, dated and named otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey

from cohort_sessions import permissions
from cohort_sessions.data import BlockField, BlockKind, Lock
from cohort_sessions.errors import InvalidInput, NotFound, WrongState
from cohort_sessions.host import get_host
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations.customisation import Deed, draft_blocks, undo_changes
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.customisation import EditionOutline, OutlineLine, Value, edition_outline
from cohort_sessions.queries.elements import OwnElements, own_elements
from cohort_sessions.queries.grading import edition_grading, own_grading
from cohort_sessions.queries.locks import standing_locks
from cohort_sessions.web import moments
from cohort_sessions.web.manage.locks import lock_notices
from cohort_sessions.web.manage.page import SessionPage, Way, address
from cohort_sessions.web.manage.reports import Report, leave_report
from cohort_sessions.web.wording import Badge, Notice, Tone

FIELD_NAMES = {
    BlockField.HIDDEN: gettext_lazy("Shown to learners"),
    BlockField.OPENS_AT: gettext_lazy("Opening"),
    BlockField.DUE: gettext_lazy("Deadline"),
    BlockField.TITLE: gettext_lazy("Name"),
}

KIND_NAMES = {
    BlockKind.SECTION: gettext_lazy("Section"),
    BlockKind.SUBSECTION: gettext_lazy("Subsection"),
    BlockKind.UNIT: gettext_lazy("Unit"),
}

# The pages about one course, in order.
EDITION_PAGES = (
    ("customise", gettext_lazy("Outline")),
    ("customise_welcome", gettext_lazy("Welcome")),
    ("customise_tools", gettext_lazy("Tools")),
    ("customise_grading", gettext_lazy("Grading")),
    ("customise_templates", gettext_lazy("Templates")),
)

# A course with more blocks than this begins folded.
_UNFOLDED = 60


@dataclass(frozen=True, slots=True)
class TreeItem:
    """
    A block on the page; `note` says when it opens and is due, in `children` stands what is in it.

    Attributes:
        key: the usage key, as the form sends it.
        elements: how much of what stands in it as text and problems is this session's own; empty for nothing.
        elements_url: where that is changed.
    """

    key: str
    number: int
    title: str
    kind: str
    url: str
    badges: tuple[Badge, ...]
    note: SafeString | str
    children: tuple[TreeItem, ...]
    elements: str = ""
    elements_url: str = ""


class CustomisePage(SessionPage):
    """What the pages about one course of a session share; for those who may customise it."""

    permission = permissions.VIEW_ROSTER
    current = "customise_courses"
    # Which of `EDITION_PAGES` the page belongs to.
    current_part = "customise"

    @cached_property
    def edition(self) -> CourseEdition:
        """The course of the address."""
        edition = self.session.editions.filter(uuid=self.kwargs["uuid"], withdrawn_at=None).first()
        if edition is None:
            raise NotFound(_("There is no such course in this session."))
        edition.session = self.session
        authorise(self.actor, permissions.CUSTOMISE_EDITION, edition)
        return edition

    @cached_property
    def outline(self) -> EditionOutline:
        """Its outline, as this person finds it."""
        return edition_outline(self.edition, actor=self.actor)

    @cached_property
    def elements(self) -> OwnElements:
        """What of its units is its own."""
        return own_elements(self.edition)

    @cached_property
    def course_title(self) -> str:
        """What the base course is called."""
        course = get_host().base_courses([self.edition.base_key]).get(self.edition.base_key)
        return course.title if course else str(self.edition.base_key)

    def http_method_not_allowed(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Nobody learns from it whether there is such a course."""
        authorise(self.actor, permissions.CUSTOMISE_EDITION, self.edition)
        return super().http_method_not_allowed(request, *args, **kwargs)

    def _shared(self) -> Mapping[str, object]:
        parts = [Way(str(words), self.own(page), page == self.current_part) for page, words in EDITION_PAGES]
        return {**super()._shared(), "edition_ways": parts}

    def locks_against(self, permission: str, lock: Lock) -> list[Notice]:
        """What is to be said of a lock that keeps the actor from it; nothing to whom it does not concern."""
        if permissions.allows(self.actor, permission, self.edition):
            return []
        standing = standing_locks(self.session)
        return lock_notices([standing[lock]] if lock in standing else [])

    def own(self, page: str, **kwargs) -> str:
        """The address of a page about this course."""
        return address(page, self.session.code, uuid=self.edition.uuid, **kwargs)

    def back(self, report: Report, url: str = "") -> HttpResponse:
        """To the outline, or to `url`, with what became of the change."""
        leave_report(self.request, self.session.code, report)
        return HttpResponseRedirect(url or self.own("customise"))


class CustomiseView(CustomisePage):
    """
    The outline of one course. Posting prepares the same for all blocks that are ticked.

    Query parameters, both optional: ``search``, a part of a title; ``fold``, ``all`` or ``none``.
    """

    template = "customise.html"

    def get(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Show it."""
        return self._show()

    def post(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Prepare."""
        deed = request.POST.get("deed", "")
        try:
            keys = usage_keys(request.POST.getlist("block"))
            outcomes = draft_blocks(
                self.edition,
                keys,
                deed,
                days=_number(request.POST.get("days", "")) if deed == Deed.SHIFT else 0,
                actor=self.actor,
                now=self.now,
            )
        except InvalidInput as refusal:
            return self._show(refusal, chosen=request.POST.getlist("block"), days=request.POST.get("days", ""))
        number = sum(line.changed for line in outcomes)
        done = ngettext("%d block is prepared", "%d blocks are prepared", number) % number
        text = _("Learners see it when the changes are applied.")
        why = _("Nothing of what is ticked has a date of its own.") if deed == Deed.SHIFT else _("It is so already.")
        as_before = Report(_("Nothing to change"), why, Tone.INFO)
        return self.back(Report(done, text) if number else as_before)

    def _show(
        self, refusal: InvalidInput | None = None, *, chosen: Sequence[str] = (), days: str = "7"
    ) -> HttpResponse:
        search = self.request.GET.get("search", "").strip()
        lines = _matching(self.outline.lines, search)
        fold = self.request.GET.get("fold", "")
        return self.render(
            course_title=self.course_title,
            items=self._items(lines),
            is_unfolded=bool(search) or fold == "none" or (fold != "all" and len(lines) <= _UNFOLDED),
            has_blocks=bool(self.outline.lines),
            number_found=sum(1 for line in lines if search and _matches(line, search)),
            search=search,
            chosen=set(chosen),
            days=days,
            fault=str(refusal) if refusal else "",
            notices=[
                *lock_notices(self.outline.locks.values()),
                *self._lost(),
                *self._base_changes(),
                *self._element_notices(),
                *self._grading_notices(),
            ],
            may_hide=BlockField.HIDDEN in self.outline.may,
            may_shift=BlockField.DUE in self.outline.may,
            may_reset=bool(self.outline.may),
            drafted=sum(len(line.drafted) for line in self.outline.lines),
            drafted_by=self.outline.drafted_by.name if self.outline.drafted_by else "",
            drafted_at=moments.exact(self.outline.drafted_at) if self.outline.drafted_at else "",
            can_undo=self.outline.can_undo,
            page_url=self.own("customise"),
            review_url=self.own("customise_review"),
            undo_url=self.own("undo_customise"),
        )

    def _items(self, lines: Sequence[OutlineLine]) -> tuple[TreeItem, ...]:
        """The tree of these lines, the deepest first made."""
        inside: dict[UsageKey | None, list[TreeItem]] = {}
        for number, line in reversed(list(enumerate(lines))):
            children = tuple(reversed(inside.pop(line.block.usage_key, [])))
            inside.setdefault(line.block.parent, []).append(self._item(number, line, children))
        return tuple(reversed(inside.get(None, [])))

    def _item(self, number: int, line: OutlineLine, children: tuple[TreeItem, ...]) -> TreeItem:
        key = line.block.usage_key
        elements = self.elements.fields.get(key, 0)
        own = ngettext("%d thing inside is this session's own", "%d things inside are this session's own", elements)
        return TreeItem(
            key=str(key),
            number=number,
            title=line.wanted(BlockField.TITLE),
            kind=str(KIND_NAMES[line.block.kind]),
            url=self.own("customise_block", block=str(key)),
            badges=_badges(line, has_own_elements=bool(elements)),
            note=_note(line),
            children=children,
            elements=own % elements if elements else "",
            elements_url=self.own("customise_elements", block=str(key)) if elements else "",
        )

    def _lost(self) -> list[Notice]:
        if not self.outline.lost:
            return []
        number = len({lost.usage_key for lost in self.outline.lost})
        title = ngettext(
            "%d customised block is not in the base course any more",
            "%d customised blocks are not in the base course any more",
            number,
        )
        return [Notice(title % number, _("What this session had otherwise there comes to nothing."), Tone.INFO)]

    def _base_changes(self) -> list[Notice]:
        changed = [line for line in self.outline.lines if line.base_changes]
        if not changed:
            return []
        links = format_html_join(
            ", ",
            '<a href="{}"><bdi>{}</bdi></a>',
            (
                (self.own("customise_block", block=str(line.block.usage_key)), line.now(BlockField.TITLE))
                for line in changed
            ),
        )
        text = format_html(
            _("Decide whether to keep what this session has, or to take it over: {blocks}."), blocks=links
        )
        return [Notice(_("The base course has changed under this session's own"), text, Tone.WARNING)]

    def _element_notices(self) -> list[Notice]:
        notices = []
        if self.elements.lost:
            title = ngettext(
                "%d text or problem of this session's own is not in the base course any more",
                "%d texts or problems of this session's own are not in the base course any more",
                self.elements.lost,
            )
            text = _("What this session had otherwise there comes to nothing.")
            notices.append(Notice(title % self.elements.lost, text, Tone.INFO))
        if self.elements.changed:
            links = format_html_join(
                ", ",
                '<a href="{}"><bdi>{}</bdi></a>',
                (
                    (self.own("customise_elements", block=str(unit)), title)
                    for unit, titles in self.elements.changed.items()
                    for title in titles
                ),
            )
            text = format_html(
                _("Decide whether to keep what this session has, or to take it over: {blocks}."), blocks=links
            )
            title = _("The base course has changed texts or problems under this session's own")
            notices.append(Notice(title, text, Tone.WARNING))
        return notices

    def _grading_notices(self) -> list[Notice]:
        view = edition_grading(self.edition) if own_grading(self.edition) else None
        if view is None or not (view.then or view.is_outdated):
            return []
        link = format_html('<a href="{}">{}</a>', self.own("customise_grading"), _("Grading"))
        text = format_html(
            _("Decide whether to keep what this session has, or to take it over: {blocks}."), blocks=link
        )
        return [Notice(_("The base course is graded otherwise by now"), text, Tone.WARNING)]


class UndoCustomiseView(CustomisePage):
    """Take back what was applied last; POST only."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Undo it."""
        try:
            number = undo_changes(self.edition, actor=self.actor, now=self.now)
        except WrongState as refusal:
            return self.back(Report(_("Nothing has changed"), str(refusal), Tone.INFO))
        text = ngettext("%d change was taken back.", "%d changes were taken back.", number) % number
        return self.back(Report(_("Undone"), f"{text} {_('The platform follows in a moment.')}"))


def usage_keys(texts: Sequence[str]) -> list[UsageKey]:
    """
    The blocks that were sent.

    Raises:
        InvalidInput: one of them is none.
    """
    return [_usage_key(text) for text in texts]


def _usage_key(text: str) -> UsageKey:
    try:
        return UsageKey.from_string(text)
    except InvalidKeyError as wrong:
        raise InvalidInput({"": _("This is not the key of a block: %(key)s") % {"key": text}}) from wrong


def value_words(name: BlockField, value: Value) -> SafeString | str:
    """A value as pages say it."""
    if name == BlockField.HIDDEN:
        return _("Hidden") if value else _("Shown")
    if name == BlockField.TITLE:
        return format_html("<bdi>{}</bdi>", value)
    if value is None:
        return _("No deadline") if name == BlockField.DUE else _("With what it stands in")
    return moments.exact(value)


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0


def _matches(line: OutlineLine, search: str) -> bool:
    names = (line.wanted(BlockField.TITLE), line.block.title)
    return any(search.casefold() in str(name).casefold() for name in names)


def _matching(lines: Sequence[OutlineLine], search: str) -> list[OutlineLine]:
    """Those that match, with what they stand in."""
    if not search:
        return list(lines)
    parents: Mapping[UsageKey, UsageKey | None] = {line.block.usage_key: line.block.parent for line in lines}
    kept: set[UsageKey] = set()
    for line in lines:
        key = line.block.usage_key if _matches(line, search) else None
        while key is not None and key not in kept:
            kept.add(key)
            key = parents[key]
    return [line for line in lines if line.block.usage_key in kept]


def _badges(line: OutlineLine, *, has_own_elements: bool) -> tuple[Badge, ...]:
    badges = []
    if line.drafted:
        badges.append(Badge(_("Prepared"), Tone.WARNING))
    if line.block.hidden:
        badges.append(Badge(_("Hidden in the base course"), Tone.NEUTRAL))
    elif line.wanted(BlockField.HIDDEN):
        badges.append(Badge(_("Hidden"), Tone.NEUTRAL))
    elif line.is_hidden_above:
        badges.append(Badge(_("Hidden with what it stands in"), Tone.NEUTRAL))
    if has_own_elements or set(line.applied) - {BlockField.HIDDEN}:
        badges.append(Badge(_("This session's own"), Tone.INFO))
    if line.base_changes:
        badges.append(Badge(_("Changed in the base course"), Tone.WARNING))
    return tuple(badges)


def _note(line: OutlineLine) -> SafeString | str:
    said = []
    if line.wanted(BlockField.TITLE) != line.block.title:
        said.append(format_html(_("“{title}” in the base course"), title=line.block.title))
    for name, words in ((BlockField.OPENS_AT, _("Opens {when}")), (BlockField.DUE, _("Due {when}"))):
        if line.wanted(name) is not None:
            said.append(format_html(words, when=moments.exact(line.wanted(name))))
    return format_html_join(" · ", "{}", ((each,) for each in said))
