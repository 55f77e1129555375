"""
Whatever changes a result on the platform arrives in the ledger of the right session only.

Lea takes one course in two sessions and on its own. She has answered the first problem rightly in all three.
"""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from completion.models import BlockCompletion
from django.urls import reverse
from django.utils import timezone

from cohort_sessions import api
from cohort_sessions.data import SYSTEM
from cohort_sessions.edxapp.hooks.editions import is_edition_key
from cohort_sessions.edxapp.hooks.receivers import record_after_completion
from cohort_sessions.models import ActiveDay, CohortSession, EditionResult
from tests.platform import courses
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")

# grade, letter, passed, completed, completable, points in each section
RIGHT_ONCE = (0.5, "Pass", True, 1, 4, [(1.0, 1.0)])


@pytest.fixture
def keys(run, lea, make_foreign_enrolment, submit):
    """The editions of both sessions."""
    found = [edition_key(create_session(run.key, members=[lea], title=title)) for title in ("Spring", "Autumn")]
    make_foreign_enrolment(run.key, lea)
    for key in (*found, run.key):
        assert submit(key, lea, courses.RIGHT).status_code == 200
    return found


@pytest.fixture
def ledger(keys):
    """What the ledger says of each edition; there is a row for each, and no other."""

    def read() -> list[tuple]:
        rows = {result.edition.edition_key: result for result in EditionResult.objects.select_related("edition")}
        assert set(rows) == set(keys)
        return [
            (
                result.grade,
                result.letter,
                result.passed,
                result.completed,
                result.completable,
                [(section["earned"], section["possible"]) for section in result.sections],
            )
            for result in (rows[key] for key in keys)
        ]

    return read


@pytest.fixture
def instruct(make_user, signed_in, committed):
    """Do something on the instructor dashboard of an edition."""
    root = make_user("root", is_staff=True)

    def post(action: str, key, **data):
        with committed():
            response = signed_in(root).post(reverse(action, kwargs={"course_id": str(key)}), data)
        assert response.status_code == 200, response.content

    return post


def test_answers_are_three_results(keys, ledger, lea, run, submit):
    assert ledger() == [RIGHT_ONCE, RIGHT_ONCE]
    submit(keys[0], lea, courses.RIGHT, number=2)
    assert ledger() == [(1.0, "Pass", True, 2, 4, [(1.0, 1.0), (1.0, 1.0)]), RIGHT_ONCE]
    submit(run.key, lea, courses.WRONG)
    assert ledger()[1] == RIGHT_ONCE


def test_an_override_in_the_gradebook_and_its_end(keys, ledger, lea, committed):
    from lms.djangoapps.grades import api as grades_api

    place = (lea.pk, keys[0], keys[0].make_usage_key("sequential", "subsection_1"))
    with committed():
        grades_api.override_subsection_grade(*place, earned_all=0.5, earned_graded=0.5)
    assert ledger() == [(0.25, "", False, 1, 4, [(0.5, 1.0)]), RIGHT_ONCE]
    with committed():
        grades_api.undo_override_subsection_grade(*place)
    assert ledger() == [RIGHT_ONCE, RIGHT_ONCE]


def test_attempts_that_are_reset_keep_the_score(keys, ledger, lea, instruct, run):
    problem = str(keys[0].make_usage_key("problem", "problem_1"))
    instruct("reset_student_attempts", keys[0], unique_student_identifier="lea", problem_to_reset=problem)
    assert ledger() == [RIGHT_ONCE, RIGHT_ONCE]


def test_state_that_is_deleted(keys, ledger, lea, instruct):
    problem = str(keys[0].make_usage_key("problem", "problem_1"))
    instruct(
        "reset_student_attempts",
        keys[0],
        unique_student_identifier="lea",
        problem_to_reset=problem,
        delete_module=True,
    )
    [spring, autumn] = ledger()
    assert spring[:3] == (0.0, "", False)
    assert autumn == RIGHT_ONCE


def test_rescoring(keys, ledger, lea, instruct, run, committed):
    """The author corrects the problem; the coach of one session has its answers scored anew."""
    with committed(), courses.authoring(run.key) as store:
        problem = store.get_item(run.block("problem", "problem_1"))
        problem.data = (
            courses.PROBLEM.replace('"false"', '"was"').replace('"true"', '"false"').replace('"was"', '"true"')
        )
        store.update_item(problem, courses.AUTHOR)
    instruct(
        "rescore_problem",
        keys[0],
        unique_student_identifier="lea",
        problem_to_reset=str(keys[0].make_usage_key("problem", "problem_1")),
    )
    assert [line[:3] for line in ledger()] == [(0.0, "", False), (0.5, "Pass", True)]


def test_a_changed_grading_policy(keys, ledger, lea, run, committed, host):
    """Of one edition; the platform grades by it when it next grades."""
    from lms.djangoapps.ccx.models import CcxFieldOverride
    from lms.djangoapps.grades.course_grade_factory import CourseGradeFactory

    policy = json.dumps(courses.GRADING_POLICY | {"GRADE_CUTOFFS": {"A": 0.9, "B": 0.7}})
    location = run.block("course", "course")
    CcxFieldOverride.objects.create(ccx_id=keys[0].ccx, location=location, field="grading_policy", value=policy)
    with committed():
        CourseGradeFactory().update(lea, course_key=keys[0], force_update_subsections=True)
    assert [line[:3] for line in ledger()] == [(0.5, "", False), (0.5, "Pass", True)]
    policies = host.grading_policies(keys)
    assert [policies[key].letters for key in keys] == [(("A", 0.9), ("B", 0.7)), (("Pass", 0.5),)]


def test_completion_comes_and_goes(keys, ledger, lea, committed):
    text = keys[0].make_usage_key("html", "text_1")
    with committed():
        BlockCompletion.objects.submit_completion(user=lea, block_key=text, completion=1.0)
    assert [line[3:5] for line in ledger()] == [(2, 4), (1, 4)]
    with committed():
        BlockCompletion.objects.get(user=lea, block_key=text).delete()
    assert ledger() == [RIGHT_ONCE, RIGHT_ONCE]


def test_who_comes_back_finds_what_they_earned(keys, lea, committed):
    spring, now = CohortSession.objects.get(title="Spring"), timezone.now()
    with committed():
        api.remove_members(spring, ["lea"], actor=SYSTEM, now=now)
    EditionResult.objects.all().delete()
    with committed():
        api.enrol_members(spring, ["lea"], actor=SYSTEM, now=now)
    [result] = EditionResult.objects.all()
    assert (result.edition.edition_key, result.grade, result.completed) == (keys[0], 0.5, 1)


def test_passing_is_told_by_the_edition(keys, lea, committed):
    """By an event of its own, as the platform sends it for CCX keys."""
    from lms.djangoapps.grades.events import _emit_course_passing_status_update

    EditionResult.objects.all().delete()
    with committed():
        _emit_course_passing_status_update(lea, keys[0], is_passing=True)
    assert [result.edition.edition_key for result in EditionResult.objects.all()] == [keys[0]]


class TestCost:
    """From the platform's event to the written row, all included."""

    @staticmethod
    def _tell(key, lea):
        from lms.djangoapps.grades.models import PersistentCourseGrade

        grade = PersistentCourseGrade.objects.get(course_id=key, user_id=lea.pk)
        return lambda: PersistentCourseGrade._emit_openedx_persistent_grade_summary_changed_event(key, lea.pk, grade)

    @pytest.mark.parametrize("is_first", [True, False], ids=["first", "another"])
    def test_a_grade_costs_five_statements(self, keys, lea, statements, committed, is_first):
        tell = self._tell(keys[0], lea)
        if is_first:
            EditionResult.objects.all().delete()
        else:
            EditionResult.objects.update(grade=0.1)
        with statements() as queries, committed():
            tell()
        assert EditionResult.objects.get(edition__edition_key=keys[0]).grade == 0.5
        assert len(queries) == 5

    def test_a_grade_that_says_nothing_new_costs_four(self, keys, lea, statements, committed):
        tell = self._tell(keys[0], lea)
        with statements() as queries, committed():
            tell()
        assert len(queries) == 4

    @pytest.mark.parametrize(("is_first", "cost"), [(True, 5), (False, 4)], ids=["first", "another"])
    def test_work_costs_five_statements_the_first_of_a_day_included(
        self, keys, lea, statements, committed, is_first, cost
    ):
        """In the request of the answer, where the guard has looked at the edition already."""
        completion = BlockCompletion.objects.get(context_key=keys[0], user=lea)
        if is_first:
            ActiveDay.objects.all().delete()
        EditionResult.objects.update(completed=0)
        with statements() as before:
            assert is_edition_key(keys[0])
        with statements() as queries, committed():
            assert is_edition_key(keys[0])
            record_after_completion(instance=completion)
        assert EditionResult.objects.get(edition__edition_key=keys[0]).completed == 1
        [day] = ActiveDay.objects.filter(edition__edition_key=keys[0])
        assert (day.member.user, day.day) == (lea, timezone.now().date())
        assert len(queries) - len(before) == cost

    def test_other_courses_cost_none(self, keys, run, lea, statements, committed):
        tell = self._tell(run.key, lea)
        with statements() as queries, committed():
            tell()
        assert queries == []


def test_final_results_are_kept_with_the_policy_of_the_edition(keys, ledger, lea, submit):
    spring = CohortSession.objects.get(title="Spring")
    later = timezone.now() + timedelta(days=10 + spring.results_final_after_days)
    assert api.finalise_results(spring, actor=SYSTEM, now=later) == 1
    submit(keys[0], lea, courses.RIGHT, number=2)
    assert ledger() == [RIGHT_ONCE, RIGHT_ONCE]
    result = EditionResult.objects.get(edition__edition_key=keys[0])
    assert result.grading_policy == {
        "letters": [["Pass", 0.5]],
        "assignments": [{"assignment_type": "Homework", "weight": 1.0, "dropped": 0}],
    }
    assert {name: value for name, value in result.later.items() if name != "as_of"} == {"grade": 1.0, "completed": 2}
