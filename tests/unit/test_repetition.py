"""A session made after another: by hand at another time, or by itself before the last one ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort_sessions import api
from cohort_sessions.data import (
    SYSTEM,
    Actor,
    DeadlinePolicy,
    Joining,
    Lock,
    PrerequisiteCondition,
    SessionStatus,
    TeamRole,
)
from cohort_sessions.errors import HostRefused, InvalidInput, NotAllowed, NotFound
from cohort_sessions.models import CohortSession, CourseEdition, ParallelGroup, SessionRepetition
from cohort_sessions.operations import _copies
from cohort_sessions.operations.lifecycle import Step
from cohort_sessions.queries.session_drafts import EDITABLE_FIELDS
from cohort_sessions.timeline import CalendarShift, Window
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
PARIS = ZoneInfo("Europe/Paris")
LATER = NOW + 100 * DAY


def paris(month: int, day: int, hour: int = 0, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS, fold=fold).astimezone(UTC)


class TestShift:
    """On the clocks of a zone. In Paris they go forward at 2:00 on 29 March, and back at 3:00 on 25 October."""

    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            (paris(3, 28, 23, 59), paris(4, 27, 23, 59)),
            (paris(3, 31), paris(4, 30)),
            (paris(2, 27, 2, 30), paris(3, 29, 3, 30)),
            (paris(9, 25, 2, 30), paris(10, 25, 2, 30, fold=0)),
            (None, None),
        ],
        ids=["before the change", "after it", "skipped", "twice", "unbounded"],
    )
    def test_the_clock_shows_the_same(self, moment, expected):
        shift = CalendarShift.by_days(paris(3, 1), 30, PARIS)
        assert shift.moment(moment) == expected

    def test_midnight_stays_midnight_though_the_hours_differ(self):
        window = Window(paris(3, 2), paris(3, 23))
        moved = CalendarShift(window.opens_at, paris(3, 16), PARIS).window(window)
        assert moved == Window(paris(3, 16), paris(4, 6))
        assert (moved.closes_at - moved.opens_at) == (window.closes_at - window.opens_at) - timedelta(hours=1)

    def test_a_window_is_not_turned_around_by_a_skipped_hour(self):
        window = Window(paris(3, 22, 2, 30), paris(3, 22, 3, 15))
        moved = CalendarShift.by_days(window.opens_at, 7, PARIS).window(window)
        assert moved == Window(paris(3, 29, 3, 30), paris(3, 29, 4, 15))

    @given(
        opens=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        length=st.timedeltas(timedelta(seconds=1), timedelta(days=200)),
        target=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        zone=st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
    )
    def test_any_window_to_any_opening(self, opens, length, target, zone):
        """It opens exactly when asked, is never turned around, and closes on the same clock so many days later."""
        zone = ZoneInfo(zone)
        window = Window(opens, opens + length)
        moved = CalendarShift(opens, target, zone).window(window)
        assert moved.opens_at == target
        assert moved.closes_at > moved.opens_at

        def shown(moment):
            return moment.astimezone(zone).replace(tzinfo=None)

        off = (shown(moved.closes_at) - shown(target)) - (shown(window.closes_at) - shown(opens))
        # Off the clock only where that time does not exist, or the change of clocks lies inside less than an hour.
        assert abs(off) <= timedelta(hours=1)
        landed = shown(window.closes_at) + (shown(target) - shown(opens))
        exists = shown(landed.replace(tzinfo=zone).astimezone(UTC)) == landed
        if exists and landed.replace(tzinfo=zone).astimezone(UTC) > target:
            assert off == timedelta()


@pytest.fixture
def original(make_session, make_base_course, make_user):
    """A session with everything that can hang on one."""
    first, second, gone = (make_base_course(title=title) for title in ("Tides", "Stars", "Gone"))
    session = make_session(
        courses=[first, second, gone],
        members=[make_user("lea")],
        title="Spring",
        description="All of it.",
        organisation="Sea",
        opens_at=paris(3, 2),
        closes_at=paris(3, 23),
        team_closes_at=paris(4, 2),
        enrolment_closes_at=paris(3, 9),
        after_close="hidden",
        archive_after_days=30,
        time_zone="Europe/Paris",
        joining=Joining.CODE.value,
        enrolment_code="ebb",
        capacity=5,
        offer_days=2,
        parallel_group=ParallelGroup.objects.create(name="Spring"),
    )
    by_system = {"actor": SYSTEM, "now": NOW}
    api.order_courses(session, [second, first, gone], **by_system)
    api.set_deadlines(session.editions.get(base_key=first), DeadlinePolicy.NONE, **by_system)
    api.remove_courses(session, [gone], **by_system)
    api.assign_session_team(session, TeamRole.ADMINISTRATOR, [make_user("ada").username], **by_system)
    closed = make_user("closed")
    api.assign_session_team(session, TeamRole.SESSION_COACH, ["closed", make_user("ben").username], **by_system)
    closed.is_active = False
    closed.save()
    api.assign_course_coaches(session.editions.get(base_key=first), [make_user("cora").username], **by_system)
    api.set_locks(session, {Lock.TEAM}, reason="Settled.", **by_system)
    required = make_session(title="Basics")
    api.set_prerequisites(session, {required: PrerequisiteCondition.PASSED}, **by_system)
    api.enrol_members(session, [make_user("max").username], **by_system)
    session.refresh_from_db()
    return session


def content(session: CohortSession) -> dict:
    """What hangs on a session and is taken over."""
    editions = session.editions.filter(withdrawn_at=None)
    return {
        "courses": list(editions.values_list("base_key", "deadlines")),
        "team": sorted(session.team.filter(user__is_active=True).values_list("user__username", "role")),
        "coaches": sorted(editions.values_list("base_key", "coaches__user__username")),
        "locks": list(session.locks.values_list("name", "reason")),
        "prerequisites": list(session.prerequisites.values_list("required__title", "condition")),
    }


def duplicate(session, *, opens_at=LATER, actor=SYSTEM, title="Summer", **values) -> CohortSession:
    return api.duplicate_session(session, opens_at=opens_at, title=title, zone=PARIS, actor=actor, now=NOW, **values)


class TestDuplicate:
    """By hand."""

    def test_a_draft_with_everything_but_people(self, original):
        copy = duplicate(original, opens_at=paris(3, 16))
        copy.refresh_from_db()
        assert (copy.title, copy.code, copy.status) == ("Summer", "summer", SessionStatus.DRAFT)
        same = ("description", "organisation", "after_close", "archive_after_days", "time_zone", "joining", "capacity")
        assert [getattr(copy, name) for name in same] == [getattr(original, name) for name in same]
        assert content(copy) == content(original)
        assert len(content(copy)["courses"]) == 2
        assert not copy.members.exists()
        assert not copy.requests.exists()
        dates = (copy.opens_at, copy.closes_at, copy.team_opens_at, copy.team_closes_at, copy.enrolment_closes_at)
        assert dates == (paris(3, 16), paris(4, 6), None, paris(4, 16), paris(3, 23))
        assert copy.history.first().history_change_reason == "Copied from “spring”."

    def test_its_editions_are_its_own_and_become_ready(self, original, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            copy = duplicate(original)
        keys = [set(session.editions.values_list("edition_key", flat=True)) for session in (original, copy)]
        assert keys[0].isdisjoint(keys[1])
        assert {edition.state for edition in copy.editions.all()} == {"ready"}

    def test_every_field_is_decided_about(self):
        shifted = {name for window in _copies.WINDOWS for name in window}
        of_its_own = {"title", "code", "enrolment_code", "parallel_group"}
        decided = [set(_copies.TAKEN_OVER), shifted, set(_copies.REPETITION), of_its_own]
        assert set().union(*decided) == EDITABLE_FIELDS
        assert sum(len(fields) for fields in decided) == len(EDITABLE_FIELDS)

    def test_nobody_gets_in_with_the_old_code(self, original):
        copies = [duplicate(original), duplicate(original)]
        codes = {copy.enrolment_code for copy in copies} | {original.enrolment_code}
        assert len(codes) == 3
        assert {len(copy.enrolment_code) for copy in copies} == {8}
        assert {copy.parallel_group for copy in copies} == {None}

    def test_of_a_recurring_session_too_it_stands_alone(self, make_session):
        session = make_session(repeat_every_days=7, repeat_lead_days=1)
        copy = duplicate(session)
        assert (copy.repeat_every_days, copy.repeat_lead_days) == (None, None)

    @pytest.mark.parametrize(
        ("values", "opens_at"),
        [
            ({"opens_at": None}, LATER),
            ({}, None),
            ({"opens_at": None, "closes_at": None, "duration_days": 7}, LATER),
        ],
        ids=["no opening", "none given", "duration"],
    )
    def test_without_an_opening_the_dates_stay_empty(self, make_session, values, opens_at):
        session = make_session(**values)
        copy = duplicate(session, opens_at=opens_at)
        assert (copy.opens_at, copy.closes_at, copy.duration_days) == (None, None, session.duration_days)

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"title": " "}, "title"),
            ({"code": "spring"}, "code"),
            ({"opens_at": datetime(2026, 7, 1)}, "opens_at"),  # noqa: DTZ001 (the naive one is the case)
        ],
        ids=["no title", "code taken", "naive"],
    )
    def test_what_cannot_be_stored_is_named(self, original, values, field):
        before = CohortSession.objects.count()
        with pytest.raises(InvalidInput) as refusal:
            duplicate(original, **values)
        assert field in refusal.value.errors
        assert CohortSession.objects.count() == before

    def test_a_course_that_is_gone_is_told_and_nothing_is_made(self, original, host, monkeypatch):
        def refuse(*_arguments):
            raise HostRefused("There is no such course.")

        monkeypatch.setattr(type(host), "reserve_edition", refuse)
        before = CohortSession.objects.count(), CourseEdition.objects.count()
        with pytest.raises(HostRefused):
            duplicate(original)
        assert (CohortSession.objects.count(), CourseEdition.objects.count()) == before

    def test_for_those_who_manage_it(self, original, coach_of):
        for actor, error in ((coach_of(original), NotAllowed), (Actor(), NotFound)):
            with pytest.raises(error):
                duplicate(original, actor=actor)
        of_this_one = Actor(administered_session_ids=frozenset({original.pk}))
        of_the_sea = Actor(organisations=frozenset({"Sea"}))
        assert [duplicate(original, actor=actor).organisation for actor in (of_this_one, of_the_sea)] == ["Sea", "Sea"]


class TestRecurring:
    """By itself."""

    @pytest.fixture
    def recurring(self, original):
        """From 2 March to 23 March in Paris; the next one 28 days later is made five days before the end."""
        return api.edit_session(original, repeat_every_days=28, repeat_lead_days=5, actor=SYSTEM, now=paris(3, 10))

    def advance(self, session, now):
        return api.advance_session(session.pk, actor=SYSTEM, now=now).steps

    def test_made_so_many_days_before_the_end_and_once(self, recurring):
        assert self.advance(recurring, paris(3, 10)) == frozenset()
        moment = recurring.closes_at - 5 * DAY
        assert recurring.agenda.due_at == moment
        assert self.advance(recurring, moment) == {Step.REPEATED}
        for later in (moment, recurring.closes_at, recurring.closes_at + DAY):
            api.edit_session(recurring, description=str(later), actor=SYSTEM, now=later)
            assert Step.REPEATED not in self.advance(recurring, later)
        repetition = SessionRepetition.objects.get()
        assert (repetition.original, repetition.made_at) == (recurring, moment)

    def test_it_is_like_the_last_one_in_its_own_calendar_and_recurs_in_turn(self, recurring):
        self.advance(recurring, recurring.closes_at - 5 * DAY)
        second = recurring.repetition.successor
        assert (second.title, second.code, second.status) == ("Spring (2)", "spring-2", SessionStatus.PUBLISHED)
        assert (second.opens_at, second.closes_at) == (paris(3, 30), paris(4, 20))
        assert content(second) == content(recurring)
        assert not second.members.exists()
        self.advance(second, second.closes_at - 5 * DAY)
        third = second.repetition.successor
        assert (third.title, third.opens_at) == ("Spring (3)", paris(4, 27))

    def test_one_that_would_be_over_already_is_skipped(self, recurring):
        self.advance(recurring, paris(6, 1))
        assert recurring.repetition.successor.opens_at == paris(5, 25)

    def test_where_a_course_is_gone_somebody_has_to_decide(self, recurring, host, monkeypatch):
        real, gone = type(host).reserve_edition, recurring.editions.first().base_key

        def refuse_one(self, base_key, uuid):
            if base_key == gone:
                raise HostRefused("There is no such course.")
            return real(self, base_key, uuid)

        monkeypatch.setattr(type(host), "reserve_edition", refuse_one)
        assert Step.REPEATED in self.advance(recurring, recurring.closes_at)
        made = recurring.repetition.successor
        assert (made.status, made.editions.count()) == (SessionStatus.DRAFT, 1)
        assert made.history.first().history_change_reason == "Left as a draft: There is no such course."

    @pytest.mark.parametrize(
        ("title", "following"), [("Spring (2026)", "Spring (2026) (2)"), ("x" * 150, "x" * 146 + " (2)")]
    )
    def test_titles(self, recurring, title, following):
        api.edit_session(recurring, title=title, actor=SYSTEM, now=NOW)
        self.advance(recurring, NOW)
        assert recurring.repetition.successor.title == following
