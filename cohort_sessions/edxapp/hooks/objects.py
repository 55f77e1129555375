"""
Doors that name something inside a course: a thread, a comment, a team, an exam.

In which course it is stands with the thing alone, so it is looked up, by its primary or unique key: one query (for the
forum, one call) at these doors, in every course and for reading as well as for writing. Less does not do: the platform
asks whether a person is enrolled, not whether the edition is open to them; and where an address holds a course besides,
its forum asks about that course and shows a thread of any other. What the view answers cannot be looked at instead:
half of these answers do not say which course they are about.
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
    ("forum.views.*", "source_id", _course_of_thread),
    ("lms.djangoapps.teams.*", "team_id", _course_of_team),
    ("edx_proctoring.*", "exam_id", _course_of_exam),
    ("edx_proctoring.*", "attempt_id", _course_of_attempt),
)


def ccx_keys_of_object(request: HttpRequest, view: Callable, kwargs: dict) -> list[CCXLocator]:
    """The course keys of the things that this request is about, of those in CCX courses; in most requests none."""
    keys = []
    for module, name, course_of in OBJECTS:
        if fnmatchcase(view.__module__, module):
            keys += [_course(course_of, thing) for thing in _named(request, name, kwargs)]
    return [key for key in keys if isinstance(key, CCXLocator)]


def _named(request: HttpRequest, name: str, kwargs: dict) -> set[str]:
    """Whatever path, query and body give under this name; which of them counts, the view knows."""
    things = [kwargs.get(name), *request.GET.getlist(name)]
    body = body_of(request) if request.method not in SAFE_METHODS else None
    if isinstance(body, dict):
        value = body.get(name)
        things += value if isinstance(value, list) else [value]
    return {str(thing) for thing in things if thing}


def _course(course_of: Callable[[str], object], thing: str) -> CourseKey | None:
    try:
        return CourseKey.from_string(str(course_of(thing)))
    except (InvalidKeyError, ValueError):
        # Nothing is there, or this is no name that anything could have: the view will not find it either.
        return None
