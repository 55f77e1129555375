"""*Manage sessions*: the sessions that somebody runs, found by what is known of them."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import permissions
from cohort_sessions.data import Actor, MemberStatus, SessionStatus, TeamRole
from cohort_sessions.host import Person, get_host
from cohort_sessions.models import CohortSession, CourseEdition, EditionCoach, Member, SessionTeamMember
from cohort_sessions.queries.teams import team_rows
from cohort_sessions.timeline import Phase, Window

PAGE_SIZE = 25


class SessionOrder(enum.StrEnum):
    """In which order sessions are listed; what is equal stands by title."""

    LATEST = "-opening"
    EARLIEST = "opening"
    TITLE = "title"
    TITLE_REVERSED = "-title"
    MOST_MEMBERS = "-members"
    FEWEST_MEMBERS = "members"
    STATUS = "status"
    STATUS_REVERSED = "-status"


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """
    What is looked for; everything that is given must hold, and what is empty is not asked.

    Attributes:
        search: words that must all stand in the title or the code; case is ignored.
        phase: of the session's own window; members may have others.
        category: its primary key.
        organisation: its short name.
        course: the base key of a course that has not been withdrawn.
        coach: username of somebody who coaches the session, or one of its courses.
    """

    search: str = ""
    phase: Phase | None = None
    status: SessionStatus | None = None
    category: int | None = None
    organisation: str = ""
    course: CourseKey | None = None
    coach: str = ""
    order: SessionOrder = SessionOrder.LATEST


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """
    What the sessions of one actor can be told apart by: only what occurs in them, each in reading order.

    Attributes:
        categories: names by primary key.
        courses: titles by base key; the key itself where the host knows no such course any more.
        coaches: of whole sessions and of single courses.
    """

    categories: Mapping[int, str]
    organisations: tuple[str, ...]
    courses: Mapping[CourseKey, str]
    coaches: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class ManagedSession:
    """
    One line of the list.

    Attributes:
        period: of an ordinary member.
        duration_days: of a duration session, which has no period.
        members: who have a place now.
        capacity: ``None`` for no limit.
        base_keys: of its courses, in order, without those withdrawn.
        coaches: first those of the whole session, then those of its courses; everybody once.
    """

    code: str
    title: str
    status: SessionStatus
    period: Window
    duration_days: int | None
    members: int
    capacity: int | None
    base_keys: tuple[CourseKey, ...]
    coaches: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class ManagedSessions:
    """
    One page of *Manage sessions*.

    Attributes:
        counts: how many sessions of each status match everything but the status that is asked for.
        page: of `ManagedSession`.
    """

    counts: Mapping[SessionStatus, int]
    page: Page = field(repr=False)


def managed_sessions(
    actor: Actor, *, now: datetime, wanted: SessionFilter | None = None, page: int = 1
) -> ManagedSessions:
    """
    A page of `PAGE_SIZE` sessions that `actor` manages. At most four queries, whatever is asked for.

    Args:
        page: from 1; one that is not there is the nearest that is.
    """
    wanted = wanted or SessionFilter()
    found = _managed(actor).filter(_matches(wanted, now))
    by_status = dict(found.order_by().values_list("status").annotate(Count("pk")))
    counts = {status: by_status.get(status.value, 0) for status in SessionStatus}
    if wanted.status is not None:
        found = found.filter(status=wanted.status.value)
    paginator = Paginator(_in_order(found, wanted.order), PAGE_SIZE)
    # Counted already, status by status.
    paginator.count = sum(counts.values()) if wanted.status is None else counts[wanted.status]
    shown = paginator.get_page(page)
    shown.object_list = _lines(list(shown.object_list))
    return ManagedSessions(counts, shown)


def filter_choices(actor: Actor) -> FilterChoices:
    """What the actor can choose among. Four queries, whatever the number of sessions, courses and people."""
    managed = _managed(actor).order_by()
    facts = set(managed.values_list("category_id", "category__name", "category__position", "organisation").distinct())
    categories = sorted((position, name, pk) for pk, name, position, _organisation in facts if pk is not None)
    editions = CourseEdition.objects.filter(session__in=managed.values("pk"), withdrawn_at=None).order_by()
    return FilterChoices(
        categories={pk: name for _position, name, pk in categories},
        organisations=tuple(sorted({organisation for *_category, organisation in facts if organisation})),
        courses=_titles(set(editions.values_list("base_key", flat=True).distinct())),
        coaches=_coaches(managed),
    )


def _managed(actor: Actor) -> QuerySet[CohortSession]:
    return permissions.rows(actor, permissions.MANAGE_SESSION, CohortSession.objects.all())


def _matches(wanted: SessionFilter, now: datetime) -> Q:
    """Everything that is asked for, but the status."""
    matches = Q()
    for word in wanted.search.split():
        matches &= Q(title__icontains=word) | Q(code__icontains=word)
    if wanted.phase is not None:
        matches &= in_phase(wanted.phase, now)
    if wanted.category is not None:
        matches &= Q(category=wanted.category)
    if wanted.organisation:
        matches &= Q(organisation=wanted.organisation)
    if wanted.course is not None:
        editions = CourseEdition.objects.filter(base_key=wanted.course, withdrawn_at=None)
        matches &= Q(pk__in=editions.order_by().values("session_id"))
    if wanted.coach:
        matches &= _is_coached_by(wanted.coach)
    return matches


def in_phase(phase: Phase, now: datetime) -> Q:
    """The phase that `timeline.access` gives an ordinary member of the session, as a condition on sessions."""
    archived = Q(status=SessionStatus.ARCHIVED.value)
    if phase == Phase.PAST:
        return archived | Q(closes_at__lte=now)
    lasting = ~archived & (Q(closes_at=None) | Q(closes_at__gt=now))
    if phase == Phase.UPCOMING:
        return lasting & Q(opens_at__gt=now)
    return lasting & (Q(opens_at=None) | Q(opens_at__lte=now))


def _is_coached_by(username: str) -> Q:
    whole = _session_coaches().filter(user__username=username)
    single = _course_coaches().filter(user__username=username)
    return Q(pk__in=whole.values("session_id")) | Q(pk__in=single.values("edition__session_id"))


def _session_coaches() -> QuerySet[SessionTeamMember]:
    return SessionTeamMember.objects.filter(role=TeamRole.SESSION_COACH.value).order_by()


def _course_coaches() -> QuerySet[EditionCoach]:
    return EditionCoach.objects.filter(edition__withdrawn_at=None).order_by()


def _in_order(found: QuerySet[CohortSession], order: SessionOrder) -> QuerySet[CohortSession]:
    """The sessions with `member_count`, sorted. No opening is the earliest there is, on every database."""
    places = Member.objects.filter(session=OuterRef("pk"), status=MemberStatus.ACTIVE.value).order_by()
    counted = Subquery(places.values("session").annotate(number=Count("pk")).values("number"))
    stages = (When(status=status.value, then=Value(place)) for place, status in enumerate(SessionStatus))
    by = {
        "opening": F("opens_at"),
        "title": Lower("title"),
        "members": F("member_count"),
        "status": Case(*stages, output_field=IntegerField()),
    }[order.removeprefix("-")]
    sorted_by = by.desc(nulls_last=True) if order.startswith("-") else by.asc(nulls_first=True)
    return found.annotate(member_count=Coalesce(counted, Value(0))).order_by(sorted_by, Lower("title"), "pk")


def _lines(sessions: list[CohortSession]) -> list[ManagedSession]:
    """Two queries: the courses of these sessions, and who coaches them."""
    ids = [session.pk for session in sessions]
    base_keys, edition_ids = defaultdict(list), set()
    editions = CourseEdition.objects.filter(session__in=ids, withdrawn_at=None).order_by("position", "pk")
    for session_id, edition_id, base_key in editions.values_list("session_id", "pk", "base_key"):
        base_keys[session_id].append(base_key)
        edition_ids.add(edition_id)
    # Keyed by person, so that nobody is named twice: first roles over the whole session, then single courses.
    coaches: Mapping[int, dict[Person, None]] = defaultdict(dict)
    for row in sorted(team_rows(ids), key=lambda row: row.edition_id is not None):
        if row.role == TeamRole.SESSION_COACH or row.edition_id in edition_ids:
            coaches[row.session_id][row.person] = None
    return [
        ManagedSession(
            code=session.code,
            title=session.title,
            status=SessionStatus(session.status),
            period=session.schedule.window,
            duration_days=session.duration_days,
            members=session.member_count,
            capacity=session.capacity,
            base_keys=tuple(base_keys[session.pk]),
            coaches=tuple(coaches[session.pk]),
        )
        for session in sessions
    ]


def _titles(base_keys: set[CourseKey]) -> Mapping[CourseKey, str]:
    """Titles in their order. One query."""
    known = get_host().base_courses(base_keys)
    titles = {key: known[key].title if key in known else str(key) for key in base_keys}
    return dict(sorted(titles.items(), key=lambda item: (item[1].casefold(), str(item[0]))))


def _coaches(managed: QuerySet[CohortSession]) -> tuple[Person, ...]:
    """Who coaches any of these sessions, by name. One query."""
    sessions = managed.values("pk")
    coached = Q(pk__in=_session_coaches().filter(session__in=sessions).values("user_id")) | Q(
        pk__in=_course_coaches().filter(edition__session__in=sessions).values("user_id")
    )
    found = get_user_model().objects.filter(coached).values_list("pk", "username", get_host().name_path)
    people = [Person(pk, username, name or username) for pk, username, name in found]
    return tuple(sorted(people, key=lambda person: (person.name.casefold(), person.username)))
