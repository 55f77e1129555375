"""What a session says in its units, through the platform's own doors: in its edition only, and enforced."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.test import TestCase, override_settings
from django.utils import timezone

from cohort_sessions.data import AS_IN_BASE, SYSTEM
from cohort_sessions.errors import InvalidInput
from cohort_sessions.operations.elements import change_elements
from cohort_sessions.operations.welcome import set_welcome
from tests.attacks import XSS, running
from tests.platform import courses
from tests.platform.ccx import our_platform
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")

OWN = "<p>Here we say it otherwise.</p>"


@pytest.fixture(autouse=True)
def _ours():
    with our_platform():
        yield


@pytest.fixture
def sessions(run, lea):
    """Two sessions of one course; Lea is in both."""
    return [create_session(run.key, members=[lea], title=title, code=title.lower()) for title in ("Spring", "Autumn")]


@pytest.fixture
def keys(run, sessions):
    """Of the first edition, the second, and the course."""
    return [*map(edition_key, sessions), run.key]


@pytest.fixture
def set_element(run, sessions):
    """``set_element("problem", "weight", 5)``: in the first session, in the first unit."""

    def change(block_type, field, value):
        name = {"html": "text_1", "problem": "problem_1"}[block_type]
        with TestCase.captureOnCommitCallbacks(execute=True):
            changes = {(run.block(block_type, name), field): value}
            return change_elements(sessions[0].editions.get(), changes, actor=SYSTEM, now=timezone.now())

    return change


@pytest.fixture
def unit_of(signed_in, lea):
    """What the Learning micro-frontend shows of the first unit."""

    def look(course_key):
        response = signed_in(lea).get(f"/xblock/{course_key.make_usage_key('vertical', 'unit_1')}")
        assert response.status_code == 200
        return response.content.decode()

    return look


@pytest.fixture
def outline(signed_in, lea):
    """The API behind the course home of the Learning micro-frontend."""

    def ask(course_key):
        response = signed_in(lea).get(f"/api/course_home/outline/{course_key}")
        assert response.status_code == 200, response.content
        return response.json()

    return ask


def test_words_of_a_text_at_every_door(keys, set_element, unit_of, signed_in, lea, make_foreign_enrolment):
    make_foreign_enrolment(keys[2], lea)
    set_element("html", "data", OWN)
    assert [OWN in unit_of(key) for key in keys] == [True, False, False]
    assert [courses.TEXT in unit_of(key) for key in keys] == [False, True, True]
    for key, is_own in zip(keys, (True, False, False), strict=True):
        block = signed_in(lea).get(f"/xblock/{key.make_usage_key('html', 'text_1')}").content.decode()
        assert (OWN in block, courses.TEXT in block) == (is_own, not is_own)
    set_element("html", "data", AS_IN_BASE)
    assert courses.TEXT in unit_of(keys[0])


def test_the_name_of_a_problem_in_the_platforms_apis(
    keys, set_element, signed_in, lea, outline, make_foreign_enrolment
):
    make_foreign_enrolment(keys[2], lea)
    set_element("problem", "display_name", "Moonrise")
    names = []
    for key in keys:
        problem = key.make_usage_key("problem", "problem_1")
        response = signed_in(lea).get(f"/api/courses/v2/blocks/{problem}", {"username": lea.username})
        names.append(response.json()["blocks"][str(problem)]["display_name"])
    assert names == ["Moonrise", "Question 1", "Question 1"]
    for key in keys[:2]:
        sections = [each["display_name"] for each in outline(key)["course_blocks"]["blocks"].values()]
        assert "Section 1" in sections
        sequence = signed_in(lea).get(f"/api/courseware/sequence/{key.make_usage_key('sequential', 'subsection_1')}")
        assert [item["page_title"] for item in sequence.json()["items"]] == ["Unit 1"]


def test_attempts_are_enforced_on_submit(keys, set_element, submit, stored, lea):
    set_element("problem", "max_attempts", 1)
    for key in keys[:2]:
        assert submit(key, lea, courses.WRONG).status_code == 200
    for key in keys[:2]:
        submit(key, lea, courses.RIGHT)
    assert [stored(key, lea).score for key in keys[:2]] == [0.0, 1.0]
    set_element("problem", "max_attempts", "2")
    submit(keys[0], lea, courses.RIGHT)
    assert stored(keys[0], lea).score == 1.0


def test_points_count_in_the_grade(keys, set_element, submit, host, lea):
    """Of two problems one is right: half of the points, and more than half where it is worth more."""
    set_element("problem", "weight", "3")
    for key in keys[:2]:
        submit(key, lea, courses.RIGHT, 1)
        submit(key, lea, courses.WRONG, 2)
    sections = {grade.edition_key: grade.sections[0] for grade in host.grades(keys[:2], [lea.pk])}
    assert [(sections[key].earned, sections[key].possible) for key in keys[:2]] == [(3.0, 3.0), (1.0, 1.0)]


def test_html_of_a_coach_does_not_run(keys, set_element, unit_of, run):
    """It says so; what was there besides stays."""
    for attack in XSS[:12]:
        set_element("html", "data", f"<p>Before</p>{attack}")
        page = unit_of(keys[0])
        stored = page.split("<p>Before</p>")[1].split("</div>")[0]
        assert running(stored) == [], attack


def test_a_program_cannot_come_in_by_a_problem(set_element):
    with override_settings(COHORT_SESSIONS_ELEMENT_FIELDS={"problem": ["data"]}), pytest.raises(InvalidInput):
        set_element("problem", "data", "<problem><script type='loncapa/python'>1</script></problem>")


def test_a_field_that_cannot_be_is_told_to_the_operator():
    listed = {"problem": ["data", "weight", "due"], "nonsense": ["display_name"], "html": ["data"]}
    with override_settings(COHORT_SESSIONS_ELEMENT_FIELDS=listed):
        found = [each for each in run_checks(tags=["cohort_sessions"]) if each.id == "cohort_sessions.W002"]
    assert [each.msg.partition(", which")[0].rpartition("names ")[2] for each in found] == [
        "data of problem",
        "due of problem",
        "display_name of nonsense",
    ]


class TestWelcome:
    @pytest.fixture
    def welcome(self, sessions):
        """Say it in the first session."""
        return lambda text: set_welcome(sessions[0].editions.get(), text, actor=SYSTEM, now=timezone.now())

    def test_stands_above_the_outline_of_this_edition_only(self, keys, welcome, outline):
        welcome("Welcome *aboard*.")
        told = [outline(key)["welcome_message_html"] for key in keys[:2]]
        assert told == ["<p>Welcome <em>aboard</em>.</p>", None]
        welcome("")
        assert outline(keys[0])["welcome_message_html"] is None

    def test_is_dismissed_as_the_platform_does_it_until_it_is_written_anew(
        self, keys, welcome, outline, signed_in, lea
    ):
        welcome("Welcome aboard.")
        url = "/api/course_home/dismiss_welcome_message"
        for _twice in range(2):
            response = signed_in(lea).post(url, {"course_id": str(keys[0])}, content_type="application/json")
            assert response.status_code == 200
            assert outline(keys[0])["welcome_message_html"] is None
        welcome("Welcome back.")
        assert outline(keys[0])["welcome_message_html"] == "<p>Welcome back.</p>"

    @pytest.mark.parametrize("attack", XSS[:6])
    def test_does_not_run(self, keys, welcome, outline, attack):
        welcome(f"Hello\n\n{attack}")
        assert running(outline(keys[0])["welcome_message_html"]) == []
