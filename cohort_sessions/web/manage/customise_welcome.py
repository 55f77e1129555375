"""What learners of one course of a session read first."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions import permissions
from cohort_sessions.data import Lock
from cohort_sessions.errors import ChangedMeanwhile, InvalidInput
from cohort_sessions.operations.welcome import set_welcome
from cohort_sessions.queries.welcome import welcome_mark, welcome_text
from cohort_sessions.rich_text import markdown_html, page_html
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.customise import CustomisePage
from cohort_sessions.web.manage.fields import add_refusal
from cohort_sessions.web.manage.reports import Report
from cohort_sessions.web.wording import Tone


class WelcomeForm(PageForm):
    """The text; empty for none. `seen` stands for the one that there was when the form was made."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Welcome text"),
        required=False,
        widget=forms.Textarea({"rows": 12, "dir": "auto"}),
        help_text=gettext_lazy(
            "Markdown: an empty line begins a new paragraph, *stars* make words stand out, "
            "[words](https://example.com) become a link. Learners read it on the session's page, beside the course, "
            "and when they come into the course. Empty: no welcome."
        ),
    )


class CustomiseWelcomeView(CustomisePage):
    """The welcome in a form, and as learners see it."""

    template = "customise_welcome.html"
    current_part = "customise_welcome"

    def get(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Show it."""
        form = WelcomeForm(initial={"text": self.text, "seen": welcome_mark(self.text)})
        form.fields["text"].disabled = not self.may_change
        return self._show(form)

    def post(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Save it."""
        form = WelcomeForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        try:
            text, seen = form.cleaned_data["text"], request.POST.get("seen")
            changed = set_welcome(self.edition, text, seen=seen, actor=self.actor, now=self.now)
        except InvalidInput as refusal:
            add_refusal(form, refusal)
            return self._show(form)
        except ChangedMeanwhile as refusal:
            again = WelcomeForm({"text": form.cleaned_data["text"], "seen": welcome_mark(self.text)})
            again.add_error(None, str(refusal))
            return self._show(again)
        report = Report(_("Saved")) if changed else Report(_("Nothing to change"), tone=Tone.INFO)
        return self.back(report, request.path)

    @cached_property
    def text(self) -> str:
        """As it is now."""
        return welcome_text(self.edition)

    @cached_property
    def may_change(self) -> bool:
        """Whether this person may write it."""
        return permissions.allows(self.actor, permissions.EDIT_CONTENT, self.edition)

    def _show(self, form: WelcomeForm) -> HttpResponse:
        return self.render(
            form=form,
            course_title=self.course_title,
            notices=self.locks_against(permissions.EDIT_CONTENT, Lock.CONTENT_EDITS),
            may_change=self.may_change,
            shown=page_html(markdown_html(self.text)) if self.text else "",
            back_url=self.own("customise"),
        )
