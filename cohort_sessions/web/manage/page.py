"""What the pages of one session's team share: the session, the person, their time zone, and the way around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.models import CohortSession
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.authority import session_for
from cohort_sessions.web import moments
from cohort_sessions.web.frame import render_page
from cohort_sessions.web.manage.reports import take_report
from cohort_sessions.web.reader import reading_as
from cohort_sessions.web.refusals import RefusalsMixin


@dataclass(frozen=True, slots=True)
class Way:
    """A link to another page of the same session."""

    name: str
    url: str
    is_current: bool


def address(page: str, code: str, **kwargs) -> str:
    """The address of a page of the session named `code`; `page` is its name in ``urls``."""
    return reverse(f"cohort_sessions:{page}", kwargs={"code": code, **kwargs})


def ways(code: str, *, sees_roster: bool, manages: bool, current: str = "") -> tuple[Way, ...]:
    """The pages of the session named `code` that somebody may open, in order."""
    pages = (
        ("people", _("People"), sees_roster),
        # Whoever sees the roster teaches or runs something of it, and sees the results of that.
        ("results", _("Results"), sees_roster),
        ("settings", _("Settings"), manages),
        ("courses", _("Courses"), manages),
        ("dates", _("Dates and places"), manages),
        ("deadlines", _("Deadlines"), sees_roster),
        ("customise_courses", _("Customise"), sees_roster),
        ("announcements", _("Announcements"), sees_roster),
        ("team", _("Team"), sees_roster),
        ("locks", _("Locks"), sees_roster),
        ("changes", _("Changes"), manages),
        ("preview", _("Preview as a learner"), manages),
        ("duplicate", _("Duplicate"), manages),
    )
    return tuple(Way(name, address(page, code), page == current) for page, name, may_open in pages if may_open)


class _OnSession(View):
    """Loads who is asking and which session, and works in the reader's time zone."""

    permission: str
    now: datetime
    zone: tzinfo
    actor: Actor
    session: CohortSession

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Let in whoever holds `permission` over the session."""
        self.now = timezone.now()
        self.actor = load_actor(request.user, now=self.now)
        self.session = session_for(kwargs["code"], self.permission, actor=self.actor)
        with reading_as(request.user.id) as self.zone:
            return super().dispatch(request, *args, **kwargs)


class SessionPage(LoginRequiredMixin, RefusalsMixin, _OnSession):
    """
    A page about one session for those who hold `permission` over it; others are refused, strangers find nothing.

    Attributes:
        template: below ``cohort_sessions/manage/``.
        current: which of `ways` the page belongs to.
    """

    template: str
    current = "people"

    def render(self, **context) -> HttpResponse:
        """The page in its frame, with what was to be told of the last change."""
        return render_page(self.request, f"cohort_sessions/manage/{self.template}", {**self._shared(), **context})

    def _shared(self) -> Mapping[str, object]:
        return {
            "session": self.session,
            "home_url": address("session_home", self.session.code),
            "ways": ways(
                self.session.code,
                sees_roster=permissions.allows(self.actor, permissions.VIEW_ROSTER, self.session),
                manages=permissions.allows(self.actor, permissions.MANAGE_SESSION, self.session),
                current=self.current,
            ),
            "report": take_report(self.request, self.session.code),
            "zone": moments.zone_label(self.zone, self.now),
        }
