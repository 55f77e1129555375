"""What a session is called, where it belongs, and how it stands: draft, published, cancelled or archived."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import SessionStatus
from cohort_sessions.errors import ChangedMeanwhile, CohortSessionError
from cohort_sessions.models import CohortSession
from cohort_sessions.operations.categories import open_category
from cohort_sessions.operations.sessions import edit_session
from cohort_sessions.queries.choices import categories, organisations
from cohort_sessions.queries.readiness import readiness
from cohort_sessions.queries.session_checks import edit_faults
from cohort_sessions.steps import STEPS
from cohort_sessions.web.manage.checklist import checklist
from cohort_sessions.web.manage.fields import add_refusal
from cohort_sessions.web.manage.live import answer, only_asks
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.manage.reports import Report, leave_report
from cohort_sessions.web.manage.second_editors import differences, moment_seen
from cohort_sessions.web.manage.settings_form import FIELDS, SettingsForm
from cohort_sessions.web.wording import Notice, status_badge


@dataclass(frozen=True, slots=True)
class StepLink:
    """The way to a page that changes how the session stands."""

    name: str
    url: str
    is_main: bool


class SettingsView(SessionPage):
    """The form and its saving; what somebody else has saved since it was loaded is never overwritten unseen."""

    permission = permissions.MANAGE_SESSION
    template = "settings.html"
    current = "settings"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The form as the session stands."""
        return self._show(self._form(None))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Save, or say what is in the way, or only say that."""
        form = self._form(request.POST)
        if only_asks(request):
            return answer(form)
        if form.is_valid():
            try:
                saved = self._save(form)
            except ChangedMeanwhile:
                data = request.POST.copy()
                data["seen_at"] = self.session.modified_at.isoformat()
                return self._show(self._form(data), changes=differences(form, self.session))
            except CohortSessionError as refusal:
                add_refusal(form, refusal)
            else:
                leave_report(request, saved.code, Report(_("Saved")))
                return HttpResponseRedirect(address("settings", saved.code))
        return self._show(form)

    def _form(self, data: Mapping | None) -> SettingsForm:
        initial = {name: getattr(self.session, name) for name in FIELDS}
        initial["category"] = self.session.category.name if self.session.category else ""
        initial["seen_at"] = self.session.modified_at.isoformat()
        return SettingsForm(data, initial=initial, may_place=self._may_place, check=self._faults)

    def _faults(self, values: Mapping, unread: Collection[str]) -> Mapping[str, str]:
        """What `edit_session` would say of them; the category is made on saving."""
        values = {name: value for name, value in values.items() if name != "category"}
        return edit_faults(self.session, values, unread=unread)

    def _save(self, form: SettingsForm) -> CohortSession:
        values = form.values()
        with transaction.atomic():
            if name := values.get("category"):
                values["category"] = open_category(name, actor=self.actor)
            elif "category" in values:
                values["category"] = None
            seen_at = moment_seen(form.cleaned_data["seen_at"])
            return edit_session(self.session, seen_at=seen_at, **values, actor=self.actor, now=self.now)

    def _may_place(self, organisation: str) -> bool:
        """Where it stands it may stay."""
        moved = CohortSession(organisation=organisation)
        is_there = organisation == self.session.organisation
        return is_there or permissions.allows(self.actor, permissions.CREATE_SESSION, moved)

    def _show(self, form: SettingsForm, *, changes: Notice | None = None) -> HttpResponse:
        status = SessionStatus(self.session.status)
        return self.render(
            form=form,
            changes=changes,
            reload_url=address("settings", self.session.code),
            organisations=organisations(self.actor),
            categories=categories(),
            status=status_badge(status),
            checklist=checklist(readiness(self.session, now=self.now), self.session)
            if status == SessionStatus.DRAFT
            else (),
            steps=[
                StepLink(str(step.link), address(name, self.session.code), step.is_main)
                for name, step in STEPS.items()
                if status in step.possible_from
            ],
            cancel_reason=self.session.cancel_reason,
        )
