"""Links and files of sessions: what keeps one from being stored, and who may have which."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, MaterialKind, MemberStatus
from cohort_sessions.errors import NotFound
from cohort_sessions.models import CohortSession, Material
from cohort_sessions.queries.announcements import is_in_force
from cohort_sessions.queries.authority import authorise
from cohort_sessions.timeline import Entry, access

LONGEST_TITLE = Material._meta.get_field("title").max_length
LONGEST_URL = Material._meta.get_field("url").max_length


def material_faults(material: Material) -> dict[str, str]:
    """What keeps a link or file as it is in memory from being stored: field name -> sentence. No query."""
    faults = {}
    if not material.title:
        faults["title"] = _("Write a title.")
    elif len(material.title) > LONGEST_TITLE:
        faults["title"] = _("Use at most %(most)d characters; these are %(given)d.") % {
            "most": LONGEST_TITLE,
            "given": len(material.title),
        }
    if material.kind == MaterialKind.LINK and not _leads_somewhere(material.url):
        faults["url"] = _("Give the whole address of a page, beginning with https:// or http://.")
    return faults


def material_named(session: CohortSession, uuid: UUID) -> Material:
    """
    The link or file of this UUID, of a course that is in the session or of all of it; who may do what to it is not
    asked. One query.

    Raises:
        NotFound: there is none.
    """
    found = session.materials.filter(is_in_force(), uuid=uuid).select_related("edition").first()
    if found is None:
        raise NotFound(_("There is no such link or file in this session."))
    found.session = session
    return found


def own_material(session: CohortSession, uuid: UUID, *, actor: Actor, now: datetime) -> Material:
    """
    The link or file of this UUID, for somebody who may change it now.

    Raises:
        NotFound: there is none, or not for them.
        Locked, NotAllowed: see `authorise`.
    """
    found = material_named(session, uuid)
    if not may_have_materials(session, actor=actor, now=now):
        raise NotFound(_("There is no such link or file in this session."))
    if found.edition is not None:
        found.edition.session = session
    authorise(actor, permissions.ANNOUNCE, session if found.edition is None else found.edition)
    return found


def file_named(session: CohortSession, uuid: UUID, *, actor: Actor, now: datetime) -> Material:
    """
    The file of this UUID, for somebody who may have it now. At most two queries.

    Raises:
        NotFound: there is none, or not for them.
    """
    found = material_named(session, uuid)
    if found.kind != MaterialKind.FILE or not may_have_materials(session, actor=actor, now=now):
        raise NotFound(_("There is no such link or file in this session."))
    return found


def may_have_materials(session: CohortSession, *, actor: Actor, now: datetime) -> bool:
    """Whether somebody may have what the session keeps: its team, and members who may go in. At most one query."""
    if permissions.allows(actor, permissions.VIEW_ROSTER, session):
        return True
    place = session.members.filter(user=actor.user_id, status=MemberStatus.ACTIVE.value).first()
    if place is None:
        return False
    entry = access(session.schedule, membership=place.membership, on_team=False, now=now).entry
    return entry > Entry.CLOSED


def _leads_somewhere(url: str) -> bool:
    """Whether this is an address of the web, of which nothing runs in the page that shows it."""
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False
