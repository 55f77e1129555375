"""What forms about sessions choose with, and how a refusal of an operation finds its field."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.errors import CohortSessionError, InvalidInput, NotAllowed, NotFound
from cohort_sessions.models import CohortSession

# More suggestions than this nobody reads; typing a code finds every session.
SUGGESTED_SESSIONS = 200

LONGEST_LIST = 2000


class SessionField(forms.CharField):
    """
    A session by its code, or by its title where that is unambiguous; suggestions come from the ``<datalist>`` whose
    id is `suggestions`.

    Attributes:
        choices: the sessions that may be chosen; set `choices` on the form's own field where they depend on a person.
        known: sessions that were chosen before, by their code; they may stay, and are not looked up.
    """

    def __init__(self, *, suggestions: str, **kwargs):
        widget = forms.TextInput({"list": suggestions, "autocomplete": "off", "spellcheck": "false", "dir": "auto"})
        super().__init__(widget=widget, **kwargs)
        self.choices: QuerySet[CohortSession] = CohortSession.objects.none()
        self.known: Mapping[str, CohortSession] = {}

    def prepare_value(self, value: CohortSession | str | None) -> str | None:
        """A session is shown by its code."""
        return value.code if isinstance(value, CohortSession) else value

    def clean(self, value: str | None) -> CohortSession | None:
        """The session that was named."""
        named = super().clean(value)
        if not named:
            return None
        if named in self.known:
            return self.known[named]
        found = self.choices.filter(code=named).first()
        titled = [] if found else list(self.choices.filter(title__iexact=named)[:2])
        if found is None and len(titled) != 1:
            raise ValidationError(_("There is no such session among those you may choose. Give its code."), code="none")
        return found or titled[0]

    def has_changed(self, initial: CohortSession | None, data: str | None) -> bool:
        """Whether another session was named."""
        return super().has_changed(self.prepare_value(initial), data)


class PeopleField(forms.CharField):
    """Usernames and e-mail addresses, one a line, or with commas or semicolons between them; cleaned to a list."""

    def __init__(self, **kwargs):
        widget = forms.Textarea({"rows": 8, "spellcheck": "false", "autocapitalize": "none", "dir": "auto"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: str | None) -> list[str]:
        """The names in the order given, without blank lines."""
        names = [name.strip() for name in re.split(r"[\n,;]", super().clean(value)) if name.strip()]
        if not names:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(names) > LONGEST_LIST:
            raise ValidationError(
                _("Give at most %(most)d people at a time; these are %(given)d."),
                code="too_many",
                params={"most": LONGEST_LIST, "given": len(names)},
            )
        return names


def reason_field(*, required: bool, help_text: str) -> forms.CharField:
    """Why something is done, in a sentence or two."""
    return forms.CharField(
        label=gettext_lazy("Reason"),
        required=required,
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=help_text,
    )


def add_refusal(form: forms.Form, refusal: CohortSessionError) -> None:
    """
    Tell a refusal where it belongs: beside its field, else above the form.

    Raises:
        NotFound, NotAllowed: those are not about the form, and pass through.
    """
    if isinstance(refusal, NotFound | NotAllowed):
        raise refusal
    tell_faults(form, refusal.errors if isinstance(refusal, InvalidInput) else {"": str(refusal)})


def tell_faults(form: forms.Form, faults: Mapping[str, str]) -> None:
    """Tell each fault, field name -> sentence, beside its field, or above the form where it shows no such field."""
    for name, sentence in faults.items():
        is_shown = name in form.fields and not form.fields[name].widget.is_hidden
        form.add_error(name if is_shown else None, str(sentence))
