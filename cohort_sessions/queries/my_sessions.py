"""*My sessions*: every session of one person, each in exactly one of three lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q

from cohort_sessions.data import MemberStatus, TeamRole
from cohort_sessions.models import AdministratorScope, CohortSession, EditionCoach, Member, SessionTeamMember
from cohort_sessions.queries.cards import SessionCard, session_cards
from cohort_sessions.queries.wishes import is_wished_by
from cohort_sessions.timeline import Listing, Phase

_FAR = datetime.max.replace(tzinfo=UTC)
_FALLBACKS = (Phase.CURRENT, Phase.UPCOMING, Phase.PAST)


@dataclass(frozen=True, slots=True)
class MySessions:
    """
    One tab of the page.

    Attributes:
        counts: sessions found in each list, under `search`.
        total: sessions shown to the person at all, whatever the search.
        cards: those of `phase`, most urgent first.
        wished: sessions in which the person has an open request for a place; offers first. Whatever the search.
        administers: whether the person administers a session, one of these or others.
    """

    counts: Mapping[Phase, int]
    total: int
    phase: Phase
    search: str
    cards: tuple[SessionCard, ...]
    wished: tuple[SessionCard, ...]
    administers: bool


def my_sessions(user_id: int, *, now: datetime, phase: Phase | None = None, search: str = "") -> MySessions:
    """
    The sessions a person learns in, is on the team of, or waits for; wider administrators find the rest under
    *Manage sessions*.

    Args:
        phase: the tab; ``None`` opens the first of current, upcoming and past that is not empty.
        search: words that must all stand in the session's or a course's title, category or organisation; case is
            ignored.

    Three queries, whatever the number of sessions; two for who has none.
    """
    sessions = CohortSession.objects.filter(_is_of(user_id) | is_wished_by(user_id, now=now))
    cards = session_cards(sessions, user_id=user_id, now=now)
    shown = [card for card in cards if card.access.listing == Listing.SHOWN]
    found = [card for card in shown if _matches(card, search)]
    counts = {each: sum(card.access.phase == each for card in found) for each in Phase}
    chosen = phase or next((each for each in _FALLBACKS if counts[each]), Phase.CURRENT)
    of_phase = sorted((card for card in found if card.access.phase == chosen), key=_urgency)
    wished = sorted((card for card in cards if card.wish), key=_nearness)
    return MySessions(counts, len(shown), chosen, search, tuple(of_phase), tuple(wished), _administers(user_id, cards))


def _is_of(user_id: int) -> Q:
    places = Member.objects.filter(user_id=user_id, status=MemberStatus.ACTIVE).values("session_id")
    team = SessionTeamMember.objects.filter(user_id=user_id).values("session_id")
    coached = EditionCoach.objects.filter(user_id=user_id).values("edition__session_id")
    return Q(pk__in=places) | Q(pk__in=team) | Q(pk__in=coached)


def _administers(user_id: int, cards: Sequence[SessionCard]) -> bool:
    """Whoever has a card has the answer on it."""
    if not cards:
        return AdministratorScope.objects.filter(user_id=user_id).exists()
    return cards[0].has_scope or any(TeamRole.ADMINISTRATOR in card.roles for card in cards)


def _matches(card: SessionCard, search: str) -> bool:
    text = " ".join(_searchable(card)).casefold()
    return all(word in text for word in search.casefold().split())


def _searchable(card: SessionCard) -> Iterable[str]:
    yield from (card.title, card.category, card.organisation)
    yield from (row.course_title for row in card.editions)


def _urgency(card: SessionCard) -> tuple:
    """Current: closing soonest first. Upcoming: opening soonest first. Past: closed latest first."""
    window = card.access.window
    if card.access.phase == Phase.PAST:
        return (-(window.closes_at.timestamp() if window.closes_at else 0), card.title)
    moment = window.opens_at if card.access.phase == Phase.UPCOMING else window.closes_at
    return ((moment or _FAR).timestamp(), card.title)


def _nearness(card: SessionCard) -> tuple:
    """Offers by the moment at which they run out, then places in line, the foremost first, then questions."""
    wish = card.wish
    expires = wish.offer_expires_at or _FAR
    return (expires.timestamp(), wish.position is None, wish.position or 0, card.title)
