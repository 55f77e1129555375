"""
What people have earned is graded by the edition's present policy.

The platform computes grades anew when a course team changes a grading policy in Studio, and for that course only. A
policy that an edition changes, or takes over from its base course, would else reach a grade with the next answer.
"""

from __future__ import annotations

from common.djangoapps.student.models import CourseEnrollment
from lms.djangoapps.grades.config.waffle import DISABLE_REGRADE_ON_POLICY_CHANGE
from lms.djangoapps.grades.models import PersistentCourseGrade
from lms.djangoapps.grades.tasks import compute_all_grades_for_course
from lms.djangoapps.grades.transformer import GradesTransformer
from xmodule.modulestore.django import modulestore

from cohort_sessions.edxapp.host.facets.base import Facet
from cohort_sessions.edxapp.host.state import EditionState


class Grades(Facet):
    """
    No grade of somebody who is, or was, enrolled is of another policy than the edition's.

    Where an operator has turned recomputing off, as the platform lets them, grades stay.
    """

    name = "grades"
    in_savepoint = False

    def differs(self, state: EditionState) -> bool:
        """Whether there is such a grade. One query where nobody is graded."""
        if DISABLE_REGRADE_ON_POLICY_CHANGE.is_enabled():
            return False
        enrolled = CourseEnrollment.objects.filter(course_id=state.spec.edition_key).values("user_id")
        grades = PersistentCourseGrade.objects.filter(course_id=state.spec.edition_key, user_id__in=enrolled)
        policies = set(grades.order_by().values_list("grading_policy_hash", flat=True).distinct())
        return bool(policies) and policies != {self._policy_hash(state)}

    def bring_about(self, state: EditionState) -> None:
        """Have the platform's own tasks compute every grade anew, as it does after a change in Studio."""
        compute_all_grades_for_course.apply_async(kwargs={"course_key": str(state.spec.edition_key)})

    @staticmethod
    def _policy_hash(state: EditionState) -> str:
        return GradesTransformer.grading_policy_hash(modulestore().get_course(state.spec.edition_key))
