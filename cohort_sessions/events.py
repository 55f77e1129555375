"""
What this plugin tells the world: openedx-events signals and their payloads.

Sent after commit, with the operation's `now` as ``metadata.time``. Payloads hold plain values; both keys of an
edition are named, since in the platform's own events of an edition "course key" is the edition key.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import attr
from django.db import transaction
from opaque_keys.edx.keys import CourseKey
from openedx_events.tooling import OpenEdxPublicSignal

from cohort_sessions.data import SessionChange


@attr.s(frozen=True, auto_attribs=True)
class CohortSessionData:
    """A session after the change. `status` is a `data.SessionStatus`, `change` a `data.SessionChange`."""

    uuid: str
    code: str
    title: str
    status: str
    change: str


@attr.s(frozen=True, auto_attribs=True)
class CourseEditionData:
    """An edition whose wanted state has changed. `id` is the row's primary key, for our own tasks."""

    id: int
    session_uuid: str
    base_key: CourseKey
    edition_key: CourseKey
    wanted_revision: int


@attr.s(frozen=True, auto_attribs=True)
class CohortCourseData:
    """Whether a session has a course."""

    session_uuid: str
    base_key: CourseKey
    edition_key: CourseKey
    is_active: bool


@attr.s(frozen=True, auto_attribs=True)
class CohortMembershipData:
    """Whether an account is a member of a session."""

    session_uuid: str
    user_id: int
    is_active: bool


@attr.s(frozen=True, auto_attribs=True)
class CohortMoveData:
    """An account whose place in one session became a place in another."""

    origin_uuid: str
    destination_uuid: str
    user_id: int


@attr.s(frozen=True, auto_attribs=True)
class CohortMemberDatesData:
    """Dates of a member's own, UTC in ISO 8601; an empty one is the session's. `extra_days` come on top."""

    session_uuid: str
    user_id: int
    opens_at: str
    closes_at: str
    extra_days: int


@attr.s(frozen=True, auto_attribs=True)
class CohortEntryData:
    """A member who went in for the first time, where their days count from there."""

    session_uuid: str
    user_id: int


@attr.s(frozen=True, auto_attribs=True)
class CohortRequestData:
    """How an account's wish for a place stands: a `data.RequestStatus`, empty once it has ended, in whatever way."""

    session_uuid: str
    user_id: int
    status: str


@attr.s(frozen=True, auto_attribs=True)
class CohortTeamData:
    """Whether an account holds a team role; `edition_key` is empty for roles over a whole session."""

    session_uuid: str
    edition_key: str
    user_id: int
    role: str
    is_active: bool


@attr.s(frozen=True, auto_attribs=True)
class CohortLockData:
    """Whether a lock of a session is set. `lock` is a `data.Lock`."""

    session_uuid: str
    lock: str
    is_set: bool


@attr.s(frozen=True, auto_attribs=True)
class CohortResultData:
    """Whether a member's result in an edition is final."""

    session_uuid: str
    edition_key: CourseKey
    user_id: int
    is_final: bool


@attr.s(frozen=True, auto_attribs=True)
class CohortCertificateData:
    """Whom the team gave the platform's certificate of an edition."""

    session_uuid: str
    edition_key: CourseKey
    user_id: int


@attr.s(frozen=True, auto_attribs=True)
class CohortNoticeData:
    """Something a person is to be told. `kind` is a `data.NoticeKind`; `id` is the row's primary key, for our task."""

    id: int
    session_uuid: str
    user_id: int
    kind: str


@attr.s(frozen=True, auto_attribs=True)
class CohortInvitationData:
    """An invitation of somebody without an account; `id` is the row's primary key, for our task. Names no address."""

    id: int
    session_uuid: str


@attr.s(frozen=True, auto_attribs=True)
class CohortInvitationEndData:
    """How an invitation ended: a `data.InvitationEnd`. Names no address."""

    session_uuid: str
    end: str


@attr.s(frozen=True, auto_attribs=True)
class CohortExportData:
    """A file of results that an account asked for. `id` is the row's primary key, for our task."""

    id: int
    session_uuid: str
    user_id: int


@attr.s(frozen=True, auto_attribs=True)
class CohortMessageData:
    """What the team wrote to members. `id` is the row's primary key, for our task. Names nobody."""

    id: int
    session_uuid: str


@attr.s(frozen=True, auto_attribs=True)
class CohortAnnouncementData:
    """
    An announcement after the change, a `data.AnnouncementChange`. `edition_key` is empty for what is about the whole
    session. Neither its words nor who wrote it.
    """

    session_uuid: str
    edition_key: str
    uuid: str
    change: str


@attr.s(frozen=True, auto_attribs=True)
class CohortAnnouncementMailData:
    """An announcement that so many members are told by mail. `id` is the row's primary key, for our task."""

    id: int
    session_uuid: str
    edition_key: str
    uuid: str
    recipients: int


@attr.s(frozen=True, auto_attribs=True)
class CohortMaterialData:
    """
    A link or file after the change: a `data.MaterialKind` and a `data.MaterialChange`. `edition_key` is empty for what
    is for the whole session.
    """

    session_uuid: str
    edition_key: str
    uuid: str
    kind: str
    change: str


# .. event_type: org.cohort_sessions.learning.session.changed.v1
# .. event_name: COHORT_SESSION_CHANGED
# .. event_key_field: session.uuid
# .. event_description: A session was created, edited, published, cancelled, archived or restored; or time came, and it
#     is over, or not over any more.
# .. event_data: CohortSessionData
COHORT_SESSION_CHANGED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.session.changed.v1", data={"session": CohortSessionData}
)

# .. event_type: org.cohort_sessions.learning.edition.changed.v1
# .. event_name: COURSE_EDITION_CHANGED
# .. event_key_field: edition.edition_key
# .. event_description: What the platform should show of an edition has changed; the platform follows in a task.
# .. event_data: CourseEditionData
COURSE_EDITION_CHANGED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.edition.changed.v1", data={"edition": CourseEditionData}
)

# .. event_type: org.cohort_sessions.learning.course.changed.v1
# .. event_name: COHORT_COURSE_CHANGED
# .. event_key_field: course.edition_key
# .. event_description: A course was added to a session, or taken out.
# .. event_data: CohortCourseData
COHORT_COURSE_CHANGED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.course.changed.v1", data={"course": CohortCourseData}
)

# .. event_type: org.cohort_sessions.learning.membership.changed.v1
# .. event_name: COHORT_MEMBERSHIP_CHANGED
# .. event_key_field: membership.session_uuid
# .. event_description: Somebody became, or ceased to be, a member of a session.
# .. event_data: CohortMembershipData
COHORT_MEMBERSHIP_CHANGED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.membership.changed.v1", data={"membership": CohortMembershipData}
)

# .. event_type: org.cohort_sessions.learning.membership.moved.v1
# .. event_name: COHORT_MEMBER_MOVED
# .. event_key_field: move.destination_uuid
# .. event_description: Somebody was moved from one session to another; told beside the change of both memberships.
# .. event_data: CohortMoveData
COHORT_MEMBER_MOVED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.membership.moved.v1", data={"move": CohortMoveData}
)

# .. event_type: org.cohort_sessions.learning.membership.rescheduled.v1
# .. event_name: COHORT_MEMBER_RESCHEDULED
# .. event_key_field: dates.session_uuid
# .. event_description: A member was given dates or extra days of their own, or lost them.
# .. event_data: CohortMemberDatesData
COHORT_MEMBER_RESCHEDULED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.membership.rescheduled.v1", data={"dates": CohortMemberDatesData}
)

# .. event_type: org.cohort_sessions.learning.membership.entered.v1
# .. event_name: COHORT_MEMBER_ENTERED
# .. event_key_field: entry.session_uuid
# .. event_description: A member went for the first time into a session whose days count from there.
# .. event_data: CohortEntryData
COHORT_MEMBER_ENTERED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.membership.entered.v1", data={"entry": CohortEntryData}
)

# .. event_type: org.cohort_sessions.learning.request.changed.v1
# .. event_name: COHORT_REQUEST_CHANGED
# .. event_key_field: request.session_uuid
# .. event_description: Somebody asked for a place, stands in the line, was offered a seat, or does not wish for one any
#     more: they have it, took the wish back, or were declined.
# .. event_data: CohortRequestData
COHORT_REQUEST_CHANGED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.request.changed.v1", data={"request": CohortRequestData}
)

# .. event_type: org.cohort_sessions.learning.team.changed.v1
# .. event_name: COHORT_TEAM_CHANGED
# .. event_key_field: team.session_uuid
# .. event_description: Somebody was given, or lost, a role in the team of a session or of one edition.
# .. event_data: CohortTeamData
COHORT_TEAM_CHANGED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.team.changed.v1", data={"team": CohortTeamData}
)

# .. event_type: org.cohort_sessions.learning.lock.changed.v1
# .. event_name: COHORT_LOCK_CHANGED
# .. event_key_field: lock.session_uuid
# .. event_description: Something in a session was taken out of its coaches' hands, or given back.
# .. event_data: CohortLockData
COHORT_LOCK_CHANGED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.lock.changed.v1", data={"lock": CohortLockData}
)

# .. event_type: org.cohort_sessions.learning.result.changed.v1
# .. event_name: COHORT_RESULT_CHANGED
# .. event_key_field: result.edition_key
# .. event_description: A member's result in an edition became final, or was opened again.
# .. event_data: CohortResultData
COHORT_RESULT_CHANGED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.result.changed.v1", data={"result": CohortResultData}
)

# .. event_type: org.cohort_sessions.learning.certificate.given.v1
# .. event_name: COHORT_CERTIFICATE_GIVEN
# .. event_key_field: certificate.edition_key
# .. event_description: The team had the platform make a certificate of an edition for a member who has passed.
# .. event_data: CohortCertificateData
COHORT_CERTIFICATE_GIVEN = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.certificate.given.v1", data={"certificate": CohortCertificateData}
)

# .. event_type: org.cohort_sessions.learning.notice.created.v1
# .. event_name: COHORT_NOTICE_CREATED
# .. event_key_field: notice.session_uuid
# .. event_description: Somebody is to be told of their place or their line in a session; a mail follows in a task.
# .. event_data: CohortNoticeData
COHORT_NOTICE_CREATED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.notice.created.v1", data={"notice": CohortNoticeData}
)

# .. event_type: org.cohort_sessions.learning.invitation.created.v1
# .. event_name: COHORT_INVITATION_CREATED
# .. event_key_field: invitation.session_uuid
# .. event_description: Somebody who has no account was invited into a session; a mail follows in a task.
# .. event_data: CohortInvitationData
COHORT_INVITATION_CREATED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.invitation.created.v1", data={"invitation": CohortInvitationData}
)

# .. event_type: org.cohort_sessions.learning.invitation.ended.v1
# .. event_name: COHORT_INVITATION_ENDED
# .. event_key_field: end.session_uuid
# .. event_description: An invitation was answered, withdrawn, or came to nothing.
# .. event_data: CohortInvitationEndData
COHORT_INVITATION_ENDED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.invitation.ended.v1", data={"end": CohortInvitationEndData}
)

# .. event_type: org.cohort_sessions.learning.export.requested.v1
# .. event_name: COHORT_EXPORT_REQUESTED
# .. event_key_field: export.session_uuid
# .. event_description: Somebody asked for results of a session as a file; a task writes it.
# .. event_data: CohortExportData
COHORT_EXPORT_REQUESTED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.export.requested.v1", data={"export": CohortExportData}
)

# .. event_type: org.cohort_sessions.learning.message.created.v1
# .. event_name: COHORT_MESSAGE_CREATED
# .. event_key_field: message.session_uuid
# .. event_description: Somebody on a session's team wrote to members; mails follow in a task.
# .. event_data: CohortMessageData
COHORT_MESSAGE_CREATED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.message.created.v1", data={"message": CohortMessageData}
)

# .. event_type: org.cohort_sessions.learning.announcement.changed.v1
# .. event_name: COHORT_ANNOUNCEMENT_CHANGED
# .. event_key_field: announcement.session_uuid
# .. event_description: Somebody on a session's team wrote, edited or deleted an announcement, published by now or not.
# .. event_data: CohortAnnouncementData
COHORT_ANNOUNCEMENT_CHANGED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.announcement.changed.v1", data={"announcement": CohortAnnouncementData}
)

# .. event_type: org.cohort_sessions.learning.announcement.mailed.v1
# .. event_name: COHORT_ANNOUNCEMENT_MAILED
# .. event_key_field: mail.session_uuid
# .. event_description: An announcement that members are told by mail as well is published; mails follow in a task.
# .. event_data: CohortAnnouncementMailData
COHORT_ANNOUNCEMENT_MAILED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.announcement.mailed.v1", data={"mail": CohortAnnouncementMailData}
)

# .. event_type: org.cohort_sessions.learning.material.changed.v1
# .. event_name: COHORT_MATERIAL_CHANGED
# .. event_key_field: material.session_uuid
# .. event_description: A link or file of a session was added, edited or removed.
# .. event_data: CohortMaterialData
COHORT_MATERIAL_CHANGED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.material.changed.v1", data={"material": CohortMaterialData}
)


def announce(signal: OpenEdxPublicSignal, *, now: datetime, **payload) -> None:
    """Send `signal` once the transaction has committed; receivers never see a change that was rolled back."""
    transaction.on_commit(lambda: signal.send_event(time=now, **payload))


def session_data(session, change: SessionChange) -> CohortSessionData:
    """The payload of a `models.CohortSession`."""
    return CohortSessionData(
        uuid=_text(session.uuid),
        code=session.code,
        title=session.title,
        status=str(session.status),
        change=change.value,
    )


def edition_data(edition) -> CourseEditionData:
    """The payload of a `models.CourseEdition`; its session must be loaded."""
    return CourseEditionData(
        id=edition.pk,
        session_uuid=_text(edition.session.uuid),
        base_key=edition.base_key,
        edition_key=edition.edition_key,
        wanted_revision=edition.wanted_revision,
    )


def _text(uuid: UUID) -> str:
    return str(uuid)
