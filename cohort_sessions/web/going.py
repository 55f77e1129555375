"""Going: take a wish for a place back, or give a place up. Each asks first, and says what is lost."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from cohort_sessions.errors import CannotJoin
from cohort_sessions.joining import Standing
from cohort_sessions.operations.joining import leave_session, withdraw_request
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.catalogue import CatalogueEntry, available_session
from cohort_sessions.queries.session_home import session_home
from cohort_sessions.queries.wishes import session_joined, session_wished
from cohort_sessions.web import offers
from cohort_sessions.web.active import ActiveAccountMixin
from cohort_sessions.web.frame import render_page
from cohort_sessions.web.notices import tell
from cohort_sessions.web.reader import reading_as
from cohort_sessions.web.refusals import RefusalsMixin
from cohort_sessions.web.wording import Tone


class WithdrawView(ActiveAccountMixin, RefusalsMixin, View):
    """Take back a question to the team, a place in the line, or decline an offered seat."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Ask whether they mean it; who wants nothing any more is where they meant to go."""
        entry = available_session(code, user_id=request.user.id, now=timezone.now())
        if entry.wish is None or entry.standing == Standing.MEMBER:
            return redirect("cohort_sessions:available_session", code=code)
        with reading_as(request.user.id):
            context = {
                "title": entry.title,
                "question": _question(entry),
                "state": offers.standing(entry.wish),
                "consequences": _consequences(entry),
                "do": offers.withdrawal(entry.wish),
                "dont": _("Keep it"),
                "back_url": reverse("cohort_sessions:available_session", kwargs={"code": code}),
            }
            return render_page(request, "cohort_sessions/going.html", context)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Do it. Repeating it is harmless."""
        session = session_wished(code, user_id=request.user.id)
        now = timezone.now()
        withdraw_request(session, actor=load_actor(request.user, now=now), now=now)
        tell(request, Tone.SUCCESS, _("You do not wait for a place in “%(session)s” any more.") % {"session": session})
        return redirect("cohort_sessions:available_sessions")


class LeaveView(ActiveAccountMixin, RefusalsMixin, View):
    """Give one's place in a session up."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Ask whether they mean it."""
        now = timezone.now()
        home = session_home(code, actor=load_actor(request.user, now=now), now=now)
        if not home.may_leave:
            raise CannotJoin(_("You cannot leave this session by yourself. Ask its team."))
        context = {
            "title": home.card.title,
            "question": _("Leave this session?"),
            "state": "",
            "consequences": [
                _("Nothing you have done is lost: work and results are kept, and are there if you come back."),
                _("You cannot enter its courses until you have a place again."),
                _("Your seat goes to the next person who wants it. To come back you need a free one."),
            ],
            "do": _("Leave this session"),
            "dont": _("Stay"),
            "back_url": reverse("cohort_sessions:session_home", kwargs={"code": code}),
        }
        return render_page(request, "cohort_sessions/going.html", context)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Do it. Repeating it is harmless."""
        session = session_joined(code, user_id=request.user.id)
        now = timezone.now()
        leave_session(session, actor=load_actor(request.user, now=now), now=now)
        sentence = _("You have left “%(session)s”. Your work and your results are kept.") % {"session": session}
        tell(request, Tone.SUCCESS, sentence)
        return redirect("cohort_sessions:my_sessions")


def _question(entry: CatalogueEntry) -> str:
    return {
        Standing.OFFERED: _("Decline the seat?"),
        Standing.WAITING: _("Leave the waiting list?"),
        Standing.REQUESTED: _("Take your question back?"),
    }[entry.wish.standing]


def _consequences(entry: CatalogueEntry) -> list[str]:
    return {
        Standing.OFFERED: [
            _("The seat goes to the next person on the waiting list."),
            _("This cannot be undone: to get a seat later you join the waiting list again, at its end."),
        ],
        Standing.WAITING: [
            _("You lose your place in the line, and nothing else."),
            _("This cannot be undone: if you join the waiting list again you stand at its end."),
        ],
        Standing.REQUESTED: [_("Nothing is lost: you can ask again as long as enrolment is open.")],
    }[entry.wish.standing]
