"""The tools of one course that learners of a session have."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions import permissions
from cohort_sessions.data import Lock
from cohort_sessions.errors import InvalidInput
from cohort_sessions.operations.tools import show_tools
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.tools import ToolLine, edition_tools
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.customise import CustomisePage
from cohort_sessions.web.manage.fields import add_refusal
from cohort_sessions.web.manage.reports import Report
from cohort_sessions.web.wording import Tone


class ToolsForm(PageForm):
    """
    All tools at once. `seen` are those that there were when the form was made, `had` those of them that learners had
    then: only what was made otherwise in the form is decided.
    """

    tools = forms.MultipleChoiceField(
        label=gettext_lazy("Learners have"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)
    had = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    @property
    def decided(self) -> dict[str, bool]:
        """Whether learners are to have them, of the tools about which the form was made otherwise."""
        ticked, had = set(self.cleaned_data["tools"]), set(self.cleaned_data["had"])
        return {tool: tool in ticked for tool in self.cleaned_data["seen"] if (tool in ticked) != (tool in had)}


class CustomiseToolsView(CustomisePage):
    """The tools, each shown or hidden; disabled, with the reason, for whom they are locked."""

    template = "customise_tools.html"
    current_part = "customise_tools"

    @cached_property
    def tools(self) -> list[ToolLine]:
        """The tools of the course, as the session has them."""
        return edition_tools(self.edition)

    def get(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Show them."""
        return self._show(self._form(None))

    def post(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Have those that are ticked, and do without the others that were seen."""
        # A form that was opened before it was locked sends what is ticked no more: who sends it is told.
        authorise(self.actor, permissions.SHOW_TOOL, self.edition)
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form)
        try:
            number = show_tools(self.edition, form.decided, actor=self.actor, now=self.now)
        except InvalidInput as refusal:
            add_refusal(form, refusal)
            return self._show(form)
        if not number:
            return self.back(Report(_("Nothing has changed"), tone=Tone.INFO), self.own("customise_tools"))
        done = ngettext("%d tool is changed.", "%d tools are changed.", number) % number
        text = f"{done} {_('The platform follows in a moment.')}"
        return self.back(Report(_("Saved"), text), self.own("customise_tools"))

    def _form(self, data: Mapping | None) -> ToolsForm:
        names = [line.tool for line in self.tools]
        shown = [line.tool for line in self.tools if line.is_shown]
        form = ToolsForm(data, initial={"tools": shown, "seen": names, "had": shown})
        choices = [(line.tool, _label(line)) for line in self.tools]
        for field in form.fields.values():
            field.choices = choices
        form.fields["tools"].disabled = not permissions.allows(self.actor, permissions.SHOW_TOOL, self.edition)
        return form

    def _show(self, form: ToolsForm) -> HttpResponse:
        return self.render(
            form=form,
            course_title=self.course_title,
            has_tools=bool(self.tools),
            notices=self.locks_against(permissions.SHOW_TOOL, Lock.TOOL_VISIBILITY),
            may_change=not form.fields["tools"].disabled,
        )


def _label(line: ToolLine) -> SafeString:
    if line.is_usual:
        return format_html("<bdi>{}</bdi>", line.title)
    note = _("Hidden unless a session shows it.")
    return format_html('<bdi>{}</bdi> <span class="cs-lock__why">{}</span>', line.title, note)
