"""
One learner in a base course and in two of its editions: three lives, in every table of the platform and in its tracking
log.
"""

from __future__ import annotations

import pytest
from common.djangoapps.student.models import CourseEnrollment
from completion.models import BlockCompletion
from lms.djangoapps.courseware.models import StudentModule
from lms.djangoapps.grades.models import PersistentCourseGrade, PersistentSubsectionGrade

from tests.platform import courses

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def three(base_key, make_edition, make_user, make_foreign_enrolment, enrol):
    """Lea in all three: (base, spring, autumn)."""
    spring, autumn = (make_edition(session_title=title).edition_key for title in ("Spring", "Autumn"))
    make_foreign_enrolment(base_key, make_user("lea"))
    enrol(spring, make_user("lea"))
    enrol(autumn, make_user("lea"))
    return base_key, spring, autumn


def test_every_table_keeps_the_three_apart(three, make_user, make_foreign_enrolment, submit):
    base, spring, autumn = three
    lea = make_user("lea")
    submit(base, lea, courses.RIGHT)
    submit(spring, lea, courses.WRONG)

    problem = [key.make_usage_key("problem", "problem_1") for key in three]
    states = StudentModule.objects.filter(student=lea, module_type="problem")
    assert set(states.values_list("course_id", "module_state_key", "grade")) == {
        (base, problem[0], 1.0),
        (spring, problem[1], 0.0),
    }
    assert set(PersistentCourseGrade.objects.filter(user_id=lea.pk).values_list("course_id", "percent_grade")) == {
        (base, 1.0),
        (spring, 0.0),
    }
    assert set(PersistentSubsectionGrade.objects.filter(user_id=lea.pk).values_list("course_id", "earned_graded")) == {
        (base, 1.0),
        (spring, 0.0),
    }
    assert set(BlockCompletion.objects.filter(user=lea).values_list("context_key", "block_key")) == {
        (base, problem[0]),
        (spring, problem[1]),
    }
    assert set(CourseEnrollment.objects.filter(user=lea).values_list("course_id", "is_active")) == {
        (base, True),
        (spring, True),
        (autumn, True),
    }


def test_the_tracking_log_names_the_edition(three, make_user, submit, tracked):
    _, spring, _ = three
    submit(spring, make_user("lea"), courses.RIGHT)

    named = {event["name"]: event["context"]["course_id"] for event in tracked if event["name"] != "edx.user.login"}
    assert {"problem_check", "edx.grades.problem.submitted", "edx.course.grade.now_passed"} <= named.keys()
    assert set(named.values()) == {str(spring)}
    checked = next(event for event in tracked if event["name"] == "problem_check")
    assert checked["data"]["problem_id"] == str(spring.make_usage_key("problem", "problem_1"))
