"""A session as learners see it: its card and its home page, now, before it starts, while it runs and after its end."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions import permissions
from cohort_sessions.data import SessionStatus
from cohort_sessions.queries.board import previewed_board
from cohort_sessions.queries.preview import Point, Visit, previewed_home, visits
from cohort_sessions.timeline import Listing
from cohort_sessions.web import moments, wording
from cohort_sessions.web.board import worded_board
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.session_home import worded

_NAMES = {
    Point.NOW: gettext_lazy("Now"),
    Point.BEFORE: gettext_lazy("Before it starts"),
    Point.DURING: gettext_lazy("While it runs"),
    Point.AFTER: gettext_lazy("After its end"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A moment to choose."""

    name: str
    url: str
    is_current: bool


class PreviewView(SessionPage):
    """What is shown comes from the queries of *My sessions* and the session's home; nothing is stored or sent."""

    permission = permissions.MANAGE_SESSION
    template = "preview.html"
    current = "preview"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The moment that was asked for by ``at``; anything that the session does not have is now."""
        possible = visits(self.session.schedule, now=self.now)
        asked = request.GET.get("at", "")
        chosen = Point(asked) if asked in possible else Point.NOW
        visit = possible[chosen]
        home = previewed_home(self.session, visit)
        return self.render(
            **worded(home, now=visit.at),
            **worded_board(previewed_board(home, now=visit.at), code=self.session.code, on_team=False),
            tabs=self._tabs(possible, chosen),
            marking=self._marking(visit),
            is_shown=home.card.access.listing == Listing.SHOWN,
            phase=wording.PHASE_NAMES[home.card.access.phase],
            inert=True,
        )

    def _tabs(self, possible: Collection[Point], chosen: Point) -> tuple[Tab, ...]:
        page = address("preview", self.session.code)
        return tuple(
            Tab(str(name), f"{page}?at={point}", point == chosen) for point, name in _NAMES.items() if point in possible
        )

    def _marking(self, visit: Visit) -> wording.Notice:
        """What tells the preview from the real page."""
        if self.session.status == SessionStatus.DRAFT:
            pattern = _("As a member sees it on {moment}, once it is published. Links lead nowhere; nothing is stored.")
        else:
            pattern = _("As a member without own dates sees it on {moment}. Links lead nowhere; nothing is stored.")
        text = format_html(pattern, moment=moments.exact(visit.at))
        return wording.Notice(_("This is a preview"), text, wording.Tone.WARNING)
