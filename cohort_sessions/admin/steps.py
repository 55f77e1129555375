"""
Publish, cancel, archive and restore sessions from their list in Django's admin.

Each step is an operation, asked in the name of whoever is signed in; the admin itself stores nothing. One session that
is refused stops none of the others: each is answered in a message of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.errors import CohortSessionError
from cohort_sessions.models import CohortSession
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.steps import ARCHIVE, CANCEL, PUBLISH, RESTORE, Step

# The field by which the page that asks is told from the list that leads to it.
CONFIRMED = "confirmed"


class ReasonForm(forms.Form):
    """Why sessions are cancelled; the same for all that were chosen."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=CANCEL.reason_help,
    )


class StepsMixin:
    """The steps as actions of a list of sessions; each asks on a page of its own before anything happens."""

    actions = ("publish", "cancel", "archive", "restore")

    @admin.action(description=PUBLISH.link)
    def publish(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Ask, then publish."""
        return self._ask_or_act(request, queryset, PUBLISH)

    @admin.action(description=CANCEL.link)
    def cancel(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Ask why, then cancel."""
        return self._ask_or_act(request, queryset, CANCEL)

    @admin.action(description=ARCHIVE.link)
    def archive(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Ask, then archive."""
        return self._ask_or_act(request, queryset, ARCHIVE)

    @admin.action(description=RESTORE.link)
    def restore(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Ask, then restore."""
        return self._ask_or_act(request, queryset, RESTORE)

    def _ask_or_act(self, request: HttpRequest, queryset: QuerySet, step: Step) -> HttpResponse | None:
        # In one order for everybody, so that two such requests never wait for each other's locks.
        sessions = list(queryset.order_by("pk"))
        form_class = ReasonForm if step.reason_help else forms.Form
        form = form_class(request.POST if CONFIRMED in request.POST else None)
        if form.is_valid():
            self._act(request, sessions, step, form.cleaned_data)
            # Django leads back to the list, filters and all.
            return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": step.title,
            "step": step,
            "form": form,
            "sessions": sessions,
            "action": request.POST["action"],
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "confirmed_name": CONFIRMED,
        }
        return TemplateResponse(request, "cohort_sessions/admin/step.html", context)

    def _act(self, request: HttpRequest, sessions: Sequence[CohortSession], step: Step, values: dict) -> None:
        now = timezone.now()
        actor = load_actor(request.user, now=now)
        for session in sessions:
            named = {"session": f"{session.title} ({session.code})"}
            try:
                step.act(session, **values, actor=actor, now=now)
            except CohortSessionError as refusal:
                sentence = _("%(session)s: %(sentence)s") % {**named, "sentence": refusal}
                self.message_user(request, sentence, messages.ERROR)
            else:
                sentence = _("%(session)s: %(sentence)s") % {**named, "sentence": f"{step.done}."}
                self.message_user(request, sentence, messages.SUCCESS)
