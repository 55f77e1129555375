"""
The tracking log tells the edition: what the platform tracks there has its key as the course, and our own events stand
beside it.
"""

from __future__ import annotations

import json
from operator import itemgetter

import pytest
from django.utils import timezone

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, TeamRole
from tests.platform import courses
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def session(run, lea):
    return create_session(run.key, members=[lea])


@pytest.fixture
def key(session):
    return edition_key(session)


@pytest.fixture
def log(tracked):
    """What is tracked under a name, in order: course and organisation of the context, and the data."""

    def read(name: str) -> list[tuple]:
        context = itemgetter("course_id", "org_id")
        return [(*context(event["context"]), event["data"]) for event in tracked if event["name"] == name]

    return read


@pytest.fixture
def of_edition(key):
    return str(key), key.org


def test_answers_and_what_comes_of_them(key, of_edition, lea, submit, tracked, log):
    submit(key, lea, courses.RIGHT)
    [(*course, checked)] = log("problem_check")
    assert (tuple(course), checked["problem_id"]) == (of_edition, str(key.make_usage_key("problem", "problem_1")))
    for name in ("edx.grades.problem.submitted", "edx.grades.course.grade_calculated", "edx.course.grade.now_passed"):
        assert [tuple(course) for *course, _data in log(name)] == [of_edition], name
        assert [data["course_id"] for *_course, data in log(name)] == [str(key)], name


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("play_video", {"id": "clip", "currentTime": 1.5}),
        ("edx.ui.lms.outline.selected", {"target_name": "Section 1"}),
    ],
)
def test_what_the_browser_tells(key, of_edition, lea, signed_in, log, name, data):
    """Videos and the outline: the page's address names the edition, as the Learning micro-frontend names it itself."""
    page = f"https://lms.example.com/courses/{key}/courseware/"
    told = {"event_type": name, "event": json.dumps(data)}
    for where in ({"page": page}, {"page": "https://apps.example.com/learning", "courserun_key": str(key)}):
        assert signed_in(lea).post("/event", told | where).status_code == 200
    assert [tuple(course) for *course, _data in log(name)] == [of_edition] * 2
    assert all(data.items() <= told.items() for *_course, told in log(name))


def test_pages_that_are_looked_at(key, of_edition, lea, signed_in, log):
    page = f"/courses/{key}/progress"
    signed_in(lea).get(page)
    assert [tuple(course) for *course, _data in log(page)] == [of_edition]


def test_enrolments_and_their_end(session, key, of_edition, committed, make_user, log):
    ben = make_user("ben")
    for operation in (api.enrol_members, api.remove_members):
        with committed():
            operation(session, ["ben"], actor=SYSTEM, now=timezone.now())
    for name in ("edx.course.enrollment.activated", "edx.course.enrollment.deactivated"):
        [(*course, data)] = log(name)
        assert (tuple(course), data["course_id"], data["user_id"]) == (of_edition, str(key), ben.pk)


def test_what_happens_in_the_session_itself(session, key, of_edition, committed, make_user, tracked, log):
    """By name of the platform's kind, with its course where it concerns one edition."""
    ben = make_user("ben")
    by_system = {"actor": SYSTEM, "now": timezone.now()}
    with committed():
        api.enrol_members(session, ["ben"], **by_system)
        api.assign_course_coaches(session.editions.get(), ["ben"], **by_system)
    [enrolled] = [event for event in tracked if event["name"] == "edx.cohort_sessions.member.enrolled"]
    assert (enrolled["data"], enrolled["context"]) == (
        {"session_uuid": str(session.uuid), "user_id": ben.pk, "is_active": True},
        {},
    )
    assert log("edx.cohort_sessions.team_member.assigned") == [
        (
            *of_edition,
            {
                "session_uuid": str(session.uuid),
                "edition_key": str(key),
                "user_id": ben.pk,
                "role": TeamRole.COURSE_COACH.value,
                "is_active": True,
            },
        )
    ]
