"""How far the learners of each edition had come, day by day, as the tick counts it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import api, tasks
from cohort_sessions.data import ANONYMOUS, SYSTEM, Actor, MemberStatus, ResultPart, SessionStatus
from cohort_sessions.errors import NotAllowed
from cohort_sessions.host import LearnerProgress
from cohort_sessions.models import ActiveDay, CohortSession, CourseEdition, EditionDay, Member, SessionAgenda
from cohort_sessions.operations import edition_days
from cohort_sessions.operations.edition_days import record_edition_days
from tests.unit.conftest import NOW
from tests.unit.test_ledger import Platform

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TODAY = NOW.date()
COUNTS = ("learners", "active", "passed", "graded", "grades", "completed", "completable")


@pytest.fixture(autouse=True)
def _no_hour_is_counted():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def platform(host, monkeypatch):
    platform = Platform()
    monkeypatch.setattr(type(host), "grades", lambda _self, *asked: platform.grades(*asked))
    monkeypatch.setattr(type(host), "progress", lambda _self, *asked: platform.progress(*asked))
    return platform


@pytest.fixture
def people(make_user):
    return [make_user(name) for name in ("ada", "ben", "cleo", "dan")]


@pytest.fixture
def session(make_session, make_base_course, people):
    """Two courses and four members, from ten days ago to in ten days; results are final five days after."""
    courses = [make_base_course(title=title) for title in ("Tides", "Waves")]
    return make_session(courses=courses, members=people, results_final_after_days=5)


@pytest.fixture
def edition(session):
    return session.editions.first()


def count(now=NOW, actor=SYSTEM) -> int:
    return record_edition_days(actor=actor, now=now)


def counted(**condition) -> list[tuple[date, tuple]]:
    """Day by day what was counted."""
    rows = EditionDay.objects.filter(**condition).order_by("day", "edition")
    return [(row.day, tuple(getattr(row, name) for name in COUNTS)) for row in rows]


class TestCounting:
    """Members with a place, as the ledger has them."""

    @pytest.fixture
    def worked(self, edition, people, platform):
        """Ada has passed, Ben has failed and worked yesterday, Cleo has only begun, Dan has not."""
        for user, grade, completed in zip(people, (0.75, 0.25, None), (4, 2, 1), strict=False):
            if grade is not None:
                platform.grade(edition, user, grade)
            platform.complete(edition, user, completed)
        api.record_results(edition.edition_key, [user.pk for user in people], now=NOW)
        ActiveDay.objects.filter(member__user=people[1], day=TODAY).delete()

    def test_everybody_and_nobody(self, session, edition, worked):
        assert count() == 2
        assert counted(edition=edition) == [(TODAY, (4, 2, 1, 2, 1.0, 7, 16))]
        assert counted(edition=session.editions.last()) == [(TODAY, (4, 0, 0, 0, 0.0, 0, 0))]

    def test_who_left_does_not_count_nor_does_another_session_of_the_same_course(
        self, session, edition, people, worked, make_session, platform
    ):
        other = make_session(title="Autumn", courses=[edition.base_key], members=people[3:]).editions.get()
        platform.grade(other, people[3], 1.0)
        api.record_results(other.edition_key, [people[3].pk], parts={ResultPart.GRADE}, now=NOW)
        api.remove_members(session, ["ada"], actor=SYSTEM, now=NOW)
        count()
        assert counted(edition=edition) == [(TODAY, (3, 1, 0, 1, 0.25, 3, 12))]
        assert counted(edition=other) == [(TODAY, (1, 0, 1, 1, 1.0, 0, 0))]

    def test_an_edition_without_members_is_there_with_nobody(self, make_session, make_base_course):
        make_session(courses=[make_base_course()])
        assert count() == 1
        assert counted() == [(TODAY, (0, 0, 0, 0, 0.0, 0, 0))]

    def test_again_on_the_same_day_takes_its_place(self, edition, people, worked, platform):
        count()
        platform.grade(edition, people[1], 0.5)
        platform.complete(edition, people[1], 3)
        api.record_results(edition.edition_key, [people[1].pk], now=NOW)
        assert [count(NOW + HOUR), count(NOW + HOUR)] == [2, 2]
        assert counted(edition=edition) == [(TODAY, (4, 3, 2, 2, 1.25, 8, 16))]

    def test_each_day_has_its_own_and_a_day_that_was_missed_has_none(self, edition, worked):
        for days in (0, 1, 4):
            count(NOW + days * DAY)
        active = {row.day: row.active for row in EditionDay.objects.filter(edition=edition)}
        assert active == {TODAY: 2, TODAY + DAY: 0, TODAY + 4 * DAY: 0}

    def test_the_first_hour_of_a_day_brings_the_day_before_to_its_end(self, edition, people, worked, platform):
        midnight = NOW.replace(hour=0) + DAY
        count()
        late = midnight - MINUTE
        key = edition.edition_key
        platform.done[key, people[3].pk] = LearnerProgress(key, people[3].pk, 1, 4, late, late)
        api.record_results(edition.edition_key, [people[3].pk], now=midnight)
        count(midnight + 4 * MINUTE)
        assert counted(edition=edition) == [(TODAY, (4, 3, 1, 2, 1.0, 8, 16)), (TODAY + DAY, (4, 0, 1, 2, 1.0, 8, 16))]

    def test_a_day_that_was_missed_is_not_made_up_after_midnight(self, edition):
        count(NOW.replace(hour=0) + DAY)
        assert [day for day, _counts in counted(edition=edition)] == [TODAY + DAY]

    def test_days_are_those_of_utc(self, edition, settings):
        settings.TIME_ZONE = "Asia/Tokyo"
        count(NOW.replace(hour=23))
        assert [day for day, _counts in counted(edition=edition)] == [TODAY]


class TestWhich:
    """From the opening until results are final."""

    def test_from_the_opening_to_the_last_final_result(self, session, edition, people, platform):
        platform.grade(edition, people[0], 0.75)
        api.record_results(edition.edition_key, [people[0].pk], now=NOW)
        opens, closes = session.opens_at, session.closes_at
        found = []
        for moment in (opens - MINUTE, opens, closes, closes + 5 * DAY - MINUTE, closes + 5 * DAY, closes + 8 * DAY):
            tasks.pass_time(now=moment)
            if moment == closes + 5 * DAY:
                api.finalise_results(session, actor=SYSTEM, now=moment)
            found.append(count(moment))
        assert found == [0, 2, 2, 2, 2, 0]

    def test_where_results_are_never_final_until_a_week_after_the_end(self, session):
        session = api.edit_session(session, results_final_after_days=None, actor=SYSTEM, now=NOW)
        tasks.pass_time(now=session.closes_at)
        week = session.closes_at + 7 * DAY
        assert [count(week - MINUTE), count(week)] == [2, 0]

    def test_a_member_with_an_opening_of_their_own_may_be_early(self, make_session, make_base_course, people):
        session = make_session(
            courses=[make_base_course()], members=people[:1], opens_at=NOW + DAY, closes_at=NOW + 9 * DAY
        )
        assert count() == 0
        api.set_member_dates(session, ["ada"], opens_at=NOW, actor=SYSTEM, now=NOW)
        assert count() == 1

    def test_a_session_without_dates_is_always_under_way(self, make_session, make_base_course):
        make_session(courses=[make_base_course()], opens_at=None, closes_at=None, duration_days=30)
        assert [count(), count(NOW + 999 * DAY)] == [1, 1]

    @pytest.mark.parametrize("status", sorted(set(SessionStatus) - {SessionStatus.PUBLISHED}))
    def test_only_published_sessions(self, session, status):
        CohortSession.objects.update(status=status.value)
        assert (count(), counted()) == (0, [])

    def test_a_course_that_was_withdrawn_keeps_what_was_counted(self, session, edition):
        count()
        CourseEdition.objects.filter(pk=edition.pk).update(withdrawn_at=NOW)
        assert count(NOW + DAY) == 1
        assert [day for day, _counts in counted(edition=edition)] == [TODAY]


class TestPermission:
    """As for the operations beside it."""

    def test_who_manages_nothing_may_not(self, session, coach_of):
        for actor in (ANONYMOUS, coach_of(session)):
            with pytest.raises(NotAllowed):
                count(actor=actor)
        assert counted() == []

    def test_an_administrator_counts_what_is_theirs(self, session, make_session, make_base_course):
        other = make_session(title="Autumn", courses=[make_base_course()])
        assert count(actor=Actor(user_id=1, administered_session_ids=frozenset({other.pk}))) == 1
        assert list(EditionDay.objects.values_list("edition__session", flat=True)) == [other.pk]


def plant(sessions: int, *, user) -> None:
    """So many running sessions of one course with one member each; nothing in them is due."""
    moments = {"created_at": NOW, "modified_at": NOW, "opens_at": NOW - DAY, "closes_at": NOW + DAY}
    made = CohortSession.objects.bulk_create(
        CohortSession(code=f"s{number}", title="Spring", status=SessionStatus.PUBLISHED.value, **moments)
        for number in range(sessions)
    )
    SessionAgenda.objects.bulk_create(SessionAgenda(session=each, due_at=NOW + DAY, seen_at=NOW) for each in made)
    Member.objects.bulk_create(
        Member(session=each, user=user, status=MemberStatus.ACTIVE.value, enrolled_at=NOW) for each in made
    )
    base_key = CourseKey.from_string("course-v1:Example+Tides+2026")
    CourseEdition.objects.bulk_create(
        CourseEdition(
            session=each,
            base_key=base_key,
            edition_key=CourseKey.from_string(f"ccx-v1:Example+Tides+2026+ccx@{each.pk}"),
            applied_revision=1,
        )
        for each in made
    )


class TestTick:
    """The first tick of every hour."""

    def test_once_an_hour(self, session, monkeypatch):
        moments = []
        monkeypatch.setattr(edition_days, "record_edition_days", lambda *, actor, now: moments.append(now))
        for minutes in range(0, 130, 5):
            tasks.pass_time(now=NOW + minutes * MINUTE)
        assert moments == [NOW, NOW + HOUR, NOW + 2 * HOUR]

    def test_it_counts_what_came_of_everything_before(self, make_session, make_base_course, people):
        """Somebody who waits gets the seat in the same tick, before it is counted."""
        session = make_session(courses=[make_base_course()], joining="open", capacity=1, offer_days=1)
        for user in people[:2]:
            api.join_session(session, actor=Actor(user_id=user.pk), now=NOW)
        CohortSession.objects.update(offer_days=None, capacity=2)
        tasks.pass_time(now=NOW)
        assert counted() == [(TODAY, (2, 0, 0, 0, 0.0, 0, 0))]

    def test_what_fails_is_told_stops_nothing_and_is_tried_again(self, session, monkeypatch):
        def fail(**_by):
            raise RuntimeError("On fire.")

        with monkeypatch.context() as broken:
            broken.setattr(edition_days, "record_edition_days", fail)
            report = tasks.pass_time(now=NOW)
        assert (report.failures, report.sessions) == (("edition days: On fire.",), 1)
        assert tasks.pass_time(now=NOW + 5 * MINUTE).failures == ()
        assert EditionDay.objects.count() == 2

    @pytest.mark.parametrize("number", [1, 3, 100])
    def test_editions_are_counted_in_two_statements(self, make_user, number):
        plant(number, user=make_user("lea"))
        costs = []
        for minutes in (0, 5):  # the second tick of the hour counts nothing
            with CaptureQueriesContext(connection) as queries:
                report = tasks.pass_time(now=NOW + minutes * MINUTE)
            costs.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
            assert (report.sessions, report.failures) == (0, ())
        assert costs[0] - costs[1] == 2
        assert counted() == [(TODAY, (1, 0, 0, 0, 0.0, 0, 0))] * number
