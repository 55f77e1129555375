"""
What happens in sessions, in the platform's tracking log: one tracking event for each of our own events, named by the
platform's convention, ``edx.cohort_sessions.<noun>.<verb>``. docs/tracking.md lists them.

Hears of nothing but `events`, so that operations need no second line. Each event holds what its own does but for
primary keys of rows, which mean something to our tasks only; of a person no more than the number of their account.
What concerns one edition carries the edition key as its course, as everything else that the platform tracks there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import attr
from django.dispatch import receiver
from eventtracking import tracker
from opaque_keys.edx.keys import CourseKey
from openedx_events.tooling import OpenEdxPublicSignal

from cohort_sessions.data import RequestStatus
from cohort_sessions.events import (
    COHORT_ANNOUNCEMENT_CHANGED,
    COHORT_ANNOUNCEMENT_MAILED,
    COHORT_CERTIFICATE_GIVEN,
    COHORT_COURSE_CHANGED,
    COHORT_EXPORT_REQUESTED,
    COHORT_INVITATION_CREATED,
    COHORT_INVITATION_ENDED,
    COHORT_LOCK_CHANGED,
    COHORT_MATERIAL_CHANGED,
    COHORT_MEMBER_ENTERED,
    COHORT_MEMBER_MOVED,
    COHORT_MEMBER_RESCHEDULED,
    COHORT_MEMBERSHIP_CHANGED,
    COHORT_MESSAGE_CREATED,
    COHORT_NOTICE_CREATED,
    COHORT_REQUEST_CHANGED,
    COHORT_RESULT_CHANGED,
    COHORT_SESSION_CHANGED,
    COHORT_TEAM_CHANGED,
    COURSE_EDITION_CHANGED,
)

PREFIX: Final = "edx.cohort_sessions."

_OF_REQUESTS = {
    RequestStatus.REQUESTED: "request.made",
    RequestStatus.WAITING: "request.queued",
    RequestStatus.OFFERED: "request.offered",
    "": "request.ended",
}

# From each of our events to the name of what is tracked of it; what does not depend on the payload is the name itself.
NAMES: Mapping[OpenEdxPublicSignal, str | Callable[[Any], str]] = {
    COHORT_SESSION_CHANGED: lambda session: f"session.{session.change}",
    COURSE_EDITION_CHANGED: "edition.changed",
    COHORT_COURSE_CHANGED: lambda course: "course.added" if course.is_active else "course.removed",
    COHORT_MEMBERSHIP_CHANGED: lambda membership: "member.enrolled" if membership.is_active else "member.removed",
    COHORT_MEMBER_MOVED: "member.moved",
    COHORT_MEMBER_RESCHEDULED: "member.rescheduled",
    COHORT_MEMBER_ENTERED: "member.entered",
    COHORT_REQUEST_CHANGED: lambda request: _OF_REQUESTS[request.status],
    COHORT_TEAM_CHANGED: lambda team: "team_member.assigned" if team.is_active else "team_member.removed",
    COHORT_LOCK_CHANGED: lambda lock: "lock.set" if lock.is_set else "lock.released",
    COHORT_RESULT_CHANGED: lambda result: "result.finalised" if result.is_final else "result.reopened",
    COHORT_CERTIFICATE_GIVEN: "certificate.given",
    COHORT_NOTICE_CREATED: "notice.created",
    COHORT_INVITATION_CREATED: "invitation.created",
    COHORT_INVITATION_ENDED: "invitation.ended",
    COHORT_EXPORT_REQUESTED: "export.requested",
    COHORT_MESSAGE_CREATED: "message.created",
    COHORT_ANNOUNCEMENT_CHANGED: lambda announcement: f"announcement.{announcement.change}",
    COHORT_ANNOUNCEMENT_MAILED: "announcement.mailed",
    COHORT_MATERIAL_CHANGED: lambda material: f"material.{material.change}",
}


@receiver(list(NAMES), dispatch_uid="cohort_sessions.track")
def track(signal: OpenEdxPublicSignal, *, from_event_bus: bool = False, **sent: Any) -> None:
    """
    Something happened in a session, and is committed: it stands in the tracking log.

    Who did it is told by the context that the platform gives to everything tracked in a request. Not tracked is what
    comes back over the event bus, since it was where it happened, nor anything where tracking is turned off.
    """
    is_on = tracker.DEFAULT_TRACKER_NAME in tracker.TRACKERS
    if from_event_bus or not is_on:
        return
    [subject] = signal.init_data
    payload = sent[subject]
    name = NAMES[signal]
    name = PREFIX + (name if isinstance(name, str) else name(payload))
    data = attr.asdict(payload, filter=lambda field, _value: field.name != "id", value_serializer=_plain)
    with _course_context(name, data.get("edition_key")):
        tracker.emit(name, data)


def _plain(_payload: Any, _field: attr.Attribute, value: Any) -> Any:
    return str(value) if isinstance(value, CourseKey) else value


def _course_context(name: str, edition_key: str | None) -> AbstractContextManager:
    """As the platform's own `course_context_from_course_id`."""
    if not edition_key:
        return nullcontext()
    organisation = CourseKey.from_string(edition_key).org
    return tracker.get_tracker().context(name, {"course_id": edition_key, "org_id": organisation})
