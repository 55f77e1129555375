"""What stands in one unit of a course, as this session has it: words of its texts, attempts and points of problems."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey

from cohort_sessions.data import AS_IN_BASE, ElementPlace
from cohort_sessions.errors import InvalidInput, NotFound
from cohort_sessions.operations.elements import ElementsOutcome, change_elements, keep_elements
from cohort_sessions.queries.elements import FieldLine, UnitElements, unit_elements
from cohort_sessions.web.manage.customise import CustomisePage
from cohort_sessions.web.manage.elements_form import ElementsForm, label, value_words
from cohort_sessions.web.manage.fields import add_refusal
from cohort_sessions.web.manage.locks import lock_notices
from cohort_sessions.web.manage.reports import Report
from cohort_sessions.web.wording import Tone


class CustomiseElementsView(CustomisePage):
    """
    A form with the fields that may be set. Saving has learners see it.

    Posting ``keep`` or ``take`` with the name of a field decides what becomes of a value under which the base course
    has changed.
    """

    template = "customise_elements.html"

    def get(self, request: HttpRequest, code: str, uuid: UUID, block: str) -> HttpResponse:
        """Show it."""
        return self._show(ElementsForm(self.unit, is_disabled=not self.unit.may))

    def post(self, request: HttpRequest, code: str, uuid: UUID, block: str) -> HttpResponse:
        """Save it, or decide."""
        decided = self._decided()
        if decided is not None:
            return self._decide(decided)
        form = ElementsForm(self.unit, request.POST)
        if not form.is_valid():
            return self._show(form)
        wishes = form.wishes()
        try:
            outcome = change_elements(self.edition, wishes, actor=self.actor, now=self.now)
        except InvalidInput as refusal:
            add_refusal(form, refusal)
            return self._show(form)
        return self.back(self._report(outcome), self.request.path)

    @cached_property
    def unit(self) -> UnitElements:
        """The unit of the address."""
        try:
            key = UsageKey.from_string(self.kwargs["block"])
        except InvalidKeyError as wrong:
            raise NotFound(_("The course has no such unit any more.")) from wrong
        return unit_elements(self.edition, key, actor=self.actor)

    def _decided(self) -> tuple[str, FieldLine] | None:
        """About a value under which the base course has changed."""
        lines = {line.name: line for line in self.unit.fields if line.base_change}
        for deed in ("keep", "take"):
            if self.request.POST.get(deed) in lines:
                return deed, lines[self.request.POST[deed]]
        return None

    def _decide(self, decided: tuple[str, FieldLine]) -> HttpResponse:
        deed, line = decided
        place: ElementPlace = (line.usage_key, line.field.name)
        if deed == "keep":
            keep_elements(self.edition, [place], actor=self.actor, now=self.now)
            report = Report(_("Kept"), _("Learners see what they saw."))
        else:
            change_elements(self.edition, {place: AS_IN_BASE}, actor=self.actor, now=self.now)
            report = Report(_("Taken over"), _("The platform follows in a moment."))
        return self.back(report, self.request.path)

    def _report(self, outcome: ElementsOutcome) -> Report:
        if not outcome.changed and not outcome.taken_out:
            return Report(_("Nothing to change"), tone=Tone.INFO)
        saved = ngettext("%d thing is changed", "%d things are changed", outcome.changed) % outcome.changed
        follows = _("The platform follows in a moment.")
        if not outcome.taken_out:
            return Report(saved, follows)
        titles = {line.usage_key: each.element.title for each in self.unit.elements for line in each.fields}
        said = [
            (titles[usage_key], _("Cleaned. Taken out of the HTML: %(what)s") % {"what": ", ".join(parts)})
            for (usage_key, _name), parts in outcome.taken_out.items()
        ]
        return Report(saved, follows, Tone.WARNING, told=said)

    def _show(self, form: ElementsForm) -> HttpResponse:
        return self.render(
            form=form,
            elements=form.elements(),
            seen=form.seen(),
            title=self.unit.title,
            course_title=self.course_title,
            notices=lock_notices([self.unit.lock] if self.unit.lock else []),
            base_changes=[_changed(line) for line in self.unit.fields if line.base_change and self.unit.may],
            may_change=self.unit.may,
            block_url=self.own("customise_block", block=self.kwargs["block"]),
            back_url=self.own("customise"),
        )


def _changed(line: FieldLine) -> Mapping[str, object]:
    change = line.base_change
    return {
        "name": line.name,
        "label": label(line),
        "then": value_words(line.field, change.then),
        "now": value_words(line.field, change.now),
        "ours": value_words(line.field, line.now),
    }
