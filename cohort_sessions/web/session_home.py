"""The home of one session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View

from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.board import home_board
from cohort_sessions.queries.session_home import SessionHome, session_home
from cohort_sessions.queries.teaching import session_learners
from cohort_sessions.rich_text import page_html
from cohort_sessions.web import cards, moments, wording
from cohort_sessions.web.board import worded_board
from cohort_sessions.web.frame import render_page
from cohort_sessions.web.manage.page import ways
from cohort_sessions.web.manage.reports import take_report
from cohort_sessions.web.reader import reading_as
from cohort_sessions.web.refusals import RefusalsMixin
from cohort_sessions.web.teaching import session_attention


class SessionHomeView(LoginRequiredMixin, RefusalsMixin, View):
    """
    Announcements, materials, courses, dates and team of one session, and for its team who needs attention; not found
    for whoever has no relation to it.

    Query parameter, optional: ``all``, the anchor of the one list of learners to show to its end.
    """

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show the session named `code`, in the reader's time zone."""
        now = timezone.now()
        actor = load_actor(request.user, now=now)
        home = session_home(code, actor=actor, now=now)
        # Learners are not asked about: who may not see the roster teaches nothing here.
        learners = session_learners(code, actor=actor, now=now) if home.member_count is not None else None
        with reading_as(request.user.id) as zone:
            context = {
                **worded(home, now=now),
                **worded_board(
                    home_board(home, actor=actor, now=now), code=code, on_team=home.member_count is not None
                ),
                "attention": learners
                and session_attention(home.card, learners, now=now, unfolded=request.GET.get("all", "")),
                "ways": ways(code, sees_roster=home.member_count is not None, manages=home.may_manage),
                "report": take_report(request, code),
                "zone": moments.zone_label(zone, now),
            }
            return render_page(request, "cohort_sessions/session_home.html", context)


def worded(home: SessionHome, *, now: datetime) -> Mapping[str, object]:
    """What ``components/home.html`` shows, in the active time zone."""
    return {
        "card": cards.present(
            home.card,
            now=now,
            manages=home.may_manage,
            welcomes={welcome.uuid: page_html(welcome.html) for welcome in home.welcomes},
        ),
        "team": [
            {"name": line.person.name, "role": wording.ROLE_NAMES[line.role], "course": line.course_title}
            for line in home.team
        ],
        "member_count": home.member_count,
        "leave_url": reverse("cohort_sessions:leave", kwargs={"code": home.card.code}) if home.may_leave else "",
        "earlier": [cards.earlier(each) for each in home.earlier],
    }
