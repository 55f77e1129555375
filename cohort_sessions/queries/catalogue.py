"""*Available sessions*: what somebody may join by themselves, now or soon, and what they wait for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import Joining, MemberStatus, RequestStatus, SessionStatus
from cohort_sessions.errors import NotFound
from cohort_sessions.host import BaseCourse, get_host
from cohort_sessions.joining import JoinDecision, Seats, Standing, decide
from cohort_sessions.models import CohortSession, CourseEdition, JoinRequest, Member
from cohort_sessions.queries.prerequisites import Prerequisite, prerequisites
from cohort_sessions.queries.seats import seats
from cohort_sessions.queries.wishes import Wish, is_wished_by, wish_of, with_wishes
from cohort_sessions.timeline import Window

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class CatalogueCourse:
    """A course of an offered session. `image_url` may be empty."""

    base_key: CourseKey
    title: str
    image_url: str


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """
    A session that somebody may join, or waits for, as they see it at one moment.

    Attributes:
        category: its name; empty for none.
        period: of an ordinary member.
        duration_days: of a duration session, which has no period.
        enrolment: when people may join by themselves.
        standing: what the person is to the session already; `wish` says more of an open request.
        parallel: title of the parallel session in which the person has a place or waits; empty for none.
        decision: what the person may do now; `operations.joining` does the same.
    """

    code: str
    title: str
    description: str
    category: str
    organisation: str
    period: Window
    duration_days: int | None
    enrolment: Window
    joining: Joining
    courses: tuple[CatalogueCourse, ...]
    seats: Seats
    standing: Standing
    wish: Wish | None
    prerequisites: tuple[Prerequisite, ...]
    parallel: str
    decision: JoinDecision


@dataclass(frozen=True, slots=True)
class Catalogue:
    """
    One page of *Available sessions*.

    Attributes:
        total: sessions found, on all pages.
        page, pages: from 1; there is always a first page.
    """

    entries: tuple[CatalogueEntry, ...]
    total: int
    page: int
    pages: int
    search: str


def available_sessions(user_id: int, *, now: datetime, search: str = "", page: int = 1) -> Catalogue:
    """
    What a person may join, now or soon, and first of all what they wait for.

    Args:
        search: words that must all stand in the session's title, category or organisation, or in a course's title;
            case is ignored.
        page: of `PAGE_SIZE` entries; the nearest there is, where there is no such page.

    At most ten queries, and one more for a search, whatever the number of sessions, courses and people.
    """
    sessions = _offered(user_id, now=now)
    known: Mapping[CourseKey, BaseCourse] | None = None
    if words := search.casefold().split():
        known = _courses(_editions(sessions).order_by().values_list("base_key", flat=True).distinct())
        for word in words:
            sessions = sessions.filter(_mentions(word, known))
    pages = Paginator(_as_seen_by(user_id, sessions), PAGE_SIZE)
    shown = pages.get_page(page)
    entries = _entries(list(shown.object_list), user_id=user_id, now=now, known=known)
    return Catalogue(entries, pages.count, shown.number, pages.num_pages, search.strip())


def available_session(code: str, *, user_id: int, now: datetime) -> CatalogueEntry:
    """
    One entry of the catalogue. At most nine queries.

    Raises:
        NotFound: there is no such session, or it is not among those this person may see here; nothing tells which.
    """
    found = list(_as_seen_by(user_id, _offered(user_id, now=now).filter(code=code)))
    if not found:
        raise NotFound(_("There is no such session."))
    return _entries(found, user_id=user_id, now=now)[0]


def is_offered(now: datetime) -> Q:
    """`joining.is_offered_in_catalogue`, as a condition on sessions."""
    return (
        Q(status=SessionStatus.PUBLISHED.value)
        & ~Q(joining=Joining.CLOSED.value)
        & (Q(closes_at=None) | Q(closes_at__gt=now))
        & (Q(enrolment_closes_at=None) | Q(enrolment_closes_at__gt=now))
    )


def _offered(user_id: int, *, now: datetime) -> QuerySet[CohortSession]:
    return CohortSession.objects.filter(is_offered(now) | is_wished_by(user_id, now=now))


def _as_seen_by(user_id: int, sessions: QuerySet[CohortSession]) -> QuerySet[CohortSession]:
    """The sessions with what this person is to each: offers first, then what they wait for, then the others."""
    places = Member.objects.filter(user_id=user_id, status=MemberStatus.ACTIVE.value, session=OuterRef("pk"))
    wishes = JoinRequest.objects.filter(user_id=user_id, session=OuterRef("pk"))
    beside = (
        CohortSession.objects.filter(Exists(places) | Exists(wishes), parallel_group=OuterRef("parallel_group"))
        .exclude(pk=OuterRef("pk"))
        .order_by("pk")
    )
    urgency = Case(
        When(wish_status=RequestStatus.OFFERED.value, then=Value(0)),
        When(wish_status__isnull=False, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        with_wishes(sessions, user_id)
        .annotate(is_member=Exists(places), parallel=Subquery(beside.values("title")[:1]))
        .select_related("category")
        .order_by(urgency, *CohortSession._meta.ordering)
    )


def _mentions(word: str, courses: Mapping[CourseKey, BaseCourse]) -> Q:
    named = [key for key, course in courses.items() if word in course.title.casefold()]
    of_named = CourseEdition.objects.filter(withdrawn_at=None, base_key__in=named)
    return (
        Q(title__icontains=word)
        | Q(category__name__icontains=word)
        | Q(organisation__icontains=word)
        | Q(pk__in=of_named.order_by().values("session_id"))
    )


def _editions(sessions: Collection[CohortSession]) -> QuerySet[CourseEdition]:
    """The courses of these sessions, in their order."""
    return CourseEdition.objects.filter(session__in=sessions, withdrawn_at=None).order_by("position", "pk")


def _courses(base_keys: Collection[CourseKey]) -> Mapping[CourseKey, BaseCourse]:
    return get_host().base_courses(set(base_keys))


def _entries(
    sessions: Sequence[CohortSession],
    *,
    user_id: int,
    now: datetime,
    known: Mapping[CourseKey, BaseCourse] | None = None,
) -> tuple[CatalogueEntry, ...]:
    """
    Args:
        known: courses that have been looked up already, all of these sessions' among them.
    """
    base_keys = defaultdict(list)
    for session_id, base_key in _editions(sessions).values_list("session_id", "base_key"):
        base_keys[session_id].append(base_key)
    courses = _courses(key for keys in base_keys.values() for key in keys) if known is None else known
    taken = seats(sessions, now=now)
    needed = prerequisites(sessions, user_id=user_id, now=now)
    return tuple(
        _entry(
            session,
            courses=tuple(_course(key, courses) for key in base_keys[session.pk]),
            taken=taken[session.pk],
            needed=needed.get(session.pk, ()),
            now=now,
        )
        for session in sessions
    )


def _course(base_key: CourseKey, courses: Mapping[CourseKey, BaseCourse]) -> CatalogueCourse:
    course = courses.get(base_key)
    return CatalogueCourse(base_key, course.title if course else str(base_key), course.image_url if course else "")


def _entry(
    session: CohortSession,
    *,
    courses: tuple[CatalogueCourse, ...],
    taken: Seats,
    needed: tuple[Prerequisite, ...],
    now: datetime,
) -> CatalogueEntry:
    wish, terms = wish_of(session, now=now), session.join_terms
    standing = Standing.MEMBER if session.is_member else wish.standing if wish else Standing.NONE
    return CatalogueEntry(
        code=session.code,
        title=session.title,
        description=session.description,
        category=session.category.name if session.category else "",
        organisation=session.organisation,
        period=terms.period,
        duration_days=session.duration_days,
        enrolment=terms.enrolment,
        joining=terms.joining,
        courses=courses,
        seats=taken,
        standing=standing,
        wish=wish,
        prerequisites=needed,
        parallel=session.parallel or "",
        decision=decide(
            terms,
            standing=standing,
            seats=taken,
            in_parallel=session.parallel is not None,
            lacks_prerequisite=not all(each.is_met for each in needed),
            now=now,
        ),
    )
