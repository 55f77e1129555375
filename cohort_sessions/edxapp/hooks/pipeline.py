"""Steps that the plugin adds to pipelines of openedx-filters; `cohort_sessions.settings` appends them."""

from __future__ import annotations

from ccx_keys.locator import CCXLocator
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey
from openedx_filters import PipelineStep
from openedx_filters.learning.filters import CourseEnrollmentStarted

from cohort_sessions.edxapp.enrolling import is_ours


class RefuseForeignEnrolment(PipelineStep):
    """
    ``org.openedx.learning.course.enrollment.started.v1``: nobody gets into an edition but through its session.

    The platform's enrolment API, its instructor dashboard, its commands and other plugins all come by here. The step
    refuses for editions, whoever asks; ordinary courses and other people's CCX courses pass, without SQL where the key
    is no CCX key.
    """

    def run_filter(self, user, course_key: CourseKey, mode: str, **kwargs) -> dict:
        """
        Let the enrolment go on by returning nothing to change.

        Raises:
            CourseEnrollmentStarted.PreventEnrollment: the course is an edition and the enrolment is not the plugin's
            own.
        """
        if isinstance(course_key, CCXLocator) and not is_ours() and _is_edition(course_key):
            raise CourseEnrollmentStarted.PreventEnrollment(
                _("This course belongs to a session. Its administrators and coaches decide who takes part.")
            )
        return {}


def _is_edition(course_key: CCXLocator) -> bool:
    """Asked of our own table, so that it holds before the platform has been told anything of a new edition."""
    from cohort_sessions.edxapp.hooks.keys import canonical
    from cohort_sessions.models import CourseEdition

    return CourseEdition.objects.filter(edition_key=canonical(course_key)).exists()
