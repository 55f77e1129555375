"""What the team announces to the members of a session: the list, writing, editing and deleting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.errors import ChangedMeanwhile, CohortSessionError
from cohort_sessions.models import Announcement
from cohort_sessions.operations.announcements import create_announcement, delete_announcement, edit_announcement
from cohort_sessions.queries.announcements import LONGEST_TITLE, announcement_named
from cohort_sessions.queries.announcing import AnnouncingRights
from cohort_sessions.queries.board import session_board
from cohort_sessions.web import moments
from cohort_sessions.web.board import AnnouncementLine, MaterialLine, worded_announcement, worded_material
from cohort_sessions.web.date_fields import ClosingField, OpeningField, refuse_reversed
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.board_pages import BoardPage, TargetField
from cohort_sessions.web.manage.fields import add_refusal
from cohort_sessions.web.manage.locks import LOCKS, why_locked
from cohort_sessions.web.manage.page import address
from cohort_sessions.web.manage.reports import Report
from cohort_sessions.web.manage.second_editors import moment_seen
from cohort_sessions.web.wording import Notice, Tone


class AnnouncementForm(PageForm):
    """
    What is announced, for whom, and from when to when.

    Args:
        is_mailed: members were told by mail already, so nobody is asked whether they are to be.
    """

    course = TargetField()
    title = forms.CharField(
        label=gettext_lazy("Title"),
        widget=forms.TextInput({"dir": "auto", "maxlength": LONGEST_TITLE}),
        error_messages={"required": gettext_lazy("Write a title.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea({"rows": 10, "dir": "auto"}),
        help_text=gettext_lazy(
            "Markdown: **bold**, *italic*, [a link](https://example.com/), and a dash before each line of a list."
        ),
        error_messages={"required": gettext_lazy("Write what you want to say.")},
    )
    published_from = OpeningField(label=gettext_lazy("Published from"), required=False)
    published_to = ClosingField(label=gettext_lazy("Published until"), required=False)
    is_pinned = forms.BooleanField(
        label=gettext_lazy("Pin it"),
        required=False,
        help_text=gettext_lazy("It stands before all that are not pinned."),
    )
    mails = forms.BooleanField(
        label=gettext_lazy("Tell members by mail as well"),
        required=False,
        help_text=gettext_lazy("Each member of that moment gets one mail when it is published."),
    )
    # Names the announcement, so that two clicks make one.
    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping | None, *, rights: AnnouncingRights, initial: Mapping, is_mailed: bool = False):
        super().__init__(data, initial=initial)
        self.fields["course"].offer(rights)
        self.fields["published_from"].help_text = format_html(
            "{} {}", _("Empty: from now on."), self.fields["published_from"].help_text
        )
        if is_mailed:
            del self.fields["mails"]

    def clean(self) -> dict:
        """Nobody can mend a name that they do not see: the announcement gets another."""
        if self.errors.pop("uuid", None):
            self.cleaned_data["uuid"] = None
        refuse_reversed(self, "published_from", "published_to")
        return self.cleaned_data


@dataclass(frozen=True, slots=True)
class Row:
    """
    An announcement or material in the list of the team.

    Attributes:
        edit_url, remove_url, move_url: empty where it is not the reader's to change; locked or not.
    """

    line: AnnouncementLine | MaterialLine
    edit_url: str
    remove_url: str
    move_url: str = ""
    is_first: bool = False
    is_last: bool = False


class AnnouncementsView(BoardPage):
    """The announcements and materials of the session that this person sees, and what they may do with them."""

    template = "announcements.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show them."""
        board = session_board(self.session, actor=self.actor, now=self.now)
        rights = board.rights
        return self.render(
            rows=[
                Row(
                    worded_announcement(each, on_team=True),
                    self._url(each, "edit_announcement", announcement=each.uuid),
                    self._url(each, "delete_announcement", announcement=each.uuid),
                )
                for each in board.announcements
            ],
            materials=self._materials(board.materials),
            writes=rights.is_whole or bool(rights.editions),
            is_locked=rights.lock is not None,
            notice=_lock_notice(rights),
            new_url=address("new_announcement", code),
            link_url=address("add_link", code),
            file_url=address("add_file", code),
        )

    def _materials(self, shown) -> list[Row]:
        courses = [each.course for each in shown]
        return [
            Row(
                worded_material(each, code=self.session.code, on_team=True),
                self._url(each, "edit_material", material=each.uuid),
                self._url(each, "remove_material", material=each.uuid),
                self._url(each, "move_material", material=each.uuid),
                is_first=number == 0 or courses[number - 1] != each.course,
                is_last=number == len(courses) - 1 or courses[number + 1] != each.course,
            )
            for number, each in enumerate(shown)
        ]

    def _url(self, each, page: str, **names) -> str:
        return address(page, self.session.code, **names) if each.is_own else ""


class NewAnnouncementView(BoardPage):
    """Announce something."""

    title = gettext_lazy("New announcement")
    button = gettext_lazy("Announce")

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """An empty form."""
        self.authorise_somewhere()
        return self.ask(self._form(None))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Announce it, now or later."""
        self.authorise_somewhere()
        form = self._form(request.POST)
        if form.is_valid():
            values = {name: value for name, value in form.cleaned_data.items() if name != "seen_at"}
            try:
                made = create_announcement(self.session, **values, actor=self.actor, now=self.now)
            except CohortSessionError as refusal:
                add_refusal(form, refusal)
            else:
                done = _("Announced") if made.published_from <= self.now else _("It is announced when its time comes")
                return self.back(Report(done), f"#cs-announcement-{made.uuid}")
        return self.ask(form)

    def _form(self, data: Mapping | None) -> AnnouncementForm:
        return AnnouncementForm(data, rights=self.rights, initial={"uuid": uuid4()})


class _OneAnnouncement(BoardPage):
    """About the announcement of the address."""

    @cached_property
    def announcement(self) -> Announcement:
        """It, for who may change it."""
        found = announcement_named(self.session, self.kwargs["announcement"])
        self.authorise_at(found.edition)
        return found

    def authorise_page(self) -> None:
        """Whoever may change it."""
        _found = self.announcement


class EditAnnouncementView(_OneAnnouncement):
    """Change an announcement."""

    title = gettext_lazy("Edit an announcement")

    def get(self, request: HttpRequest, code: str, announcement: UUID) -> HttpResponse:
        """As it stands."""
        return self._show(self._form(None))

    def post(self, request: HttpRequest, code: str, announcement: UUID) -> HttpResponse:
        """Save it, unless somebody else has changed it meanwhile."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form)
        values = {name: value for name, value in form.cleaned_data.items() if name not in {"uuid", "seen_at"}}
        values["published_from"] = values["published_from"] or self.now.replace(microsecond=0)
        seen_at = moment_seen(form.cleaned_data["seen_at"])
        try:
            edit_announcement(self.announcement, seen_at=seen_at, **values, actor=self.actor, now=self.now)
        except ChangedMeanwhile as refusal:
            data = request.POST.copy()
            data["seen_at"] = self.announcement.modified_at.isoformat()
            text = _("%(sentence)s Save once more to have it as it stands in your form.") % {"sentence": str(refusal)}
            changes = Notice(_("This announcement was changed while you were editing"), text, Tone.WARNING)
            return self._show(self._form(data), changes=changes)
        except CohortSessionError as refusal:
            add_refusal(form, refusal)
            return self._show(form)
        return self.back(Report(_("Saved")), f"#cs-announcement-{announcement}")

    def _form(self, data: Mapping | None) -> AnnouncementForm:
        found = self.announcement
        initial = {
            "course": found.edition,
            "seen_at": found.modified_at.isoformat(),
        }
        names = ("title", "text", "published_from", "published_to", "is_pinned", "mails")
        initial |= {name: getattr(found, name) for name in names}
        return AnnouncementForm(data, rights=self.rights, initial=initial, is_mailed=found.mailed_at is not None)

    def _show(self, form: AnnouncementForm, *, changes: Notice | None = None) -> HttpResponse:
        found = self.announcement
        told = format_html(_("Members were told by mail on {when}; they are not told again."), when=_moment(found))
        url = address("edit_announcement", self.session.code, announcement=found.uuid)
        return self.ask(form, lead=(told,) if found.mailed_at else (), changes=changes, reload_url=url)


class DeleteAnnouncementView(_OneAnnouncement):
    """Delete an announcement; asks first."""

    template = "confirm.html"
    title = gettext_lazy("Delete an announcement")
    button = gettext_lazy("Delete")

    def get(self, request: HttpRequest, code: str, announcement: UUID) -> HttpResponse:
        """Say what will happen."""
        return self.confirm(
            self.announcement.title, _("Nobody sees it any more. Mails that have left stay where they are.")
        )

    def post(self, request: HttpRequest, code: str, announcement: UUID) -> HttpResponse:
        """Delete it."""
        title = self.announcement.title
        delete_announcement(self.announcement, actor=self.actor, now=self.now)
        return self.back(Report(_("“%(title)s” was deleted") % {"title": title}))


def _moment(announcement: Announcement) -> str:
    return moments.exact(announcement.mailed_at) if announcement.mailed_at else ""


def _lock_notice(rights: AnnouncingRights) -> Notice | None:
    """Who locked it, and why."""
    if rights.lock is None:
        return None
    return Notice(_("Locked: %(what)s") % {"what": LOCKS[rights.lock.name][0]}, why_locked(rights.lock), Tone.INFO)
