"""What the team announces to the members of a session: written, changed, deleted, and told by mail when it is time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohort_sessions.data import SYSTEM, Actor, AnnouncementChange
from cohort_sessions.errors import ChangedMeanwhile, InvalidInput, NotFound
from cohort_sessions.events import COHORT_ANNOUNCEMENT_CHANGED, CohortAnnouncementData, announce
from cohort_sessions.models import Announcement, CohortSession
from cohort_sessions.operations._announcing import mark_mailed, write_mails
from cohort_sessions.operations._ground import account, delete, locked_session, save
from cohort_sessions.operations._targets import announcing_target, authorise_announcing, key_of, made_before
from cohort_sessions.queries.announcements import EDITABLE, announcement_faults


def create_announcement(
    session: CohortSession,
    *,
    title: str,
    text: str,
    course: UUID | None = None,
    is_pinned: bool = False,
    published_from: datetime | None = None,
    published_to: datetime | None = None,
    mails: bool = False,
    uuid: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> Announcement:
    """
    Announce something to all members of a session. While it is published they find it on the session's page; where it
    `mails`, each member of that moment is told by mail as well, once. Of a draft nobody is told before it is published.

    Args:
        text: Markdown.
        course: the UUID of the course it is about; ``None``: the whole session.
        published_from: ``None``: now.
        published_to: the first moment at which it is not published any more; ``None``: no end.
        uuid: names the announcement, so that repeating the call makes no other; a name of anything else is refused.

    Raises:
        NotFound, Locked, NotAllowed: see `authorise`; a course that is not in the session is not found either.
        InvalidInput: naming each field that cannot stand.
    """
    with transaction.atomic():
        fresh = locked_session(session)
        edition = announcing_target(fresh, course, actor=actor)
        found = made_before(Announcement, uuid, fresh, edition)
        if found is not None:
            return found
        announcement = Announcement(
            uuid=uuid or uuid4(),
            session=fresh,
            edition=edition,
            title=_line(title),
            text=text.strip(),
            is_pinned=is_pinned,
            # To the second, as forms show it: who edits something else does not change it.
            published_from=published_from or now.replace(microsecond=0),
            published_to=published_to,
            mails=mails,
            created_by=account(actor),
            created_at=now,
        )
        _store(announcement, fresh, AnnouncementChange.CREATED, actor=actor, now=now)
    return announcement


def edit_announcement(
    announcement: Announcement, *, seen_at: datetime | None = None, actor: Actor, now: datetime, **values: Any
) -> Announcement:
    """
    Change an announcement; nothing happens where nothing changes. Who was told by mail is not told again, and who has
    read it is not asked to read it again.

    Args:
        values: those of `create_announcement`, as far as they are to change; ``published_from`` is a moment.
        seen_at: `modified_at` of the announcement as whoever made these changes saw it; without it nobody is asked.

    Raises:
        ChangedMeanwhile: it was changed after `seen_at`. Nothing is stored.
        NotFound, Locked, NotAllowed: see `authorise`, for where it was and for where it is to be.
        InvalidInput: naming each field that cannot stand.
    """
    with transaction.atomic():
        session = locked_session(announcement.session)
        fresh = _standing(session, announcement, actor=actor)
        if seen_at is not None and fresh.modified_at != seen_at:
            raise ChangedMeanwhile(_("Somebody else has changed this announcement meanwhile. Nothing was saved."))
        if unknown := values.keys() - EDITABLE:
            raise InvalidInput({name: _("This cannot be changed.") for name in sorted(unknown)})
        before = {name: getattr(fresh, name) for name in (*EDITABLE - {"course"}, "edition_id")}
        if "course" in values:
            fresh.edition = announcing_target(session, values.pop("course"), actor=actor)
        if "title" in values:
            values["title"] = _line(values["title"])
        if "text" in values:
            values["text"] = values["text"].strip()
        for name, value in values.items():
            setattr(fresh, name, value)
        if before != {name: getattr(fresh, name) for name in before}:
            _store(fresh, session, AnnouncementChange.EDITED, actor=actor, now=now)
    return fresh


def delete_announcement(announcement: Announcement, *, actor: Actor, now: datetime) -> None:
    """
    Delete an announcement. Mails about it that have not been sent are not sent any more.

    Raises:
        NotFound, Locked, NotAllowed: see `authorise`; what was deleted before is not found either.
    """
    with transaction.atomic():
        session = locked_session(announcement.session)
        fresh = _standing(session, announcement, actor=actor)
        _tell(fresh, session, AnnouncementChange.DELETED, now=now)
        delete(fresh, actor=actor, now=now, reason="")


def mail_announcement(announcement_id: int, *, now: datetime) -> int:
    """
    Write the mails about an announcement, if it is time and nobody has: how many. They are sent after the commit.

    Late, twice, or from two processes at once comes to the same. Asks no permission: who announced it had it.
    """
    with transaction.atomic():
        found = Announcement.objects.select_related("session").filter(pk=announcement_id).first()
        if found is None:
            return 0
        session = locked_session(found.session)
        fresh = Announcement.objects.select_for_update().filter(pk=announcement_id).first()
        if fresh is None or not mark_mailed(fresh, session, now=now):
            return 0
        number = write_mails(fresh, session, now=now)
        why = ngettext("Told to %d member by mail.", "Told to %d members by mail.", number) % number
        save(fresh, actor=SYSTEM, now=now, reason=why)
    return number


def _standing(session: CohortSession, announcement: Announcement, *, actor: Actor) -> Announcement:
    """The announcement as it is now, for somebody who may announce where it is."""
    fresh = Announcement.objects.select_for_update().filter(pk=announcement.pk).first()
    if fresh is None:
        raise NotFound(_("There is no such announcement in this session."))
    fresh.session = session
    authorise_announcing(session, fresh.edition, actor=actor)
    return fresh


def _store(
    announcement: Announcement, session: CohortSession, change: AnnouncementChange, *, actor: Actor, now: datetime
) -> None:
    """One line in the history, the mails, and what is told of it."""
    if faults := announcement_faults(announcement):
        raise InvalidInput(faults)
    announcement.modified_by, announcement.modified_at = account(actor), now
    mails_now = mark_mailed(announcement, session, now=now)
    save(announcement, actor=actor, now=now, reason="")
    _tell(announcement, session, change, now=now)
    if mails_now:
        write_mails(announcement, session, now=now)


def _tell(announcement: Announcement, session: CohortSession, change: AnnouncementChange, *, now: datetime) -> None:
    data = CohortAnnouncementData(
        session_uuid=str(session.uuid),
        edition_key=key_of(announcement.edition),
        uuid=str(announcement.uuid),
        change=change.value,
    )
    announce(COHORT_ANNOUNCEMENT_CHANGED, now=now, announcement=data)


def _line(text: str) -> str:
    return " ".join(text.split())
