"""The deadlines inside the courses of a session: what becomes of those of the base course, seen before it is so."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions import permissions
from cohort_sessions.data import DeadlinePolicy
from cohort_sessions.errors import NotFound
from cohort_sessions.host import Deadline, get_host
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations.deadlines import set_deadlines
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.deadlines import edition_deadlines
from cohort_sessions.web import moments
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.manage.reports import Report, leave_report

POLICIES = {
    DeadlinePolicy.SHIFT: (
        gettext_lazy("Shift"),
        gettext_lazy("Moved by the distance from the start of the base course to the opening of this session."),
    ),
    DeadlinePolicy.KEEP: (gettext_lazy("Keep"), gettext_lazy("As in the base course.")),
    DeadlinePolicy.NONE: (gettext_lazy("None"), gettext_lazy("No deadlines but the closing of the session itself.")),
}


class DeadlinesView(SessionPage):
    """The courses of the session, each with what is decided of its deadlines."""

    permission = permissions.VIEW_ROSTER
    template = "deadlines.html"
    current = "deadlines"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """List those whose deadlines the actor may see."""
        editions = list(self.session.editions.filter(withdrawn_at=None))
        courses = get_host().base_courses({edition.base_key for edition in editions})
        return self.render(
            courses=[
                {
                    "title": _title(edition, courses),
                    "policy": POLICIES[DeadlinePolicy(edition.deadlines)],
                    "url": address("edition_deadlines", self.session.code, uuid=edition.uuid)
                    if permissions.allows(self.actor, permissions.CUSTOMISE_EDITION, edition)
                    else "",
                }
                for edition in editions
            ]
        )


class EditionDeadlinesView(SessionPage):
    """
    One course: each deadline of the base course beside that of the edition.

    Query parameter ``policy``, optional: shows what another policy would do. Posting it decides so.
    """

    permission = permissions.VIEW_ROSTER
    template = "edition_deadlines.html"
    current = "deadlines"

    def get(self, request: HttpRequest, code: str, uuid) -> HttpResponse:
        """Show what a policy does."""
        edition = self._edition(uuid)
        shown = _policy(request.GET.get("policy", ""), edition)
        found = edition_deadlines(self.session, edition.base_key, shown, actor=self.actor)
        own = address("edition_deadlines", self.session.code, uuid=edition.uuid)
        return self.render(
            title=_title(edition, get_host().base_courses([edition.base_key])),
            policies=[
                {"name": name, "url": f"{own}?policy={policy}", "is_current": policy == shown}
                for policy, (name, _text) in POLICIES.items()
            ],
            shown=shown.value,
            text=POLICIES[shown][1],
            in_force=shown == edition.deadlines,
            may_decide=permissions.allows(self.actor, permissions.RESCHEDULE_EDITION, edition),
            lines=[_line(deadline) for deadline in found],
            deadlines_url=address("deadlines", self.session.code),
            own_url=own,
        )

    def post(self, request: HttpRequest, code: str, uuid) -> HttpResponse:
        """Decide."""
        edition = self._edition(uuid)
        set_deadlines(edition, request.POST.get("policy", ""), actor=self.actor, now=self.now)
        report = Report(_("Decided"), _("The platform follows in a moment."))
        leave_report(request, self.session.code, report)
        return HttpResponseRedirect(address("edition_deadlines", self.session.code, uuid=edition.uuid))

    def _edition(self, uuid) -> CourseEdition:
        edition = self.session.editions.filter(uuid=uuid, withdrawn_at=None).first()
        if edition is None:
            raise NotFound(_("There is no such course in this session."))
        edition.session = self.session
        authorise(self.actor, permissions.CUSTOMISE_EDITION, edition)
        return edition


def _policy(text: str, edition: CourseEdition) -> DeadlinePolicy:
    return DeadlinePolicy(text if text in set(DeadlinePolicy) else edition.deadlines)


def _title(edition: CourseEdition, courses: Mapping) -> str:
    course = courses.get(edition.base_key)
    return course.title if course else str(edition.base_key)


def _line(deadline: Deadline) -> Mapping[str, object]:
    return {
        "title": deadline.title,
        "base_due": moments.exact(deadline.base_due),
        "due": moments.exact(deadline.due) if deadline.due else _("None"),
    }
