"""The courses of a session: found among those of the host, added, put in order and taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import permissions
from cohort_sessions.errors import InvalidInput, NotFound
from cohort_sessions.host import get_host
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations.courses import add_courses, order_courses, remove_courses
from cohort_sessions.queries.course_choice import LONGEST_LIST, find_courses
from cohort_sessions.web import wording
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.manage.reports import Report, leave_report, report_on
from cohort_sessions.web.wording import Badge, Tone

UP, DOWN = "up", "down"


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course of the session; `error` is what the platform could not do."""

    title: str
    base_key: str
    badge: Badge
    error: str
    is_first: bool
    is_last: bool
    remove_url: str


class CoursesPage(SessionPage):
    """What the pages about the courses of a session share."""

    permission = permissions.CHOOSE_COURSE
    template = "courses.html"
    current = "courses"

    @cached_property
    def editions(self) -> list[CourseEdition]:
        """The courses of the session, in their order."""
        return list(self.session.editions.filter(withdrawn_at=None))

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each of them is called, by its key; a course that is gone is called by its key."""
        found = get_host().base_courses([edition.base_key for edition in self.editions])
        return {
            str(edition.base_key): found[edition.base_key].title if edition.base_key in found else str(edition.base_key)
            for edition in self.editions
        }

    def back(self, report: Report) -> HttpResponse:
        """To the list, with what became of the change."""
        leave_report(self.request, self.session.code, report)
        return HttpResponseRedirect(address("courses", self.session.code))


class CoursesView(CoursesPage):
    """
    The courses, and those that may be added.

    Query parameter ``search``, optional: words of a title or key.
    """

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show both lists."""
        search = request.GET.get("search", "").strip()
        found = find_courses(self.session, search, actor=self.actor)
        return self.render(
            courses=[self._row(number, edition) for number, edition in enumerate(self.editions)],
            found=found,
            search=search,
            is_cut_off=len(found) == LONGEST_LIST,
            page_url=address("courses", code),
            add_url=address("add_courses", code),
            order_url=address("order_courses", code),
        )

    def _row(self, number: int, edition: CourseEdition) -> CourseRow:
        return CourseRow(
            title=self.titles[str(edition.base_key)],
            base_key=str(edition.base_key),
            badge=wording.edition_badge(edition.state, on_team=True, enterable=False)
            or Badge(_("Ready"), Tone.SUCCESS),
            error=edition.apply_error,
            is_first=number == 0,
            is_last=number == len(self.editions) - 1,
            remove_url=address("remove_course", self.session.code, uuid=edition.uuid),
        )


class AddCoursesView(CoursesPage):
    """Add those that were ticked; POST only."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Add them at the end, each answered."""
        keys = _keys(request.POST.getlist("course"))
        if not keys:
            text = _("Tick the courses first, then add them.")
            return self.back(Report(_("No course was chosen"), text, Tone.INFO))
        outcomes = add_courses(self.session, keys, actor=self.actor, now=self.now)
        number = sum(line.changed for line in outcomes)
        return self.back(report_on(outcomes, ngettext("%d course was added", "%d courses were added", number) % number))


class OrderCoursesView(CoursesPage):
    """
    Move one course up or down; POST only.

    ``order``: the keys in the order that was seen; ``up`` or ``down``: the key of the course to move.
    """

    http_method_names = ("post",)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Move it, unless the session has other courses by now."""
        seen = request.POST.getlist("order")
        step = -1 if UP in request.POST else 1
        moved = request.POST.get(UP) or request.POST.get(DOWN, "")
        try:
            order_courses(self.session, _keys(_moved(seen, moved, step)), actor=self.actor, now=self.now)
        except InvalidInput:
            text = _("Somebody else has added or removed a course meanwhile. This is the list as it stands.")
            return self.back(Report(_("Nothing was moved"), text, Tone.WARNING))
        return self.back(Report(_("The order is saved")))


class RemoveCourseView(CoursesPage):
    """Take one course out of the session; asks first."""

    template = "course_remove.html"

    def get(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Say what will happen."""
        edition = self._edition(uuid)
        return self.render(title=self.titles[str(edition.base_key)], cancel_url=address("courses", code))

    def post(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Remove it."""
        edition = self._edition(uuid)
        title = self.titles[str(edition.base_key)]
        [outcome] = remove_courses(self.session, [edition.base_key], actor=self.actor, now=self.now)
        return self.back(Report(_("“%(course)s” was removed") % {"course": title}, outcome.message))

    def _edition(self, uuid: UUID) -> CourseEdition:
        for edition in self.editions:
            if edition.uuid == uuid:
                return edition
        raise NotFound(_("The session does not have this course."))


def _keys(texts: Sequence[str]) -> list[CourseKey]:
    """
    The course keys that were sent.

    Raises:
        InvalidInput: one of them is none.
    """
    return [_key(text) for text in texts]


def _key(text: str) -> CourseKey:
    try:
        return CourseKey.from_string(text)
    except InvalidKeyError as wrong:
        raise InvalidInput({"course": _("This is not the key of a course: %(key)s") % {"key": text}}) from wrong


def _moved(order: Sequence[str], moved: str, step: int) -> list[str]:
    """The list with one of its entries a place further; as it was where there is no such place or entry."""
    order = list(order)
    if moved in order and 0 <= (here := order.index(moved)) + step < len(order):
        order[here], order[here + step] = order[here + step], order[here]
    return order
