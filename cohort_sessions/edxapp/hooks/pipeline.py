"""Steps that the plugin adds to pipelines of openedx-filters; `cohort_sessions.settings` appends them."""

from __future__ import annotations

from ccx_keys.locator import CCXLocator
from crum import get_current_user
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey
from openedx_filters import PipelineStep
from openedx_filters.learning.filters import CourseEnrollmentStarted

from cohort_sessions.edxapp.enrolling import is_ours
from cohort_sessions.edxapp.hooks.callers import Caller
from cohort_sessions.edxapp.hooks.doors import Kind
from cohort_sessions.edxapp.hooks.personal_lists import hidden_from
from cohort_sessions.edxapp.toggles import DISABLE_GUARD


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


class LeaveHiddenEditionsOut(PipelineStep):
    """``org.openedx.learning.dashboard.render.started.v1``: the dashboard shows no card of a hidden edition."""

    def run_filter(self, context: dict, template_name: str) -> dict:
        """Take the cards out of `context`; no SQL for people without a CCX course, one query for others."""
        cards = context["course_enrollments"]
        keys = {card.course_id for card in cards if isinstance(card.course_id, CCXLocator)}
        user = get_current_user()
        caller = Caller(user.pk, user.is_staff or user.is_superuser)
        hidden = set() if DISABLE_GUARD.is_enabled() else hidden_from(caller, keys, Kind.ABOUT)
        if not hidden:
            return {}
        shown = [place for place, card in enumerate(cards) if card.course_id not in hidden]
        # The template finds a card's address by its place, behind those of the entitlements.
        entitled = len(context["course_entitlements"])
        addresses = context["resume_button_urls"]
        narrowed = {
            "course_enrollments": [cards[place] for place in shown],
            "resume_button_urls": addresses[:entitled] + [addresses[entitled + place] for place in shown],
        }
        return {"context": context | narrowed, "template_name": template_name}


def _is_edition(course_key: CCXLocator) -> bool:
    """Asked of our own table, so that it holds before the platform has been told anything of a new edition."""
    from cohort_sessions.edxapp.hooks.keys import canonical
    from cohort_sessions.models import CourseEdition

    return CourseEdition.objects.filter(edition_key=canonical(course_key)).exists()
