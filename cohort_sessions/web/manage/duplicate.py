"""Make the next session like this one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions import permissions
from cohort_sessions.errors import CohortSessionError
from cohort_sessions.operations.repetition import duplicate_session
from cohort_sessions.web.date_fields import OpeningField
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.fields import add_refusal
from cohort_sessions.web.manage.live import answer, only_asks
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.manage.reports import Report, leave_report


class DuplicateForm(PageForm):
    """What the copy is called, and when it opens."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=150, widget=forms.TextInput({"dir": "auto"}))
    opens_at = OpeningField(label=gettext_lazy("Opens"), required=False)


class DuplicateView(SessionPage):
    """Title and opening of the copy, and what is taken along."""

    permission = permissions.MANAGE_SESSION
    template = "duplicate.html"
    current = "duplicate"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Ask."""
        return self._show(DuplicateForm(initial={"title": self.session.title}))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Make the copy and go there, or only say what is in the way."""
        form = DuplicateForm(request.POST)
        if only_asks(request):
            return answer(form)
        if form.is_valid():
            try:
                copy = self._duplicate(form.cleaned_data)
            except CohortSessionError as refusal:
                add_refusal(form, refusal)
            else:
                report = Report(_("The session was duplicated"), _("This is the new one, still a draft."))
                leave_report(request, copy.code, report)
                return HttpResponseRedirect(address("session_home", copy.code))
        return self._show(form)

    def _duplicate(self, wanted: Mapping):
        return duplicate_session(
            self.session,
            opens_at=wanted["opens_at"],
            title=wanted["title"],
            zone=self._calendar(),
            actor=self.actor,
            now=self.now,
        )

    def _calendar(self) -> tzinfo:
        """The session's own time zone, else that of whoever plans it."""
        return ZoneInfo(self.session.time_zone) if self.session.time_zone else self.zone

    def _show(self, form: DuplicateForm) -> HttpResponse:
        return self.render(
            form=form,
            has_opening=self.session.opens_at is not None,
            cancel_url=address("session_home", self.session.code),
        )
