"""How one course is graded in a session, beside its base course."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions import permissions
from cohort_sessions.data import Lock
from cohort_sessions.errors import ChangedMeanwhile, InvalidInput, NotFound, WrongState
from cohort_sessions.host import AssignmentWeight, GradingPolicy
from cohort_sessions.operations.grading import keep_grading, set_grading
from cohort_sessions.queries.grading import FINAL, EditionGradingPolicy, edition_grading
from cohort_sessions.web.forms import Line, PageForm
from cohort_sessions.web.manage.customise import CustomisePage
from cohort_sessions.web.manage.reports import Report
from cohort_sessions.web.wording import Notice, Tone


class GradingForm(PageForm):
    """
    The passing line and, for each type of assignment, how much it counts and how many are dropped; in percent. What is
    left as it was is sent on exactly, however it was rounded for the page.

    `seen` stands for what the form was made from.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    pass_line = forms.FloatField(
        label=gettext_lazy("Passing line, in percent"), required=False, widget=forms.NumberInput({"step": "any"})
    )

    def __init__(self, data: Mapping | None, *, view: EditionGradingPolicy, may_change: bool):
        super().__init__(data)
        self.view = view
        self.fields["seen"].initial = view.mark
        for (_letter, least), (_same, there) in zip(view.policy.letters[-1:], view.base.letters[-1:], strict=True):
            self.fields["pass_line"].initial = _percent(least)
            self.fields["pass_line"].help_text = _("In the base course: %(value)s. Empty: as there.") % {
                "value": _percent(there)
            }
        base = {each.assignment_type: each for each in view.base.assignments}
        for each in view.policy.assignments:
            there, mark = base[each.assignment_type], _mark(each.assignment_type)
            self.fields[f"weight_{mark}"] = forms.FloatField(
                label=_("Weight, in percent"),
                initial=_percent(each.weight),
                help_text=_("In the base course: %(value)s.") % {"value": _percent(there.weight)},
                widget=forms.NumberInput({"step": "any"}),
            )
            self.fields[f"dropped_{mark}"] = forms.IntegerField(
                label=_("How many of the worst are dropped"),
                initial=each.dropped,
                help_text=_("In the base course: %(value)s.") % {"value": there.dropped},
            )
        for name, field in self.fields.items():
            field.disabled = not may_change and name != "seen"

    @property
    def types(self) -> Sequence[tuple[str, int, tuple[Line, ...]]]:
        """The types of assignment: name, how many the course has, inputs."""
        lines = self.lines
        return [
            (
                each.assignment_type,
                self.view.numbers.get(each.assignment_type, 0),
                tuple(lines[f"{name}_{_mark(each.assignment_type)}"] for name in ("weight", "dropped")),
            )
            for each in self.view.policy.assignments
        ]

    @property
    def assignments(self) -> list[AssignmentWeight]:
        """What was sent for them."""
        return [
            AssignmentWeight(
                each.assignment_type,
                self._share(f"weight_{_mark(each.assignment_type)}", each.weight),
                self.cleaned_data[f"dropped_{_mark(each.assignment_type)}"],
            )
            for each in self.view.policy.assignments
        ]

    @property
    def pass_share(self) -> float | None:
        """The passing line that was sent, 0..1; ``None``: as in the base course."""
        letters = self.view.policy.letters
        return self._share("pass_line", letters[-1][1] if letters else None)

    def _share(self, name: str, as_it_was: float | None) -> float | None:
        if name not in self.changed_data:
            return as_it_was
        percent = self.cleaned_data[name]
        return None if percent is None else percent / 100

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
        by = {"seen": request.POST.get("seen"), "actor": self.actor, "now": self.now}
        try:
            if "keep" in request.POST:
                changed = keep_grading(self.edition, **by)
            elif "follow" in request.POST:
                changed = set_grading(self.edition, pass_line=None, assignments=(), **by)
            elif form.is_valid():
                weights = form.assignments
                changed = set_grading(self.edition, pass_line=form.pass_share, assignments=weights, **by)
            else:
                return self._show(form)
        except InvalidInput as refusal:
            form.refuse(refusal)
            return self._show(form)
        except (ChangedMeanwhile, WrongState) as refusal:
            return self._back_here(Report(_("Nothing has changed"), str(refusal), Tone.WARNING))
        if not changed:
            return self._back_here(Report(_("Nothing has changed"), tone=Tone.INFO))
        text = _("The platform computes grades anew where that makes a difference; it may take some minutes.")
        return self._back_here(Report(_("Saved"), text))

    def _back_here(self, report: Report) -> HttpResponse:
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
            notices.append(Notice(_("Results are final"), str(FINAL), Tone.INFO))
        if self.view.is_outdated:
            text = _("The base course has other types of assignment by now, so its weights hold. Decide anew.")
            notices.append(Notice(_("This session's weights do not fit any more"), text, Tone.WARNING))
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


def _mark(assignment_type: str) -> str:
    """Names the inputs of a type, whatever is in its name and wherever it stands."""
    return hashlib.sha256(assignment_type.encode("utf-8", "replace")).hexdigest()[:8]
