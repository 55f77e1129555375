"""Forms as pages show them: each input tied to its label, its help and its error, without a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Line:
    """
    One field of a form, for ``components/field.html``.

    Attributes:
        field_id: names the field on its page; the ids of its parts begin with it.
        control: the input, or inputs; it names `help_id` and `error_id` to those who cannot see the page.
        label_for: the input that the label belongs to; empty for a group of inputs, which has a legend instead.
        is_checkbox, is_tick_list: a box to tick, or several; that none needs to be ticked goes without saying.
        help_id, error_id: empty where there is no help, or no error.
    """

    field_id: str
    label: str
    control: SafeString
    label_for: str
    is_required: bool
    is_checkbox: bool
    is_tick_list: bool
    help: str
    help_id: str
    errors: tuple[str, ...]
    error_id: str


class PageForm(forms.Form):
    """A form whose page renders `lines` by ``components/field.html`` and `faults` by ``components/faults.html``."""

    # The browser's own bubbles speak its language and hide behind one another; our sentences stand beside the fields.
    use_required_attribute = False

    @property
    def lines(self) -> Mapping[str, Line]:
        """Every visible field, by its name, in the order of the form."""
        return {field.name: _line(field) for field in self.visible_fields()}

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the form as a whole."""
        return tuple(self.non_field_errors())


def _line(field: forms.BoundField) -> Line:
    errors = tuple(field.errors)
    help_id = f"{field.auto_id}_help" if field.help_text else ""
    error_id = f"{field.auto_id}_error" if errors else ""
    described = " ".join(filter(None, (error_id, help_id)))
    attributes = {"aria-describedby": described} if described else {}
    if errors:
        attributes["aria-invalid"] = "true"
    return Line(
        field_id=field.auto_id,
        label=field.label,
        control=field.as_widget(attrs=attributes),
        label_for=field.id_for_label,
        is_required=field.field.required,
        is_checkbox=isinstance(field.field.widget, forms.CheckboxInput),
        is_tick_list=isinstance(field.field.widget, forms.CheckboxSelectMultiple),
        help=field.help_text,
        help_id=help_id,
        errors=errors,
        error_id=error_id,
    )
