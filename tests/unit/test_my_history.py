"""What somebody took and earned: the record of one session, and all of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, AfterClose, SessionStatus
from cohort_sessions.errors import NotFound
from cohort_sessions.host import SectionGrade
from cohort_sessions.models import CohortSession, CourseEdition, EditionResult, Member
from cohort_sessions.queries import my_history as module
from cohort_sessions.queries.records import CourseRecord, SessionRecord, Step
from cohort_sessions.standing import Standing
from cohort_sessions.timeline import Phase, Window
from tests.rows import copy_session
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
RUNNING = Window(NOW - 10 * DAY, NOW + 10 * DAY)
SECTION = SectionGrade("quiz", "Quiz on tides", "Homework", 7.5, 10.0)


def earn(session, user, position: int = 0, **values) -> EditionResult:
    """What the ledger says of this learner in the course at this place."""
    return EditionResult.objects.create(
        member=session.members.get(user=user),
        edition=session.editions.get(position=position),
        **{"completed": 1, "completable": 2, "as_of": NOW} | values,
    )


def account(username: str):
    return get_user_model().objects.get(username=username)


def record(session, user, now=NOW) -> SessionRecord:
    return api.my_results(session.code, user_id=user.pk, now=now).record


@pytest.fixture
def lea(make_user):
    user = make_user("lea")
    user.first_name = "Lea Brandt"
    user.save()
    return user


@pytest.fixture
def tides(make_base_course):
    return make_base_course(title="Tides")


@pytest.fixture
def crew(make_session, tides, make_base_course, lea):
    """A running session of two courses, of which Lea is a member."""
    return make_session(
        title="Crew",
        courses=[tides, make_base_course(title="Stars")],
        members=[lea],
        organisation="Sea",
        results_final_after_days=5,
    )


class TestOneSession:
    """*My results*."""

    def test_the_whole_record(self, crew, lea, tides):
        earn(
            crew,
            lea,
            grade=0.75,
            letter="B",
            passed=True,
            passed_at=NOW - 2 * DAY,
            sections=[asdict(SECTION)],
            first_activity_at=NOW - 5 * DAY,
            last_activity_at=NOW - DAY,
        )
        begun, waiting = crew.editions.order_by("position")
        found = api.my_results(crew.code, user_id=lea.pk, now=NOW)
        assert found.name == "Lea Brandt"
        assert found.record == SessionRecord(
            code=crew.code,
            title="Crew",
            organisation="Sea",
            status=SessionStatus.PUBLISHED,
            cancel_reason="",
            phase=Phase.CURRENT,
            window=RUNNING,
            duration_days=None,
            is_shown=True,
            left_at=None,
            moved_to=None,
            came_from=None,
            courses=(
                CourseRecord(
                    uuid=begun.uuid,
                    edition_key=begun.edition_key,
                    base_key=tides,
                    course_title="Tides",
                    is_withdrawn=False,
                    standing=Standing.PASSED,
                    grade=0.75,
                    letter="B",
                    passed=True,
                    passed_at=NOW - 2 * DAY,
                    completed=1,
                    completable=2,
                    first_activity_at=NOW - 5 * DAY,
                    last_activity_at=NOW - DAY,
                    as_of=NOW,
                    final_at=None,
                    becomes_final_at=RUNNING.closes_at + 5 * DAY,
                    sections=(SECTION,),
                ),
                CourseRecord(
                    uuid=waiting.uuid,
                    edition_key=waiting.edition_key,
                    base_key=waiting.base_key,
                    course_title="Stars",
                    is_withdrawn=False,
                    standing=Standing.NOT_STARTED,
                ),
            ),
        )

    def test_it_is_the_result_of_this_session_alone(self, crew, lea, tides, make_session, make_user):
        """Not of another session over the same course, of another member, nor what is done in the base course."""
        other = make_session(title="Other", courses=[tides], members=[lea, make_user("max")])
        earn(other, lea, grade=1.0, passed=True)
        earn(other, account("max"), grade=0.9)
        earn(crew, lea, grade=0.25)
        assert [course.grade for course in record(crew, lea).courses] == [0.25, None]
        assert [course.grade for course in record(other, lea).courses] == [1.0]

    def test_a_final_result_counts_and_not_what_the_platform_says_later(self, crew, lea):
        earn(crew, lea, grade=0.6, passed=True, final_at=NOW - DAY, later={"grade": 0.1, "passed": False})
        tides = record(crew, lea).courses[0]
        assert (tides.grade, tides.passed, tides.standing) == (0.6, True, Standing.PASSED)
        assert (tides.final_at, tides.becomes_final_at) == (NOW - DAY, None)

    def test_when_it_becomes_final_follows_the_own_end_and_what_was_opened_again(self, crew, lea):
        row = earn(crew, lea, grade=0.6)
        api.set_member_dates(crew, ["lea"], extra_days=3, reason="Ill", actor=SYSTEM, now=NOW)
        assert record(crew, lea).courses[0].becomes_final_at == RUNNING.closes_at + 8 * DAY
        EditionResult.objects.filter(pk=row.pk).update(reopened_at=NOW + 20 * DAY)
        assert record(crew, lea, now=NOW + 21 * DAY).courses[0].becomes_final_at == NOW + 25 * DAY
        assert record(crew, lea, now=NOW + 26 * DAY).courses[0].becomes_final_at is None

    def test_who_fell_behind_and_who_did_not_pass(self, crew, lea):
        earn(crew, lea, completed=1, completable=10, grade=0.1)
        assert record(crew, lea).courses[0].standing == Standing.BEHIND
        assert [course.standing for course in record(crew, lea, now=NOW + 11 * DAY).courses] == [
            Standing.FAILED,
            Standing.NOT_STARTED,
        ]

    @pytest.mark.parametrize(
        ("values", "stood"),
        [
            ({"grade": 0.2}, None),
            ({"grade": 0.2, "completed": 0}, None),
            ({"grade": 0.8, "passed": True}, Standing.PASSED),
            ({"completed": 0}, Standing.NOT_STARTED),
            ({"grade": 0.2, "final_at": NOW + 30 * DAY}, None),
        ],
    )
    def test_what_a_removed_member_earned_stays_and_time_stands_still_for_them(self, crew, lea, values, stood):
        earn(crew, lea, **values)
        api.remove_members(crew, ["lea"], actor=SYSTEM, now=NOW)
        found = record(crew, lea, now=NOW + 50 * DAY)
        assert (found.left_at, found.moved_to, found.is_shown) == (NOW, None, False)
        assert [(course.course_title, course.standing) for course in found.courses] == [("Tides", stood)]

    def test_whose_place_was_taken_after_the_end_had_their_time(self, crew, lea):
        earn(crew, lea, grade=0.2)
        api.remove_members(crew, ["lea"], actor=SYSTEM, now=NOW + 11 * DAY)
        assert record(crew, lea, now=NOW + 50 * DAY).courses[0].standing == Standing.FAILED

    def test_a_move_is_told_at_both_ends(self, crew, lea, make_session, tides):
        other = make_session(title="Other", courses=[tides])
        earn(crew, lea, grade=0.5)
        api.move_members(crew, other, ["lea"], reason="Works nights", actor=SYSTEM, now=NOW)
        left, there = record(crew, lea), record(other, lea)
        assert (left.moved_to, left.came_from) == (Step(other.code, "Other", NOW, "Works nights"), None)
        assert (there.moved_to, there.came_from) == (None, Step(crew.code, "Crew", NOW, "Works nights"))
        assert [[course.grade for course in each.courses] for each in (left, there)] == [[0.5], [None]]

    def test_a_move_is_not_why_a_place_is_over_that_was_given_again(self, crew, lea, make_session, tides):
        other = make_session(title="Other", courses=[tides])
        api.move_members(crew, other, ["lea"], reason="Works nights", actor=SYSTEM, now=NOW)
        api.enrol_members(crew, ["lea"], actor=SYSTEM, now=NOW + DAY)
        assert (record(crew, lea).left_at, record(crew, lea).moved_to) == (None, None)
        api.remove_members(crew, ["lea"], actor=SYSTEM, now=NOW + 2 * DAY)
        assert (record(crew, lea).left_at, record(crew, lea).moved_to) == (NOW + 2 * DAY, None)

    def test_of_a_draft_nothing_is_told(self, crew, lea, make_session, tides):
        draft = make_session(title="Draft", courses=[tides], publish=False)
        api.move_members(crew, draft, ["lea"], reason="Later", actor=SYSTEM, now=NOW)
        assert (record(crew, lea).left_at, record(crew, lea).moved_to) == (NOW, None)
        with pytest.raises(NotFound):
            record(draft, lea)
        assert [each.title for each in api.my_history(lea.pk, now=NOW).records] == ["Crew"]

    def test_a_withdrawn_course_stays_for_what_was_earned_in_it(self, crew, lea):
        earn(crew, lea, grade=0.5)
        CourseEdition.objects.filter(session=crew).update(withdrawn_at=NOW)
        assert [(course.course_title, course.is_withdrawn) for course in record(crew, lea).courses] == [
            ("Tides", True),
        ]

    @pytest.mark.parametrize("change", ["hidden", "cancelled", "archived"])
    def test_it_stays_whatever_becomes_of_the_session(self, change, crew, lea):
        earn(crew, lea, grade=0.5)
        if change == "hidden":
            CohortSession.objects.filter(pk=crew.pk).update(after_close=AfterClose.HIDDEN.value)
        elif change == "cancelled":
            api.cancel_session(crew, reason="No wind.", actor=SYSTEM, now=NOW)
        else:
            api.archive_session(crew, actor=SYSTEM, now=NOW)
        found = record(crew, lea, now=NOW + 2000 * DAY)
        assert found.courses[0].grade == 0.5
        assert found.is_shown == (change != "hidden")
        assert found.cancel_reason == ("No wind." if change == "cancelled" else "")

    def test_nobody_else_finds_it(self, crew, make_user):
        for user_id in (make_user("max").pk, 0):
            with pytest.raises(NotFound):
                api.my_results(crew.code, user_id=user_id, now=NOW)

    @pytest.mark.parametrize("courses", [1, 3])
    def test_four_queries(self, courses, make_session, make_base_course, lea, make_user, django_assert_num_queries):
        session = make_session(
            courses=[make_base_course() for _number in range(courses)], members=[lea, make_user("max")]
        )
        for user in (lea, session.members.last().user):
            for number in range(courses):
                earn(session, user, number, grade=0.5 if user == lea else 0.9)
        with django_assert_num_queries(4):
            found = record(session, lea)
        assert [course.grade for course in found.courses] == [0.5] * courses


class TestHistory:
    """*My history*."""

    def test_every_place_newest_first_and_nobody_elses(self, make_session, tides, lea, make_user):
        def session(title, **values):
            return make_session(title=title, courses=[tides], members=[lea], **values)

        session("Long ago", opens_at=NOW - 900 * DAY, closes_at=NOW - 800 * DAY, after_close=AfterClose.HIDDEN.value)
        session("To come", opens_at=NOW + 5 * DAY, closes_at=NOW + 9 * DAY)
        left = session("Left", opens_at=NOW - 60 * DAY, closes_at=NOW + 30 * DAY)
        api.remove_members(left, ["lea"], actor=SYSTEM, now=NOW)
        cancelled = session("Cancelled", opens_at=NOW - 30 * DAY)
        api.cancel_session(cancelled, reason="No wind.", actor=SYSTEM, now=NOW)
        days = session("Thirty days", opens_at=None, closes_at=None, duration_days=30)
        Member.objects.filter(session=days).update(first_entered_at=NOW - 20 * DAY)
        session("Draft", publish=False)
        make_session(title="Somebody else's", courses=[tides], members=[make_user("max")])

        found = api.my_history(lea.pk, now=NOW)

        assert [(each.title, each.phase) for each in found.records] == [
            ("To come", Phase.UPCOMING),
            ("Thirty days", Phase.CURRENT),
            ("Cancelled", Phase.CURRENT),
            ("Left", Phase.CURRENT),
            ("Long ago", Phase.PAST),
        ]
        assert (found.name, found.total, found.passed, found.page, found.pages) == ("Lea Brandt", 5, 0, 1, 1)
        assert found.records[1].window == Window(None, NOW + 10 * DAY)

    def test_dates_are_their_own(self, crew, lea, make_user):
        api.enrol_members(crew, [make_user("max").username], actor=SYSTEM, now=NOW)
        api.set_member_dates(crew, ["lea"], extra_days=4, reason="Ill", actor=SYSTEM, now=NOW)
        [found] = api.my_history(lea.pk, now=NOW).records
        assert found.window == Window(RUNNING.opens_at, RUNNING.closes_at + 4 * DAY)

    def test_courses_that_were_passed_are_counted_on_all_pages_and_of_this_person_alone(
        self, make_session, tides, make_base_course, lea, make_user, monkeypatch
    ):
        monkeypatch.setattr(module, "PAGE_SIZE", 2)
        courses = [tides, make_base_course()]
        for number in range(3):
            session = make_session(
                title=f"S{number}",
                courses=courses,
                members=[lea, *([make_user("max")] if not number else [])],
                opens_at=NOW - (number + 1) * DAY,
            )
            earn(session, lea, 0, grade=0.5, passed=True)
            earn(session, lea, 1, grade=0.5, passed=number == 0)
        earn(CohortSession.objects.get(title="S0"), account("max"), 0, grade=1, passed=True)
        pages = [api.my_history(lea.pk, now=NOW, page=page) for page in (1, 2, 7, -3)]
        assert [[each.title for each in page.records] for page in pages] == [["S0", "S1"], ["S2"], ["S2"], ["S0", "S1"]]
        assert [(page.total, page.passed, page.page, page.pages) for page in pages] == [
            (3, 4, 1, 2),
            (3, 4, 2, 2),
            (3, 4, 2, 2),
            (3, 4, 1, 2),
        ]

    @pytest.mark.parametrize("count", [1, 3])
    def test_five_queries_whatever_the_number_of_sessions(
        self, count, make_session, tides, lea, make_user, django_assert_num_queries
    ):
        session = make_session(title="Crew", courses=[tides], members=[lea])
        earn(session, lea, grade=0.5)
        foreign = make_session(title="Not hers", courses=[tides], members=[make_user("max")])
        earn(foreign, foreign.members.get().user, grade=0.9)
        for number in range(1, count):
            copy_session(session, number)
        with django_assert_num_queries(5):
            found = api.my_history(lea.pk, now=NOW)
        assert [(each.title, [course.grade for course in each.courses]) for each in found.records] == [
            ("Crew", [0.5])
        ] * count

    def test_one_query_for_who_has_none(self, crew, make_user, django_assert_num_queries):
        sam = make_user("sam")
        with django_assert_num_queries(1):
            found = api.my_history(sam.pk, now=NOW)
        assert found == api.MyHistory(name="", records=(), total=0, passed=0, page=1, pages=1)
