"""An edition that grades otherwise: weights, drops and passing line reach every grade, in this edition only."""

from __future__ import annotations

import pytest
from django.utils import timezone

from cohort_sessions.data import SYSTEM
from cohort_sessions.host import AssignmentWeight
from cohort_sessions.models import CourseEdition, EditionResult
from cohort_sessions.operations.grading import set_grading
from cohort_sessions.queries.specs import edition_spec
from tests.platform import courses
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")

POLICY = {
    "GRADER": [
        {"type": "Homework", "short_label": "HW", "min_count": 1, "drop_count": 0, "weight": 0.5},
        {"type": "Exam", "short_label": "Ex", "min_count": 1, "drop_count": 0, "weight": 0.5},
    ],
    "GRADE_CUTOFFS": {"A": 0.9, "B": 0.5},
}


@pytest.fixture
def run(committed):
    """Two lessons of homework, and a third that is the exam."""
    with committed():
        run = courses.create_course(sections=3, grading_policy=POLICY)
    with committed(), courses.authoring(run.key) as store:
        exam = store.get_item(run.block("sequential", "subsection_3"))
        exam.format = "Exam"
        store.update_item(exam, courses.AUTHOR)
    return run


@pytest.fixture
def keys(run, lea, submit, make_foreign_enrolment):
    """Two sessions; in both, and in the base course, Lea has one homework of two right, and the exam wrong."""
    found = [edition_key(create_session(run.key, members=[lea], title=title)) for title in ("Spring", "Autumn")]
    make_foreign_enrolment(run.key, lea)
    for key in (*found, run.key):
        for number, choice in ((1, courses.RIGHT), (2, courses.WRONG), (3, courses.WRONG)):
            assert submit(key, lea, choice, number).status_code == 200
    return found


@pytest.fixture
def grade(committed):
    """Decide how an edition is graded, and let the platform follow."""

    def decide(key, *, pass_line=None, **assignments):
        weights = [AssignmentWeight(name, *values) for name, values in assignments.items()]
        edition = CourseEdition.objects.get(edition_key=key)
        with committed():
            set_grading(edition, pass_line=pass_line, assignments=weights, actor=SYSTEM, now=timezone.now())

    return decide


@pytest.fixture
def stored(run, lea):
    """The platform's grades, (share, letter), in both editions and the base course."""
    from lms.djangoapps.grades.models import PersistentCourseGrade

    def read(keys):
        rows = {row.course_id: row for row in PersistentCourseGrade.objects.filter(user_id=lea.pk)}
        return [(rows[key].percent_grade, rows[key].letter_grade) for key in (*keys, run.key)]

    return read


def test_before(keys, stored):
    assert stored(keys) == [(0.25, "")] * 3


def test_weights_reach_the_grades_that_people_have(keys, grade, stored):
    grade(keys[0], Homework=(1.0,), Exam=(0.0,))
    assert stored(keys) == [(0.5, "B"), (0.25, ""), (0.25, "")]


def test_drops_reach_them(keys, grade, stored):
    grade(keys[0], Homework=(0.5, 1), Exam=(0.5,))
    assert stored(keys) == [(0.5, "B"), (0.25, ""), (0.25, "")]


def test_the_passing_line_reaches_them_and_the_overview(keys, grade, stored, run):
    from openedx.core.djangoapps.content.course_overviews.models import CourseOverview

    grade(keys[0], pass_line=0.2)
    assert stored(keys) == [(0.25, "B"), (0.25, ""), (0.25, "")]
    lines = dict(CourseOverview.objects.values_list("id", "lowest_passing_grade"))
    assert [float(lines[key]) for key in (*keys, run.key)] == [0.2, 0.5, 0.5]


def test_the_ledger_follows(keys, grade):
    grade(keys[0], pass_line=0.2)
    rows = {row.edition.edition_key: row for row in EditionResult.objects.select_related("edition")}
    assert [(rows[key].letter, rows[key].passed) for key in keys] == [("B", True), ("", False)]


def test_learners_are_told_by_the_progress_page(keys, run, grade, lea, every_api, learning_api):
    grade(keys[0], pass_line=0.2, Homework=(0.75, 1), Exam=(0.25,))

    def told(key):
        answer = learning_api("/api/course_home/progress/{key}", key, lea).json()
        policy = answer["grading_policy"]
        weights = {each["type"]: (each["weight"], each["num_droppable"]) for each in policy["assignment_policies"]}
        return weights, policy["grade_range"], answer["course_grade"]["percent"], answer["course_grade"]["is_passing"]

    as_authored = ({"Homework": (0.5, 0), "Exam": (0.5, 0)}, {"A": 0.9, "B": 0.5}, 0.25, False)
    assert [told(key) for key in (*keys, run.key)] == [
        ({"Homework": (0.75, 1), "Exam": (0.25, 0)}, {"A": 0.9, "B": 0.2}, 0.75, True),
        as_authored,
        as_authored,
    ]


def test_back_to_the_base_course(keys, grade, stored):
    grade(keys[0], pass_line=0.2, Homework=(1.0,), Exam=(0.0,))
    grade(keys[0])
    assert stored(keys) == [(0.25, "")] * 3


def test_the_author_changes_what_the_edition_left_alone(keys, run, grade, stored, committed):
    """A letter, and the weights; the session has a passing line of its own. Grades of editions follow both."""
    grade(keys[0], pass_line=0.1)
    with committed(), courses.authoring(run.key) as store:
        course = store.get_course(run.key)
        course.grading_policy = {
            "GRADER": [POLICY["GRADER"][0] | {"weight": 0.8}, POLICY["GRADER"][1] | {"weight": 0.2}],
            "GRADE_CUTOFFS": {"A": 0.4, "B": 0.3},
        }
        store.update_item(course, courses.AUTHOR)
    assert stored(keys)[:2] == [(0.4, "A"), (0.4, "A")]


def test_an_operator_may_turn_recomputing_off(keys, grade, stored):
    from edx_toggles.toggles.testutils import override_waffle_switch
    from lms.djangoapps.grades.config.waffle import DISABLE_REGRADE_ON_POLICY_CHANGE

    with override_waffle_switch(DISABLE_REGRADE_ON_POLICY_CHANGE, active=True):
        grade(keys[0], pass_line=0.2)
    assert stored(keys) == [(0.25, "")] * 3


def test_when_computing_cannot_be_asked_for_everything_else_is_done(keys, grade, stored, host, monkeypatch):
    from lms.djangoapps.grades.tasks import compute_all_grades_for_course

    def fail(*_args, **_options):
        raise ConnectionError("the queue is down")

    with monkeypatch.context() as broken:
        broken.setattr(compute_all_grades_for_course, "apply_async", fail)
        grade(keys[0], pass_line=0.2)
    edition = CourseEdition.objects.select_related("session").get(edition_key=keys[0])
    assert "the queue is down" in edition.apply_error
    assert [least for _letter, least in host.grading_policies([keys[0]])[keys[0]].letters] == [0.9, 0.2]
    assert host.apply_edition(edition_spec(edition, now=timezone.now())).changed == ("grades",)
    assert stored(keys)[0] == (0.25, "B")
