"""The editions of one base course, whichever session they are in: what its course team sees in Studio."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import permissions
from cohort_sessions.data import Actor, Lock, MemberStatus, TeamRole
from cohort_sessions.errors import NotFound
from cohort_sessions.host import Person
from cohort_sessions.models import CourseEdition, Member
from cohort_sessions.queries.locks import StandingLock, locks_named
from cohort_sessions.queries.teams import team_rows

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class EditionTeam:
    """
    One edition, with its session and those who teach in it.

    Attributes:
        edition: its session is loaded.
        members: how many have a place in the session now.
        coaches: of this course in this session, in the order in which they were assigned.
        session_coaches, administrators: of the whole session.
        may_assign: whether the actor may add coaches of this course and remove them.
        lock: that of the team, where it stands.
    """

    edition: CourseEdition
    members: int
    coaches: tuple[Person, ...]
    session_coaches: tuple[Person, ...]
    administrators: tuple[Person, ...]
    may_assign: bool
    lock: StandingLock | None


def course_editions(base_key: CourseKey, *, actor: Actor, page: int = 1) -> Page:
    """
    A page of `PAGE_SIZE` `EditionTeam`, the latest opening first. Four queries.

    For somebody of the course team; callers have asked.

    Args:
        page: from 1; one that is not there is the nearest that is.
    """
    shown = Paginator(_editions(base_key, actor), PAGE_SIZE).get_page(page)
    shown.object_list = _teams(list(shown.object_list))
    return shown


def course_edition(base_key: CourseKey, uuid: UUID, *, actor: Actor) -> EditionTeam:
    """
    One edition of the course. Three queries. For somebody of the course team; callers have asked.

    Raises:
        NotFound: the course has no such edition.
    """
    editions = list(_editions(base_key, actor).filter(uuid=uuid))
    if not editions:
        raise NotFound(_("There is no such course in a session."))
    return _teams(editions)[0]


def _editions(base_key: CourseKey, actor: Actor) -> QuerySet[CourseEdition]:
    """With their sessions, `member_count` and `may_assign`. No opening is the earliest there is, on every database."""
    places = Member.objects.filter(session=OuterRef("session"), status=MemberStatus.ACTIVE.value).order_by()
    counted = Subquery(places.values("session").annotate(number=Count("pk")).values("number"))
    taught = CourseEdition.objects.filter(pk=OuterRef("pk"), withdrawn_at=None).order_by()
    editions = CourseEdition.objects.filter(base_key=base_key).select_related("session")
    editions = editions.annotate(
        member_count=Coalesce(counted, Value(0)),
        may_assign=Exists(permissions.rows(actor, permissions.ASSIGN_COURSE_COACH, taught)),
    )
    return editions.order_by(F("session__opens_at").desc(nulls_last=True), Lower("session__title"), "pk")


def _teams(editions: list[CourseEdition]) -> list[EditionTeam]:
    """Two queries: who teaches there, and what is locked."""
    session_ids = {edition.session_id for edition in editions}
    people: Mapping[tuple[TeamRole, int], list[Person]] = defaultdict(list)
    for row in team_rows(session_ids):
        people[row.role, row.edition_id or row.session_id].append(row.person)
    locks = locks_named(Lock.TEAM, session_ids)
    return [
        EditionTeam(
            edition=edition,
            members=edition.member_count,
            coaches=tuple(people[TeamRole.COURSE_COACH, edition.pk]),
            session_coaches=tuple(people[TeamRole.SESSION_COACH, edition.session_id]),
            administrators=tuple(people[TeamRole.ADMINISTRATOR, edition.session_id]),
            may_assign=edition.may_assign,
            lock=locks.get(edition.session_id),
        )
        for edition in editions
    ]
