"""
The seats of a session and the line for them. Callers hold the lock of the session.

`settled_seats` is the one place where somebody leaves the line for a seat, so nobody is skipped and no seat of a
running session stays free while somebody waits. The line of a session that is over is ended by the tick.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from cohort_sessions.data import Actor, NoticeKind, RequestStatus, SessionStatus
from cohort_sessions.joining import Seats
from cohort_sessions.models import CohortSession, JoinRequest
from cohort_sessions.operations._ground import look_again
from cohort_sessions.operations._notices import tell
from cohort_sessions.operations._places import end_requests, give_places, save_request
from cohort_sessions.queries.seats import seats_of


def settled_seats(session: CohortSession, *, actor: Actor, now: datetime) -> Seats:
    """The seats as they are once every offer that ran out has ended and every free seat has gone to the line."""
    _end_stale_requests(session, actor=actor, now=now)
    seats = seats_of(session, now=now)
    if seats.waiting and seats.free and _gives_seats(session, now):
        _promote(session, seats.free, actor=actor, now=now)
        seats = seats_of(session, now=now)
    return seats


def queue(session: CohortSession, user_ids: Collection[int], *, actor: Actor, now: datetime, reason: str) -> None:
    """Put these people at the end of the line, in this order; who had asked the team keeps the row of that."""
    asked = {request.user_id: request for request in session.requests.filter(user_id__in=user_ids)}
    last = session.requests.aggregate(last=Max("queue_number"))["last"] or 0
    for number, user_id in enumerate(user_ids, start=last + 1):
        request = asked.get(user_id) or JoinRequest(session=session, user_id=user_id, requested_at=now)
        request.status, request.queue_number = RequestStatus.WAITING.value, number
        save_request(request, actor=actor, now=now, reason=reason)


def end_line(session: CohortSession, *, actor: Actor, now: datetime, reason: str) -> None:
    """Everybody who still wants a place is told that there will be none."""
    wishing = list(session.requests.values_list("user_id", flat=True))
    end_requests(session, wishing, actor=actor, now=now, reason=reason)
    tell(session, wishing, NoticeKind.REQUEST_ENDED, now=now)


def room_for(seats: Seats, people: int) -> int:
    """How many of so many people get a seat now; none of them while others stand in line."""
    if seats.free is None:
        return people
    return seats.free if seats.has_room else 0


def _gives_seats(session: CohortSession, now: datetime) -> bool:
    """Nobody is seated in what is called off, put away or over."""
    terms = session.join_terms
    return terms.status == SessionStatus.PUBLISHED and not terms.period.has_closed(now)


def _end_stale_requests(session: CohortSession, *, actor: Actor, now: datetime) -> None:
    """Offers that ran out end, and the wishes of people whose account was closed."""
    stale = session.requests.filter(Q(offer_expires_at__lte=now) | Q(user__is_active=False))
    is_active = dict(stale.values_list("user_id", "user__is_active"))
    closed = [user_id for user_id in is_active if not is_active[user_id]]
    late = [user_id for user_id in is_active if is_active[user_id]]
    end_requests(session, closed, actor=actor, now=now, reason=_("The account is not active any more."))
    end_requests(session, late, actor=actor, now=now, reason=_("The offered seat was not accepted in time."))
    tell(session, late, NoticeKind.OFFER_EXPIRED, now=now)


def _promote(session: CohortSession, free: int, *, actor: Actor, now: datetime) -> None:
    """The first in line get the free seats: at once, or as an offer where the session makes offers."""
    first = list(session.requests.filter(status=RequestStatus.WAITING.value).order_by("queue_number")[:free])
    if session.offer_days is None:
        seated = [request.user_id for request in first]
        give_places(session, seated, actor=actor, now=now, reason=_("A seat became free: first in line."))
        tell(session, seated, NoticeKind.SEAT_GIVEN, now=now)
        return
    for request in first:
        request.status = RequestStatus.OFFERED.value
        request.offer_expires_at = now + timedelta(days=session.offer_days)
        save_request(request, actor=actor, now=now, reason=_("A seat became free: offered to the first in line."))
    tell(session, [request.user_id for request in first], NoticeKind.SEAT_OFFERED, now=now)
    look_again(session, now=now)
