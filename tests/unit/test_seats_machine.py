"""
Everything people and teams do about seats, in any order, at any time: what holds after every step.

Two parallel sessions and a third one outside the group, five people, a clock that only goes on.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cohort_sessions import api, timeline
from cohort_sessions.data import SYSTEM, Actor, Joining, MemberStatus, RequestStatus
from cohort_sessions.errors import CannotJoin, InvalidInput, NotFound, WrongState
from cohort_sessions.models import EditionResult, JoinRequest, Member, MemberMove, ParallelGroup
from cohort_sessions.queries.seats import seats_of
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

NAMES = ("ada", "ben", "cleo", "dan", "eve")
DAY = timedelta(days=1)

people = st.sampled_from(NAMES)
places = st.integers(0, 2)


class Seats(RuleBasedStateMachine):
    """The sessions open ten days ago and close in twenty; `users` and `base_key` are there before."""

    users: dict
    base_key: object

    @initialize(
        capacity=st.sampled_from([1, 2]),
        offer_days=st.sampled_from([None, 2]),
        crowd=st.permutations(NAMES),
        crowded=places,
    )
    def begin(self, capacity, offer_days, crowd, crowded):
        """Everybody wants into one of them: from the first step on there is a line."""
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = NOW
        group = ParallelGroup.objects.create(name="Parallel")
        terms = {"joining": Joining.OPEN.value, "capacity": capacity, "offer_days": offer_days}
        dates = {"opens_at": NOW - 10 * DAY, "closes_at": NOW + 20 * DAY}
        self.sessions = [
            self.make(title="Morning", parallel_group=group, **terms, **dates),
            self.make(title="Evening", parallel_group=group, **terms, **dates),
            self.make(title="Distance", **terms, **dates),
        ]
        for name in crowd:
            self.join(name, crowded)

    def make(self, **values):
        session = api.create_session(actor=SYSTEM, now=NOW, **values)
        api.add_courses(session, [self.base_key], actor=SYSTEM, now=NOW)
        return api.publish_session(session, actor=SYSTEM, now=NOW)

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # What people do

    @rule(name=people, place=places)
    def join(self, name, place):
        self.by_person(api.join_session, name, place)

    @rule(name=people, place=places)
    def withdraw(self, name, place):
        self.by_person(api.withdraw_request, name, place)

    @rule(name=people, place=places)
    def leave(self, name, place):
        self.by_person(api.leave_session, name, place)

    # What teams do

    @rule(names=st.lists(people, max_size=3), place=places)
    def enrol(self, names, place):
        self.by_team(api.enrol_members, place, names)

    @rule(names=st.lists(people, max_size=3), place=places)
    def remove(self, names, place):
        self.by_team(api.remove_members, place, names)

    @rule(names=st.lists(people, max_size=3), place=places)
    def approve(self, names, place):
        self.by_team(api.approve_requests, place, names)

    @rule(name=people, place=places)
    def decline(self, name, place):
        self.by_team(api.decline_requests, place, [name])

    @rule(name=people, place=places, days=st.integers(0, 5))
    def extend(self, name, place, days):
        self.by_team(api.set_member_dates, place, [name], extra_days=days)

    @rule(names=st.lists(people, max_size=2), origin=places, destination=places)
    def move(self, names, origin, destination):
        if origin != destination:
            self.by_team(api.move_members, origin, self.sessions[destination], names, reason="Illness")

    @rule(place=places, capacity=st.none() | st.integers(1, 4))
    def set_capacity(self, place, capacity):
        api.edit_session(self.sessions[place], capacity=capacity, actor=SYSTEM, now=self.now)
        self.look(grown=place)

    @rule(place=places, joining=st.sampled_from([Joining.OPEN, Joining.APPROVAL, Joining.CLOSED]))
    def set_joining(self, place, joining):
        self.by_team(api.edit_session, place, joining=joining.value)

    # What time does

    @rule(hours=st.integers(1, 30 * 24))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        self.look()

    @rule(place=places)
    def tick(self, place):
        api.advance_session(self.sessions[place].pk, actor=SYSTEM, now=self.now)
        self.look()

    @rule(name=people, place=places)
    def learn(self, name, place):
        edition = self.sessions[place].editions.get()
        for member in edition.session.members.filter(user__username=name, status=MemberStatus.ACTIVE):
            EditionResult.objects.get_or_create(member=member, edition=edition, defaults={"as_of": self.now})
        self.results = self.stored_results()

    # What holds after every step

    @invariant()
    def nothing_learnt_is_lost(self):
        if hasattr(self, "sessions"):
            assert self.stored_results() == self.results

    @invariant()
    def nobody_is_in_two_parallel_sessions(self):
        for user in self.users.values() if hasattr(self, "sessions") else ():
            wanted = [session.pk for session in self.sessions[:2] if self.is_in(user, session)]
            assert len(wanted) <= 1, user.username

    @invariant()
    def whoever_has_a_place_waits_for_none(self):
        if hasattr(self, "sessions"):
            members = set(Member.objects.filter(status=MemberStatus.ACTIVE).values_list("session", "user"))
            assert members.isdisjoint(JoinRequest.objects.values_list("session", "user"))

    @invariant()
    def every_member_sees_each_session_in_exactly_one_list_and_enters_by_the_rule(self):
        for member in Member.objects.select_related("session", "user") if hasattr(self, "sessions") else ():
            membership = member.membership if member.status == MemberStatus.ACTIVE else None
            expected = timeline.access(member.session.schedule, membership=membership, on_team=False, now=self.now)
            edition_key = member.session.editions.get().edition_key
            found = api.edition_access(edition_key, user_id=member.user_id, is_platform_admin=False, now=self.now)
            assert found.access == expected
            if membership is not None:
                lists = [
                    phase
                    for phase in timeline.Phase
                    for card in api.my_sessions(member.user_id, now=self.now, phase=phase).cards
                    if card.code == member.session.code
                ]
                assert lists == [expected.phase]

    @invariant()
    def every_move_is_seen_from_both_sides(self):
        for move in MemberMove.objects.select_related("origin", "destination") if hasattr(self, "sessions") else ():
            assert move.origin.user_id == move.destination.user_id

    # Helpers

    def by_person(self, operation, name, place):
        try:
            operation(self.sessions[place], actor=Actor(user_id=self.users[name].pk), now=self.now)
        except (CannotJoin, NotFound):
            pass
        self.look()

    def by_team(self, operation, place, *arguments, **named):
        try:
            operation(self.sessions[place], *arguments, actor=SYSTEM, now=self.now, **named)
        except (InvalidInput, WrongState):
            pass
        self.look()

    def is_in(self, user, session) -> bool:
        is_member = session.members.filter(user=user, status=MemberStatus.ACTIVE).exists()
        return is_member or session.requests.filter(user=user).exists()

    def stored_results(self):
        return set(EditionResult.objects.values_list("member__user__username", "edition"))

    def look(self, *, grown: int | None = None) -> None:
        """
        Compare seats and lines with what they were before the step.

        Args:
            grown: the session whose capacity the step set; lowering it throws nobody out. What is over seats
                nobody: its line ends with the next tick.
        """
        before = getattr(self, "seen", {})
        self.results = getattr(self, "results", set())
        self.seen = {}
        for place, session in enumerate(self.sessions):
            session.refresh_from_db()
            seats = seats_of(session, now=self.now)
            line = list(
                session.requests.filter(status=RequestStatus.WAITING)
                .order_by("queue_number")
                .values_list("user_id", flat=True)
            )
            self.seen[place] = (seats.taken, line)
            taken_before, line_before = before.get(place, (0, []))
            if session.capacity is not None:
                assert seats.taken <= max(session.capacity, taken_before), "more people than seats"
            seated = set(session.members.filter(status=MemberStatus.ACTIVE).values_list("user_id", flat=True))
            seated |= set(session.requests.filter(status=RequestStatus.OFFERED).values_list("user_id", flat=True))
            promoted = [user_id for user_id in line_before if user_id in seated]
            still_waiting = [user_id for user_id in line_before if user_id in line]
            assert all(
                line_before.index(first) < line_before.index(later) for first in promoted for later in still_waiting
            ), "the line was skipped"
            assert [user_id for user_id in line if user_id in still_waiting] == still_waiting, "the line was reordered"
            is_over = session.join_terms.period.has_closed(self.now)
            if place == grown and seats.free and not is_over:
                assert not line, "a seat stays free while somebody waits"


def test_whatever_happens_seats_and_lines_stay_right(make_user, make_base_course):
    """Hypothesis tries to find an order of steps after which something does not hold."""
    Seats.users = {name: make_user(name) for name in NAMES}
    Seats.base_key = make_base_course()
    run_state_machine_as_test(
        Seats,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
