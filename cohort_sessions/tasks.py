"""
Celery tasks: each fetches nothing itself, reads the clock and calls one operation.

They always run in the LMS, where the platform's side of an edition lives, whichever process asked; see `send`.
"""

from __future__ import annotations

import logging

from celery import Task, shared_task
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from edx_django_utils.monitoring import set_code_owner_attribute
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import SYSTEM
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations import application, results

log = logging.getLogger(__name__)

# Deadlocks and lost connections pass; anything else is kept on the edition and waits for the reconcile command.
_RETRIES = {"autoretry_for": (OperationalError,), "retry_backoff": True, "max_retries": 5}


def send(task: Task, **arguments) -> None:
    """Queue a task for the LMS's workers: on the platform Studio has queues of its own, which cannot do this work."""
    task.apply_async(kwargs=arguments, queue=_lms_queue())


def _lms_queue() -> str | None:
    """
    The queue that LMS workers listen to, for a process that is not the LMS; ``None`` is this process's own default.

    The platform names its queues after the process that listens (``edx.cms.core.default``, ``edx.lms.core.default``),
    and creates those it is sent to. It is asked when sending, since it settles them after plugins have had their say.
    """
    configured = getattr(settings, "COHORT_SESSIONS_LMS_QUEUE", "")
    if configured or getattr(settings, "SERVICE_VARIANT", "lms") == "lms":
        return configured or None
    own = getattr(settings, "CELERY_DEFAULT_QUEUE", "")
    return own.replace(".cms.", ".lms.") or None


@shared_task(**_RETRIES)
@set_code_owner_attribute
def apply_edition(*, edition_id: int, revision: int | None = None, **_future) -> None:
    """
    Make the platform match an edition.

    Args:
        revision: the change that asked for it; already confirmed means nothing is left to do. ``None`` applies
            whatever stands.
    """
    edition = CourseEdition.objects.filter(pk=edition_id).first()
    if edition is None:
        log.info("Edition %s was removed before it could be applied.", edition_id)
        return
    if revision is not None and edition.applied_revision >= revision and not edition.apply_error:
        return
    report = application.apply_edition(edition_id, actor=SYSTEM, now=timezone.now())
    for failure in report.failed:
        log.error("Edition %s, %s: %s", edition.edition_key, failure.facet, failure.reason)


@shared_task(**_RETRIES)
@set_code_owner_attribute
def relay_publish(*, base_key: str, **_future) -> None:
    """The content of a base course has changed: each of its editions follows in a task of its own."""
    editions = CourseEdition.objects.filter(base_key=CourseKey.from_string(base_key))
    for edition_id in editions.values_list("pk", flat=True):
        send(apply_edition, edition_id=edition_id)


@shared_task(**_RETRIES)
@set_code_owner_attribute
def refresh_results(*, edition_key: str, user_ids: list[int] | None = None, **_future) -> None:
    """Some learners' work in an edition has changed (``None``: perhaps everybody's)."""
    try:
        results.refresh_results(CourseKey.from_string(edition_key), user_ids, actor=SYSTEM, now=timezone.now())
    except CourseEdition.DoesNotExist:
        log.info("Nobody keeps results of %s: it is no edition of a session, or not any more.", edition_key)
