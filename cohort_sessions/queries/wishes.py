"""What one person has asked of sessions and not got yet, read in the same query as the sessions themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from cohort_sessions.data import RequestStatus
from cohort_sessions.errors import NotFound
from cohort_sessions.joining import Standing
from cohort_sessions.models import CohortSession, JoinRequest


@dataclass(frozen=True, slots=True)
class Wish:
    """
    An open request for a place.

    Attributes:
        standing: asked the team, waiting in line, or offered a seat.
        position: place in the line, from 1; ``None`` unless waiting.
        offer_expires_at: until when the offered seat is kept, UTC; ``None`` unless offered.
    """

    standing: Standing
    position: int | None = None
    offer_expires_at: datetime | None = None


def is_wished_by(user_id: int, *, now: datetime) -> Q:
    """The condition on sessions in which this person has an open request; an offer that ran out is none."""
    is_open = Q(offer_expires_at=None) | Q(offer_expires_at__gt=now)
    return Q(pk__in=JoinRequest.objects.filter(is_open, user_id=user_id).order_by().values("session_id"))


def with_wishes(sessions: QuerySet[CohortSession], user_id: int) -> QuerySet[CohortSession]:
    """The sessions with what `wish_of` reads; no query of its own, and not a row more."""
    of_person = JoinRequest.objects.filter(user_id=user_id).order_by()
    own = of_person.filter(session=OuterRef("pk"))
    own_number = of_person.filter(session=OuterRef("session_id")).values("queue_number")
    line = JoinRequest.objects.filter(session=OuterRef("pk"), status=RequestStatus.WAITING.value)
    up_to_own = line.filter(queue_number__lte=Subquery(own_number)).order_by().values("session_id")
    return sessions.annotate(
        wish_status=Subquery(own.values("status")),
        wish_expires_at=Subquery(own.values("offer_expires_at")),
        wish_position=Subquery(up_to_own.annotate(people=Count("pk")).values("people")),
    )


def wish_of(session: CohortSession, *, now: datetime) -> Wish | None:
    """The wish of the person whom `with_wishes` was asked about, for a session that it has answered."""
    if session.wish_status is None or (session.wish_expires_at is not None and session.wish_expires_at <= now):
        return None
    standing = Standing(session.wish_status)
    return Wish(standing, session.wish_position if standing == Standing.WAITING else None, session.wish_expires_at)


def session_wished(code: str, *, user_id: int) -> CohortSession:
    """
    The session named `code`, for who has, or once had, a wish for a place in it.

    Raises:
        NotFound: there is none; nothing tells why.
    """
    wishes = JoinRequest.history.filter(user_id=user_id, session_id=OuterRef("pk"))
    return _found(CohortSession.objects.filter(Exists(wishes), code=code))


def session_joined(code: str, *, user_id: int) -> CohortSession:
    """
    The session named `code`, for who has, or once had, a place in it.

    Raises:
        NotFound: there is none; nothing tells why.
    """
    return _found(CohortSession.objects.filter(members__user=user_id, code=code))


def session_named(code: str) -> CohortSession:
    """
    The session named `code`, for operations that decide themselves whether the actor may know of it.

    Raises:
        NotFound: there is none.
    """
    return _found(CohortSession.objects.filter(code=code))


def _found(sessions: QuerySet[CohortSession]) -> CohortSession:
    session = sessions.first()
    if session is None:
        raise NotFound(_("There is no such session."))
    return session
