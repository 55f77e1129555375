"""Who runs a session: its administrators, its coaches, and the coaches of each course; assigned and removed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions import permissions
from cohort_sessions.data import LineOutcome, Lock, TeamRole
from cohort_sessions.errors import CohortSessionError, NotFound
from cohort_sessions.host import Person
from cohort_sessions.operations.team import (
    assign_course_coaches,
    assign_session_team,
    remove_course_coaches,
    remove_session_team,
)
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.locks import standing_locks
from cohort_sessions.queries.session_team import PERMISSIONS, TeamPart, session_team
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.fields import PeopleField, add_refusal
from cohort_sessions.web.manage.locks import why_locked
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.manage.reports import Report, leave_report, report_on, take_report
from cohort_sessions.web.wording import Notice, Tone

PART_NAMES = {
    TeamRole.ADMINISTRATOR: gettext_lazy("Session administrators"),
    TeamRole.SESSION_COACH: gettext_lazy("Session coaches"),
    TeamRole.COURSE_COACH: gettext_lazy("Course coaches"),
}
_MEANINGS = {
    TeamRole.ADMINISTRATOR: gettext_lazy("They plan and run this session: its settings, people, team and locks."),
    TeamRole.SESSION_COACH: gettext_lazy("They teach in every course of this session and see all its learners."),
    TeamRole.COURSE_COACH: gettext_lazy("They teach this course in this session, and see its learners."),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A `TeamPart` on the page; the addresses are empty where the reader may not assign."""

    part: TeamPart
    title: str
    meaning: str
    assign_url: str
    remove_url: str


class TeamView(SessionPage):
    """Everybody who runs the session, with what can be done about it by whoever reads."""

    permission = permissions.VIEW_ROSTER
    template = "team.html"
    current = "team"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show the team."""
        return self.render(
            sections=[_section(part, code) for part in session_team(self.session, actor=self.actor)],
            notice=self._lock_notice(),
        )

    def _lock_notice(self) -> Notice | None:
        """Why a session coach cannot assign course coaches here."""
        if permissions.allows(self.actor, permissions.ASSIGN_COURSE_COACH, self.session):
            return None
        if not permissions.lock_in_the_way(self.actor, permissions.ASSIGN_COURSE_COACH, self.session):
            return None
        why = why_locked(standing_locks(self.session)[Lock.TEAM])
        ask = _("You can see who teaches here; to change anything, ask a session administrator.")
        return Notice(_("The team is locked"), format_html("{} {}", why, ask), Tone.INFO)


class TeamAction(SessionPage):
    """
    A step for one part of the team, which the address names: a role over the session, or the coaches of a course.

    Attributes:
        button: what the step is called on its button.
        is_destructive: colours the button.
    """

    permission = permissions.VIEW_ROSTER
    current = "team"
    form_class: type[PageForm] = PageForm
    button: str
    is_destructive = False

    def post(self, request: HttpRequest, code: str, **kwargs) -> HttpResponse:
        """Do it, and tell on the page of the team what became of every line."""
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                outcomes = self.act(self.people(form))
            except CohortSessionError as refusal:
                add_refusal(form, refusal)
            else:
                report = report_on(outcomes, self.done(sum(line.changed for line in outcomes)))
                leave_report(request, code, report)
                return HttpResponseRedirect(self.next_address(outcomes))
        return self.ask(form)

    @cached_property
    def part(self) -> TeamPart:
        """
        The part of the team that is meant.

        Raises:
            NotFound: there is none at this address.
            NotAllowed, Locked: it is not this person's to change.
        """
        role, uuid = self.kwargs.get("role", TeamRole.COURSE_COACH.value), self.kwargs.get("uuid")
        for part in session_team(self.session, actor=self.actor):
            if part.role == role and (part.edition.uuid if part.edition else None) == uuid:
                authorise(self.actor, PERMISSIONS[part.role], part.edition or self.session)
                return part
        raise NotFound(_("There is no such part of the team."))

    def people(self, form: PageForm) -> list[str]:
        """Whom it is about: usernames or e-mail addresses."""
        raise NotImplementedError

    def act(self, people: Sequence[str]) -> list[LineOutcome]:
        """Do it."""
        raise NotImplementedError

    def done(self, number: int) -> str:
        """What happened to so many people."""
        raise NotImplementedError

    def next_address(self, outcomes: Sequence[LineOutcome]) -> str:
        """Where to go when it is done."""
        return address("team", self.session.code)

    def ask(self, form: PageForm, **more) -> HttpResponse:
        """The page with its form."""
        return self.render(
            form=form,
            section=_section(self.part, self.session.code),
            button=self.button,
            is_destructive=self.is_destructive,
            cancel_url=address("team", self.session.code),
            **more,
        )


class AssignForm(PageForm):
    """A pasted list."""

    people = PeopleField(
        label=gettext_lazy("Usernames or e-mail addresses"),
        help_text=gettext_lazy(
            "One a line, or with commas between them. Every line is answered; one that fails stops no other."
        ),
    )


class AssignView(TeamAction):
    """Give people the role; lines that failed come back to be mended."""

    template = "team_assign.html"
    form_class = AssignForm
    button = gettext_lazy("Assign")

    def get(self, request: HttpRequest, code: str, **kwargs) -> HttpResponse:
        """An empty form, or the lines that could not be done a moment ago."""
        report = take_report(request, code)
        refused = [given for given, _why in report.refused] if report else []
        return self.ask(AssignForm(initial={"people": "\n".join(refused)}), report=report)

    def people(self, form: PageForm) -> list[str]:
        """Every line that was pasted."""
        return form.cleaned_data["people"]

    def act(self, people: Sequence[str]) -> list[LineOutcome]:
        """Assign every line."""
        by = {"actor": self.actor, "now": self.now}
        if self.part.edition:
            return assign_course_coaches(self.part.edition, people, **by)
        return assign_session_team(self.session, self.part.role, people, **by)

    def done(self, number: int) -> str:
        """So many have the role now."""
        return ngettext("%d person was assigned", "%d people were assigned", number) % number

    def next_address(self, outcomes: Sequence[LineOutcome]) -> str:
        """Back to the form while a line is refused, else to the team."""
        return super().next_address(outcomes) if all(line.ok for line in outcomes) else self.request.path


class RemoveFromTeamView(TeamAction):
    """Take the role away from those who were ticked; asks first."""

    template = "team_remove.html"
    button = gettext_lazy("Remove")
    is_destructive = True

    def get(self, request: HttpRequest, code: str, **kwargs) -> HttpResponse:
        """Say what will happen, and ask."""
        if not self.chosen(request.GET.getlist("who")):
            report = Report(_("Nobody was chosen"), _("Tick the people first, then choose what to do."), Tone.INFO)
            leave_report(request, code, report)
            return HttpResponseRedirect(address("team", code))
        return self.ask(PageForm())

    def ask(self, form: PageForm, **more) -> HttpResponse:
        """The page with those who were chosen."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        chosen = self.chosen(sent.getlist("who"))
        loses_own = any(person.user_id == self.actor.user_id for person in chosen)
        return super().ask(form, chosen=chosen, loses_own=loses_own, **more)

    def chosen(self, usernames: Sequence[str]) -> list[Person]:
        """Those of them who have the role."""
        return [person for person in self.part.people if person.username in set(usernames)]

    def people(self, form: PageForm) -> list[str]:
        """Those who were ticked."""
        return self.request.POST.getlist("who")

    def act(self, people: Sequence[str]) -> list[LineOutcome]:
        """Remove every one of them."""
        by = {"actor": self.actor, "now": self.now}
        if self.part.edition:
            return remove_course_coaches(self.part.edition, people, **by)
        return remove_session_team(self.session, self.part.role, people, **by)

    def done(self, number: int) -> str:
        """So many do not have the role any more."""
        return ngettext("%d person was removed", "%d people were removed", number) % number


def _section(part: TeamPart, code: str) -> Section:
    if part.edition:
        page, names = "course_coaches", {"uuid": part.edition.uuid}
    else:
        page, names = "team", {"role": part.role.value}
    return Section(
        part=part,
        title=part.course_title or str(PART_NAMES[part.role]),
        meaning=str(_MEANINGS[part.role]),
        assign_url=address(f"assign_{page}", code, **names) if part.may_assign else "",
        remove_url=address(f"remove_{page}", code, **names) if part.may_assign else "",
    )
