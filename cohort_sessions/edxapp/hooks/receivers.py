"""
What the platform tells this plugin: a base course was published, somebody's grade or progress changed, a row of ours is
touched.

Receivers are connected by `connect`, in the LMS and in Studio alike: a publish happens in Studio, whose process knows
nothing of editions; the work it sets off is queued for the LMS. Each looks at the course key first, so that other
courses cost no SQL and no task.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ccx_keys.locator import CCXLocator
from django.apps import apps
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey
from openedx_events.learning.data import (
    CcxCoursePassingStatusData,
    CertificateData,
    CourseEnrollmentData,
    PersistentCourseGradeData,
)
from openedx_events.learning.signals import (
    CCX_COURSE_PASSING_STATUS_UPDATED,
    CERTIFICATE_CHANGED,
    COURSE_ENROLLMENT_CREATED,
    PERSISTENT_GRADE_SUMMARY_CHANGED,
)

from cohort_sessions import tasks
from cohort_sessions.data import SYSTEM, ResultPart
from cohort_sessions.edxapp.hooks.editions import is_edition_key_as_known
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations import exports, invitations

UID = "cohort_sessions.edxapp.{}"


def connect() -> None:
    """Connect every receiver, once, however often it is called."""
    from completion.models import BlockCompletion
    from openedx.core.djangoapps.content.course_overviews.models import CourseOverview
    from openedx.core.djangoapps.signals.signals import USER_ACCOUNT_ACTIVATED
    from openedx.core.djangoapps.user_api.accounts.signals import USER_RETIRE_LMS_MISC, USER_RETIRE_MAILINGS
    from xmodule.modulestore.django import SignalHandler

    from cohort_sessions.edxapp.hooks import ccx_rows, overviews

    wanted = [
        (SignalHandler.course_published, relay_publish, None),
        (PERSISTENT_GRADE_SUMMARY_CHANGED, record_after_grade, None),
        (CCX_COURSE_PASSING_STATUS_UPDATED, record_after_passing, None),
        (CERTIFICATE_CHANGED, record_after_certificate, None),
        (COURSE_ENROLLMENT_CREATED, record_after_enrolment, None),
        (post_save, record_after_completion, BlockCompletion),
        (post_delete, record_after_completion, BlockCompletion),
        (pre_save, overviews.keep_end, CourseOverview),
        (USER_ACCOUNT_ACTIVATED, redeem_after_activation, None),
        (USER_RETIRE_MAILINGS, forget_retired_address, None),
        (USER_RETIRE_LMS_MISC, forget_exports_of_retired, None),
    ]
    if apps.is_installed("lms.djangoapps.ccx"):  # Studio has the rows' table, but not their app
        from lms.djangoapps.ccx.models import CustomCourseForEdX

        wanted += [
            (pre_delete, ccx_rows.refuse_deletion, CustomCourseForEdX),
            (pre_save, ccx_rows.keep_marker, CustomCourseForEdX),
        ]
    for signal, receiver, sender in wanted:
        signal.connect(receiver, sender=sender, dispatch_uid=UID.format(receiver.__name__))


def relay_publish(course_key: CourseKey, **_signal: Any) -> None:
    """
    A course was published: once it is committed, its editions are brought after it, in the LMS.

    One query for a base course. An edition's own publish is heard here too, and is the end of the matter.
    """
    if isinstance(course_key, CCXLocator):
        return
    base_key = course_key.replace(branch=None, version_guid=None)
    if CourseEdition.objects.filter(base_key=base_key).exists():
        transaction.on_commit(partial(tasks.send, tasks.relay_publish, base_key=str(base_key)))


def record_after_grade(grade: PersistentCourseGradeData, **_signal: Any) -> None:
    """Somebody's grade in a course was computed anew."""
    _record(grade.course.course_key, grade.user_id, ResultPart.GRADE)


def record_after_passing(course_passing_status: CcxCoursePassingStatusData, **_signal: Any) -> None:
    """Somebody passed, or does not pass any more: the platform tells of it apart from their grade."""
    _record(course_passing_status.course.ccx_course_key, course_passing_status.user.id, ResultPart.GRADE)


def record_after_completion(instance: Any, **_signal: Any) -> None:
    """Somebody completed a block, or lost the completion."""
    _record(instance.context_key, instance.user_id, ResultPart.PROGRESS)


def record_after_certificate(certificate: CertificateData, **_signal: Any) -> None:
    """Somebody's certificate was made, or revoked."""
    _record(certificate.course.course_key, certificate.user.id, ResultPart.CERTIFICATE)


def record_after_enrolment(enrollment: CourseEnrollmentData, **_signal: Any) -> None:
    """Somebody was enrolled, perhaps back into what they did before."""
    _record(enrollment.course.course_key, enrollment.user.id, ResultPart.GRADE, ResultPart.PROGRESS)


def redeem_after_activation(user: Any, **_signal: Any) -> None:
    """Somebody opened the link that was mailed to their address: perhaps one that was invited. One query where not."""
    tasks.redeem_invitations(user.email)


def forget_retired_address(email: str, **_signal: Any) -> None:
    """
    An account is retired, and with it every invitation of its address.

    At once, as the platform does with its own tables: what fails fails the retirement, which is then repeated.
    """
    invitations.forget_address(email, actor=SYSTEM, now=timezone.now())


def forget_exports_of_retired(user: Any, **_signal: Any) -> None:
    """An account is retired, and with it every file of results that it asked for. At once as well."""
    exports.forget_exports(user.pk)


def _record(course_key: CourseKey, user_id: int, *parts: ResultPart) -> None:
    """
    Have one person's result recorded after the commit, where the course is an edition: one query for CCX keys that
    nobody has met in this request, none for others. So an answer, whose request the guard has looked at, costs none.
    """
    if isinstance(course_key, CCXLocator) and _is_edition(course_key):
        for part in parts:
            tasks.ask_for_result(course_key, user_id, part)


def _is_edition(course_key: CCXLocator) -> bool:
    known = is_edition_key_as_known(course_key)
    return CourseEdition.objects.filter(edition_key=course_key).exists() if known is None else known
