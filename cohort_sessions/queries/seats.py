"""How full a session is, and where somebody stands in its line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Count, Q

from cohort_sessions.data import MemberStatus, RequestStatus
from cohort_sessions.joining import Seats, Standing
from cohort_sessions.models import CohortSession, JoinRequest, Member

_IS_HELD = Q(status=RequestStatus.OFFERED.value)
_WAITS = Q(status=RequestStatus.WAITING.value)

NO_SEATS_TAKEN = Seats()


def seats_of(session: CohortSession, *, now: datetime) -> Seats:
    """The seats of one session. Two queries."""
    return seats([session], now=now)[session.pk]


def seats(sessions: Collection[CohortSession], *, now: datetime) -> Mapping[int, Seats]:
    """
    The seats of each session, by its primary key. Two queries, whatever the number of sessions and people.

    An offer that ran out holds no seat, whether or not the tick has ended it.
    """
    ids = [session.pk for session in sessions]
    members = dict(
        Member.objects.filter(session__in=ids, status=MemberStatus.ACTIVE.value)
        .order_by()
        .values_list("session_id")
        .annotate(Count("pk"))
    )
    line = {
        session_id: (held, waiting)
        for session_id, held, waiting in JoinRequest.objects.filter(session__in=ids)
        .order_by()
        .values_list("session_id")
        .annotate(held=Count("pk", filter=_IS_HELD & Q(offer_expires_at__gt=now)), waiting=Count("pk", filter=_WAITS))
    }
    return {
        session.pk: Seats(session.capacity, members.get(session.pk, 0), *line.get(session.pk, (0, 0)))
        for session in sessions
    }


def standing_of(request: JoinRequest | None, *, is_member: bool, now: datetime) -> Standing:
    """What a person with this open request is to its session; an offer that ran out counts for nothing."""
    if is_member:
        return Standing.MEMBER
    if request is None or (request.offer_expires_at is not None and request.offer_expires_at <= now):
        return Standing.NONE
    return Standing(request.status)


def position_in_line(request: JoinRequest) -> int | None:
    """How many there are up to this one in the line, from 1; ``None`` for who does not wait. One query."""
    if request.status != RequestStatus.WAITING:
        return None
    return JoinRequest.objects.filter(
        _WAITS, session_id=request.session_id, queue_number__lte=request.queue_number
    ).count()
