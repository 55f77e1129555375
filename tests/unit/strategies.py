"""Hypothesis strategies for moments, windows, schedules and memberships."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from cohort_sessions.data import AfterClose, SessionStatus
from cohort_sessions.timeline import Membership, Schedule, Window

EPOCH = datetime(2026, 3, 1, 9, tzinfo=UTC)

# Few distinct moments, so that equal bounds and touching windows come up often.
moments = st.integers(0, 24).map(lambda steps: EPOCH + timedelta(hours=12 * steps))
bounds = st.none() | moments
any_status = st.sampled_from(SessionStatus)
delays = st.integers(0, 30).map(lambda days: timedelta(days=days))


@st.composite
def windows(draw) -> Window:
    """A window as the database admits it: never reversed or empty."""
    opens, closes = draw(bounds), draw(bounds)
    if None not in (opens, closes):
        opens, closes = sorted((opens, closes))
        closes = closes if closes > opens else closes + timedelta(hours=12)
    return Window(opens, closes)


@st.composite
def schedules(draw, statuses=any_status) -> Schedule:
    """A session's dates or duration, its team window, status and what happens after the close."""
    duration = draw(st.none() | st.integers(1, 10))
    return Schedule(
        status=draw(statuses),
        window=Window() if duration else draw(windows()),
        duration_days=duration,
        team_window=draw(windows()),
        after_close=draw(st.sampled_from(AfterClose)),
    )


memberships = st.builds(Membership, own_window=windows(), extra_days=st.integers(0, 5), first_entered_at=bounds)
