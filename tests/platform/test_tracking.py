"""
The tracking log tells sessions apart: the platform's own events of an edition stand under its key, and so do ours.

Lea takes one course in two sessions and on its own.
"""

from __future__ import annotations

import json

import pytest
from eventtracking import tracker
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import api
from cohort_sessions.data import SYSTEM
from tests.platform import courses
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")


class Memory:
    """A backend of the tracking log that keeps what it is sent, as it would be written."""

    def __init__(self):
        self.lines: list[dict] = []

    def send(self, event):
        """As every backend does, after the platform's processors."""
        self.lines.append(json.loads(json.dumps(event, default=str)))

    def courses_of(self, name: str) -> list[str]:
        """Under which courses the lines of this name stand."""
        return [line["context"]["course_id"] for line in self.lines if line["name"] == name]


@pytest.fixture
def log(monkeypatch) -> Memory:
    """What is written from now on."""
    memory = Memory()
    monkeypatch.setitem(tracker.get_tracker().backends, "memory", memory)
    return memory


@pytest.fixture
def sessions(run, lea, make_foreign_enrolment):
    """Two sessions of one course, which Lea takes on its own as well."""
    found = [create_session(run.key, members=[lea], title=title) for title in ("Spring", "Autumn")]
    make_foreign_enrolment(run.key, lea)
    return found


def test_answers_stand_under_the_course_key_they_were_given_in(sessions, run, lea, submit, log):
    keys = [*(edition_key(session) for session in sessions), run.key]
    for key in keys:
        assert submit(key, lea, courses.RIGHT).status_code == 200
    wanted = [str(key) for key in keys]
    assert len(set(wanted)) == 3
    for name in ("problem_check", "edx.grades.problem.submitted", "edx.grades.course.grade_calculated"):
        assert list(dict.fromkeys(log.courses_of(name))) == wanted, name


def test_an_enrolment_stands_under_the_edition(run, lea, log):
    session = create_session(run.key, members=[lea])
    assert log.courses_of("edx.course.enrollment.activated") == [str(edition_key(session))]


def test_no_event_of_an_answer_in_an_edition_names_the_base_course(sessions, run, lea, submit, log):
    key = edition_key(sessions[0])
    submit(key, lea, courses.WRONG)
    named = {line["context"].get("course_id") for line in log.lines} - {None, ""}
    assert (named, str(run.key) in json.dumps(log.lines)) == ({str(key)}, False)


def test_what_we_do_stands_beside_them(sessions, lea, committed, now, log):
    [session, _other] = sessions
    key = edition_key(session)
    with committed():
        api.remove_members(session, ["lea"], actor=SYSTEM, now=now)
    ours = {
        line["name"]: (line["data"], line["context"]["course_id"], line["context"]["org_id"])
        for line in log.lines
        if line["name"].startswith("edx.cohort_sessions.")
    }
    of_session = {"session_uuid": str(session.uuid)}
    edition = session.editions.get()
    assert ours == {
        "edx.cohort_sessions.member.removed": (of_session | {"user_id": lea.pk}, "", ""),
        "edx.cohort_sessions.edition.changed": (
            of_session
            | {
                "base_key": str(edition.base_key),
                "edition_key": str(key),
                "wanted_revision": edition.wanted_revision,
            },
            str(key),
            CourseKey.from_string(str(key)).org,
        ),
    }
