"""Dates and places of a session, in one form."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohort_sessions import permissions
from cohort_sessions.data import PrerequisiteCondition
from cohort_sessions.errors import ChangedMeanwhile, CohortSessionError, InvalidInput
from cohort_sessions.models import CohortSession, ParallelGroup
from cohort_sessions.operations.parallel_groups import open_parallel_group
from cohort_sessions.operations.prerequisites import set_prerequisites
from cohort_sessions.operations.sessions import edit_session
from cohort_sessions.queries.choices import parallel_groups, requirable
from cohort_sessions.queries.parallel_groups import foreign_faults
from cohort_sessions.queries.prerequisites import circle_faults
from cohort_sessions.queries.seats import seats_of
from cohort_sessions.queries.session_checks import edit_faults
from cohort_sessions.queries.session_drafts import EDITABLE_FIELDS
from cohort_sessions.web.manage.dates_form import (
    DatesForm,
    new_code,
    prerequisite_forms,
    wanted_prerequisites,
    zone_names,
)
from cohort_sessions.web.manage.fields import SUGGESTED_SESSIONS, add_refusal, tell_faults
from cohort_sessions.web.manage.live import answer, only_asks
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.manage.people import seats_sentence
from cohort_sessions.web.manage.reports import Report, leave_report
from cohort_sessions.web.manage.second_editors import differences, moment_seen
from cohort_sessions.web.wording import Notice, Tone


class DatesView(SessionPage):
    """
    The form, and its saving. What was not changed on it is not written; where somebody else has changed the session
    since it was loaded nothing is, until whoever saves has seen that.
    """

    permission = permissions.MANAGE_SESSION
    template = "dates.html"
    current = "dates"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The form as the session stands."""
        return self._show(*self._forms(None))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Save, or make an enrolment code, or say what is in the way, or only say that."""
        if "make_code" in request.POST:
            data = request.POST.copy()
            data["enrolment_code"] = new_code()
            form, required = self._forms(data)
            return self._show(self._unjudged(form, data), required)
        form, required = self._forms(request.POST)
        is_valid = self._judge(form, required)
        if only_asks(request):
            return answer(form, *required)
        if is_valid:
            try:
                with transaction.atomic():
                    saved = self._save(form, wanted_prerequisites(required))
            except ChangedMeanwhile:
                return self._show(*self._with_new_sight(request.POST), changes=differences(form, self.session))
            except InvalidInput as refusal:
                self._tell(refusal.errors, form, required)
            except CohortSessionError as refusal:
                add_refusal(form, refusal)
            else:
                leave_report(request, saved.code, self._report(saved))
                return HttpResponseRedirect(address("dates", saved.code))
        return self._show(form, required)

    def _forms(self, data: Mapping | None) -> tuple[DatesForm, forms.BaseFormSet]:
        session = self.session
        initial = {name: getattr(session, name) for name in EDITABLE_FIELDS & set(DatesForm.base_fields)}
        initial["parallel_group"] = session.parallel_group.name if session.parallel_group else ""
        initial["seen_at"] = session.modified_at.isoformat()
        form = DatesForm(data, initial=initial, check=self._faults)
        seats = seats_of(session, now=self.now)
        form.fields["capacity"].help_text = _(
            "Empty: no limit. %(now)s With fewer seats than members nobody is thrown out."
        ) % {"now": seats_sentence(seats)}
        return form, prerequisite_forms(data, session, requirable(session, actor=self.actor))

    def _unjudged(self, form: DatesForm, data: Mapping) -> DatesForm:
        """The same values before anybody has asked to save them: no errors yet."""
        values = {name: form[name].value() for name in form.fields}
        return DatesForm(initial={**form.initial, **values}, check=self._faults)

    def _faults(self, values: Mapping, unread: Collection[str]) -> Mapping[str, str]:
        """What `edit_session` and `open_parallel_group` would say of them; a new group is made on saving."""
        values, faults = dict(values), {}
        if name := values.get("parallel_group"):
            values["parallel_group"] = group = ParallelGroup.objects.filter(name=name).first()
            faults = foreign_faults(group, actor=self.actor) if group else {}
        elif "parallel_group" in values:
            values["parallel_group"] = None
        return edit_faults(self.session, values, unread=unread) | faults

    def _judge(self, form: DatesForm, required: forms.BaseFormSet) -> bool:
        """Whether both can be saved. Both are looked at in any case, so that everything wrong is told at once."""
        is_valid = all([form.is_valid(), required.is_valid()])
        if not required.is_valid():
            return False
        faults = circle_faults(self.session, {each.pk for each in wanted_prerequisites(required)})
        self._tell(faults, form, required)
        return is_valid and not faults

    def _with_new_sight(self, sent: Mapping) -> tuple[DatesForm, forms.BaseFormSet]:
        """What the person sent, ready to be saved over what they have been shown now."""
        data = sent.copy()
        data["seen_at"] = self.session.modified_at.isoformat()
        return self._forms(data)

    def _save(self, form: DatesForm, required: Mapping[CohortSession, PrerequisiteCondition]) -> CohortSession:
        by = {"actor": self.actor, "now": self.now}
        values = form.values()
        if name := values.get("parallel_group"):
            values["parallel_group"] = open_parallel_group(name, session=self.session, actor=self.actor)
        elif "parallel_group" in values:
            values["parallel_group"] = None
        seen_at = moment_seen(form.cleaned_data["seen_at"])
        saved = edit_session(self.session, seen_at=seen_at, **values, **by)
        set_prerequisites(saved, required, **by)
        return saved

    def _tell(self, faults: Mapping[str, str], form: DatesForm, required: forms.BaseFormSet) -> None:
        if "prerequisites" in faults:
            required.non_form_errors().append(faults["prerequisites"])
        tell_faults(form, faults)

    def _report(self, saved: CohortSession) -> Report:
        seats = seats_of(saved, now=self.now)
        if seats.capacity is None or seats.taken <= seats.capacity:
            return Report(_("Saved"))
        over = seats.taken - seats.capacity
        text = ngettext(
            "%(over)d more seat is taken than there are. Nobody is thrown out; the next is given when one is free.",
            "%(over)d more seats are taken than there are. Nobody is thrown out; the next is given when one is free.",
            over,
        ) % {"over": over}
        return Report(_("Saved"), text, Tone.WARNING)

    def _show(self, form: DatesForm, required: forms.BaseFormSet, *, changes: Notice | None = None) -> HttpResponse:
        return self.render(
            form=form,
            required=required,
            changes=changes,
            reload_url=address("dates", self.session.code),
            suggestions=requirable(self.session, actor=self.actor)[:SUGGESTED_SESSIONS],
            groups=self._groups(),
            zones=zone_names(),
        )

    def _groups(self) -> Sequence[str]:
        return parallel_groups(self.actor)
