"""Join a session, wait for a seat, take an offered one, and leave: what people do for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.data import Actor, MemberStatus, RequestStatus
from cohort_sessions.errors import CannotJoin, NotFound
from cohort_sessions.joining import (
    JoinAction,
    JoinDecision,
    Obstacle,
    Standing,
    decide,
    is_offered_in_catalogue,
    may_leave,
)
from cohort_sessions.models import CohortSession, JoinRequest
from cohort_sessions.operations._codes import check_code
from cohort_sessions.operations._ground import locked_sessions, look_again
from cohort_sessions.operations._places import (
    end_requests,
    give_places,
    save_request,
    take_places,
)
from cohort_sessions.operations._seats import queue, settled_seats
from cohort_sessions.queries.parallel_groups import taken_in_parallel
from cohort_sessions.queries.prerequisites import prerequisites
from cohort_sessions.queries.seats import position_in_line, standing_of

REFUSALS: Mapping[Obstacle, str] = {
    Obstacle.ALREADY_MEMBER: gettext_lazy("You have a place in this session already."),
    Obstacle.ALREADY_REQUESTED: gettext_lazy("You have asked for a place; the session's team will answer."),
    Obstacle.ALREADY_WAITING: gettext_lazy("You are on the waiting list already."),
    Obstacle.NOT_PUBLISHED: gettext_lazy("This session does not take place."),
    Obstacle.SESSION_OVER: gettext_lazy("This session is over."),
    Obstacle.BY_TEAM_ONLY: gettext_lazy("Places in this session are given by its team."),
    Obstacle.NOT_YET: gettext_lazy("Enrolment has not begun yet."),
    Obstacle.TOO_LATE: gettext_lazy("Enrolment is over."),
    Obstacle.PARALLEL: gettext_lazy(
        "You have a place, or are waiting, in a parallel session. Leave that one first, or ask its team to move you."
    ),
    Obstacle.PREREQUISITE: gettext_lazy("Something is required before this session that you do not have yet."),
}


@dataclass(frozen=True, slots=True)
class JoinOutcome:
    """
    Where the person stands after the call.

    Attributes:
        position: their place in the line, from 1; ``None`` unless they wait.
    """

    standing: Standing
    position: int | None = None


def join_session(session: CohortSession, *, code: str = "", actor: Actor, now: datetime) -> JoinOutcome:
    """
    Take a seat, ask the team for one, take the last place in the line, or accept the seat that is held: whatever
    `joining.decide` offers the actor now.

    Repeating it is harmless: who has a place, has asked or waits is told so, and nothing changes.

    Args:
        code: the enrolment code, where the session asks for one.

    Raises:
        NotFound: nobody is acting, or the session is not one that the actor may see among those to join.
        InvalidInput: the enrolment code is missing or wrong.
        TooManyAttempts: too many wrong codes were given before.
        CannotJoin: any other obstacle, in the words of `REFUSALS`.
    """
    with transaction.atomic():
        fresh, request, decision = _look(session, actor=actor, now=now)
        if decision.action == JoinAction.NOTHING:
            return _stay(request, decision.obstacle)
        if decision.needs_code:
            check_code(fresh, code, actor=actor)
        return _ACTS[decision.action](fresh, actor=actor, now=now)


def withdraw_request(session: CohortSession, *, actor: Actor, now: datetime) -> bool:
    """
    Take one's wish for a place back: a question to the team, a place in the line, or an offer, which goes to the next.

    Returns whether there was one.
    """
    with transaction.atomic():
        [fresh] = locked_sessions(session)
        ended = end_requests(fresh, [actor.user_id], actor=actor, now=now, reason=_("Withdrawn."))
        if ended:
            settled_seats(fresh, actor=actor, now=now)
            look_again(fresh, now=now)
    return bool(ended)


def leave_session(session: CohortSession, *, actor: Actor, now: datetime) -> bool:
    """
    Give one's place up. The work and the results stay, and are there again for who comes back. The seat goes to the
    line.

    Returns whether there was a place to give up.

    Raises:
        CannotJoin: places in this session are given, and taken, by its team; or it is over.
    """
    with transaction.atomic():
        [fresh] = locked_sessions(session)
        place = fresh.members.filter(user_id=actor.user_id, status=MemberStatus.ACTIVE.value).first()
        if place is None:
            return False
        if not may_leave(fresh.join_terms, now):
            raise CannotJoin(_("You cannot leave this session by yourself. Ask its team."))
        take_places(fresh, [place], actor=actor, now=now, reason=_("Left."))
        settled_seats(fresh, actor=actor, now=now)
    return True


def _look(
    session: CohortSession, *, actor: Actor, now: datetime
) -> tuple[CohortSession, JoinRequest | None, JoinDecision]:
    """Lock the session, let its line move, and decide for the actor."""
    if actor.user_id is None:
        raise NotFound(_("There is no such session."))
    [fresh] = locked_sessions(session)
    seats = settled_seats(fresh, actor=actor, now=now)
    request = fresh.requests.filter(user_id=actor.user_id).first()
    is_member = fresh.members.filter(user_id=actor.user_id, status=MemberStatus.ACTIVE.value).exists()
    if not (is_member or request or is_offered_in_catalogue(fresh.join_terms, now)):
        raise NotFound(_("There is no such session."))
    needed = prerequisites([fresh], user_id=actor.user_id, now=now).get(fresh.pk, ())
    decision = decide(
        fresh.join_terms,
        standing=standing_of(request, is_member=is_member, now=now),
        seats=seats,
        in_parallel=bool(taken_in_parallel(fresh, [actor.user_id])),
        lacks_prerequisite=not all(each.is_met for each in needed),
        now=now,
    )
    return fresh, request, decision


def _stay(request: JoinRequest | None, obstacle: Obstacle) -> JoinOutcome:
    """Whoever is where they wanted to be stays there; the others learn what is in the way."""
    if obstacle == Obstacle.ALREADY_MEMBER:
        return JoinOutcome(Standing.MEMBER)
    if obstacle in (Obstacle.ALREADY_REQUESTED, Obstacle.ALREADY_WAITING):
        return JoinOutcome(Standing(request.status), position_in_line(request))
    raise CannotJoin(str(REFUSALS[obstacle]))


def _join(session: CohortSession, *, actor: Actor, now: datetime) -> JoinOutcome:
    give_places(session, [actor.user_id], actor=actor, now=now, reason=_("Joined."))
    return JoinOutcome(Standing.MEMBER)


def _accept(session: CohortSession, *, actor: Actor, now: datetime) -> JoinOutcome:
    give_places(session, [actor.user_id], actor=actor, now=now, reason=_("Accepted the offered seat."))
    return JoinOutcome(Standing.MEMBER)


def _request(session: CohortSession, *, actor: Actor, now: datetime) -> JoinOutcome:
    request = JoinRequest(
        session=session, user_id=actor.user_id, status=RequestStatus.REQUESTED.value, requested_at=now
    )
    save_request(request, actor=actor, now=now, reason=_("Asked for a place."))
    return JoinOutcome(Standing.REQUESTED)


def _queue(session: CohortSession, *, actor: Actor, now: datetime) -> JoinOutcome:
    queue(session, [actor.user_id], actor=actor, now=now, reason=_("Came when no seat was free."))
    return JoinOutcome(Standing.WAITING, position_in_line(session.requests.get(user_id=actor.user_id)))


_ACTS = {
    JoinAction.JOIN: _join,
    JoinAction.ACCEPT: _accept,
    JoinAction.REQUEST: _request,
    JoinAction.QUEUE: _queue,
}
