"""*My sessions*: a fragment to embed, and the page around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from web_fragments.fragment import Fragment
from web_fragments.views import FragmentView

from cohort_sessions.queries.actors import load_team_actor
from cohort_sessions.queries.announcements import unread_announcements
from cohort_sessions.queries.cards import MEMBER
from cohort_sessions.queries.my_sessions import MySessions, my_sessions
from cohort_sessions.queries.teaching import taught_sessions
from cohort_sessions.timeline import Phase
from cohort_sessions.web import cards, moments, offers, wording
from cohort_sessions.web.active import ActiveAccountMixin
from cohort_sessions.web.frame import render_page
from cohort_sessions.web.reader import reading_as
from cohort_sessions.web.teaching import teaching

STYLES = "cohort_sessions/cohort_sessions.css"
_TABS = (Phase.CURRENT, Phase.UPCOMING, Phase.PAST)


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the three lists, with an address of its own."""

    name: str
    url: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Cards in the order of the query: what the reader teaches, or a category; untitled where all are of neither."""

    title: str
    cards: tuple[cards.Card, ...]


class MySessionsFragmentView(ActiveAccountMixin, FragmentView):
    """
    The sessions of whoever is signed in, as a web fragment: HTML to embed, or JSON describing it.

    Query parameters, both optional: ``phase`` (current, upcoming or past; anything else opens the first list that is
    not empty) and ``search``. JSON is answered to ``Accept: application/json``, and to what `FragmentView` knows.
    """

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Answer in the representation that was asked for."""
        if "application/json" in request.headers.get("accept", ""):
            response = JsonResponse(self.render_to_fragment(request, **kwargs).to_dict())
        else:
            response = super().get(request, *args, **kwargs)
        patch_vary_headers(response, ("Accept", "Cookie"))
        return response

    def render_to_fragment(self, request: HttpRequest, **kwargs) -> Fragment:
        """The tab that was asked for, in the reader's time zone."""
        now = timezone.now()
        found = my_sessions(
            request.user.id,
            now=now,
            phase=_phase(request.GET.get("phase", "")),
            search=request.GET.get("search", "").strip(),
        )
        manages = found.administers or request.user.is_staff or request.user.is_superuser
        with reading_as(request.user.id) as zone:
            context = {
                "found": found,
                "tabs": _tabs(found),
                "groups": _groups(found, request.user, now),
                "wished": [offers.wished(card) for card in found.wished],
                "nothing_here": wording.NOTHING_HERE[found.phase],
                "found_elsewhere": sum(found.counts.values()) > 0,
                "page_url": reverse("cohort_sessions:my_sessions"),
                "manage_url": reverse("cohort_sessions:manage_sessions") if manages else "",
                "zone": moments.zone_label(zone, now),
            }
            fragment = Fragment(render_to_string("cohort_sessions/my_sessions_fragment.html", context, request))
        fragment.add_css_url(static(STYLES))
        return fragment


class MySessionsPageView(MySessionsFragmentView):
    """The same inside the host's own header and footer."""

    def render_standalone_response(self, request: HttpRequest, fragment: Fragment, **kwargs) -> HttpResponse:
        """Hang the fragment into the host's page."""
        return render_page(request, "cohort_sessions/my_sessions.html", {"fragment": fragment})


def _phase(text: str) -> Phase | None:
    return Phase(text) if text in set(Phase) else None


def _tabs(found: MySessions) -> tuple[Tab, ...]:
    return tuple(
        Tab(str(wording.PHASE_NAMES[phase]), _address(phase, found.search), found.counts[phase], phase == found.phase)
        for phase in _TABS
    )


def _address(phase: Phase, search: str) -> str:
    asked = {"phase": phase.value} | ({"search": search} if search else {})
    return f"{reverse('cohort_sessions:my_sessions')}?{urlencode(asked)}"


def _groups(found: MySessions, user, now: datetime) -> tuple[Group, ...]:
    """What the reader teaches or runs comes first; the rest by category, and last what has none."""
    codes = [card.code for card in found.cards if card.roles - {MEMBER}]
    # Whoever teaches nothing is asked about nothing: their page costs no statement more.
    taught = taught_sessions(codes, actor=load_team_actor(user), now=now) if codes else {}
    learnt = [card.code for card in found.cards if MEMBER in card.roles]
    unread = unread_announcements(user.id, learnt, now=now) if learnt else {}
    taught_cards, by_category = [], {}
    for card in found.cards:
        told = teaching(card, taught[card.code]) if card.code in taught else None
        home = taught_cards if card.code in codes else by_category.setdefault(card.category, [])
        home.append(cards.present(card, now=now, teaching=told, unread=unread.get(card.code, 0)))
    without = by_category.pop("", [])
    groups = [Group(_("Sessions I teach"), tuple(taught_cards))] if taught_cards else []
    groups += [Group(category, tuple(members)) for category, members in by_category.items()]
    if without:
        groups.append(Group(_("Other sessions") if groups else "", tuple(without)))
    return tuple(groups)
