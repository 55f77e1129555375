"""
Doors that name something inside a course, and not the course: a thread, a team, an exam.

Which course that is stands with the thing alone, so it is looked up: one query (for the forum, one call), for writing
only, and at these doors only. Reading them stays with the platform, which asks whether the person may load the course.
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase

from ccx_keys.locator import CCXLocator
from django.http import HttpRequest
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.edxapp.hooks.doors import SAFE_METHODS
from cohort_sessions.edxapp.hooks.keys import body_of


def _course_of_thread(thread_id: str) -> str | None:
    from forum import api

    return api.get_course_id_by_thread(thread_id)


def _course_of_comment(comment_id: str) -> str | None:
    from forum import api

    return api.get_course_id_by_comment(comment_id)


def _course_of_team(team_id: str) -> CourseKey | None:
    from lms.djangoapps.teams.models import CourseTeam

    return CourseTeam.objects.filter(team_id=team_id).values_list("course_id", flat=True).first()


def _course_of_exam(exam_id: str) -> str | None:
    from edx_proctoring.models import ProctoredExam

    return ProctoredExam.objects.filter(pk=exam_id).values_list("course_id", flat=True).first()


def _course_of_attempt(attempt_id: str) -> str | None:
    from edx_proctoring.models import ProctoredExamStudentAttempt

    attempts = ProctoredExamStudentAttempt.objects.filter(pk=attempt_id)
    return attempts.values_list("proctored_exam__course_id", flat=True).first()


# (module of the view, name of the thing in the path or at the top of the body, how to find its course)
OBJECTS: tuple[tuple[str, str, Callable[[str], object]], ...] = (
    ("lms.djangoapps.discussion.*", "thread_id", _course_of_thread),
    ("lms.djangoapps.discussion.*", "comment_id", _course_of_comment),
    ("forum.views.*", "thread_id", _course_of_thread),
    ("forum.views.*", "comment_id", _course_of_comment),
    ("lms.djangoapps.teams.*", "team_id", _course_of_team),
    ("edx_proctoring.*", "exam_id", _course_of_exam),
    ("edx_proctoring.*", "attempt_id", _course_of_attempt),
)


def ccx_keys_of_object(request: HttpRequest, view: Callable, kwargs: dict) -> list[CCXLocator]:
    """The course key of the thing that this request would change, if that is of a CCX course; else nothing."""
    if request.method in SAFE_METHODS:
        return []
    for module, name, course_of in OBJECTS:
        if fnmatchcase(view.__module__, module):
            thing = kwargs.get(name) or _in_body(request, name)
            key = _parse(course_of(thing)) if thing else None
            if isinstance(key, CCXLocator):
                return [key]
    return []


def _in_body(request: HttpRequest, name: str) -> str | None:
    body = body_of(request)
    value = body.get(name) if isinstance(body, dict) else None
    # Forms may repeat a field; the last one counts.
    value = value[-1] if isinstance(value, list) and value else value
    return str(value) if value else None


def _parse(text: object) -> CourseKey | None:
    try:
        return CourseKey.from_string(str(text)) if text else None
    except InvalidKeyError:
        return None
