"""What a session is called and where it belongs, as a form: for a new session and for one that is there."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.models import CohortSession, SessionCategory
from cohort_sessions.web.manage.live import CheckedForm

FIELDS = frozenset({"title", "organisation", "category", "description"})


class SettingsForm(CheckedForm):
    """The words that learners read, and where the session belongs; the category by its name."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=CohortSession._meta.get_field("title").max_length,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=gettext_lazy("Stands beside the title of each course, wherever learners see it."),
    )
    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        required=False,
        max_length=CohortSession._meta.get_field("organisation").max_length,
        widget=forms.TextInput({"list": "cs-organisations", "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("The short name of who runs it. Its session administrators may run this session too."),
    )
    category = forms.CharField(
        label=gettext_lazy("Category"),
        required=False,
        max_length=SessionCategory._meta.get_field("name").max_length,
        widget=forms.TextInput({"list": "cs-categories", "autocomplete": "off", "dir": "auto"}),
        help_text=gettext_lazy(
            "Sessions of one category stand together on My sessions. Choose one, or write the name of a new one."
        ),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        widget=forms.Textarea({"rows": 5, "dir": "auto"}),
        help_text=gettext_lazy("Plain text; learners read it on the session's page."),
    )
    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, may_place: Callable[[str], bool], **kwargs):
        """`may_place`: whether whoever fills it in may have a session in an organisation."""
        super().__init__(*args, **kwargs)
        self._may_place = may_place

    def clean_organisation(self) -> str:
        """Refuse an organisation that is somebody else's."""
        organisation = self.cleaned_data["organisation"]
        if not self._may_place(organisation):
            raise forms.ValidationError(_("Choose an organisation whose sessions you administer."), code="foreign")
        return organisation

    def values(self) -> dict[str, object]:
        """The fields of a session that differ from what the form was made with."""
        names = FIELDS & set(self.changed_data)
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
