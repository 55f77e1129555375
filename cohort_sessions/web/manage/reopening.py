"""What is done about results of chosen members, in one course: opened again when final, and certified when passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions import permissions
from cohort_sessions.data import LineOutcome
from cohort_sessions.errors import NotFound
from cohort_sessions.host import get_host
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations.certificates import give_certificates
from cohort_sessions.operations.results import reopen_results
from cohort_sessions.queries.authority import authorise
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.acting import PeopleAction
from cohort_sessions.web.manage.fields import reason_field
from cohort_sessions.web.manage.page import address
from cohort_sessions.web.manage.results_form import ResultsForm, with_query


class ResultsAction(PeopleAction):
    """
    A step for chosen members of one course. What the page of results was asked for comes along, so that the way back
    leads to it.

    Attributes:
        needed: the permission over the course without which nobody is asked.
    """

    # Of the session, so that strangers find nothing; whether of this course is asked next.
    permission = permissions.VIEW_ROSTER
    current = "results"
    needed: str
    edition: CourseEdition

    def get(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Say what will happen, and ask."""
        self._find(uuid)
        return super().get(request, code)

    def post(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Do it, and tell on the page of results what became of every line."""
        self._find(uuid)
        return super().post(request, code)

    def carried(self) -> Mapping[str, str]:
        """What was looked for on the page of results, and in which order."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        return {name: sent[name] for name in ResultsForm.base_fields if sent.get(name)}

    def back_address(self) -> str:
        """The page of results as it was."""
        return with_query(address("edition_results", self.session.code, uuid=self.edition.uuid), self.carried())

    def next_address(self, outcomes: Sequence[LineOutcome]) -> str:
        """The same."""
        return self.back_address()

    @property
    def course_title(self) -> str:
        """What the base course is called."""
        course = get_host().base_courses([self.edition.base_key]).get(self.edition.base_key)
        return course.title if course else str(self.edition.base_key)

    def _find(self, uuid: UUID) -> None:
        edition = self.session.editions.filter(uuid=uuid).first()
        if edition is None:
            raise NotFound(_("There is no such course in this session."))
        authorise(self.actor, self.needed, edition)
        self.edition = edition


class ReopenForm(PageForm):
    """Why."""

    reason = reason_field(required=True, help_text=gettext_lazy("Kept in the history of each result."))


class ReopenResultsView(ResultsAction):
    """Have final results follow the platform again."""

    needed = permissions.REOPEN_RESULT
    form_class = ReopenForm
    title = gettext_lazy("Reopen final results")
    button = gettext_lazy("Reopen")

    def lead(self) -> Sequence[str]:
        """What opening them again does."""
        return (
            _("Their results in “%(course)s” follow the platform again, from what it says now.")
            % {"course": self.course_title},
            self._becomes_final(),
            _("What they were stays in the history."),
        )

    def act(self, form: PageForm) -> list[LineOutcome]:
        """Open them."""
        return reopen_results(
            self.edition, self.who, reason=form.cleaned_data["reason"], actor=self.actor, now=self.now
        )

    def done(self, number: int) -> str:
        """So many follow the platform again."""
        return ngettext("%d result was opened again", "%d results were opened again", number) % number

    def _becomes_final(self) -> str:
        days = self.session.results_final_after_days
        if days is None:
            return _("They stay open: results of this session do not become final by themselves.")
        if days == 0:
            return _("They become final anew at once, or with the member's end where that is still to come.")
        return (
            ngettext(
                "They become final anew in %d day, or so long after the member's end where that is still to come.",
                "They become final anew in %d days, or so long after the member's end where that is still to come.",
                days,
            )
            % days
        )


class GiveCertificatesView(ResultsAction):
    """Have the platform make its certificate for those who have passed, where operators have allowed that."""

    needed = permissions.GIVE_CERTIFICATE
    title = gettext_lazy("Give the certificate of the platform")
    button = gettext_lazy("Give certificates")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Only where operators have switched certificates on."""
        if not settings.COHORT_SESSIONS_CERTIFICATES:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def lead(self) -> Sequence[str]:
        """What it does."""
        return (
            _("Whoever of them has passed “%(course)s” gets the platform's certificate of this course.")
            % {"course": self.course_title},
            _("It is made in a moment, and stays whatever becomes of the grade."),
        )

    def act(self, form: PageForm) -> list[LineOutcome]:
        """Ask for them."""
        return give_certificates(self.edition, self.who, actor=self.actor, now=self.now)

    def done(self, number: int) -> str:
        """So many are on their way."""
        return ngettext("%d certificate is being made", "%d certificates are being made", number) % number
