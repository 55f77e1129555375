"""*Sessions* of a course in Studio: its editions, and who coaches each; the course team assigns and removes coaches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions.data import EditionState, LineOutcome, SessionStatus
from cohort_sessions.errors import CohortSessionError
from cohort_sessions.host import Person
from cohort_sessions.operations.team import assign_course_coaches, remove_course_coaches
from cohort_sessions.queries.course_editions import EditionTeam, course_edition, course_editions
from cohort_sessions.web import moments
from cohort_sessions.web.manage.fields import add_refusal
from cohort_sessions.web.manage.locks import why_locked
from cohort_sessions.web.manage.page import Way
from cohort_sessions.web.manage.reports import Report, leave_report, report_on, take_report
from cohort_sessions.web.manage.sessions import listed, page_number
from cohort_sessions.web.manage.team import AssignForm
from cohort_sessions.web.studio.page import CoursePage
from cohort_sessions.web.wording import Badge, Notice, Tone, status_badge

_STATES = {
    EditionState.READY: (gettext_lazy("Done"), Tone.SUCCESS),
    EditionState.PREPARING: (gettext_lazy("Pending"), Tone.INFO),
    EditionState.FAILED: (gettext_lazy("Could not be done"), Tone.DANGER),
    EditionState.WITHDRAWN: (gettext_lazy("Withdrawn"), Tone.NEUTRAL),
}


@dataclass(frozen=True, slots=True)
class EditionLine:
    """
    An edition in the table, and in the head of its own page.

    Attributes:
        coaches: of this course alone; `session_coaches` teach in it as well.
        on_platform: how far the platform has followed the last change.
    """

    url: str
    title: str
    code: str
    dates: SafeString
    status: Badge
    members: int
    coaches: SafeString
    session_coaches: SafeString
    on_platform: Badge


class CourseSessionsView(CoursePage):
    """The editions of the course, a page of them. Query parameter: ``page``."""

    template = "course_sessions.html"

    def get(self, request: HttpRequest, base_key: str) -> HttpResponse:
        """Show them."""
        page = course_editions(self.course.base_key, actor=self.actor, page=page_number(request.GET.get("page", "")))
        return self.render(
            title=_("Sessions"),
            lines=[_line(team, self) for team in page],
            page=page,
            pages=self._pages(page),
        )

    def _pages(self, page: Page) -> list[Way]:
        ways = []
        if page.has_previous():
            ways.append((_("Previous page"), page.previous_page_number()))
        if page.has_next():
            ways.append((_("Next page"), page.next_page_number()))
        return [Way(name, f"{self.address()}?page={number}", is_current=False) for name, number in ways]


class _EditionPage(CoursePage):
    """
    A page about the coaches of one edition; its work is told on the page that follows.

    Attributes:
        puts_back: whether lines that could not be done stand in the form of that page again.
    """

    operation: Callable[..., list[LineOutcome]]
    puts_back = False

    def change(self, team: EditionTeam, people: Sequence[str]) -> list[LineOutcome]:
        """Do it to these people, and leave what became of every line."""
        outcomes = type(self).operation(team.edition, people, actor=self.actor, now=self.now)
        report = report_on(outcomes, self.done(sum(line.changed for line in outcomes)))
        if any(line.changed for line in outcomes):
            note = _("The LMS follows by itself; until it has, the course is marked as pending here.")
            report = replace(report, text=" ".join(filter(None, (report.text, note))))
        if self.puts_back:
            report = replace(report, again=[given for given, _why in report.refused])
        leave_report(self.request, str(self.course.base_key), report)
        return outcomes

    def done(self, number: int) -> str:
        """What happened to so many people."""
        raise NotImplementedError

    def team(self, uuid: UUID) -> EditionTeam:
        """The edition that the address names."""
        return course_edition(self.course.base_key, uuid, actor=self.actor)


class EditionCoachesView(_EditionPage):
    """Who coaches the edition; more are assigned here, and those who are ticked removed on a page that asks first."""

    template = "coaches.html"
    operation = assign_course_coaches
    puts_back = True

    def get(self, request: HttpRequest, base_key: str, uuid: UUID) -> HttpResponse:
        """Show them, with a form for more: empty, or with the lines that could not be assigned a moment ago."""
        report = take_report(request, str(self.course.base_key))
        again = report.again if report else ()
        return self._show(self.team(uuid), AssignForm(initial={"people": "\n".join(again)}), report=report)

    def post(self, request: HttpRequest, base_key: str, uuid: UUID) -> HttpResponse:
        """Assign every line; those that failed are told and come back to be mended, the others are done."""
        team, form = self.team(uuid), AssignForm(request.POST)
        if form.is_valid():
            try:
                self.change(team, form.cleaned_data["people"])
            except CohortSessionError as refusal:
                add_refusal(form, refusal)
            else:
                return HttpResponseRedirect(request.path)
        return self._show(team, form)

    def done(self, number: int) -> str:
        """So many coach the course now."""
        return ngettext("%d person was assigned", "%d people were assigned", number) % number

    def _show(self, team: EditionTeam, form: AssignForm, **more) -> HttpResponse:
        return self.render(
            title=_("Coaches"),
            line=_line(team, self),
            team=team,
            form=form,
            notice=_lock_notice(team),
            remove_url=self.address("studio_remove_coaches", uuid=team.edition.uuid),
            **more,
        )


class RemoveCoachesView(_EditionPage):
    """Take the coaching away from those who were ticked; asks first."""

    template = "remove.html"
    operation = remove_course_coaches

    def get(self, request: HttpRequest, base_key: str, uuid: UUID) -> HttpResponse:
        """Say what will happen, and ask."""
        team = self.team(uuid)
        chosen = _chosen(team, request.GET.getlist("who"))
        if not chosen:
            report = Report(_("Nobody was chosen"), _("Tick the people first, then choose what to do."), Tone.INFO)
            leave_report(request, base_key, report)
            return HttpResponseRedirect(self._back(team))
        return self.render(
            title=_("Remove coaches"), line=_line(team, self), chosen=chosen, cancel_url=self._back(team)
        )

    def post(self, request: HttpRequest, base_key: str, uuid: UUID) -> HttpResponse:
        """Remove them."""
        team = self.team(uuid)
        self.change(team, request.POST.getlist("who"))
        return HttpResponseRedirect(self._back(team))

    def done(self, number: int) -> str:
        """So many do not coach the course any more."""
        return ngettext("%d person was removed", "%d people were removed", number) % number

    def _back(self, team: EditionTeam) -> str:
        return self.address("studio_coaches", uuid=team.edition.uuid)


def _line(team: EditionTeam, page: CoursePage) -> EditionLine:
    edition, session = team.edition, team.edition.session
    state, tone = _STATES[edition.state]
    return EditionLine(
        url=page.address("studio_coaches", uuid=edition.uuid),
        title=session.title,
        code=session.code,
        dates=moments.period(session.schedule.window, now=page.now, duration_days=session.duration_days),
        status=status_badge(SessionStatus(session.status)),
        members=team.members,
        coaches=_names(team.coaches),
        session_coaches=_names(team.session_coaches),
        on_platform=Badge(str(state), tone),
    )


def _names(people: Iterable[Person]) -> SafeString:
    return listed(person.name for person in people)


def _chosen(team: EditionTeam, usernames: Sequence[str]) -> list[Person]:
    return [person for person in team.coaches if person.username in set(usernames)]


def _lock_notice(team: EditionTeam) -> Notice | None:
    """Why coaches cannot be assigned here, and whom to ask."""
    if team.may_assign or team.lock is None:
        return None
    if team.administrators:
        ask = format_html(_("Ask the administrators of this session: {names}."), names=_names(team.administrators))
    else:
        ask = _("Ask those who administer the sessions of your organisation.")
    return Notice(_("The team is locked"), format_html("{} {}", why_locked(team.lock), ask), Tone.INFO)
