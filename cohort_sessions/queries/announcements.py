"""Announcements of sessions: which are published, what keeps one from being stored, and who has not read what."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.lookups import In
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, SessionStatus
from cohort_sessions.errors import NotFound
from cohort_sessions.models import Announcement, AnnouncementRead, CohortSession, CourseEdition
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.moments import moment_fault
from cohort_sessions.timeline import Window

_OVER = (SessionStatus.CANCELLED.value, SessionStatus.ARCHIVED.value)

EDITABLE = frozenset({"title", "text", "course", "is_pinned", "published_from", "published_to", "mails"})

LONGEST_TITLE = Announcement._meta.get_field("title").max_length
LONGEST_TEXT = 20_000


class Publication(enum.StrEnum):
    """Whether members see an announcement."""

    PLANNED = "planned"
    PUBLISHED = "published"
    PAST = "past"


def publication(announcement: Announcement, now: datetime) -> Publication:
    """How it stands at this moment."""
    window = Window(announcement.published_from, announcement.published_to)
    if window.has_closed(now):
        return Publication.PAST
    return Publication.PUBLISHED if window.has_opened(now) else Publication.PLANNED


def is_published(now: datetime) -> Q:
    """Those that members see at this moment: not what is about a course that was taken out of its session."""
    has_begun, has_no_end = Q(published_from__lte=now), Q(published_to=None) | Q(published_to__gt=now)
    return has_begun & has_no_end & is_in_force()


def is_in_force() -> Q:
    """What is about a course that is in its session, or about the whole of it; of materials as well."""
    return Q(edition=None) | Q(edition__withdrawn_at=None)


def is_still_meant() -> Q:
    """
    Not those that were planned for a session which was cancelled or archived since: nobody is mailed as if it went on.
    What the team has written afterwards is meant.
    """
    lines = CohortSession.history.filter(id=OuterRef("session_id"))
    newest = lines.filter(history_date__lte=OuterRef("created_at")).order_by("-history_date", "-history_id")
    then = Subquery(newest.values("status")[:1])
    has_gone_on = Exists(lines.filter(history_date__gt=OuterRef("created_at")).exclude(status__in=_OVER))
    return ~Q(session__status__in=_OVER) | (In(then, _OVER) & ~Q(has_gone_on))


def is_to_be_mailed(announcement: Announcement, session: CohortSession, *, now: datetime) -> bool:
    """
    Whether its mails are to be written: it is published now, and they have not been. Members of a draft know nothing
    of it, and see `is_still_meant`. At most one query.
    """
    is_due = announcement.mails and announcement.mailed_at is None
    is_shown = publication(announcement, now) == Publication.PUBLISHED and session.status != SessionStatus.DRAFT
    edition = announcement.edition
    if not is_due or not is_shown or (edition is not None and edition.withdrawn_at is not None):
        return False
    is_planned = announcement.pk is not None and session.status in _OVER
    return not is_planned or Announcement.objects.filter(is_still_meant(), pk=announcement.pk).exists()


def announcement_faults(announcement: Announcement) -> dict[str, str]:
    """What keeps an announcement as it is in memory from being stored: field name -> sentence. No query."""
    faults = {}
    if not announcement.title:
        faults["title"] = _("Write a title.")
    elif len(announcement.title) > LONGEST_TITLE:
        faults["title"] = _too_long(announcement.title, LONGEST_TITLE)
    if not announcement.text:
        faults["text"] = _("Write what you want to say.")
    elif len(announcement.text) > LONGEST_TEXT:
        faults["text"] = _too_long(announcement.text, LONGEST_TEXT)
    begins, ends = announcement.published_from, announcement.published_to
    if begins is None:
        faults["published_from"] = _("Say from when it is published.")
    moments = {"published_from": begins, "published_to": ends}
    wrong = {name: fault for name, moment in moments.items() if (fault := moment_fault(moment))}
    faults.update(wrong)
    if not wrong and None not in (begins, ends) and ends <= begins:
        faults["published_to"] = _("It must end after it begins. Give a later end, or none.")
    return faults


def announcement_named(session: CohortSession, uuid: UUID) -> Announcement:
    """
    The announcement of this UUID, of a course that is in the session or of all of it; who may do what to it is not
    asked. One query.

    Raises:
        NotFound: there is none.
    """
    found = session.announcements.filter(is_in_force(), uuid=uuid).select_related("edition").first()
    if found is None:
        raise NotFound(_("There is no such announcement in this session."))
    found.session = session
    return found


def own_announcement(session: CohortSession, uuid: UUID, *, actor: Actor, now: datetime) -> Announcement:
    """
    The announcement of this UUID, for somebody who may change it now.

    Raises:
        NotFound: there is none, or none that they are shown.
        Locked, NotAllowed: see `authorise`.
    """
    found = announcement_named(session, uuid)
    place = session if found.edition is None else found.edition
    if found.edition is not None:
        found.edition.session = session
    is_shown = publication(found, now) == Publication.PUBLISHED
    if not is_shown and not _is_team(actor, session, found.edition):
        raise NotFound(_("There is no such announcement in this session."))
    authorise(actor, permissions.ANNOUNCE, place)
    return found


def _is_team(actor: Actor, session: CohortSession, edition: CourseEdition | None) -> bool:
    """Whether they are shown what is planned there, and what is past."""
    if edition is not None:
        return permissions.allows(actor, permissions.CUSTOMISE_EDITION, edition)
    return permissions.allows(actor, permissions.VIEW_ROSTER, session)


def unread_announcements(user_id: int, codes: Collection[str], *, now: datetime) -> Mapping[str, int]:
    """
    How many announcements a member of these sessions has not read, by the code of the session; none are left out. One
    query.
    """
    is_read = Exists(AnnouncementRead.objects.filter(announcement=OuterRef("pk"), user_id=user_id))
    unread = Announcement.objects.filter(is_published(now), ~is_read, session__code__in=codes)
    return dict(unread.order_by().values_list("session__code").annotate(number=Count("pk")))


def _too_long(text: str, most: int) -> str:
    return _("Use at most %(most)d characters; these are %(given)d.") % {"most": most, "given": len(text)}
