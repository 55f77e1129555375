"""Who needs their coach, as properties and as the cases people ask about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cohort_sessions.attention import SOON, Attention, Work, attention, elapsed_share, learning_window
from cohort_sessions.data import SessionStatus
from cohort_sessions.timeline import ORDINARY_MEMBERSHIP, Membership, Phase, Schedule, Window, access
from tests.unit.strategies import memberships, moments, schedules

DAY = timedelta(days=1)
OPENS = datetime(2026, 3, 1, tzinfo=UTC)
TWENTY_DAYS = Schedule(SessionStatus.PUBLISHED, Window(OPENS, OPENS + 20 * DAY))
UNFINISHED = (1, 4)

completions = st.integers(0, 4).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
works = st.none() | st.builds(lambda done, is_graded: Work(*done, is_graded), completions, st.booleans())


class TestProperties:
    """What holds for every session, member, course and moment."""

    @given(schedules(), memberships, works, moments)
    def test_nobody_needs_attention_outside_their_own_time(self, schedule, membership, work, now):
        decision = access(schedule, membership=membership, on_team=False, now=now)
        assume(schedule.status != SessionStatus.PUBLISHED or decision.phase != Phase.CURRENT)
        assert attention(schedule, membership, work, now) == frozenset()

    @given(schedules(), memberships, works, moments)
    def test_nobody_has_not_started_and_is_behind(self, schedule, membership, work, now):
        assert not {Attention.NOT_STARTED, Attention.BEHIND} <= attention(schedule, membership, work, now)

    @given(schedules(), memberships, moments, st.integers(0, 4))
    def test_nobody_who_has_done_everything_needs_attention(self, schedule, membership, now, whole):
        assert attention(schedule, membership, Work(whole, whole), now) == frozenset()

    @given(moments, st.integers(1, 30), st.integers(0, 30), st.integers(0, 5), st.integers(0, 4), st.booleans())
    def test_behind_is_less_done_than_time_gone(self, opens, days, gone, extra, done, is_graded):
        assume(gone < days + extra and (done or is_graded))
        schedule = Schedule(SessionStatus.PUBLISHED, Window(opens, opens + days * DAY))
        found = attention(schedule, Membership(extra_days=extra), Work(done, 4, is_graded), opens + gone * DAY)
        assert (Attention.BEHIND in found) == (done * (days + extra) < gone * 4)

    @given(schedules(), memberships, moments, st.integers(0, 3))
    def test_more_done_never_brings_anybody_behind(self, schedule, membership, now, done):
        less, more = (attention(schedule, membership, Work(each, 4, True), now) for each in (done, done + 1))
        assert more <= less

    @given(moments, st.integers(1, 30), moments, st.integers(0, 40))
    def test_the_share_lies_between_0_and_1_and_never_falls(self, opens, days, now, steps):
        window = Window(opens, opens + days * DAY)
        shares = [elapsed_share(window, moment) for moment in (now, now + steps * timedelta(hours=6))]
        assert 0 <= shares[0] <= shares[1] <= 1
        assert (elapsed_share(window, window.opens_at), elapsed_share(window, window.closes_at)) == (0, 1)


@pytest.mark.parametrize(
    ("day", "done", "expected"),
    [
        (10, None, {Attention.NOT_STARTED}),
        (10, (0, 4), {Attention.NOT_STARTED}),
        (10, (1, 4), {Attention.BEHIND}),
        (10, (2, 4), set()),
        (10, (0, 0), set()),
        (13, (3, 4), {Attention.CLOSING_SOON}),
        (19, (1, 4), {Attention.BEHIND, Attention.CLOSING_SOON}),
        (19, None, {Attention.NOT_STARTED, Attention.CLOSING_SOON}),
        (19, (4, 4), set()),
        (20, None, set()),
        (-1, None, set()),
    ],
)
def test_twenty_days(day, done, expected):
    work = None if done is None else Work(*done)
    assert attention(TWENTY_DAYS, ORDINARY_MEMBERSHIP, work, OPENS + day * DAY) == expected


def test_soon_is_seven_days_and_not_a_moment_more():
    closes = TWENTY_DAYS.window.closes_at
    work = Work(3, 4)
    moments_before = (closes - SOON - timedelta(seconds=1), closes - SOON)
    found = [attention(TWENTY_DAYS, ORDINARY_MEMBERSHIP, work, moment) for moment in moments_before]
    assert found == [set(), {Attention.CLOSING_SOON}]


def test_a_grade_is_a_beginning_though_nothing_is_completed():
    assert attention(TWENTY_DAYS, ORDINARY_MEMBERSHIP, Work(0, 4, is_graded=True), OPENS + DAY) == {Attention.BEHIND}


def test_time_is_the_members_own():
    """Half of it done after sixteen of twenty days: behind, but not for who has twenty days more."""
    now, work = OPENS + 16 * DAY, Work(2, 4)
    found = [attention(TWENTY_DAYS, Membership(extra_days=extra), work, now) for extra in (0, 20)]
    assert found == [{Attention.BEHIND, Attention.CLOSING_SOON}, set()]


def test_in_a_duration_session_time_runs_from_the_first_entry():
    schedule = Schedule(SessionStatus.PUBLISHED, duration_days=20)
    entered = Membership(first_entered_at=OPENS)
    work, now = Work(*UNFINISHED), OPENS + 10 * DAY
    assert learning_window(schedule, entered) == TWENTY_DAYS.window
    assert [attention(schedule, membership, work, now) for membership in (entered, ORDINARY_MEMBERSHIP)] == [
        {Attention.BEHIND},
        set(),
    ]
    assert attention(schedule, ORDINARY_MEMBERSHIP, None, now) == {Attention.NOT_STARTED}


@pytest.mark.parametrize("window", [Window(), Window(opens_at=OPENS), Window(closes_at=OPENS + 20 * DAY)])
def test_without_a_beginning_or_an_end_nobody_is_behind(window):
    schedule = replace(TWENTY_DAYS, window=window)
    assert elapsed_share(window, OPENS + DAY) is None
    assert attention(schedule, ORDINARY_MEMBERSHIP, Work(*UNFINISHED), OPENS + DAY) == frozenset()


@pytest.mark.parametrize("status", [status for status in SessionStatus if status != SessionStatus.PUBLISHED])
def test_a_session_that_does_not_run_needs_nobody(status):
    schedule = replace(TWENTY_DAYS, status=status)
    assert attention(schedule, ORDINARY_MEMBERSHIP, None, OPENS + 19 * DAY) == frozenset()
