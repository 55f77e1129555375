"""What a session is called and where it belongs, as a form: for a new session and for one that is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.models import CohortSession, SessionCategory
from cohort_sessions.web.forms import PageForm

FIELDS = ("title", "organisation", "category", "description")


class SettingsForm(PageForm):
    """The words that learners read, and where the session belongs."""

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
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"),
        required=False,
        queryset=SessionCategory.objects.all(),
        empty_label=gettext_lazy("None"),
        help_text=gettext_lazy("Sessions of one category stand together on My sessions."),
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

    def values(self) -> Mapping[str, object]:
        """The fields of a session as they were sent."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def changed_values(self) -> Mapping[str, object]:
        """Those of them that differ from what the form was made with."""
        return {name: value for name, value in self.values().items() if name in self.changed_data}
