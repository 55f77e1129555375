"""The card *Sessions* among the Pages & Resources of a course in Studio, which leads to our page of that course."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_noop
from opaque_keys.edx.keys import CourseKey
from openedx.core.djangoapps.course_apps.plugins import CourseApp

from cohort_sessions.edxapp.host.courses import can_carry_editions


class SessionsCourseApp(CourseApp):
    """Always there and never turned on or off: which sessions a course runs in is decided in the sessions."""

    app_id = "cohort_sessions"
    name = gettext_noop("Sessions")
    description = gettext_noop("See in which sessions this course runs, and assign its coaches.")

    @classmethod
    def is_available(cls, course_key: CourseKey) -> bool:
        """For every course that editions can be made of."""
        return can_carry_editions(course_key)

    @classmethod
    def is_enabled(cls, course_key: CourseKey) -> bool:
        """Where it is available it is on."""
        return cls.is_available(course_key)

    @classmethod
    def set_enabled(cls, course_key: CourseKey, enabled: bool, user) -> bool:  # noqa: FBT001, ARG003 (the platform calls it)
        """
        There is nothing to turn on or off.

        Raises:
            ValueError: always, as other apps of the platform that have no switch do.
        """
        raise ValueError("Sessions cannot be turned on or off for a single course.")

    @classmethod
    def get_allowed_operations(cls, course_key: CourseKey, user=None) -> dict[str, bool]:  # noqa: ARG003 (as above)
        """Only its page is opened."""
        return {"enable": False, "configure": True}

    @staticmethod
    def legacy_link(course_key: CourseKey) -> str:
        """The page of the course in Studio; empty in the LMS, which is asked for the list of apps too."""
        try:
            return reverse("cohort_sessions:studio_course", kwargs={"base_key": str(course_key)})
        except NoReverseMatch:
            return ""
