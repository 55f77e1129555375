"""Publish, cancel, archive and restore a session; each step says what it does before it does it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.errors import CohortSessionError
from cohort_sessions.queries.readiness import readiness
from cohort_sessions.steps import CANCEL, STEPS, Step
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.checklist import checklist
from cohort_sessions.web.manage.fields import add_refusal, reason_field
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.manage.reports import Report, leave_report


class ReasonForm(PageForm):
    """Why."""

    reason = reason_field(required=True, help_text=CANCEL.reason_help)


class StatusView(SessionPage):
    """One of the `STEPS`; `name` says which."""

    permission = permissions.MANAGE_SESSION
    template = "status.html"
    current = "settings"
    name = "publish"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Say what will happen, and ask."""
        return self._ask(self._form_class())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Do it."""
        form = self._form_class(request.POST)
        if form.is_valid():
            try:
                self._step.act(self.session, **form.cleaned_data, actor=self.actor, now=self.now)
            except CohortSessionError as refusal:
                add_refusal(form, refusal)
            else:
                leave_report(request, code, Report(str(self._step.done)))
                return HttpResponseRedirect(address("settings", code))
        return self._ask(form)

    @property
    def _step(self) -> Step:
        return STEPS[self.name]

    @property
    def _form_class(self) -> type[PageForm]:
        return ReasonForm if self._step.reason_help else PageForm

    def _ask(self, form: PageForm) -> HttpResponse:
        is_publishing = self.name == "publish"
        return self.render(
            form=form,
            step=self._step,
            checklist=checklist(readiness(self.session, now=self.now), self.session) if is_publishing else (),
            cancel_url=address("settings", self.session.code),
            is_possible=self.session.status in self._step.possible_from,
            not_possible=_("The session is not in a state for this any more."),
        )
