"""How a learner stands in one course."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cohort_sessions.attention import Work
from cohort_sessions.data import SessionStatus
from cohort_sessions.standing import Standing, standing
from cohort_sessions.timeline import Membership, Schedule, Window

OPENS = datetime(2026, 3, 1, tzinfo=UTC)
HALFWAY = OPENS + timedelta(days=10)
CLOSES = OPENS + timedelta(days=20)
AFTER = CLOSES + timedelta(days=1)
WINDOW = Window(OPENS, CLOSES)

NOTHING = Work(0, 10)
LITTLE = Work(1, 10, is_graded=True)
MUCH = Work(9, 10)
ALL_UNGRADED = Work(10, 10)
ALL_GRADED = Work(10, 10, is_graded=True)


def stands(work, now=HALFWAY, *, status=SessionStatus.PUBLISHED, passed=False, is_final=False, membership=None):
    schedule = Schedule(status, WINDOW)
    return standing(schedule, membership or Membership(), work, passed=passed, is_final=is_final, now=now)


@pytest.mark.parametrize(
    ("work", "while_it_runs", "afterwards"),
    [
        (None, Standing.NOT_STARTED, Standing.NOT_STARTED),
        (NOTHING, Standing.NOT_STARTED, Standing.NOT_STARTED),
        (LITTLE, Standing.BEHIND, Standing.FAILED),
        (MUCH, Standing.ACTIVE, Standing.FAILED),
        (ALL_GRADED, Standing.ACTIVE, Standing.FAILED),
        # Nothing is graded in it, so nothing of it can be failed.
        (ALL_UNGRADED, Standing.ACTIVE, Standing.ACTIVE),
    ],
)
def test_what_has_been_done_while_it_runs_and_afterwards(work, while_it_runs, afterwards):
    assert (stands(work), stands(work, AFTER)) == (while_it_runs, afterwards)


@pytest.mark.parametrize("work", [None, NOTHING, LITTLE, ALL_GRADED])
@pytest.mark.parametrize("now", [HALFWAY, AFTER])
def test_who_has_passed_has_passed_whatever_else_is_true(work, now):
    assert stands(work, now, passed=True) == Standing.PASSED


@pytest.mark.parametrize("status", [SessionStatus.CANCELLED, SessionStatus.ARCHIVED])
def test_a_session_that_is_over_before_its_time_fails_who_has_not_passed(status):
    assert stands(MUCH, status=status) == Standing.FAILED


def test_a_final_result_that_is_no_pass_is_a_failure_while_the_window_runs():
    assert stands(MUCH, is_final=True) == Standing.FAILED


def test_the_members_own_window_decides():
    longer = Membership(extra_days=30)
    assert stands(MUCH, AFTER, membership=longer) == Standing.ACTIVE
