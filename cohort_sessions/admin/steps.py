"""
Publish, cancel, archive and restore sessions from their list in Django's admin.

Each step is an operation, asked in the name of whoever is signed in; the admin itself stores nothing. One session that
is refused stops none of the others: each is answered in a message of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
from cohort_sessions.operations.restoring import restore_session
from cohort_sessions.operations.sessions import archive_session, cancel_session, publish_session
from cohort_sessions.queries.actors import load_actor

# The field by which the page that asks is told from the list that leads to it.
CONFIRMED = "confirmed"


class ReasonForm(forms.Form):
    """Why sessions are cancelled; the same for all that were chosen."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("Members read it on the session and in a mail."),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """
    A change of how sessions stand.

    Attributes:
        title: heads the page that asks, and names its button.
        lead: what will happen, what is lost, and whether it can be undone.
        done: what is said of each session where it went well.
        act: the operation; keywords are those of the form, `actor` and `now`.
    """

    title: str
    lead: Sequence[str]
    done: str
    act: Callable[..., CohortSession]
    form_class: type[forms.Form] = forms.Form


PUBLISH = Step(
    title=gettext_lazy("Publish"),
    lead=(
        gettext_lazy("Members see the session from now on, and enter its courses when it opens."),
        gettext_lazy("This cannot be undone, but a published session can be cancelled or archived."),
    ),
    done=gettext_lazy("The session is published"),
    act=publish_session,
)
CANCEL = Step(
    title=gettext_lazy("Cancel the session"),
    lead=(
        gettext_lazy("Members still see it, marked as cancelled, with your reason. Nobody enters its courses."),
        gettext_lazy("Who waits for a place is told by mail that there will be none."),
        gettext_lazy("Nothing that anybody has done is lost, and it can be restored, but not the waiting list."),
    ),
    done=gettext_lazy("The session is cancelled"),
    act=cancel_session,
    form_class=ReasonForm,
)
ARCHIVE = Step(
    title=gettext_lazy("Archive"),
    lead=(
        gettext_lazy("The session is past and read only for everybody, whatever its dates say."),
        gettext_lazy("Nothing that anybody has done is lost, and it can be restored."),
    ),
    done=gettext_lazy("The session is archived"),
    act=archive_session,
)
RESTORE = Step(
    title=gettext_lazy("Restore"),
    lead=(
        gettext_lazy("The session becomes what it was before it was cancelled or archived."),
        gettext_lazy("Members find everything as they left it. Who waited for a place before asks anew."),
        gettext_lazy("It can be cancelled or archived again at any time."),
    ),
    done=gettext_lazy("The session is restored"),
    act=restore_session,
)


class StepsMixin:
    """The steps as actions of a list of sessions; each asks on a page of its own before anything happens."""

    actions = ("publish", "cancel", "archive", "restore")

    @admin.action(description=gettext_lazy("Publish…"))
    def publish(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Ask, then publish."""
        return self._ask_or_act(request, queryset, PUBLISH)

    @admin.action(description=gettext_lazy("Cancel the session…"))
    def cancel(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Ask why, then cancel."""
        return self._ask_or_act(request, queryset, CANCEL)

    @admin.action(description=gettext_lazy("Archive…"))
    def archive(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Ask, then archive."""
        return self._ask_or_act(request, queryset, ARCHIVE)

    @admin.action(description=gettext_lazy("Restore…"))
    def restore(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Ask, then restore."""
        return self._ask_or_act(request, queryset, RESTORE)

    def _ask_or_act(self, request: HttpRequest, queryset: QuerySet, step: Step) -> HttpResponse | None:
        # In one order for everybody, so that two such requests never wait for each other's locks.
        sessions = list(queryset.order_by("pk"))
        form = step.form_class(request.POST if CONFIRMED in request.POST else None)
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
