"""A session as an ordinary learner would see it, now or at another moment, though nobody need be in it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cohort_sessions.models import CohortSession, Member
from cohort_sessions.queries.session_home import SessionHome, home_of_place
from cohort_sessions.timeline import Schedule

_DAY = timedelta(days=1)


class Point(enum.StrEnum):
    """A stage in the life of a session."""

    NOW = "now"
    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Visit:
    """
    When an ordinary learner looks, UTC.

    Attributes:
        first_entered_at: when they first went in, where the session counts its days from then; else ``None``.
    """

    at: datetime
    first_entered_at: datetime | None = None


def visits(schedule: Schedule, *, now: datetime) -> Mapping[Point, Visit]:
    """
    A visit at each stage that the session has: one without an opening has no before, one without an end no after.

    Now stands for the stage that it lies in; else it is a day before the opening, the opening, and the end. Where days
    are counted from the first entry, that is now.
    """
    if schedule.duration_days is not None:
        end = now + timedelta(days=schedule.duration_days)
        return {Point.NOW: Visit(now), Point.DURING: Visit(now, now), Point.AFTER: Visit(end, now)}
    window, found = schedule.window, {Point.NOW: Visit(now)}
    if window.opens_at is not None:
        found[Point.BEFORE] = Visit(window.opens_at - _DAY if window.has_opened(now) else now)
    found[Point.DURING] = Visit(now if window.contains(now) else window.opens_at or window.closes_at - _DAY)
    if window.closes_at is not None:
        found[Point.AFTER] = Visit(now if window.has_closed(now) else window.closes_at)
    return found


def previewed_home(session: CohortSession, visit: Visit) -> SessionHome:
    """What an ordinary learner would see of the session on that visit. Nothing is stored."""
    place = Member(session=session, enrolled_at=visit.at, first_entered_at=visit.first_entered_at)
    return home_of_place(session, place, now=visit.at)
