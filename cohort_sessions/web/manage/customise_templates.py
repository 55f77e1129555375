"""What one course has otherwise: kept as a template, taken from one, and put back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions import permissions
from cohort_sessions.data import BlockField, Lock
from cohort_sessions.errors import InvalidInput, NotAllowed, NotFound, WrongState
from cohort_sessions.operations.templates import (
    TITLE_LENGTH,
    WHO_DELETES,
    apply_template,
    delete_template,
    reset_edition,
    save_templates,
)
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.customisation import OutlineLine
from cohort_sessions.queries.locks import standing_locks
from cohort_sessions.queries.templates import TemplateLine, edition_templates
from cohort_sessions.web import moments
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.customise import CustomisePage
from cohort_sessions.web.manage.fields import add_refusal
from cohort_sessions.web.manage.locks import lock_notices
from cohort_sessions.web.manage.reports import Report
from cohort_sessions.web.wording import Notice, Tone


class TemplateForm(PageForm):
    """What the template is called."""

    title = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=TITLE_LENGTH,
        error_messages={"required": gettext_lazy("Give the template a name.")},
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
    )


# The locks that take away something that a template may change.
_OF_TEMPLATES = (
    Lock.SCHEDULE,
    Lock.CONTENT_VISIBILITY,
    Lock.CONTENT_EDITS,
    Lock.TOOL_VISIBILITY,
    Lock.GRADING_POLICY,
)


class _TemplatesPage(CustomisePage):
    """The list of templates, and what may be done with them."""

    current_part = "customise_templates"

    @cached_property
    def templates(self) -> list[TemplateLine]:
        """Those that fit."""
        return edition_templates(self.edition, actor=self.actor)

    def locks(self) -> list[Notice]:
        """What keeps the actor from some of what a template may change."""
        if permissions.allows(self.actor, permissions.RESET_EDITION, self.edition):
            return []
        standing = standing_locks(self.session)
        return lock_notices(standing[lock] for lock in _OF_TEMPLATES if lock in standing)

    def chosen(self, name: str) -> TemplateLine:
        """The template of this name in the query or the form."""
        found = next((line for line in self.templates if str(line.uuid) == name), None)
        if found is None:
            raise NotFound(_("There is no such template for this course."))
        return found

    def back_to_list(self, report: Report) -> HttpResponse:
        """To the templates."""
        return self.back(report, self.own("customise_templates"))


class CustomiseTemplatesView(_TemplatesPage):
    """The templates of a course. Posting keeps what it has otherwise as a new one."""

    template = "customise_templates.html"

    def get(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Show them."""
        return self._show(TemplateForm())

    def post(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Keep."""
        form = TemplateForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        try:
            save_templates([self.edition], title=form.cleaned_data["title"], actor=self.actor, now=self.now)
        except InvalidInput as refusal:
            add_refusal(form, refusal)
            return self._show(form)
        return self.back_to_list(Report(_("Kept"), _("Other sessions of the organisation can use it for this course.")))

    def _show(self, form: TemplateForm) -> HttpResponse:
        use_url = self.own("use_template")
        return self.render(
            form=form,
            course_title=self.course_title,
            notices=self.locks(),
            may_reset=permissions.allows(self.actor, permissions.RESET_EDITION, self.edition),
            reset_url=use_url,
            templates=[
                {
                    "title": line.title,
                    "note": _note(line),
                    "use_url": f"{use_url}?template={line.uuid}",
                    "delete_url": self.own("delete_template", template=str(line.uuid)) if line.may_delete else "",
                }
                for line in self.templates
            ],
        )


class DeleteTemplateView(_TemplatesPage):
    """A template is deleted, by who kept it or a session administrator; asks first."""

    template = "confirm.html"

    def get(self, request: HttpRequest, code: str, uuid: UUID, template: UUID) -> HttpResponse:
        """Say what will happen."""
        line = self.chosen(str(template))
        if not line.may_delete:
            raise NotAllowed(WHO_DELETES)
        return self.render(
            title=_("Delete a template"),
            button=_("Delete"),
            what=line.title,
            lead=(_("No session can use it any more. What was made from it stays."),),
            cancel_url=self.own("customise_templates"),
        )

    def post(self, request: HttpRequest, code: str, uuid: UUID, template: UUID) -> HttpResponse:
        """Delete it."""
        line = self.chosen(str(template))
        delete_template(self.edition, line.uuid, actor=self.actor, now=self.now)
        return self.back_to_list(
            Report(_("“%(title)s” was deleted") % {"title": line.title}, _("What was made from it stays."))
        )


class UseTemplateView(_TemplatesPage):
    """
    A template is used for a course, or the course, or one block of it, is put back: asked before it is done, since it
    replaces what is there.

    Parameters: ``template``, the UUID of one; without it the base course is meant. ``block``, the key of a section,
    subsection or unit, which alone is meant then. Both the base course and a single block are for session
    administrators only; what they do holds whatever is locked.
    """

    template = "use_template.html"

    def get(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Ask."""
        line, block = self._asked(request.GET)
        return self.render(
            course_title=self.course_title,
            notices=self.locks(),
            subject=block.wanted(BlockField.TITLE) if block else self.course_title,
            template_title=line.title if line else "",
            template_uuid=str(line.uuid) if line else "",
            block_key=str(block.block.usage_key) if block else "",
            back_url=self._back_url(block),
        )

    def post(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Do it."""
        line, block = self._asked(request.POST)
        try:
            number = self._do(line, block)
        except WrongState as refusal:
            report = Report(_("Nothing has changed"), str(refusal), Tone.WARNING)
        else:
            done = ngettext("%d thing has changed.", "%d things have changed.", number) % number
            report = Report(_("Done"), f"{done} {_('The platform follows in a moment.')}")
            if not number:
                report = Report(_("Nothing to change"), _("It is so already."), Tone.INFO)
        return self.back(report, self._back_url(block))

    def _asked(self, sent: Mapping[str, str]) -> tuple[TemplateLine | None, OutlineLine | None]:
        """The template and the block that are meant, if the actor may do that."""
        name, key = sent.get("template", ""), sent.get("block", "")
        if key or not name:
            authorise(self.actor, permissions.RESET_EDITION, self.edition)
        block = next((line for line in self.outline.lines if str(line.block.usage_key) == key), None) if key else None
        if key and block is None:
            raise NotFound(_("The course has no such section, subsection or unit any more."))
        return self.chosen(name) if name else None, block

    def _do(self, line: TemplateLine | None, block: OutlineLine | None) -> int:
        by = {"actor": self.actor, "now": self.now}
        if line is not None and block is None:
            return apply_template(self.edition, line.uuid, **by)
        only = [block.block.usage_key] if block else None
        return reset_edition(self.edition, template=line.uuid if line else None, only=only, **by)

    def _back_url(self, block: OutlineLine | None) -> str:
        if block is None:
            return self.own("customise_templates")
        return self.own("customise_block", block=str(block.block.usage_key))


def _note(line: TemplateLine) -> SafeString:
    things = ngettext("%d thing", "%d things", line.number) % line.number
    who = [format_html(_("kept by {who}"), who=line.by.name)] if line.by else []
    return format_html_join(", ", "{}", ((each,) for each in (things, *who, moments.day_of(line.at))))
