"""Deadlines inside a course travel with the edition, and are each learner's own where their window is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, DeadlinePolicy
from cohort_sessions.host import Deadline, Deadlines, PersonalWindow
from cohort_sessions.timeline import Window

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)


@pytest.fixture
def today(now):
    """This moment, to the second."""
    return now.replace(microsecond=0)


@pytest.fixture
def ordinary(today) -> Window:
    """A window that opened a month ago and closes in a month."""
    return Window(today - 30 * DAY, today + 30 * DAY)


@pytest.fixture
def make_dated(make_base_course, make_edition, ordinary, today):
    """
    An edition of a course whose problem was due a hundred days ago.

    Args:
        shift: days by which the edition moves it; ``None``: it carries no deadlines.
        personal: account -> days by which their window, and their deadlines, are longer.
    """

    def make(shift: int | None = 0, *, personal=None, base_key=None):
        base_key = base_key or make_base_course(due=today - 100 * DAY)
        return make_edition(base_key=base_key, window=ordinary, deadlines=rule(shift, ordinary, personal or {}))

    return make


def rule(shift: int | None, ordinary: Window, personal: dict) -> Deadlines:
    """The rule of `make_dated`."""
    longer = [
        PersonalWindow(user.pk, Window(ordinary.opens_at, ordinary.closes_at + days * DAY), days)
        for user, days in personal.items()
    ]
    return Deadlines(
        None if shift is None else shift * DAY, ordinary, tuple(sorted(longer, key=lambda who: who.user_id))
    )


@pytest.mark.parametrize(
    ("shift", "expected", "is_taken"),
    [(103, 3, True), (90, -10, False), (0, -30, False), (500, 30, True), (None, None, True)],
    ids=["shifted", "shifted and over", "kept before the opening", "beyond the closing", "none"],
)
def test_the_problem_is_due_when_the_edition_says(
    make_dated, make_user, enrol, answer, due_of, today, shift, expected, is_taken
):
    """Clamped to the window: never before its opening, never after its closing."""
    lea, key = make_user(), make_dated(shift).edition_key
    enrol(key, lea)
    assert due_of(key, lea) == (None if expected is None else today + expected * DAY)
    assert answer(key, lea) is is_taken


def test_a_date_inside_the_window_is_kept(make_base_course, make_dated, make_user, enrol, due_of, today):
    due = today + 5 * DAY
    lea, key = make_user(), make_dated(0, base_key=make_base_course(due=due)).edition_key
    enrol(key, lea)
    assert due_of(key, lea) == due


@pytest.mark.parametrize("shift", [50, None])
def test_what_has_no_date_gets_none(host, make_base_course, make_dated, make_user, enrol, answer, due_of, shift):
    lea, base_key = make_user(), make_base_course()
    spec = make_dated(shift, base_key=base_key, personal={lea: 3})
    enrol(spec.edition_key, lea)
    assert due_of(spec.edition_key, lea) is None
    assert answer(spec.edition_key, lea)
    assert host.deadlines(base_key, spec.deadlines) == []


class TestPersonal:
    def test_extra_days_are_theirs_alone(self, make_dated, make_user, enrol, answer, due_of, today):
        lea, max_ = make_user("lea"), make_user("max")
        spec = make_dated(98, personal={lea: 5})
        sibling = make_dated(98, base_key=spec.base_key)
        for key in (spec.edition_key, sibling.edition_key):
            enrol(key, lea, max_)
        assert [due_of(key, who) for key in (spec.edition_key, sibling.edition_key) for who in (lea, max_)] == [
            today + 3 * DAY,
            today - 2 * DAY,
            today - 2 * DAY,
            today - 2 * DAY,
        ]
        assert [answer(key, who) for key in (spec.edition_key, sibling.edition_key) for who in (lea, max_)] == [
            True,
            False,
            False,
            False,
        ]

    def test_none_lies_after_their_own_end(
        self, make_base_course, make_edition, make_user, enrol, due_of, ordinary, today
    ):
        """Neither for one who ends before the others, nor for one whose extra days run past her end."""
        lea, max_ = make_user("lea"), make_user("max")
        early, late = Window(ordinary.opens_at, today + DAY), Window(ordinary.opens_at, today + 12 * DAY)
        personal = (PersonalWindow(lea.pk, early, 0), PersonalWindow(max_.pk, late, 7))
        deadlines = Deadlines(timedelta(), ordinary, tuple(sorted(personal)))
        spec = make_edition(base_key=make_base_course(due=today + 10 * DAY), window=ordinary, deadlines=deadlines)
        enrol(spec.edition_key, lea, max_)
        assert (due_of(spec.edition_key, lea), due_of(spec.edition_key, max_)) == (early.closes_at, late.closes_at)

    def test_who_becomes_ordinary_has_what_everybody_has(
        self, host, make_dated, make_user, enrol, answer, due_of, ordinary, today
    ):
        lea, max_ = make_user("lea"), make_user("max")
        spec = make_dated(98, personal={lea: 5, max_: 5})
        enrol(spec.edition_key, lea, max_)
        assert due_of(spec.edition_key, lea) == today + 3 * DAY
        report = host.apply_edition(replace(spec, revision=2, deadlines=rule(98, ordinary, {max_: 5})))
        assert report.failed == ()
        assert (due_of(spec.edition_key, lea), due_of(spec.edition_key, max_)) == (today - 2 * DAY, today + 3 * DAY)
        assert (answer(spec.edition_key, lea), answer(spec.edition_key, max_)) == (False, True)

    def test_they_follow_the_editions(self, host, make_dated, make_user, enrol, due_of, ordinary, today):
        lea = make_user()
        spec = make_dated(98, personal={lea: 5})
        enrol(spec.edition_key, lea)
        assert due_of(spec.edition_key, lea) == today + 3 * DAY
        for shift, expected in ((108, today + 13 * DAY), (None, None), (97, today + 2 * DAY)):
            host.apply_edition(replace(spec, revision=2, deadlines=rule(shift, ordinary, {lea: 5})))
            assert due_of(spec.edition_key, lea) == expected


class TestApplying:
    def test_twice_changes_nothing_the_second_time(self, host, make_dated, make_user):
        spec = make_dated(98, personal={make_user(): 5})
        assert host.apply_edition(spec).changed == ()

    def test_planning_shows_it_and_changes_nothing(self, host, make_dated, make_user, enrol, due_of, ordinary):
        lea, spec = make_user(), make_dated(98)
        enrol(spec.edition_key, lea)
        before = due_of(spec.edition_key, lea)
        other = replace(spec, revision=2, deadlines=rule(50, ordinary, {lea: 5}))
        planned = host.plan_edition(other)
        assert {"deadlines", "personal_deadlines"} <= set(planned.changed)
        assert due_of(spec.edition_key, lea) == before
        assert host.apply_edition(other).changed == planned.changed

    def test_the_base_course_keeps_its_own(self, host, make_dated, make_user, make_foreign_enrolment, due_of, today):
        lea = make_user()
        spec = make_dated(98, personal={lea: 5})
        make_foreign_enrolment(spec.base_key, lea)
        assert due_of(spec.base_key, lea) == today - 100 * DAY


class TestPreview:
    def test_both_dates_side_by_side(self, host, make_base_course, ordinary, today):
        base_due = today - 100 * DAY
        base_key = make_base_course(due=base_due)
        shown = {shift: host.deadlines(base_key, rule(shift, ordinary, {})) for shift in (98, 0, None)}
        (line,) = shown[98]
        assert line == Deadline(line.block_id, line.title, base_due, today - 2 * DAY)
        assert line.title.count(": ") == 1
        assert shown[0] == [replace(line, due=ordinary.opens_at)]
        assert shown[None] == [replace(line, due=None)]

    def test_a_course_nobody_knows_has_none(self, host, base_key):
        assert host.deadlines(base_key.replace(run="never"), Deadlines()) == []


class TestSessions:
    """The whole way, from an operation to the learner."""

    @pytest.fixture
    def spring(self, make_base_course, make_session, make_user, today):
        """A session of a course that began a hundred days before it, with Lea and Max in it."""
        base_key = make_base_course(window=Window(today - 110 * DAY, None), due=today - 102 * DAY)
        return make_session(
            courses=[base_key],
            members=[make_user("lea"), make_user("max")],
            opens_at=today - 10 * DAY,
            closes_at=today + 10 * DAY,
        )

    @pytest.fixture
    def dues(self, spring, due_of, today):
        """The deadlines of Lea and of Max, in days from today."""
        from django.contrib.auth import get_user_model

        key = spring.editions.get().edition_key
        people = [get_user_model().objects.get(username=name) for name in ("lea", "max")]
        return lambda: [None if due is None else (due - today) / DAY for due in (due_of(key, who) for who in people)]

    def test_extra_days_come_and_go(self, spring, dues, committed, now):
        assert dues() == [-2, -2]
        for days, expected in ((5, 3), (40, 38), (0, -2)):
            with committed():
                api.set_member_dates(spring, ["lea"], extra_days=days, reason="ill", actor=SYSTEM, now=now)
            assert dues() == [expected, -2]

    def test_each_policy_is_seen_when_it_is_decided(self, spring, dues, committed, now):
        edition = spring.editions.get()
        for policy, expected in (
            (DeadlinePolicy.KEEP, -10),
            (DeadlinePolicy.NONE, None),
            (DeadlinePolicy.SHIFT, -2),
        ):
            with committed():
                api.set_deadlines(edition, policy, actor=SYSTEM, now=now)
            assert dues() == [expected, expected]

    def test_the_opening_takes_them_along(self, spring, dues, committed, now, today):
        with committed():
            api.edit_session(spring, opens_at=today - 5 * DAY, actor=SYSTEM, now=now)
        assert dues() == [3, 3]

    def test_they_survive_a_publish_and_follow_the_author(
        self, spring, dues, committed, now, today, reschedule_base_course
    ):
        base_key = spring.editions.get().base_key
        with committed():
            api.set_member_dates(spring, ["lea"], extra_days=5, reason="ill", actor=SYSTEM, now=now)
        for base_due, expected in ((-99, [6, 1]), (None, [None, None]), (-100, [5, 0])):
            reschedule_base_course(base_key, None if base_due is None else today + base_due * DAY)
            assert dues() == expected
