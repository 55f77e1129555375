"""Members say that they have read what was announced."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import NotFound
from cohort_sessions.models import AnnouncementRead, CohortSession
from cohort_sessions.queries.announcements import is_published
from cohort_sessions.queries.authority import authorise


def mark_announcements_read(
    session: CohortSession, uuids: Collection[UUID] | None = None, *, actor: Actor, now: datetime
) -> int:
    """
    Note that a member has read announcements; repeating it is harmless. Returns how many were unread before.

    For who is on the team and not a member nothing is ever unread, so nothing is noted. Nor is it kept in the history,
    or told to anybody: what somebody reads is theirs.

    Args:
        uuids: the announcements; ``None``: all that are published.

    Raises:
        NotFound: the session does not concern the actor, or it has no such announcement for its members now.
        NotAllowed: see `authorise`.
    """
    with transaction.atomic():
        authorise(actor, permissions.VIEW_SESSION, session)
        published = session.announcements.filter(is_published(now))
        if uuids is not None:
            published = published.filter(uuid__in=uuids)
        ids = set(published.order_by().values_list("pk", flat=True))
        if uuids is not None and len(ids) < len(set(uuids)):
            raise NotFound(_("There is no such announcement in this session."))
        if session.pk not in actor.member_session_ids:
            return 0
        reads = AnnouncementRead.objects.filter(user_id=actor.user_id, announcement__in=ids)
        unread = sorted(ids - set(reads.values_list("announcement_id", flat=True)))
        AnnouncementRead.objects.bulk_create(
            [AnnouncementRead(announcement_id=pk, user_id=actor.user_id, read_at=now) for pk in unread],
            # Two clicks at once: the first of them counts.
            ignore_conflicts=True,
        )
    return len(unread)
