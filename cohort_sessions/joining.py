"""
The rules of joining: from what a session says, who is in it and a moment to what one person may do (issue "Time and
seats").

Pure like `timeline`: the button on a page, its API and the operation behind it all ask `decide`, so what a button
promises is what happens.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from cohort_sessions.data import Joining, SessionStatus
from cohort_sessions.timeline import UNBOUNDED, Window


class Standing(enum.StrEnum):
    """What a person is to a session already. `MEMBER` is an active member; the others have an open request."""

    NONE = "none"
    MEMBER = "member"
    REQUESTED = "requested"
    WAITING = "waiting"
    OFFERED = "offered"


class JoinAction(enum.StrEnum):
    """
    The one thing a person can do about a session now.

    `JOIN` gives a seat at once, `REQUEST` asks the team, `QUEUE` takes the last place in the line, `ACCEPT` takes the
    seat that is held for them.
    """

    JOIN = "join"
    REQUEST = "request"
    QUEUE = "queue"
    ACCEPT = "accept"
    NOTHING = "nothing"


class Obstacle(enum.StrEnum):
    """Why there is nothing to do; the first that applies, in this order."""

    ALREADY_MEMBER = "already_member"
    ALREADY_REQUESTED = "already_requested"
    ALREADY_WAITING = "already_waiting"
    NOT_PUBLISHED = "not_published"
    SESSION_OVER = "session_over"
    BY_TEAM_ONLY = "by_team_only"
    NOT_YET = "not_yet"
    TOO_LATE = "too_late"
    PARALLEL = "parallel"
    PREREQUISITE = "prerequisite"


@dataclass(frozen=True, slots=True)
class JoinTerms:
    """
    What a session says of joining.

    Attributes:
        enrolment: when people may join by themselves.
        period: the window of an ordinary member; nobody joins what is over.
    """

    status: SessionStatus
    joining: Joining
    enrolment: Window = UNBOUNDED
    period: Window = UNBOUNDED

    def is_over(self, now: datetime) -> bool:
        """Whether nobody can be seated any more: called off, put away, or past its end. A draft is yet to come."""
        return self.status in (SessionStatus.CANCELLED, SessionStatus.ARCHIVED) or self.period.has_closed(now)


@dataclass(frozen=True, slots=True)
class Seats:
    """
    How full a session is.

    Attributes:
        capacity: ``None`` is no limit. May be less than `taken`: lowering it throws nobody out.
        members: active members.
        held: seats offered to somebody who may still accept.
        waiting: people in the line without an offer.
    """

    capacity: int | None = None
    members: int = 0
    held: int = 0
    waiting: int = 0

    @property
    def taken(self) -> int:
        """Seats that nobody else can have."""
        return self.members + self.held

    @property
    def free(self) -> int | None:
        """Seats for those who come now; ``None`` is no limit, never negative."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def has_room(self) -> bool:
        """Whether somebody who comes now gets a seat: there is one, and nobody stands in line for it."""
        return self.free is None or (self.free > 0 and self.waiting == 0)


@dataclass(frozen=True, slots=True)
class JoinDecision:
    """
    What one person may do now, and where they may not, why.

    Attributes:
        obstacle: ``None`` unless `action` is `JoinAction.NOTHING`.
        needs_code: the enrolment code must be given with the action.
    """

    action: JoinAction
    obstacle: Obstacle | None = None
    needs_code: bool = False


_HAS_ALREADY = {
    Standing.MEMBER: Obstacle.ALREADY_MEMBER,
    Standing.REQUESTED: Obstacle.ALREADY_REQUESTED,
    Standing.WAITING: Obstacle.ALREADY_WAITING,
}


def decide(
    terms: JoinTerms,
    *,
    standing: Standing,
    seats: Seats,
    in_parallel: bool,
    lacks_prerequisite: bool,
    now: datetime,
) -> JoinDecision:
    """
    Decide for one person.

    Args:
        standing: `Standing.OFFERED` only for an offer that has not expired.
        in_parallel: they have a place, or stand in line, in another session of the same parallel group.
        lacks_prerequisite: a prerequisite of the session is not behind them.
    """
    obstacle = _obstacle(terms, standing, now)
    if obstacle is None and standing == Standing.OFFERED:
        return JoinDecision(JoinAction.ACCEPT)
    if obstacle is None and in_parallel:
        obstacle = Obstacle.PARALLEL
    if obstacle is None and lacks_prerequisite:
        obstacle = Obstacle.PREREQUISITE
    if obstacle is not None:
        return JoinDecision(JoinAction.NOTHING, obstacle)
    if terms.joining == Joining.APPROVAL:
        return JoinDecision(JoinAction.REQUEST)
    action = JoinAction.JOIN if seats.has_room else JoinAction.QUEUE
    return JoinDecision(action, needs_code=terms.joining == Joining.CODE)


def may_leave(terms: JoinTerms, now: datetime) -> bool:
    """Whether a member may go by themselves: only from where they could come by themselves, and before it is over."""
    return (
        terms.joining != Joining.CLOSED and terms.status == SessionStatus.PUBLISHED and not terms.period.has_closed(now)
    )


def is_offered_in_catalogue(terms: JoinTerms, now: datetime) -> bool:
    """Whether everybody who is signed in may see the session among those one can join, now or soon."""
    return may_leave(terms, now) and not terms.enrolment.has_closed(now)


def _obstacle(terms: JoinTerms, standing: Standing, now: datetime) -> Obstacle | None:
    """What is in the way whoever comes. An offer stands whatever the enrolment window says: it was made inside it."""
    if standing in _HAS_ALREADY:
        return _HAS_ALREADY[standing]
    if terms.status != SessionStatus.PUBLISHED:
        return Obstacle.NOT_PUBLISHED
    if terms.period.has_closed(now):
        return Obstacle.SESSION_OVER
    if standing == Standing.OFFERED:
        return None
    if terms.joining == Joining.CLOSED:
        return Obstacle.BY_TEAM_ONLY
    if not terms.enrolment.has_opened(now):
        return Obstacle.NOT_YET
    return Obstacle.TOO_LATE if terms.enrolment.has_closed(now) else None
