"""The form about a session's dates and places, and what it means for the operations behind it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from cohort_sessions.data import AfterClose, Joining, PrerequisiteCondition
from cohort_sessions.models import CohortSession
from cohort_sessions.web.date_fields import ClosingField, OpeningField, refuse_reversed
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.fields import SessionField
from cohort_sessions.web.manage.live import CheckedForm

AFTER_CLOSE = {
    AfterClose.READ_ONLY: gettext_lazy("Members may look back, and hand nothing in"),
    AfterClose.FULL: gettext_lazy("Members may go on as before"),
    AfterClose.HIDDEN: gettext_lazy("Members do not see the session any more"),
}

JOINING = {
    Joining.CLOSED: gettext_lazy("The team enrols"),
    Joining.OPEN: gettext_lazy("Everybody may join"),
    Joining.APPROVAL: gettext_lazy("Everybody may ask, the team approves"),
    Joining.CODE: gettext_lazy("Whoever has the enrolment code may join"),
}

CONDITIONS = {
    PrerequisiteCondition.FINISHED: gettext_lazy("finished: their time there is over"),
    PrerequisiteCondition.PASSED: gettext_lazy("passed: every course of it"),
}

# Without letters and digits that look alike, so that a code can be read from a blackboard.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

_SECTIONS = (
    (
        gettext_lazy("When"),
        gettext_lazy("Either dates that hold for everybody, or a number of days for each member from the first entry."),
        ("opens_at", "closes_at", "duration_days", "after_close", "results_final_after_days", "archive_after_days"),
    ),
    (
        gettext_lazy("The team's own window"),
        gettext_lazy("When the team may enter beyond what members may. Empty: at any time."),
        ("team_opens_at", "team_closes_at"),
    ),
    (
        gettext_lazy("Joining"),
        gettext_lazy("How people come in by themselves. The team may enrol in any case."),
        ("joining", "enrolment_code", "enrolment_opens_at", "enrolment_closes_at"),
    ),
    (gettext_lazy("Seats"), "", ("capacity", "offer_days", "parallel_group")),
    (
        gettext_lazy("Repetition"),
        gettext_lazy("The next session like this one is made, and published, by itself."),
        ("repeat_every_days", "repeat_lead_days", "time_zone"),
    ),
)


def new_code() -> str:
    """An enrolment code that nobody guesses."""
    return "".join(secrets.choice(_LETTERS) for _ in range(8))


@cache
def zone_names() -> tuple[str, ...]:
    """Time zones by the names of places, for suggestions."""
    left_out = ("Etc/", "SystemV/", "US/")
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith(left_out)))


def _number(label: str, help_text: str, *, least: int = 1, most: int = 3650) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=least, max_value=most, help_text=help_text)


class DatesForm(CheckedForm):
    """Named as `queries.session_drafts.EDITABLE_FIELDS`, so that a refusal finds its field; `seen_at` rides along."""

    seen_at = forms.CharField(widget=forms.HiddenInput)
    opens_at = OpeningField(label=gettext_lazy("Opens"), required=False)
    closes_at = ClosingField(label=gettext_lazy("Closes"), required=False)
    duration_days = _number(
        gettext_lazy("Days for each member"),
        gettext_lazy("Counted from the first entry, instead of an opening and a closing."),
    )
    after_close = forms.ChoiceField(label=gettext_lazy("After the closing"), choices=AFTER_CLOSE.items())
    results_final_after_days = _number(
        gettext_lazy("Results final after"),
        gettext_lazy("Days after a member's end at which their results stay as they are. Empty: never."),
        least=0,
    )
    archive_after_days = _number(
        gettext_lazy("Archived after"),
        gettext_lazy("Days after its end at which it is put away by itself. Empty: never."),
        least=0,
    )
    team_opens_at = OpeningField(label=gettext_lazy("The team enters from"), required=False)
    team_closes_at = ClosingField(label=gettext_lazy("The team enters until"), required=False)
    joining = forms.ChoiceField(label=gettext_lazy("Who may join"), choices=JOINING.items())
    enrolment_code = forms.CharField(
        label=gettext_lazy("Enrolment code"),
        required=False,
        max_length=64,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Capital or small letters do not matter."),
    )
    enrolment_opens_at = OpeningField(label=gettext_lazy("Enrolment begins"), required=False)
    enrolment_closes_at = ClosingField(label=gettext_lazy("Enrolment ends"), required=False)
    capacity = _number(gettext_lazy("Seats"), "", most=1_000_000)
    offer_days = _number(
        gettext_lazy("Days to accept a freed seat"),
        gettext_lazy("Empty: whoever is first on the waiting list simply gets it."),
    )
    parallel_group = forms.CharField(
        label=gettext_lazy("Group of parallel sessions"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"list": "cs-groups", "autocomplete": "off", "dir": "auto"}),
        help_text=gettext_lazy(
            "Of sessions in one group a person may join only one. Choose a group, or write the name of a new one."
        ),
    )
    repeat_every_days = _number(
        gettext_lazy("Repeated every"), gettext_lazy("Days from its opening to that of the next. Empty: not repeated.")
    )
    repeat_lead_days = _number(
        gettext_lazy("Made ahead"), gettext_lazy("Days before its end at which the next one is made."), least=0
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone of the calendar"),
        required=False,
        max_length=64,
        widget=forms.TextInput({"list": "cs-zones", "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("In which its dates are moved when it is repeated, such as Europe/Paris. Empty: UTC."),
    )

    def clean(self) -> dict:
        """Ends before their beginnings are told beside the ends."""
        for opens, closes in (
            ("opens_at", "closes_at"),
            ("team_opens_at", "team_closes_at"),
            ("enrolment_opens_at", "enrolment_closes_at"),
        ):
            refuse_reversed(self, opens, closes)
        return super().clean()

    def values(self) -> dict[str, Any]:
        """What the person changed, for `edit_session`; the group by its name."""
        names = set(self.changed_data) - {"seen_at"}
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def sections(self) -> list[Mapping[str, object]]:
        """The fields under their headings."""
        lines = self.lines
        return [
            {"title": title, "text": text, "lines": [(name, lines[name]) for name in names], "names": names}
            for title, text, names in _SECTIONS
        ]


class PrerequisiteForm(PageForm):
    """One session that is required; an empty line asks for nothing."""

    required = SessionField(label=gettext_lazy("Session"), required=False, suggestions="cs-sessions")
    condition = forms.ChoiceField(label=gettext_lazy("must be"), choices=CONDITIONS.items())


_PrerequisiteForms = forms.formset_factory(PrerequisiteForm, extra=2, can_delete=True, max_num=20)


def prerequisite_forms(
    data: Mapping | None, session: CohortSession, choices: QuerySet[CohortSession]
) -> forms.BaseFormSet:
    """A line for each session that is required now, and two empty ones."""
    rows = list(session.prerequisites.select_related("required"))
    initial = [{"required": row.required, "condition": row.condition} for row in rows]
    formset = _PrerequisiteForms(data, initial=initial, prefix="required")
    for form in formset:
        form.fields["required"].choices = choices
        form.fields["required"].known = {row.required.code: row.required for row in rows}
        form.fields["DELETE"].label = gettext_lazy("Not required any more")
    return formset


def wanted_prerequisites(formset: forms.BaseFormSet) -> dict[CohortSession, PrerequisiteCondition]:
    """What `set_prerequisites` is asked for."""
    lines = [form.cleaned_data for form in formset if form.cleaned_data and not form.cleaned_data.get("DELETE")]
    return {
        line["required"]: PrerequisiteCondition(line["condition"]) for line in lines if line.get("required") is not None
    }
