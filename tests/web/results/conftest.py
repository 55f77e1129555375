"""A session with results, one whose results became final, and one to be crowded."""

from __future__ import annotations

import pytest

from cohort_sessions import api
from cohort_sessions.models import Member
from tests.web.results.kit import CLOSES, DAY, OPENS, THEN, work

POLICY = {
    "letters": [["A", 0.8], ["Pass", 0.5]],
    "assignments": [
        {"assignment_type": "Homework", "weight": 0.4, "dropped": 1},
        {"assignment_type": "Exam", "weight": 0.6, "dropped": 0},
    ],
}


@pytest.fixture
def people(make_user) -> dict:
    """Learners Ana, Dan and Eve, coaches Ben and Cleo (of a course), administrator Greta; Tom was there, Sam never."""
    return {name: make_user(name) for name in ("ana", "dan", "eve", "tom", "ben", "cleo", "greta", "sam")}


@pytest.fixture
def crew(people, make_base_course, make_session):
    """
    In Tides Ana has passed, finally, and Dan is at work; in Stars Ana is at work. Eve has done nothing. Tom, who has no
    place any more, had done all of Tides.
    """
    tides, stars = make_base_course(title="Tides"), make_base_course(title="Stars")
    session = make_session(
        "Crew",
        courses=[tides, stars],
        members=[people[name] for name in ("ana", "dan", "eve")],
        session_coaches=[people["ben"]],
        coaches={stars: [people["cleo"]]},
        administrators=[people["greta"]],
        opens_at=OPENS,
        closes_at=CLOSES,
        results_final_after_days=3,
    )
    Member.objects.create(session=session, user=people["tom"], status="removed", enrolled_at=OPENS, removed_at=THEN)
    other = make_session("Another", courses=[tides, stars], members=[people["sam"]])
    work(other, "sam", 0, grade=1.0, passed=True, completed=4, as_of=THEN + 9 * DAY)
    work(
        session,
        "ana",
        0,
        grade=0.8,
        letter="A",
        passed=True,
        passed_at=THEN - DAY,
        completed=3,
        first_activity_at=THEN - 5 * DAY,
        last_activity_at=THEN - DAY,
        final_at=THEN,
        grading_policy=POLICY,
        version="v1",
        sections=SECTIONS,
    )
    work(session, "dan", 0, grade=0.25, completed=1, first_activity_at=THEN, last_activity_at=THEN)
    work(session, "ana", 1, completed=2, first_activity_at=THEN, last_activity_at=THEN + DAY, as_of=THEN + 2 * DAY)
    work(session, "tom", 0, grade=0.9, passed=True, completed=4, last_activity_at=THEN - 2 * DAY)
    return session


SECTIONS = [
    {"block_id": "a", "title": "Ebb", "assignment_type": "Homework", "earned": 1.5, "possible": 2.0},
    {"block_id": "b", "title": "Moon", "assignment_type": "Exam", "earned": 5.0, "possible": 5.0},
    {"block_id": "c", "title": "Flow", "assignment_type": "Homework", "earned": 1.0, "possible": 2.0},
]


@pytest.fixture
def decided(people, make_base_course, make_session, now):
    """A session that ended: Ana's result in Tides became final, was opened again by Greta, and became final anew."""
    tides = make_base_course(title="Tides")
    session = make_session(
        courses=[tides],
        members=[people["ana"]],
        administrators=[people["greta"]],
        opens_at=now - 30 * DAY,
        closes_at=now - 10 * DAY,
        results_final_after_days=1,
    )
    work(session, "ana", 0, grade=0.4, completed=2)
    greta = api.load_actor(people["greta"], now=now)
    with_now = [now - 9 * DAY, now - 8 * DAY, now - 7 * DAY]
    from cohort_sessions.operations.results import finalise_results, reopen_results

    finalise_results(session, actor=api.SYSTEM, now=with_now[0])
    reopen_results(session.editions.get(), ["ana"], reason="An appeal.", actor=greta, now=with_now[1])
    finalise_results(session, actor=api.SYSTEM, now=with_now[2])
    return session
