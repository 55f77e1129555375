"""The rules of time, as properties and as the cases people ask about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cohort_sessions.data import AfterClose, SessionStatus
from cohort_sessions.timeline import (
    ORDINARY_MEMBERSHIP,
    Access,
    Entry,
    Listing,
    Membership,
    Phase,
    Reason,
    Schedule,
    Window,
    access,
    envelope,
    member_window,
    withdrawn,
)
from tests.unit.strategies import delays, memberships, moments, schedules, windows

SPRING = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
BEFORE = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
INSIDE = datetime(2026, 4, 1, tzinfo=UTC)
AFTER = SPRING.closes_at
PUBLISHED = Schedule(SessionStatus.PUBLISHED, SPRING)


def as_member(schedule: Schedule, now: datetime, membership: Membership = ORDINARY_MEMBERSHIP) -> Access:
    """The decision about somebody who is a member and nothing else."""
    return access(schedule, membership=membership, on_team=False, now=now)


def as_team(schedule: Schedule, now: datetime) -> Access:
    """The decision about somebody who is on the team and nothing else."""
    return access(schedule, membership=None, on_team=True, now=now)


class TestOneList:
    """Every person sees every session of theirs in exactly one list."""

    @given(schedules(), memberships, moments)
    def test_the_phase_is_total_and_follows_from_the_window(self, schedule, membership, now):
        decision = as_member(schedule, now, membership)
        if schedule.status == SessionStatus.ARCHIVED or decision.window.has_closed(now):
            expected = Phase.PAST
        elif decision.window.has_opened(now):
            expected = Phase.CURRENT
        else:
            expected = Phase.UPCOMING
        assert decision.phase is expected

    @given(schedules(), memberships, moments, moments)
    def test_time_only_moves_a_session_forward_through_the_lists(self, schedule, membership, one, other):
        earlier, later = sorted((one, other))
        order = [Phase.UPCOMING, Phase.CURRENT, Phase.PAST]
        before, after = (as_member(schedule, now, membership).phase for now in (earlier, later))
        assert order.index(before) <= order.index(after)

    @given(schedules(), moments)
    def test_who_has_no_relation_is_shown_nothing(self, schedule, now):
        assert access(schedule, membership=None, on_team=False, now=now) == Access(
            Phase.PAST, Listing.HIDDEN, Entry.CLOSED, Reason.NO_RELATION, Window()
        )


class TestAccess:
    """Access never widens by waiting after the close, and the team may always do what an ordinary member may."""

    @given(schedules(), memberships, delays, delays)
    def test_waiting_after_the_close_never_widens_access(self, schedule, membership, since_close, waiting):
        window = member_window(schedule, membership)
        assume(window.closes_at is not None)
        earlier = window.closes_at + since_close
        later = earlier + waiting
        before, after = as_member(schedule, earlier, membership), as_member(schedule, later, membership)
        assert after.entry <= before.entry
        assert (before.listing, after.listing) != (Listing.HIDDEN, Listing.SHOWN)

    @given(schedules(), moments)
    def test_team_access_is_a_superset_of_member_access(self, schedule, now):
        assert as_team(schedule, now).entry >= as_member(schedule, now).entry

    @given(schedules(), memberships, moments)
    def test_who_is_both_gets_the_union(self, schedule, membership, now):
        both = access(schedule, membership=membership, on_team=True, now=now)
        assert both.entry == max(as_team(schedule, now).entry, as_member(schedule, now, membership).entry)
        assert both.listing is Listing.SHOWN
        assert both.window.encloses(as_member(schedule, now, membership).window)

    @given(schedules(), memberships, delays)
    def test_nobody_enters_as_a_member_before_the_opening(self, schedule, membership, before_opening):
        window = member_window(schedule, membership)
        assume(window.opens_at is not None)
        now = window.opens_at - timedelta(seconds=1) - before_opening
        assert as_member(schedule, now, membership).entry is Entry.CLOSED

    @given(schedules(), memberships, moments, st.booleans())
    def test_withdrawing_never_widens_and_leaves_members_nothing(self, schedule, membership, now, on_team):
        decision = access(schedule, membership=membership, on_team=on_team, now=now)
        left = withdrawn(decision, on_team=on_team)
        assert left.entry <= (min(decision.entry, Entry.READ_ONLY) if on_team else Entry.CLOSED)
        assert left.reason is Reason.WITHDRAWN


class TestUnbounded:
    """None is unbounded everywhere."""

    @given(moments, memberships)
    def test_without_dates_a_published_session_is_open_for_ever(self, now, membership):
        always = replace(membership, own_window=Window(), extra_days=0)
        assert as_member(Schedule(SessionStatus.PUBLISHED), now, always) == Access(
            Phase.CURRENT, Listing.SHOWN, Entry.FULL, Reason.OPEN, Window()
        )

    @given(windows())
    def test_the_unbounded_window_encloses_every_window_and_the_hull_with_it_is_unbounded(self, window):
        assert Window().encloses(window)
        assert window.hull(Window()) == Window()

    @given(windows(), windows(), moments)
    def test_the_hull_is_commutative_and_encloses_both(self, one, other, now):
        hull = one.hull(other)
        assert hull == other.hull(one)
        assert hull.encloses(one)
        assert hull.encloses(other)
        assert hull.contains(now) or not (one.contains(now) or other.contains(now))

    @given(schedules(st.just(SessionStatus.PUBLISHED)), moments)
    def test_a_team_window_without_bounds_never_shuts_the_team_out(self, schedule, now):
        assert as_team(replace(schedule, team_window=Window()), now).entry is Entry.FULL


class TestWindows:
    """Whose window is what."""

    @given(schedules(), memberships)
    def test_the_envelope_contains_every_window(self, schedule, membership):
        others = [Membership(), replace(membership, extra_days=membership.extra_days + 3), membership]
        whole = envelope(schedule, others)
        assert all(whole.encloses(member_window(schedule, each)) for each in others)

    @given(schedules(), memberships, st.integers(0, 5))
    def test_extending_never_shortens(self, schedule, membership, days):
        longer = replace(membership, extra_days=membership.extra_days + days)
        assert member_window(schedule, longer).encloses(member_window(schedule, membership))

    @given(schedules(), memberships)
    def test_a_window_is_never_reversed(self, schedule, membership):
        window = member_window(schedule, membership)
        assert None in (window.opens_at, window.closes_at) or window.opens_at <= window.closes_at

    def test_own_bounds_replace_the_sessions_and_extra_days_come_on_top(self):
        own = Membership(Window(None, SPRING.closes_at + timedelta(days=7)), extra_days=3)
        assert member_window(PUBLISHED, own) == Window(SPRING.opens_at, SPRING.closes_at + timedelta(days=10))

    def test_a_duration_counts_from_the_first_entry(self):
        month = Schedule(SessionStatus.PUBLISHED, duration_days=30)
        assert member_window(month, Membership()) == Window()
        entered = Membership(extra_days=2, first_entered_at=INSIDE)
        assert member_window(month, entered) == Window(None, INSIDE + timedelta(days=32))

    def test_an_own_opening_after_the_closing_gives_an_empty_window(self):
        late = Membership(Window(SPRING.closes_at + timedelta(days=1), None))
        opening = late.own_window.opens_at
        assert member_window(PUBLISHED, late) == Window(opening, opening)
        assert not member_window(PUBLISHED, late).contains(opening)


class TestMembers:
    """What a member sees, by status and clock."""

    @pytest.mark.parametrize(
        ("now", "after_close", "expected"),
        [
            (BEFORE, AfterClose.FULL, (Phase.UPCOMING, Listing.SHOWN, Entry.CLOSED, Reason.NOT_OPEN_YET)),
            (SPRING.opens_at, AfterClose.HIDDEN, (Phase.CURRENT, Listing.SHOWN, Entry.FULL, Reason.OPEN)),
            (AFTER, AfterClose.READ_ONLY, (Phase.PAST, Listing.SHOWN, Entry.READ_ONLY, Reason.ENDED)),
            (AFTER, AfterClose.FULL, (Phase.PAST, Listing.SHOWN, Entry.FULL, Reason.ENDED)),
            (AFTER, AfterClose.HIDDEN, (Phase.PAST, Listing.HIDDEN, Entry.CLOSED, Reason.ENDED)),
        ],
        ids=["before", "first moment", "closed: read only", "closed: full", "closed: hidden"],
    )
    def test_a_published_session(self, now, after_close, expected):
        decision = as_member(replace(PUBLISHED, after_close=after_close), now)
        assert decision == Access(*expected, window=SPRING)

    @pytest.mark.parametrize("now", [BEFORE, INSIDE, AFTER])
    def test_a_draft_is_for_the_team_only(self, now):
        draft = replace(PUBLISHED, status=SessionStatus.DRAFT)
        decision = as_member(draft, now)
        assert (decision.listing, decision.entry, decision.reason) == (Listing.HIDDEN, Entry.CLOSED, Reason.DRAFT)
        assert as_team(draft, now).entry is Entry.FULL

    @pytest.mark.parametrize("now", [BEFORE, INSIDE, AFTER])
    def test_a_cancelled_session_is_shown_and_closed(self, now):
        decision = as_member(replace(PUBLISHED, status=SessionStatus.CANCELLED), now)
        assert (decision.listing, decision.entry, decision.reason) == (Listing.SHOWN, Entry.CLOSED, Reason.CANCELLED)

    def test_an_archived_session_is_past_and_read_only_at_once(self):
        decision = as_member(replace(PUBLISHED, status=SessionStatus.ARCHIVED, after_close=AfterClose.FULL), INSIDE)
        assert decision == Access(Phase.PAST, Listing.SHOWN, Entry.READ_ONLY, Reason.ARCHIVED, SPRING)

    def test_archiving_before_the_opening_lets_nobody_in(self):
        assert as_member(replace(PUBLISHED, status=SessionStatus.ARCHIVED), BEFORE).entry is Entry.CLOSED


class TestTeam:
    """What the team sees."""

    def test_a_team_window_lets_the_team_in_early_and_lists_the_session_by_it(self):
        early = Window(SPRING.opens_at - timedelta(days=14), None)
        prepared = as_team(replace(PUBLISHED, team_window=early), BEFORE)
        assert prepared == Access(
            Phase.CURRENT, Listing.SHOWN, Entry.FULL, Reason.OPEN, Window(early.opens_at, SPRING.closes_at)
        )

    def test_outside_its_window_the_team_may_what_members_may(self):
        over = replace(PUBLISHED, team_window=Window(None, SPRING.opens_at))
        assert as_team(over, INSIDE).entry is Entry.FULL
        assert as_team(over, AFTER).entry is Entry.READ_ONLY
        later = replace(PUBLISHED, team_window=Window(AFTER, None))
        assert (as_team(later, BEFORE).entry, as_team(later, BEFORE).reason) == (Entry.CLOSED, Reason.NOT_OPEN_YET)

    def test_without_team_dates_a_finished_session_is_past_for_its_team_yet_open_to_it(self):
        decision = as_team(PUBLISHED, AFTER)
        assert (decision.phase, decision.entry) == (Phase.PAST, Entry.FULL)

    @pytest.mark.parametrize(
        ("status", "reason"),
        [(SessionStatus.CANCELLED, Reason.CANCELLED), (SessionStatus.ARCHIVED, Reason.ARCHIVED)],
    )
    def test_of_a_finished_session_the_team_looks_back_only(self, status, reason):
        decision = as_team(replace(PUBLISHED, status=status), INSIDE)
        assert (decision.entry, decision.reason) == (Entry.READ_ONLY, reason)
