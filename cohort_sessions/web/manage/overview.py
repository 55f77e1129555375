"""What the pages share that are about no single session: who is asking, and their time zone."""

from __future__ import annotations

from datetime import datetime, tzinfo

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import NotAllowed, NotFound
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.choices import may_create_somewhere
from cohort_sessions.web import moments
from cohort_sessions.web.frame import render_page
from cohort_sessions.web.reader import reading_as
from cohort_sessions.web.refusals import RefusalsMixin


class _ForManagers(View):
    now: datetime
    zone: tzinfo
    actor: Actor

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Let in whoever may manage some session."""
        self.now = timezone.now()
        self.actor = load_actor(request.user, now=self.now)
        if not permissions.allows_somewhere(self.actor, permissions.MANAGE_SESSION):
            if not permissions.allows_somewhere(self.actor, permissions.VIEW_SESSION):
                raise NotFound(_("There is no such page."))
            raise NotAllowed(_("Only session administrators can manage sessions."))
        with reading_as(request.user.id) as self.zone:
            return super().dispatch(request, *args, **kwargs)


class OverviewPage(LoginRequiredMixin, RefusalsMixin, _ForManagers):
    """
    A page for those who manage sessions, whichever; others are refused, strangers to all sessions find nothing.

    Attributes:
        template: below ``cohort_sessions/manage/``.
    """

    template: str

    def render(self, **context) -> HttpResponse:
        """The page in its frame."""
        shared = {
            "zone": moments.zone_label(self.zone, self.now),
            "create_url": reverse("cohort_sessions:create_session") if may_create_somewhere(self.actor) else "",
        }
        return render_page(self.request, f"cohort_sessions/manage/{self.template}", {**shared, **context})
