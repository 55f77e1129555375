"""
What a session tells and gives its people, as one of them finds it: announcements and materials.

Whoever is shown the session sees what is published; its team sees what is planned and what is past as well, for the
whole session and for the courses that are theirs. Materials are for the team, and for members who may go in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import permissions
from cohort_sessions.data import ANONYMOUS, Actor, MaterialKind
from cohort_sessions.host import get_host
from cohort_sessions.models import Announcement, AnnouncementRead, CohortSession, CourseEdition, Material
from cohort_sessions.queries.announcements import Publication, is_in_force, is_published, publication
from cohort_sessions.queries.announcing import NO_RIGHTS, AnnouncingRights, announcing_rights
from cohort_sessions.queries.cards import MEMBER
from cohort_sessions.queries.materials import may_have_materials
from cohort_sessions.queries.session_home import SessionHome
from cohort_sessions.timeline import Entry

# No account has this id: nobody has read anything.
_NOBODY = 0


@dataclass(frozen=True, slots=True)
class ShownAnnouncement:
    """
    Attributes:
        text: Markdown, as it was written.
        course: the UUID of the course it is about; ``None``: the whole session.
        course_title: empty for the whole session.
        is_unread: whether a member has not said that they read it.
        is_own: whether it is the reader's to change, locked or not.
    """

    uuid: UUID
    title: str
    text: str
    course: UUID | None
    course_title: str
    is_pinned: bool
    published_from: datetime
    published_to: datetime | None
    publication: Publication
    mails: bool
    mailed_at: datetime | None
    modified_at: datetime
    is_unread: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class ShownMaterial:
    """
    Attributes:
        url: where a link leads; empty for a file.
        file_name, size: of a file, the size in bytes; empty and 0 for a link.
        course, course_title, is_own: as `ShownAnnouncement`.
    """

    uuid: UUID
    kind: MaterialKind
    title: str
    url: str
    file_name: str
    size: int
    course: UUID | None
    course_title: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class SessionBoard:
    """
    Announcements, pinned ones first, then the newest; materials of the whole session, then course by course.

    Attributes:
        rights: of who reads it; nobody's but the team's.
    """

    announcements: tuple[ShownAnnouncement, ...]
    materials: tuple[ShownMaterial, ...]
    rights: AnnouncingRights = NO_RIGHTS


@dataclass(frozen=True, slots=True)
class _Reader:
    """
    Who reads.

    Attributes:
        titles: of courses, as far as they are known; others are asked for.
    """

    actor: Actor
    now: datetime
    is_member: bool
    is_team: bool
    has_materials: bool
    rights: AnnouncingRights = NO_RIGHTS
    titles: Mapping[CourseKey, str] = field(default_factory=dict)


def home_board(home: SessionHome, *, actor: Actor, now: datetime) -> SessionBoard:
    """The board of a session whose home the actor has before them. Two queries."""
    is_team = home.member_count is not None
    reader = _Reader(
        actor=actor,
        now=now,
        is_member=MEMBER in home.card.roles,
        is_team=is_team,
        has_materials=is_team or home.card.access.entry > Entry.CLOSED,
        titles=_titles_on(home),
    )
    return _board(Q(session__code=home.card.code), reader)


def previewed_board(home: SessionHome, *, now: datetime) -> SessionBoard:
    """The board of a session as a member finds it who has read nothing. Two queries."""
    reader = _Reader(
        actor=ANONYMOUS,
        now=now,
        is_member=True,
        is_team=False,
        has_materials=home.card.access.entry > Entry.CLOSED,
        titles=_titles_on(home),
    )
    return _board(Q(session__code=home.card.code), reader)


def session_board(session: CohortSession, *, actor: Actor, now: datetime) -> SessionBoard:
    """
    The board of a session that the actor may see, with what of it is theirs to change. At most six queries, four for
    learners.
    """
    is_team = permissions.allows(actor, permissions.VIEW_ROSTER, session)
    reader = _Reader(
        actor=actor,
        now=now,
        is_member=session.pk in actor.member_session_ids,
        is_team=is_team,
        has_materials=may_have_materials(session, actor=actor, now=now),
        rights=announcing_rights(session, actor=actor) if is_team else NO_RIGHTS,
    )
    return _board(Q(session=session), reader)


def _titles_on(home: SessionHome) -> Mapping[CourseKey, str]:
    return {row.base_key: row.course_title for row in home.card.editions}


def _board(of_session: Q, reader: _Reader) -> SessionBoard:
    announcements = list(_announcements(of_session, reader))
    materials = list(_materials(of_session)) if reader.has_materials else []
    titles = _titles([*announcements, *materials], reader.titles)
    return SessionBoard(
        tuple(_shown(row, titles, reader) for row in announcements),
        tuple(_shown_material(row, titles, reader) for row in materials),
        reader.rights,
    )


def _announcements(of_session: Q, reader: _Reader):
    seen = is_published(reader.now)
    if reader.is_team:
        own = permissions.rows(reader.actor, permissions.CUSTOMISE_EDITION, CourseEdition.objects.all())
        seen |= is_in_force() & (Q(edition=None) | Q(edition__in=own.order_by().values("pk")))
    reads = AnnouncementRead.objects.filter(
        announcement=OuterRef("pk"), user_id=_NOBODY if reader.actor.user_id is None else reader.actor.user_id
    )
    return Announcement.objects.filter(of_session, seen).annotate(is_read=Exists(reads)).select_related("edition")


def _materials(of_session: Q):
    rows = Material.objects.filter(of_session, is_in_force()).select_related("edition")
    return rows.order_by(F("edition__position").asc(nulls_first=True), "edition_id", "position", "pk")


def _titles(rows: list[Announcement | Material], known: Mapping[CourseKey, str]) -> Mapping[CourseKey, str]:
    """What the courses of these rows are called."""
    unknown = {row.edition.base_key for row in rows if row.edition is not None} - known.keys()
    if not unknown:
        return known
    found = get_host().base_courses(unknown)
    return {**known, **{key: found[key].title if key in found else str(key) for key in unknown}}


def _shown(row: Announcement, titles: Mapping[CourseKey, str], reader: _Reader) -> ShownAnnouncement:
    edition, stands = row.edition, publication(row, reader.now)
    return ShownAnnouncement(
        uuid=row.uuid,
        title=row.title,
        text=row.text,
        course=None if edition is None else edition.uuid,
        course_title="" if edition is None else titles[edition.base_key],
        is_pinned=row.is_pinned,
        published_from=row.published_from,
        published_to=row.published_to,
        publication=stands,
        mails=row.mails,
        mailed_at=row.mailed_at,
        modified_at=row.modified_at,
        is_unread=reader.is_member and stands == Publication.PUBLISHED and not row.is_read,
        is_own=reader.rights.covers(row.edition_id),
    )


def _shown_material(row: Material, titles: Mapping[CourseKey, str], reader: _Reader) -> ShownMaterial:
    edition = row.edition
    return ShownMaterial(
        uuid=row.uuid,
        kind=MaterialKind(row.kind),
        title=row.title,
        url=row.url,
        file_name=row.file_name,
        size=row.size,
        course=None if edition is None else edition.uuid,
        course_title="" if edition is None else titles[edition.base_key],
        is_own=reader.rights.covers(row.edition_id),
    )
