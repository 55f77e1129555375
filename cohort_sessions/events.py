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


@attr.s(frozen=True, auto_attribs=True)
class CohortSessionData:
    """A session after the change. `status` is a `data.SessionStatus`."""

    uuid: str
    code: str
    title: str
    status: str


@attr.s(frozen=True, auto_attribs=True)
class CourseEditionData:
    """An edition whose wanted state has changed. `id` is the row's primary key, for our own tasks."""

    id: int
    session_uuid: str
    base_key: CourseKey
    edition_key: CourseKey
    wanted_revision: int


@attr.s(frozen=True, auto_attribs=True)
class CohortMembershipData:
    """Whether an account is a member of a session."""

    session_uuid: str
    user_id: int
    is_active: bool


@attr.s(frozen=True, auto_attribs=True)
class CohortTeamData:
    """Whether an account holds a team role; `edition_key` is empty for roles over a whole session."""

    session_uuid: str
    edition_key: str
    user_id: int
    role: str
    is_active: bool


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


# .. event_type: org.cohort_sessions.learning.session.changed.v1
# .. event_name: COHORT_SESSION_CHANGED
# .. event_key_field: session.uuid
# .. event_description: A session was created, edited, published, cancelled or archived.
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

# .. event_type: org.cohort_sessions.learning.membership.changed.v1
# .. event_name: COHORT_MEMBERSHIP_CHANGED
# .. event_key_field: membership.session_uuid
# .. event_description: Somebody became, or ceased to be, a member of a session.
# .. event_data: CohortMembershipData
COHORT_MEMBERSHIP_CHANGED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.membership.changed.v1", data={"membership": CohortMembershipData}
)

# .. event_type: org.cohort_sessions.learning.team.changed.v1
# .. event_name: COHORT_TEAM_CHANGED
# .. event_key_field: team.session_uuid
# .. event_description: Somebody was given, or lost, a role in the team of a session or of one edition.
# .. event_data: CohortTeamData
COHORT_TEAM_CHANGED = OpenEdxPublicSignal(
    event_type="org.cohort_sessions.learning.team.changed.v1", data={"team": CohortTeamData}
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


def announce(signal: OpenEdxPublicSignal, *, now: datetime, **payload) -> None:
    """Send `signal` once the transaction has committed; receivers never see a change that was rolled back."""
    transaction.on_commit(lambda: signal.send_event(time=now, **payload))


def session_data(session) -> CohortSessionData:
    """The payload of a `models.CohortSession`."""
    return CohortSessionData(
        uuid=_text(session.uuid), code=session.code, title=session.title, status=str(session.status)
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
