"""The *Session* tab in the courses of a session."""

from __future__ import annotations

from typing import Any

from ccx_keys.locator import CCXLocator
from django.utils.translation import gettext_noop
from edx_django_utils.cache import RequestCache
from xmodule.tabs import CourseTab

from cohort_sessions.models import CourseEdition


class SessionTab(CourseTab):
    """
    Leads from a course back to the home of its session; in editions only (entry point ``openedx.course_tab``).

    Dynamic: the platform adds it when it lists a course's tabs and stores nothing in the course, which the base course
    shares. Costs no SQL in other courses, one query in CCX courses.
    """

    type = "cohort_session"
    title = gettext_noop("Session")
    # After the course's own tabs and before those of its team, which begin at 300.
    priority = 120
    is_dynamic = True
    is_default = False
    view_name = "cohort_sessions:session_home"

    @classmethod
    def is_enabled(cls, course: Any, user: Any = None) -> bool:  # noqa: ARG003 (the platform's signature)
        """Whether `course` (block or overview) is an edition; whom the guard lets in may see the tab."""
        return cls._session_code(course) is not None

    @property
    def link_func(self):
        """The platform's way to ask for the address: a function of the course and a ``reverse``."""
        return lambda course, reverse: reverse(self.view_name, args=[self._session_code(course)])

    @staticmethod
    def _session_code(course: Any) -> str | None:
        """The code of the session; remembered for the request, since the platform asks for each tab twice."""
        if not isinstance(course.id, CCXLocator):
            return None
        codes = RequestCache("cohort_sessions.tabs").data
        if course.id not in codes:
            editions = CourseEdition.objects.filter(edition_key=course.id)
            codes[course.id] = editions.values_list("session__code", flat=True).first()
        return codes[course.id]
