"""
Editions as rows of the platform: reserved, found again, discarded.

An edition is a ``CustomCourseForEdX`` row of our own making. It hides nothing, copies no staff, mails nobody and does
not need ``enable_ccx`` on the base course; everything it is to look like is brought about later by `application.apply`.
"""

from __future__ import annotations

from uuid import UUID

from common.djangoapps.student.models import CourseAccessRole, CourseEnrollment
from django.db import transaction
from django.utils.translation import gettext as _
from edx_when.models import ContentDate
from lms.djangoapps.ccx.models import CustomCourseForEdX
from opaque_keys.edx.keys import CourseKey
from openedx.core.djangoapps.content.block_structure.api import clear_course_from_cache
from openedx.core.djangoapps.content.course_overviews.models import CourseOverview
from openedx.core.djangoapps.content.learning_sequences.models import LearningContext
from openedx.core.djangoapps.django_comment_common.models import Role

from cohort_sessions.edxapp.host import accounts, courses, enrolments, results
from cohort_sessions.edxapp.marker import build_marker
from cohort_sessions.edxapp.protection import discarding
from cohort_sessions.errors import HasLearnerData, HostRefused
from cohort_sessions.models import GrantedRole

TITLE_LENGTH = CustomCourseForEdX._meta.get_field("display_name").max_length


def find(base_key: CourseKey, edition_uuid: UUID) -> CustomCourseForEdX | None:
    """The row of an edition, by its marker among the CCX rows of the base course. One query on an indexed column."""
    rows = CustomCourseForEdX.objects.filter(course_id=base_key, structure_json=build_marker(edition_uuid))
    return rows.first()


def reserve(base_key: CourseKey, edition_uuid: UUID) -> CourseKey:
    """
    Insert the row of an edition, or find the one inserted before; runs in the caller's transaction, in at most four
    queries once the service account exists.

    Raises:
        HostRefused: the course does not exist, or its kind of key cannot carry editions.
    """
    if not courses.can_carry_editions(base_key):
        raise HostRefused(_("%(key)s is not the key of a course run that can have editions.") % {"key": base_key})
    row = find(base_key, edition_uuid)
    if row is None:
        base = courses.base_courses([base_key]).get(base_key)
        if base is None:
            raise HostRefused(_("There is no course %(key)s on this platform.") % {"key": base_key})
        row = CustomCourseForEdX.objects.create(
            course_id=base_key,
            display_name=base.title[:TITLE_LENGTH],
            coach_id=accounts.service_account_id(),
            structure_json=build_marker(edition_uuid),
        )
    return row.locator


def discard(edition_key: CourseKey) -> None:
    """
    Delete the edition's row and everything that was built for it: title, outline, dates, roles, our own enrolments.

    What is not there is no error. The platform's readers of a key whose row is gone answer 500, so this is for editions
    nobody has been in.

    Raises:
        HasLearnerData: somebody has stored work.
        HostRefused: somebody is enrolled by other means than a session.
    """
    if results.exist(edition_key):
        raise HasLearnerData(
            _("Learners have worked in %(key)s; it can be withdrawn, not deleted.") % {"key": edition_key}
        )
    if enrolments.has_foreign(edition_key):
        raise HostRefused(_("Somebody is enrolled in %(key)s by other means than a session.") % {"key": edition_key})
    with transaction.atomic(), discarding():
        CourseEnrollment.objects.filter(course_id=edition_key).delete()
        CourseAccessRole.objects.filter(course_id=edition_key).delete()
        GrantedRole.objects.filter(edition_key=edition_key).delete()
        Role.objects.filter(course_id=edition_key).delete()
        ContentDate.objects.filter(course_id=edition_key).delete()
        LearningContext.objects.filter(context_key=edition_key).delete()
        CourseOverview.objects.filter(pk=edition_key).delete()
        CustomCourseForEdX.objects.filter(pk=edition_key.ccx).delete()
        transaction.on_commit(lambda: clear_course_from_cache(edition_key))
