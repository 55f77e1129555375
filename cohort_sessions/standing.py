"""Where a learner stands in one course: from their own dates, what they have done and a moment. Pure."""

from __future__ import annotations

import enum
from datetime import datetime

from cohort_sessions.attention import Attention, Work, attention
from cohort_sessions.data import SessionStatus
from cohort_sessions.timeline import Membership, Schedule, member_window


class Standing(enum.StrEnum):
    """How a learner does in one course; exactly one at any moment. Whether it is final is told beside it."""

    NOT_STARTED = "not_started"
    ACTIVE = "active"
    BEHIND = "behind"
    PASSED = "passed"
    FAILED = "failed"


_OVER = (SessionStatus.CANCELLED, SessionStatus.ARCHIVED)


def standing(
    schedule: Schedule, membership: Membership, work: Work | None, *, passed: bool, is_final: bool, now: datetime
) -> Standing:
    """
    How a learner stands in one course now.

    * Passed: the passing line is reached, whatever else is true.
    * Not started: nothing is done or graded; still so when their time is over.
    * Failed: has started, and their own window has closed, their result is final, or the session is over. Who has done
      everything of a course in which nothing is graded has not failed, and stays active.
    * Behind: see `attention.attention`.

    Args:
        work: ``None`` for who has never opened the course.
    """
    if passed:
        return Standing.PASSED
    if work is None or not work.has_begun:
        return Standing.NOT_STARTED
    is_over = is_final or schedule.status in _OVER or member_window(schedule, membership).has_closed(now)
    if is_over and (work.is_graded or work.progress < 1):
        return Standing.FAILED
    return Standing.BEHIND if Attention.BEHIND in attention(schedule, membership, work, now) else Standing.ACTIVE
