"""Receivers of our own events, connected by `apps`: thin doors to tasks."""

from __future__ import annotations

from django.dispatch import receiver

from cohort_sessions import tasks
from cohort_sessions.events import COHORT_NOTICE_CREATED, COURSE_EDITION_CHANGED, CohortNoticeData, CourseEditionData


@receiver(COURSE_EDITION_CHANGED, dispatch_uid="cohort_sessions.apply_changed_edition")
def apply_changed_edition(edition: CourseEditionData, **_metadata) -> None:
    """What is wanted of an edition has changed and is committed: the platform follows."""
    tasks.send(tasks.apply_edition, edition_id=edition.id, revision=edition.wanted_revision)


@receiver(COHORT_NOTICE_CREATED, dispatch_uid="cohort_sessions.send_created_notice")
def send_created_notice(notice: CohortNoticeData, **_metadata) -> None:
    """Somebody is to be told something, and that is committed: a mail follows."""
    tasks.send(tasks.send_notice, notice_id=notice.id)
