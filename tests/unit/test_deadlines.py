"""What becomes of deadlines: the pure rule as properties, its two forms for hosts, and who may decide it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort_sessions import api, timeline
from cohort_sessions.data import ANONYMOUS, SYSTEM, Actor, DeadlinePolicy, Lock, SessionStatus
from cohort_sessions.errors import InvalidInput, Locked, NotAllowed, NotFound
from cohort_sessions.host import Deadlines, PersonalWindow
from cohort_sessions.models import CohortSession
from cohort_sessions.queries.specs import edition_spec
from cohort_sessions.timeline import ORDINARY_MEMBERSHIP, UNBOUNDED, Schedule, Window, member_window
from tests.unit.conftest import NOW
from tests.unit.strategies import EPOCH, bounds, memberships, moments, schedules, windows

SHIFT, KEEP, NONE = DeadlinePolicy.SHIFT, DeadlinePolicy.KEEP, DeadlinePolicy.NONE
DAY = timedelta(days=1)
SPRING = Window(datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 6, 1, 9, tzinfo=UTC))
shifts = st.integers(-60, 60).map(lambda days: timedelta(days=days))


class TestShift:
    @given(st.sampled_from(DeadlinePolicy), bounds, schedules())
    def test_only_the_policy_and_a_duration_take_deadlines_away(self, policy, base_start, schedule):
        shift = timeline.deadline_shift(policy, base_start=base_start, schedule=schedule)
        is_counted_from_entry = policy == SHIFT and schedule.duration_days is not None
        assert (shift is None) == (policy == NONE or is_counted_from_entry)

    @given(moments, schedules(), moments)
    def test_what_is_due_so_long_after_the_start_is_due_so_long_after_the_opening(self, base_start, schedule, opens_at):
        schedule = replace(schedule, duration_days=None, window=Window(opens_at, None))
        shift = timeline.deadline_shift(SHIFT, base_start=base_start, schedule=schedule)
        assert base_start + shift == schedule.window.opens_at

    @given(st.sampled_from([(None, None), (None, EPOCH), (EPOCH, None)]), schedules())
    def test_without_a_distance_they_stay(self, moments_known, schedule):
        base_start, opens_at = moments_known
        schedule = replace(schedule, duration_days=None, window=Window(opens_at, None))
        assert timeline.deadline_shift(SHIFT, base_start=base_start, schedule=schedule) == timedelta()


class TestEditionDeadline:
    @given(moments, shifts, windows())
    def test_it_lies_in_the_window(self, due, shift, window):
        moved = timeline.edition_deadline(due, shift=shift, window=window)
        assert window.contains(moved) or moved == window.closes_at

    @given(moments, shifts)
    def test_in_a_window_without_bounds_it_is_moved_and_nothing_else(self, due, shift):
        assert timeline.edition_deadline(due, shift=shift, window=UNBOUNDED) == due + shift

    @given(moments, moments, shifts, windows())
    def test_the_order_of_deadlines_stays(self, one, other, shift, window):
        earlier, later = sorted((one, other))
        assert timeline.edition_deadline(earlier, shift=shift, window=window) <= timeline.edition_deadline(
            later, shift=shift, window=window
        )


class TestMemberDeadline:
    @staticmethod
    def both(schedule: Schedule, membership, base_due: datetime, shift: timedelta) -> tuple[datetime, datetime, Window]:
        """The deadline of ordinary members, the member's own, and the member's window."""
        ordinary, own = member_window(schedule, ORDINARY_MEMBERSHIP), member_window(schedule, membership)
        due = timeline.edition_deadline(base_due, shift=shift, window=ordinary)
        mine = timeline.member_deadline(due, ordinary=ordinary, own=own, extra_days=membership.extra_days)
        return due, mine, own

    @given(schedules(), memberships, moments, shifts)
    def test_it_never_lies_after_the_members_own_end(self, schedule, membership, base_due, shift):
        _due, mine, own = self.both(schedule, membership, base_due, shift)
        assert own.closes_at is None or mine <= own.closes_at

    @given(schedules(), moments, shifts)
    def test_ordinary_members_have_the_editions(self, schedule, base_due, shift):
        due, mine, _own = self.both(schedule, ORDINARY_MEMBERSHIP, base_due, shift)
        assert mine == due

    @given(schedules(), st.integers(1, 5), moments, shifts)
    def test_extra_days_move_every_deadline_by_as_many(self, schedule, extra_days, base_due, shift):
        due, mine, own = self.both(schedule, timeline.Membership(extra_days=extra_days), base_due, shift)
        ordinary_end = schedule.window.closes_at
        assert mine == due + timedelta(days=extra_days)
        assert ordinary_end is None or own.closes_at == ordinary_end + timedelta(days=extra_days)

    @given(schedules(), memberships, moments, moments, shifts)
    def test_the_order_of_deadlines_stays(self, schedule, membership, one, other, shift):
        earlier, later = sorted((one, other))
        assert self.both(schedule, membership, earlier, shift)[1] <= self.both(schedule, membership, later, shift)[1]


class TestTheRuleForHosts:
    FRACTION = timedelta(microseconds=5)

    def test_to_the_second_and_only_where_it_differs(self):
        ordinary = Window(SPRING.opens_at, SPRING.closes_at + self.FRACTION)
        longer = Window(ordinary.opens_at, ordinary.closes_at + 3 * DAY)
        shorter = Window(ordinary.opens_at, SPRING.opens_at + DAY + self.FRACTION)
        late = Window(SPRING.opens_at + DAY, ordinary.closes_at)
        people = (PersonalWindow(1, longer, 3), PersonalWindow(2, shorter, 0), PersonalWindow(3, late, 0))
        rule = Deadlines(shift=10 * DAY, ordinary=ordinary, personal=people)
        middle, after_the_end = SPRING.opens_at + 20 * DAY, SPRING.closes_at
        assert (rule.due(middle), rule.due(after_the_end)) == (middle + 10 * DAY, SPRING.closes_at)
        assert rule.personal_dues(rule.due(middle)) == {1: middle + 13 * DAY, 2: SPRING.opens_at + DAY}
        assert rule.personal_dues(rule.due(after_the_end)) == {1: SPRING.closes_at + 3 * DAY, 2: SPRING.opens_at + DAY}

    def test_an_edition_without_deadlines_has_none_for_anybody(self):
        rule = Deadlines(shift=None, personal=(PersonalWindow(1, SPRING, 3),))
        assert rule.due(NOW) is None


@pytest.mark.django_db(databases="__all__")
class TestTheRuleOfAnEdition:
    @pytest.fixture
    def tides(self, make_base_course):
        return make_base_course(window=Window(NOW - 100 * DAY, None))

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_names_those_whose_window_is_not_the_ordinary_one(
        self, count, tides, make_session, make_user, django_assert_num_queries
    ):
        people = {name: make_user(name) for name in ("lea", "max", "gone", *(f"ordinary-{n}" for n in range(count)))}
        session = make_session(courses=[tides], members=people.values())
        api.set_member_dates(session, ["lea"], extra_days=3, reason="", actor=SYSTEM, now=NOW)
        api.set_member_dates(session, ["max"], closes_at=NOW, reason="", actor=SYSTEM, now=NOW)
        api.set_member_dates(session, ["gone"], extra_days=9, reason="", actor=SYSTEM, now=NOW)
        api.remove_members(session, ["gone"], actor=SYSTEM, now=NOW)
        edition = session.editions.select_related("session").get()
        with django_assert_num_queries(8):
            deadlines = edition_spec(edition, now=NOW).deadlines
        opens, closes = NOW - 10 * DAY, NOW + 10 * DAY
        personal = [
            PersonalWindow(people["lea"].pk, Window(opens, closes + 3 * DAY), 3),
            PersonalWindow(people["max"].pk, Window(opens, NOW), 0),
        ]
        assert deadlines == Deadlines(
            shift=90 * DAY,
            ordinary=Window(opens, closes),
            personal=tuple(sorted(personal, key=lambda person: person.user_id)),
        )

    def test_in_a_duration_session_it_names_whoever_has_entered(self, tides, make_session, make_user):
        lea, max_ = make_user("lea"), make_user("max")
        values = {"duration_days": 30, "opens_at": None, "closes_at": None}
        session = make_session(courses=[tides], members=[lea, max_], **values)
        edition = session.editions.get()
        api.set_deadlines(edition, KEEP, actor=SYSTEM, now=NOW)
        api.record_first_entry(edition.pk, user_id=lea.pk, now=NOW)
        edition = session.editions.select_related("session").get()
        assert edition_spec(edition, now=NOW).deadlines == Deadlines(
            shift=timedelta(), personal=(PersonalWindow(lea.pk, Window(None, NOW + 30 * DAY), 0),)
        )

    @pytest.mark.parametrize(
        ("policy", "values"), [(NONE, {}), (SHIFT, {"duration_days": 30, "opens_at": None, "closes_at": None})]
    )
    def test_where_there_are_none_nobody_is_named(self, tides, make_session, make_user, policy, values):
        session = make_session(courses=[tides], members=[make_user("lea")], **values)
        api.set_member_dates(session, ["lea"], extra_days=3, reason="", actor=SYSTEM, now=NOW)
        api.set_deadlines(session.editions.get(), policy, actor=SYSTEM, now=NOW)
        edition = session.editions.select_related("session").get()
        rule = edition_spec(edition, now=NOW).deadlines
        assert (rule.shift, rule.personal) == (None, ())


@pytest.mark.django_db(databases="__all__")
class TestDeciding:
    @pytest.fixture
    def edition(self, make_session, make_base_course):
        return make_session(courses=[make_base_course()]).editions.get()

    def test_new_editions_shift_unless_told_otherwise(self, make_session, make_base_course):
        session, tides, bread = make_session(), make_base_course(), make_base_course()
        api.add_courses(session, [tides], actor=SYSTEM, now=NOW)
        api.add_courses(session, [bread], deadlines=NONE, actor=SYSTEM, now=NOW)
        policies = dict(session.editions.values_list("base_key", "deadlines"))
        assert policies == {tides: SHIFT.value, bread: NONE.value}

    def test_a_decision_is_kept_and_the_platform_told(self, edition):
        changed = api.set_deadlines(edition, KEEP, actor=SYSTEM, now=NOW)
        edition.refresh_from_db()
        assert (changed.deadlines, edition.deadlines) == (KEEP.value, KEEP.value)
        assert edition.wanted_revision == edition.applied_revision + 1
        assert edition.history.latest().history_change_reason == "Deadlines decided anew."

    def test_what_holds_already_changes_nothing(self, edition):
        lines = edition.history.count()
        api.set_deadlines(edition, SHIFT, actor=SYSTEM, now=NOW)
        revision = edition.wanted_revision
        edition.refresh_from_db()
        assert (edition.wanted_revision, edition.history.count()) == (revision, lines)

    def test_a_policy_nobody_knows_is_refused(self, edition):
        with pytest.raises(InvalidInput) as refusal:
            api.set_deadlines(edition, "double", actor=SYSTEM, now=NOW)
        assert refusal.value.errors.keys() == {"deadlines"}

    def test_a_course_that_was_taken_out_is_not_found(self, edition):
        api.remove_courses(edition.session, [edition.base_key], actor=SYSTEM, now=NOW)
        with pytest.raises(NotFound):
            api.set_deadlines(edition, KEEP, actor=SYSTEM, now=NOW)

    def test_coaches_decide_unless_the_schedule_is_locked(self, edition, coach_of):
        coach = coach_of(edition.session)
        api.set_deadlines(edition, KEEP, actor=coach, now=NOW)
        api.set_locks(edition.session, [Lock.SCHEDULE], reason="Exam board", actor=SYSTEM, now=NOW)
        with pytest.raises(Locked, match="Exam board"):
            api.set_deadlines(edition, NONE, actor=coach, now=NOW)
        edition.refresh_from_db()
        assert edition.deadlines == KEEP.value

    def test_members_may_not_and_strangers_do_not_learn_of_it(self, edition):
        member = Actor(member_session_ids=frozenset({edition.session_id}))
        for actor, error in ((member, NotAllowed), (ANONYMOUS, NotFound)):
            with pytest.raises(error):
                api.set_deadlines(edition, NONE, actor=actor, now=NOW)


@pytest.mark.django_db(databases="__all__")
class TestPreview:
    DUE = NOW + 100 * DAY

    @pytest.fixture
    def tides(self, make_base_course):
        return make_base_course(window=Window(NOW + 95 * DAY, None), due=self.DUE)

    def test_both_dates_side_by_side_for_each_policy(self, tides, make_session, django_assert_num_queries):
        session = make_session(courses=[tides])
        shown = {}
        for policy in DeadlinePolicy:
            with django_assert_num_queries(2 if policy == SHIFT else 1):
                (line,) = api.edition_deadlines(session, tides, policy, actor=SYSTEM)
            shown[policy] = (line.base_due, line.due)
        assert shown == {
            SHIFT: (self.DUE, NOW - 5 * DAY),
            KEEP: (self.DUE, NOW + 10 * DAY),
            NONE: (self.DUE, None),
        }

    def test_it_needs_neither_an_edition_nor_a_stored_session(self, tides):
        planned = CohortSession(status=SessionStatus.DRAFT.value, opens_at=NOW, closes_at=NOW + 90 * DAY)
        (line,) = api.edition_deadlines(planned, tides, SHIFT, actor=SYSTEM)
        assert (line.base_due, line.due) == (self.DUE, NOW + 5 * DAY)

    def test_coaches_see_it_for_the_courses_they_run(self, tides, make_base_course, make_session, coach_of):
        session, elsewhere = make_session(courses=[tides]), make_base_course(due=self.DUE)
        coach = coach_of(session)
        assert len(api.edition_deadlines(session, tides, NONE, actor=coach)) == 1
        for actor, course in ((coach, elsewhere), (ANONYMOUS, tides)):
            with pytest.raises(NotFound):
                api.edition_deadlines(session, course, NONE, actor=actor)
