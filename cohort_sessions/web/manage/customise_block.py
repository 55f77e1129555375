"""One section, subsection or unit of a course, as this session has it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey

from cohort_sessions import permissions
from cohort_sessions.data import AS_IN_BASE, BlockField, BlockKind
from cohort_sessions.errors import InvalidInput, NotFound
from cohort_sessions.operations.customisation import TITLE_LENGTH, draft_block
from cohort_sessions.queries.customisation import OutlineLine, Wish
from cohort_sessions.queries.templates import edition_templates
from cohort_sessions.web.date_fields import ClosingField, OpeningField
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.customise import (
    FIELD_NAMES,
    KIND_NAMES,
    CustomisePage,
    value_words,
)
from cohort_sessions.web.manage.fields import add_refusal
from cohort_sessions.web.manage.locks import lock_notices
from cohort_sessions.web.manage.reports import Report
from cohort_sessions.web.wording import Tone

# Which inputs say something about which field.
_INPUTS = {
    BlockField.HIDDEN: ("hidden",),
    BlockField.OPENS_AT: ("opens_at",),
    BlockField.DUE: ("due", "no_due"),
    BlockField.TITLE: ("title",),
}

# What holds where neither the session nor the base course says anything.
_NOTHING = {
    BlockField.OPENS_AT: gettext_lazy("Empty: it opens with what it stands in."),
    BlockField.DUE: gettext_lazy("Empty: no deadline of its own."),
}


class BlockForm(PageForm):
    """What the session has otherwise. Whatever is left empty is as in the base course."""

    title = forms.CharField(
        label=FIELD_NAMES[BlockField.TITLE],
        required=False,
        max_length=TITLE_LENGTH,
        widget=forms.TextInput({"dir": "auto", "autocomplete": "off"}),
    )
    hidden = forms.BooleanField(label=gettext_lazy("Hide it from learners, and all that stands in it"), required=False)
    opens_at = OpeningField(label=FIELD_NAMES[BlockField.OPENS_AT], required=False)
    due = ClosingField(label=FIELD_NAMES[BlockField.DUE], required=False)
    no_due = forms.BooleanField(label=gettext_lazy("No deadline in this session"), required=False)

    def wishes(self) -> dict[BlockField, Wish]:
        """What was asked for, of the fields whose inputs were changed."""
        given = self.cleaned_data
        changed = {name for name, inputs in _INPUTS.items() if set(inputs) & set(self.changed_data)}
        wishes = {
            BlockField.HIDDEN: given.get("hidden") or AS_IN_BASE,
            BlockField.OPENS_AT: given.get("opens_at") or AS_IN_BASE,
            BlockField.DUE: None if given.get("no_due") else given.get("due") or AS_IN_BASE,
            BlockField.TITLE: given.get("title", "").strip() or AS_IN_BASE,
        }
        return {name: wish for name, wish in wishes.items() if name in changed}


def _is_sent(name: str, data: Mapping | None) -> bool:
    """Whether a form sends this field, or a part of it."""
    return any(key == name or key.startswith(f"{name}_") for key in data or ())


class CustomiseBlockView(CustomisePage):
    """
    A form with what the session has of this block, beside what the base course says. Saving prepares it.

    Posting ``keep`` or ``take`` with the name of a field decides what becomes of a value under which the base course
    has changed.
    """

    template = "customise_block.html"

    def get(self, request: HttpRequest, code: str, uuid: UUID, block: str) -> HttpResponse:
        """Show it."""
        return self._show(self._form())

    def post(self, request: HttpRequest, code: str, uuid: UUID, block: str) -> HttpResponse:
        """Prepare it."""
        form = self._form(request.POST)
        decided = self._decided()
        if not decided and not form.is_valid():
            return self._show(form)
        try:
            wishes = decided or form.wishes()
            draft_block(self.edition, self.line.block.usage_key, wishes, actor=self.actor, now=self.now)
        except InvalidInput as refusal:
            add_refusal(form, refusal)
            return self._show(form)
        if not wishes:
            return self.back(Report(_("Nothing to change"), tone=Tone.INFO))
        name = form.cleaned_data.get("title") if form.is_valid() else ""
        title = _("“%(block)s” is prepared") % {"block": name or self.line.wanted(BlockField.TITLE)}
        return self.back(Report(title, _("Learners see it when the changes are applied.")))

    @cached_property
    def line(self) -> OutlineLine:
        """The block of the address."""
        try:
            line = self.outline.line(UsageKey.from_string(self.kwargs["block"]))
        except InvalidKeyError:
            line = None
        if line is None:
            raise NotFound(_("The course has no such section, subsection or unit any more."))
        return line

    def _decided(self) -> dict[BlockField, Wish]:
        """About values under which the base course has changed."""
        for deed in ("keep", "take"):
            name = self.request.POST.get(deed, "")
            if name in set(BlockField) and BlockField(name) in self.line.base_changes:
                field = BlockField(name)
                return {field: self.line.now(field) if deed == "keep" else AS_IN_BASE}
        return {}

    def _form(self, data=None) -> BlockForm:
        wanted = {name: self.line.wanted(name) for name in BlockField}
        own = {name for name in BlockField if wanted[name] != self.line.default[name]}
        form = BlockForm(
            data,
            initial={
                "title": wanted[BlockField.TITLE] if BlockField.TITLE in own else "",
                "hidden": BlockField.HIDDEN in own,
                "opens_at": wanted[BlockField.OPENS_AT] if BlockField.OPENS_AT in own else None,
                "due": wanted[BlockField.DUE] if BlockField.DUE in own else None,
                "no_due": BlockField.DUE in own and wanted[BlockField.DUE] is None,
            },
        )
        if self.line.default[BlockField.DUE] is None:
            del form.fields["no_due"]
        if self.line.block.hidden:
            del form.fields["hidden"]
        for name, inputs in _INPUTS.items():
            for each in (each for each in inputs if each in form.fields):
                # What is sent although it is locked was open when the page was: the operation says so.
                form.fields[each].disabled = name not in self.outline.may and not _is_sent(each, data)
        for name, each in (("title", BlockField.TITLE), ("opens_at", BlockField.OPENS_AT), ("due", BlockField.DUE)):
            form.fields[name].help_text = self._help(each, form.fields[name].help_text)
        return form

    def _help(self, name: BlockField, rule: str) -> SafeString:
        """What learners have where the field stays empty, then how it is read."""
        value = self.line.default[name]
        if value is None:
            words = _NOTHING[name]
        elif name == BlockField.DUE and value != self.line.block.due:
            words = _("Empty: as the session moves the deadline of the base course, {value}.")
        else:
            words = _("Empty: as in the base course, {value}.")
        return format_html("{} {}", format_html(words, value=value_words(name, value)), rule)

    def _show(self, form: BlockForm) -> HttpResponse:
        return self.render(
            form=form,
            course_title=self.course_title,
            title=self.line.wanted(BlockField.TITLE),
            kind=KIND_NAMES[self.line.block.kind],
            notices=lock_notices(self.outline.locks.values()),
            is_hidden_in_base=self.line.block.hidden,
            base_changes=[
                {
                    "name": name.value,
                    "label": FIELD_NAMES[name],
                    "then": value_words(name, change.then),
                    "now": value_words(name, change.now),
                    "ours": value_words(name, self.line.now(name)),
                }
                for name, change in self.line.base_changes.items()
                if name in self.outline.may
            ],
            may_change=bool(self.outline.may),
            elements_url=self.own("customise_elements", block=str(self.line.block.usage_key))
            if self.line.block.kind == BlockKind.UNIT
            else "",
            ways_back=self._ways_back(),
            back_url=self.own("customise"),
        )

    def _ways_back(self) -> list[tuple[str, str]]:
        """To what an administrator can put the block back, and where that is asked; nothing for others."""
        if not permissions.allows(self.actor, permissions.RESET_EDITION, self.edition):
            return []
        block = {"block": str(self.line.block.usage_key)}
        url = self.own("use_template")
        templates = [
            (_("As in “%(title)s”") % {"title": line.title}, {"template": str(line.uuid)})
            for line in edition_templates(self.edition, actor=self.actor)
        ]
        ways = [(_("As in the base course"), {}), *templates]
        return [(name, f"{url}?{urlencode(block | more)}") for name, more in ways]
