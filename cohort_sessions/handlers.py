"""Receivers of our own events, connected by `apps`: thin doors to tasks."""

from __future__ import annotations

from django.dispatch import receiver

from cohort_sessions import tasks
from cohort_sessions.events import COURSE_EDITION_CHANGED, CourseEditionData


@receiver(COURSE_EDITION_CHANGED, dispatch_uid="cohort_sessions.apply_changed_edition")
def apply_changed_edition(edition: CourseEditionData, **_metadata) -> None:
    """What is wanted of an edition has changed and is committed: the platform follows."""
    tasks.send(tasks.apply_edition, edition_id=edition.id, revision=edition.wanted_revision)
