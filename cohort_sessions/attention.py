"""
Which learners need their coach, and for what: from a member's own dates, what they have done and a moment.

Pure like `timeline`, which decides the dates: the counts on a list and the names behind them ask the same `attention`,
so they cannot disagree. All moments are aware UTC datetimes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from cohort_sessions.data import SessionStatus
from cohort_sessions.timeline import Membership, Schedule, Window, member_window

SOON = timedelta(days=7)


class Attention(enum.StrEnum):
    """
    Why a coach should look at a learner in one course. Nobody has not started and is behind at once; who has little
    time left may be either as well.
    """

    NOT_STARTED = "not_started"
    BEHIND = "behind"
    CLOSING_SOON = "closing_soon"


@dataclass(frozen=True, slots=True)
class Work:
    """
    What a learner has done in one course, as last read from the platform.

    Attributes:
        completed, completable: blocks; a course without any that can be completed leaves nothing to do.
        is_graded: whether anything of it has been graded.
    """

    completed: int = 0
    completable: int = 0
    is_graded: bool = False

    @property
    def progress(self) -> float:
        """Share of the course that is done, 0..1; 1 where nothing can be done."""
        return self.completed / self.completable if self.completable else 1.0

    @property
    def has_begun(self) -> bool:
        """Whether anything is done, or at least graded; to have looked at the course is not enough."""
        return self.completed > 0 or self.is_graded


def learning_window(schedule: Schedule, membership: Membership) -> Window:
    """The member's window as the time they have to learn in: without an opening it begins with their first entry."""
    window = member_window(schedule, membership)
    return Window(window.opens_at or membership.first_entered_at, window.closes_at)


def elapsed_share(window: Window, now: datetime) -> float | None:
    """How much of the window is over, 0..1; ``None`` for a window without a beginning, an end, or any length."""
    if window.opens_at is None or window.closes_at is None or window.closes_at <= window.opens_at:
        return None
    share = (now - window.opens_at) / (window.closes_at - window.opens_at)
    return min(max(share, 0.0), 1.0)


def attention(schedule: Schedule, membership: Membership, work: Work | None, now: datetime) -> frozenset[Attention]:
    """
    Why a learner needs attention in one course now; nothing while their own window does not run, or in a session that
    is not published.

    * Not started: never opened the course, or nothing in it is done or graded.
    * Behind: has started, and the share of the course that is done is smaller than the share of their own window that
      is over. Time is taken to be spent evenly; a window without a beginning or an end leaves nobody behind.
    * Closing soon: their own window closes within `SOON`, and not everything is done.

    Args:
        work: ``None`` for who has never opened the course.
    """
    window = learning_window(schedule, membership)
    if schedule.status != SessionStatus.PUBLISHED or not window.contains(now):
        return frozenset()
    found = set()
    if work is None or (work.progress < 1 and not work.has_begun):
        found.add(Attention.NOT_STARTED)
    elif work.progress < (elapsed_share(window, now) or 0.0):
        found.add(Attention.BEHIND)
    is_done = work is not None and work.progress >= 1
    if not is_done and window.closes_at is not None and window.closes_at - now <= SOON:
        found.add(Attention.CLOSING_SOON)
    return frozenset(found)
