"""The platform's own pages about one learner in one edition, for those who run it."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import NoReverseMatch, reverse
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.host import LearnerPage, Person

# Of the instructor dashboard: the tools to reset or rescore the work of one learner.
_STUDENT_ADMIN = "#view-student_admin"


def learner_pages(edition_key: CourseKey, person: Person) -> Mapping[LearnerPage, str]:
    """
    The learner's progress as staff see it, the gradebook, and the instructor dashboard where it resets and rescores.
    Left out where this process has no such page, as Studio has none.
    """
    course = {"course_id": str(edition_key)}
    wanted = {
        LearnerPage.PROGRESS: ("student_progress", {**course, "student_id": person.user_id}, ""),
        LearnerPage.GRADEBOOK: ("spoc_gradebook", course, ""),
        LearnerPage.STUDENT_ADMIN: ("instructor_dashboard", course, _STUDENT_ADMIN),
    }
    found = {}
    for page, (name, kwargs, anchor) in wanted.items():
        try:
            found[page] = reverse(name, kwargs=kwargs) + anchor
        except NoReverseMatch:
            continue
    return found
