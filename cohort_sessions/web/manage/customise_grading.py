"""How one course is graded in a session, beside its base course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions import permissions
from cohort_sessions.data import Lock
from cohort_sessions.errors import InvalidInput, NotFound, WrongState
from cohort_sessions.host import AssignmentWeight, GradingPolicy
from cohort_sessions.operations.grading import set_grading
from cohort_sessions.queries.grading import EditionGradingPolicy, edition_grading
from cohort_sessions.web.forms import Line, PageForm
from cohort_sessions.web.manage.customise import CustomisePage
from cohort_sessions.web.manage.reports import Report
from cohort_sessions.web.wording import Notice, Tone


class GradingForm(PageForm):
    """The passing line and, for each type of assignment, how much it counts and how many are dropped; in percent."""

    pass_line = forms.FloatField(
        label=gettext_lazy("Passing line, in percent"), required=False, widget=forms.NumberInput({"step": "any"})
    )

    def __init__(self, data: Mapping | None, *, view: EditionGradingPolicy, may_change: bool):
        super().__init__(data)
        self.view = view
        of_base = dict(view.base.letters)
        for letter, least in view.policy.letters[-1:]:
            self.fields["pass_line"].initial = _percent(least)
            self.fields["pass_line"].help_text = _("In the base course: %(value)s.") % {
                "value": _percent(of_base[letter])
            }
        base = {each.assignment_type: each for each in view.base.assignments}
        for number, each in enumerate(view.policy.assignments):
            there = base[each.assignment_type]
            self.fields[f"weight_{number}"] = forms.FloatField(
                label=_("Weight, in percent"),
                initial=_percent(each.weight),
                help_text=_("In the base course: %(value)s.") % {"value": _percent(there.weight)},
                widget=forms.NumberInput({"step": "any"}),
            )
            self.fields[f"dropped_{number}"] = forms.IntegerField(
                label=_("How many of the worst are dropped"),
                initial=each.dropped,
                help_text=_("In the base course: %(value)s.") % {"value": there.dropped},
            )
        for field in self.fields.values():
            field.disabled = not may_change

    @property
    def types(self) -> Sequence[tuple[str, int, tuple[Line, Line]]]:
        """The types of assignment: name, how many the course has, inputs."""
        lines = self.lines
        return [
            (
                each.assignment_type,
                self.view.numbers.get(each.assignment_type, 0),
                (lines[f"weight_{number}"], lines[f"dropped_{number}"]),
            )
            for number, each in enumerate(self.view.policy.assignments)
        ]

    @property
    def assignments(self) -> list[AssignmentWeight]:
        """What was sent for them."""
        return [
            AssignmentWeight(
                each.assignment_type,
                round(self.cleaned_data[f"weight_{number}"] / 100, 6),
                self.cleaned_data[f"dropped_{number}"],
            )
            for number, each in enumerate(self.view.policy.assignments)
        ]

    @property
    def pass_share(self) -> float | None:
        """The passing line that was sent, 0..1; ``None``: as in the base course."""
        line = self.cleaned_data["pass_line"]
        return None if line is None else round(line / 100, 6)

    def refuse(self, refusal: InvalidInput) -> None:
        """Each sentence at its place: what is said of weights concerns them together."""
        for name, sentence in refusal.errors.items():
            self.add_error("pass_line" if name == "pass_line" else None, sentence)


class CustomiseGradingView(CustomisePage):
    """
    The grading. Posting decides it; with ``follow``, it is that of the base course; with ``keep``, what the session has
    stays although the base course has changed.
    """

    template = "customise_grading.html"
    current_part = "customise_grading"

    @cached_property
    def view(self) -> EditionGradingPolicy:
        """How the course is graded."""
        found = edition_grading(self.edition)
        if found is None:
            raise NotFound(_("The platform does not have this course any more."))
        return found

    def get(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Show it."""
        return self._show(self._form(None))

    def post(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Decide it."""
        form = self._form(request.POST)
        if "follow" in request.POST:
            return self._decide(form, None, ())
        if "keep" in request.POST:
            change = self.view.change
            return self._decide(form, change and change.pass_line, change.assignments if change else ())
        if not form.is_valid():
            return self._show(form)
        return self._decide(form, form.pass_share, form.assignments)

    def _decide(
        self, form: GradingForm, pass_line: float | None, assignments: Sequence[AssignmentWeight]
    ) -> HttpResponse:
        try:
            changed = set_grading(
                self.edition, pass_line=pass_line, assignments=assignments, actor=self.actor, now=self.now
            )
        except InvalidInput as refusal:
            form.is_valid()
            form.refuse(refusal)
            return self._show(form)
        except WrongState as refusal:
            return self.back(
                Report(_("Nothing has changed"), str(refusal), Tone.WARNING), self.own("customise_grading")
            )
        saved = Report(_("Saved"), _("The platform computes all grades anew; that may take some minutes."))
        report = saved if changed else Report(_("Nothing has changed"), tone=Tone.INFO)
        return self.back(report, self.own("customise_grading"))

    def _may_change(self) -> bool:
        may = permissions.allows(self.actor, permissions.GRADE_EDITION, self.edition)
        return may and not self.view.is_final

    def _form(self, data: Mapping | None) -> GradingForm:
        return GradingForm(data, view=self.view, may_change=self._may_change())

    def _show(self, form: GradingForm) -> HttpResponse:
        return self.render(
            form=form,
            course_title=self.course_title,
            notices=[*self.locks_against(permissions.GRADE_EDITION, Lock.GRADING_POLICY), *self._notices()],
            may_change=self._may_change(),
            is_own=self.view.change is not None,
            then=policy_words(self.view.then) if self.view.then else "",
            now_there=policy_words(self.view.base),
        )

    def _notices(self) -> list[Notice]:
        notices = []
        if self.view.is_final:
            text = _("Results of this course are final, so its grading stays as it is. Open them again first.")
            notices.append(Notice(_("Results are final"), text, Tone.INFO))
        if self.view.change is not None and round(100 * self.view.total, 2) != 100:
            text = _("The base course has other types of assignment by now. Decide anew how each of them counts.")
            title = _("The weights make %(total)s percent") % {"total": _percent(self.view.total)}
            notices.append(Notice(title, text, Tone.WARNING))
        return notices


def policy_words(policy: GradingPolicy) -> str:
    """A grading policy in one sentence."""
    line = _("passes from %(line)s percent") % {"line": _percent(policy.letters[-1][1])} if policy.letters else ""
    weights = (
        _("%(type)s %(weight)s percent, %(dropped)d dropped")
        % {"type": each.assignment_type, "weight": _percent(each.weight), "dropped": each.dropped}
        for each in policy.assignments
    )
    return "; ".join(filter(None, (line, *weights)))


def _percent(share: float) -> str:
    return f"{round(100 * share, 4):g}"
