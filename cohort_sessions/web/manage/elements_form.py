"""The fields of what stands in a unit, as a form: each asked for by its kind, beside what the base course says."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.data import AS_IN_BASE, ElementKind, ElementPlace, ElementValue
from cohort_sessions.host import ElementField
from cohort_sessions.queries.elements import ElementLine, ElementWish, FieldLine, UnitElements
from cohort_sessions.web.forms import Line, PageForm

_SEEN, _BASE = "+seen", "+base"

YES, NO = "yes", "no"
_YES_NO = ((YES, gettext_lazy("Yes")), (NO, gettext_lazy("No")))

# What the usual blocks are called here; others bear the name of their type.
KINDS = {
    "html": gettext_lazy("Text"),
    "problem": gettext_lazy("Problem"),
    "video": gettext_lazy("Video"),
}
# Names that the fields of the usual blocks have here; others bear the one that the block gives them.
LABELS = {
    "display_name": gettext_lazy("Name"),
    ("html", "data"): gettext_lazy("Text (HTML)"),
    "max_attempts": gettext_lazy("Attempts"),
    "weight": gettext_lazy("Points"),
}


@dataclass(frozen=True, slots=True)
class FormElement:
    """
    An element in the form.

    Attributes:
        title: as the session has it.
        kind: what sort of block it is.
        base_texts: HTML of the base course that the session has otherwise, by the label of its field.
    """

    title: str
    kind: str
    is_own: bool
    lines: tuple[Line, ...]
    base_texts: tuple[tuple[str, str], ...]


class ElementsForm(PageForm):
    """
    What the session has of each field. A field that was left as it was seen is not changed, so that two coaches do not
    take back what the other has written.
    """

    def __init__(self, unit: UnitElements, data: Mapping | None = None, *, is_disabled: bool = False):
        super().__init__(data)
        self.unit = unit
        self.own_lines = {line.name: line for line in unit.fields}
        for name, line in self.own_lines.items():
            self.fields[name] = _form_field(line, is_disabled=is_disabled)
            if line.own is not AS_IN_BASE:
                self.fields[name + _BASE] = forms.BooleanField(
                    label=_("%(field)s: as in the base course again") % {"field": label(line)},
                    required=False,
                    disabled=is_disabled,
                )

    def clean(self) -> dict:
        """Refuse what would take back what somebody else has written since the form was opened."""
        for name, line in self.own_lines.items():
            seen = self.data.get(name + _SEEN, "")
            if seen and name in self.changed_names() and seen != _mark(shown(line.now)):
                self.add_error(
                    name,
                    _("Somebody has changed this meanwhile, to: %(value)s Save once more to have it your way.")
                    % {"value": shown(line.now)},
                )
        return self.cleaned_data

    def changed_names(self) -> list[str]:
        """The fields in which something else was sent than was seen."""
        return [
            name
            for name, line in self.own_lines.items()
            if name in self.data and _mark(self.data[name]) not in (self.data.get(name + _SEEN), _mark(shown(line.now)))
        ]

    def wishes(self) -> dict[ElementPlace, ElementWish]:
        """What was asked for, of the fields that were changed."""
        wishes: dict[ElementPlace, ElementWish] = {
            _place(self.own_lines[name]): self.data[name] for name in self.changed_names()
        }
        again = [line for name, line in self.own_lines.items() if self.cleaned_data.get(name + _BASE)]
        return wishes | {_place(line): AS_IN_BASE for line in again}

    def elements(self) -> list[FormElement]:
        """The form, element by element."""
        lines = self.lines
        return [
            FormElement(
                title=_title(element),
                kind=str(KINDS.get(element.element.block_type, element.element.block_type)),
                is_own=element.is_own,
                lines=tuple(
                    replace(lines[name], is_required=True)
                    for line in element.fields
                    for name in (line.name, line.name + _BASE)
                    if name in lines
                ),
                base_texts=tuple(
                    (label(line), line.field.value)
                    for line in element.fields
                    if line.field.kind == ElementKind.HTML and line.own is not AS_IN_BASE
                ),
            )
            for element in self.unit.elements
        ]

    def seen(self) -> list[tuple[str, str]]:
        """What the form goes by, to be sent along unseen: what stands there now."""
        return [(name + _SEEN, _mark(shown(line.now))) for name, line in self.own_lines.items()]


def label(line: FieldLine) -> str:
    """What a field is called."""
    return label_of(line.usage_key.block_type, line.field.name) or line.field.label


def label_of(block_type: str, name: str) -> str:
    """What a field of the usual blocks is called here; empty for others."""
    return str(LABELS.get((block_type, name)) or LABELS.get(name) or "")


def shown(value: ElementValue) -> str:
    """A value as its input shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def value_words(field: ElementField, value: ElementValue) -> SafeString | str:
    """A value in a sentence."""
    if value is None or value == "":
        return _("nothing")
    if field.kind == ElementKind.YES_NO:
        return _("yes") if value else _("no")
    names = dict(field.choices)
    return format_html("<bdi>{}</bdi>", names.get(value, shown(value)))


def _title(element: ElementLine) -> str:
    """The name that the session gives it, else that of the base course."""
    named = (str(line.now) for line in element.fields if line.field.name == "display_name" and line.now)
    return next(named, element.element.title)


def _place(line: FieldLine) -> ElementPlace:
    return line.usage_key, line.field.name


def _mark(text: str) -> str:
    """Stands for a text that was seen. Browsers send the ends of lines in another way than they got them."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode("utf-8", "replace")).hexdigest()[:16]


def _form_field(line: FieldLine, *, is_disabled: bool) -> forms.CharField:
    return forms.CharField(
        label=label(line),
        required=False,
        strip=False,
        initial=shown(line.now),
        disabled=is_disabled,
        widget=_widget(line.field),
        help_text=_help(line),
    )


def _widget(field: ElementField) -> forms.Widget:
    if field.kind == ElementKind.YES_NO:
        return forms.Select(choices=_YES_NO)
    if field.choices:
        return forms.Select(choices=[(shown(value), name) for value, name in field.choices])
    if field.kind == ElementKind.HTML:
        return forms.Textarea({"rows": 12, "dir": "auto", "spellcheck": "true"})
    if field.kind == ElementKind.TEXT:
        return forms.TextInput({"dir": "auto", "autocomplete": "off"})
    bounds = {"min": field.least, "max": field.most}
    given = {name: shown(bound) for name, bound in bounds.items() if bound is not None}
    return forms.NumberInput({"step": "1" if field.kind == ElementKind.INTEGER else "any", **given})


def _help(line: FieldLine) -> SafeString | str:
    """What the base course says where that is short, and what the block says about the field."""
    said = []
    if line.field.kind != ElementKind.HTML:
        value = value_words(line.field, line.field.value)
        said.append(format_html(_("In the base course: {value}."), value=value))
    elif line.own is AS_IN_BASE:
        said.append(_("As in the base course."))
    if line.field.may_be_empty:
        said.append(line.field.help)
    return format_html("{}" + " {}" * (len(said) - 1), *said) if said else ""
