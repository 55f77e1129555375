"""
Who is enrolled in an edition, through the platform's own code, so that its events, schedules and tracking happen as for
any course.

Every enrolment this plugin makes carries an attribute that says so; only those does it ever end.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from ccx_keys.locator import CCXLocator
from common.djangoapps.student.models import CourseEnrollment, CourseEnrollmentAttribute
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from lms.djangoapps.ccx.models import CustomCourseForEdX
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.edxapp.enrolling import ours
from cohort_sessions.edxapp.marker import parse_marker
from cohort_sessions.host import Enrolment, EnrolmentOutcome, WantedEnrolment

log = logging.getLogger(__name__)

# The attribute that marks an enrolment as ours; the platform shows these to support staff beside the enrolment.
NAMESPACE, NAME, VALUE = "cohort_sessions", "origin", "session"


def read(edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> frozenset[Enrolment]:
    """Every enrolment, active or not, of these people in these editions. One query."""
    rows = _with_origin(CourseEnrollment.objects.filter(course_id__in=edition_keys, user_id__in=user_ids))
    return frozenset(
        Enrolment(row.course_id, row.user_id, is_active=row.is_active, is_ours=row.is_ours)
        for row in rows.only("course_id", "user_id", "is_active")
    )


def has_foreign(edition_key: CourseKey) -> bool:
    """Whether anybody is actively enrolled by other means than this plugin. One query."""
    return (
        _with_origin(CourseEnrollment.objects.filter(course_id=edition_key, is_active=True))
        .filter(is_ours=False)
        .exists()
    )


def apply(wanted: Sequence[WantedEnrolment]) -> list[EnrolmentOutcome]:
    """
    Enrol and unenrol, one outcome a line, in the order given.

    Three queries, and beyond them only what the platform itself spends on each change (about thirty for an enrolment).
    The mode is the platform's default for the key. Nobody is mailed by us.
    """
    if not wanted:
        return []
    people = get_user_model().objects.select_related("profile").in_bulk({line.user_id for line in wanted})
    editions = _editions({line.edition_key for line in wanted})
    found = {(enrolment.edition_key, enrolment.user_id): enrolment for enrolment in read(editions, people)}
    outcomes = []
    for line in wanted:
        if line.user_id not in people:
            refusal = _("This account does not exist.")
        elif line.edition_key not in editions:
            refusal = _("This is not the course of a session.")
        else:
            outcomes.append(_apply_one(line, people[line.user_id], found.get((line.edition_key, line.user_id))))
            continue
        outcomes.append(EnrolmentOutcome(line, changed=False, refusal=refusal))
    return outcomes


def _apply_one(line: WantedEnrolment, user, found: Enrolment | None) -> EnrolmentOutcome:
    """Bring one line about in a savepoint of its own: a refusal or a broken account does not touch the others."""
    is_active = found is not None and found.is_active
    if line.is_active == is_active or (is_active and not found.is_ours):
        return EnrolmentOutcome(line, changed=False)
    try:
        with transaction.atomic(), ours():
            if line.is_active:
                _enrol(user, line.edition_key)
            else:
                CourseEnrollment.unenroll(user, line.edition_key, skip_refund=True)
    except Exception as refusal:  # the platform and its plugins refuse in their own types; one line stops no other
        log.exception("Enrolment of user %s in %s was refused", line.user_id, line.edition_key)
        return EnrolmentOutcome(line, changed=False, refusal=str(refusal) or type(refusal).__name__)
    return EnrolmentOutcome(line, changed=True)


def _enrol(user, edition_key: CourseKey) -> None:
    enrolment = CourseEnrollment.enroll(user, edition_key)
    CourseEnrollmentAttribute.objects.get_or_create(
        enrollment=enrolment, namespace=NAMESPACE, name=NAME, defaults={"value": VALUE}
    )


def _editions(keys: Collection[CourseKey]) -> frozenset[CourseKey]:
    """Those among `keys` that are editions of ours. One query."""
    ids = [key.ccx for key in keys if isinstance(key, CCXLocator)]
    rows = CustomCourseForEdX.objects.filter(pk__in=ids)
    return frozenset(row.locator for row in rows if parse_marker(row.structure_json) is not None) & frozenset(keys)


def _with_origin(enrolments: QuerySet) -> QuerySet:
    """Annotate `is_ours`."""
    marks = CourseEnrollmentAttribute.objects.filter(enrollment=OuterRef("pk"), namespace=NAMESPACE, name=NAME)
    return enrolments.annotate(is_ours=Exists(marks))
