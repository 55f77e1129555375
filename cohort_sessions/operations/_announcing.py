"""From an announcement to the mails about it: once, while it is published, to whom it concerns."""

from __future__ import annotations

from datetime import datetime

from cohort_sessions.data import MemberStatus, NoticeKind
from cohort_sessions.events import COHORT_ANNOUNCEMENT_MAILED, CohortAnnouncementMailData, announce
from cohort_sessions.models import Announcement, CohortSession, Notice
from cohort_sessions.operations._targets import key_of
from cohort_sessions.queries.announcements import is_to_be_mailed
from cohort_sessions.timeline import Listing, access


def mark_mailed(announcement: Announcement, session: CohortSession, *, now: datetime) -> bool:
    """
    Note on the announcement, in memory, that its mails are written now; whether they are to be.

    Callers hold the lock of the session, store it, and then call `write_mails`: so there is nobody else who does.
    """
    if not is_to_be_mailed(announcement, session, now=now):
        return False
    announcement.mailed_at = now
    return True


def write_mails(announcement: Announcement, session: CohortSession, *, now: datetime) -> int:
    """
    A notice for each member to whom the session is shown now, to be sent after the commit. How many there are.

    Who becomes a member later finds the announcement on the session's page.
    """
    schedule = session.schedule
    user_ids = [
        member.user_id
        for member in session.members.filter(status=MemberStatus.ACTIVE.value).order_by("pk")
        if access(schedule, membership=member.membership, on_team=False, now=now).listing == Listing.SHOWN
    ]
    Notice.objects.bulk_create(
        Notice(
            session=session,
            user_id=user_id,
            kind=NoticeKind.ANNOUNCEMENT.value,
            announcement=announcement,
            created_at=now,
        )
        for user_id in user_ids
    )
    if user_ids:
        mail = CohortAnnouncementMailData(
            id=announcement.pk,
            session_uuid=str(session.uuid),
            edition_key=key_of(announcement.edition),
            uuid=str(announcement.uuid),
            recipients=len(user_ids),
        )
        announce(COHORT_ANNOUNCEMENT_MAILED, now=now, mail=mail)
    return len(user_ids)
