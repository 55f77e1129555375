"""
The platform's certificates of editions.

The platform refuses certificates of CCX courses in its regular way, and makes them for whom its allowlist names. So who
is to have one is put on the allowlist of the edition, and nobody else is.
"""

from __future__ import annotations

from collections.abc import Collection

from common.djangoapps.course_modes.api import is_eligible_for_certificate
from common.djangoapps.course_modes.models import CourseMode
from common.djangoapps.student.models import CourseEnrollment
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from lms.djangoapps.certificates import api
from lms.djangoapps.certificates.data import CertificateStatuses
from lms.djangoapps.certificates.generation_handler import CertificateGenerationNotAllowed
from lms.djangoapps.certificates.models import GeneratedCertificate
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.host import LearnerCertificate

NOTES = "cohort_sessions: passed in a session"


def read(edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerCertificate]:
    """The certificates of these people that the platform shows as earned; one that was revoked is none. One query."""
    if not edition_keys or not user_ids:
        return []
    rows = GeneratedCertificate.objects.filter(
        course_id__in=edition_keys, user_id__in=user_ids, status=CertificateStatuses.downloadable
    ).order_by("course_id", "user_id")
    return [LearnerCertificate(*row) for row in rows.values_list("course_id", "user_id", "created_date")]


def give(edition_key: CourseKey, user_ids: Collection[int]) -> dict[int, str]:
    """
    Put these people on the allowlist and have the platform's own task make the certificate.

    The platform makes none for enrolments in its audit mode, which is the one that editions have: that of a person who
    is given a certificate becomes one in honor mode. Whom the platform refuses one is left as they were.
    """
    answers = dict.fromkeys((held.user_id for held in read([edition_key], user_ids)), "")
    for user in get_user_model().objects.filter(pk__in=set(user_ids) - answers.keys()):
        answers[user.pk] = _give(edition_key, user)
    return answers


def _give(edition_key: CourseKey, user) -> str:
    """Why there is none; empty where there is one."""
    try:
        with transaction.atomic():
            _make_eligible(edition_key, user)
            api.create_or_update_certificate_allowlist_entry(user, edition_key, NOTES)
            if not api.generate_certificate_task(user, edition_key, generation_mode="batch"):
                raise CertificateGenerationNotAllowed(
                    _("The platform makes no certificates of this course, or theirs was invalidated.")
                )
    except CertificateGenerationNotAllowed as refusal:
        return str(refusal)
    return ""


def _make_eligible(edition_key: CourseKey, user) -> None:
    enrolment = CourseEnrollment.get_enrollment(user, edition_key)
    if enrolment is None or not enrolment.is_active:
        raise CertificateGenerationNotAllowed(_("Is not enrolled in the course."))
    if not is_eligible_for_certificate(enrolment.mode):
        enrolment.update_enrollment(mode=CourseMode.HONOR)
