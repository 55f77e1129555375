"""
Results of a session as its team sees them: members by editions, out of the ledger and never out of the platform.

How each member stands is decided by `standing.standing`, for every member at once, so that a status can be filtered
by, sorted by and counted; only the page that is shown is then named. A fixed number of queries.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import permissions
from cohort_sessions.attention import Work
from cohort_sessions.data import Actor, MemberStatus
from cohort_sessions.errors import NotFound
from cohort_sessions.host import Person, get_host
from cohort_sessions.models import CohortSession, CourseEdition, Member
from cohort_sessions.queries.names import name_of
from cohort_sessions.standing import Standing, standing
from cohort_sessions.timeline import Membership, Schedule, Window

PAGE_SIZE = 50

# How many members `all_results` reads at a time.
_BATCH = 500

# How far back progress over time is told.
_DAYS_TOLD = timedelta(days=366)

# What of a place and of a result decides how a member stands, and is sorted by; in the order of `_read`.
_COLUMNS = (
    "pk",
    "status",
    "opens_at",
    "closes_at",
    "extra_days",
    "first_entered_at",
    "edition__pk",
    "result__grade",
    "result__letter",
    "result__passed",
    "result__passed_at",
    "result__completed",
    "result__completable",
    "result__first_activity_at",
    "result__last_activity_at",
    "result__final_at",
    "result__as_of",
)


class Column(enum.StrEnum):
    """What results can be sorted by; those of one course, where there are several, as they stand in that course."""

    NAME = "name"
    STANDING = "standing"
    GRADE = "grade"
    PROGRESS = "progress"
    ACTIVITY = "activity"
    LETTER = "letter"
    FIRST_ACTIVITY = "first_activity"
    FINAL = "final"


# What there is of one course only, and not of several together.
_OF_ONE_COURSE = frozenset({Column.LETTER, Column.FIRST_ACTIVITY, Column.FINAL})


@dataclass(frozen=True, slots=True)
class Order:
    """
    Attributes:
        edition: the course whose `column` counts; ``None``: all that are shown together. What there is not, such as a
            letter of all together or the grade in a course that is not shown, leaves members in the order of names.
    """

    column: Column = Column.NAME
    edition: UUID | None = None
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """
    Which members are looked for; all of it must hold.

    Attributes:
        search: a part of a name, username or e-mail address.
        standing: so they stand in at least one of the courses that are shown.
        is_final: whether a result in one of the courses shown is final, or none is; ``None``: either.
        with_former: also who has no place any more.
    """

    search: str = ""
    standing: Standing | None = None
    is_final: bool | None = None
    with_former: bool = False


@dataclass(frozen=True, slots=True)
class ShownEdition:
    """A course whose results are shown."""

    edition_id: int
    uuid: UUID
    edition_key: CourseKey
    title: str


@dataclass(frozen=True, slots=True)
class Result:
    """
    One member's result in one course.

    Attributes:
        grade: 0..1; ``None`` while nothing is graded.
        progress: 0..1, ``completed / completable``.
        passed_at: when the passing line was first reached, also by who is below it again.
        is_final: it does not follow the platform any more.
        as_of: when it last changed; ``None`` for who never worked in the course.
    """

    standing: Standing
    grade: float | None = None
    letter: str = ""
    completed: int = 0
    completable: int = 0
    first_activity_at: datetime | None = None
    last_activity_at: datetime | None = None
    final_at: datetime | None = None
    as_of: datetime | None = None
    passed_at: datetime | None = None

    @property
    def progress(self) -> float:
        """Share of the course that is done, 0..1; 0 for a course without anything that can be."""
        return self.completed / self.completable if self.completable else 0.0

    @property
    def is_final(self) -> bool:
        """It stays as it is, whatever becomes of the platform's."""
        return self.final_at is not None


@dataclass(frozen=True, slots=True)
class MemberResults:
    """
    One member's results, in the order of the courses that are shown.

    Attributes:
        person: named on the page that is shown, ``None`` elsewhere.
        email: of the account; empty where `person` is ``None``.
    """

    place_id: int
    is_former: bool
    results: tuple[Result, ...]
    person: Person | None = None
    email: str = ""

    @property
    def grade(self) -> float | None:
        """The mean of the grades there are, 0..1."""
        grades = [result.grade for result in self.results if result.grade is not None]
        return sum(grades) / len(grades) if grades else None

    @property
    def progress(self) -> float:
        """The mean of the progress in each course, 0..1."""
        return sum(result.progress for result in self.results) / len(self.results)

    @property
    def last_activity_at(self) -> datetime | None:
        """When they last worked in any of the courses."""
        return max((each.last_activity_at for each in self.results if each.last_activity_at), default=None)


@dataclass(frozen=True, slots=True)
class EditionTotals:
    """
    How the members of one course who have a place stand, all together.

    Attributes:
        standings: how many of each; no zeros.
        grades: how many in each tenth of the grades: 10 numbers, the last with the full grade.
        mean_grade: of those who are graded, 0..1; ``None`` for nobody.
        mean_progress: 0..1.
    """

    edition: ShownEdition
    learners: int
    standings: Mapping[Standing, int]
    final: int
    grades: tuple[int, ...]
    mean_grade: float | None
    mean_progress: float


@dataclass(frozen=True, slots=True)
class Day:
    """
    How the learners of the courses that are shown stood at the end of a day, UTC, all together; who learns in two of
    them is counted twice.

    Attributes:
        active: of `learners`, how many worked that day.
        passed: of `learners`, how many had reached the passing line.
        mean_grade: of those who were graded, 0..1; ``None`` for nobody.
        progress: 0..1.
    """

    day: date
    learners: int
    active: int
    passed: int
    mean_grade: float | None
    progress: float


@dataclass(frozen=True, slots=True)
class SessionResults:
    """
    A page of results.

    Attributes:
        chosen: the one course they are of; ``None``: of all that the actor may see.
        page: of `MemberResults`, named.
        learners: how many have a place, whatever is looked for.
        totals: one for each course that is shown, whatever is looked for.
        days: of the courses that are shown, for a year at most, the oldest first; empty before the first was counted.
        as_of: when the last of the results shown, or counted, has changed; ``None`` before the first.
        may_reopen: whether the actor may open final results of the chosen course again.
        may_certify: whether they may give certificates of it, where operators allow that.
    """

    editions: tuple[ShownEdition, ...]
    chosen: ShownEdition | None
    page: Page
    learners: int
    totals: tuple[EditionTotals, ...]
    days: tuple[Day, ...]
    as_of: datetime | None
    may_reopen: bool
    may_certify: bool

    @property
    def shown(self) -> tuple[ShownEdition, ...]:
        """The courses that are shown."""
        return self.editions if self.chosen is None else (self.chosen,)


def shown_editions(session: CohortSession, *, actor: Actor, permission: str) -> tuple[ShownEdition, ...]:
    """The courses of the session over which the actor holds `permission`, withdrawn ones last. At most two queries."""
    return _shown(permissions.rows(actor, permission, session.editions.all()))


def chosen_edition(editions: Sequence[ShownEdition], uuid: UUID) -> ShownEdition:
    """
    The one of this UUID.

    Raises:
        NotFound: it is none of them.
    """
    for edition in editions:
        if edition.uuid == uuid:
            return edition
    raise NotFound(_("There is no such course in this session."))


def session_results(
    session: CohortSession,
    *,
    actor: Actor,
    now: datetime,
    edition: UUID | None = None,
    wanted: ResultFilter = ResultFilter(),
    order: Order = Order(),
    page: int = 1,
) -> SessionResults:
    """
    A page of `PAGE_SIZE` members and their results in the courses whose results the actor may view.

    At most four queries, whatever the number of members and courses; one more for a search. Reads the dates and numbers
    of every member.

    Args:
        edition: only this course.
        page: from 1; one that is not there is the nearest that is.

    Raises:
        NotFound: the actor may not view the results of this edition, or of none.
    """
    rows = _with_days(permissions.rows(actor, permissions.VIEW_RESULT, session.editions.all()), now)
    editions = _shown(rows)
    if not editions:
        raise NotFound(_("There are no results here that you may see."))
    chosen = None if edition is None else chosen_edition(editions, edition)
    shown = editions if chosen is None else (chosen,)
    lines = list(_read(session.schedule, _places(session, shown), shown, now))
    found = _ordered(_found(session, lines, wanted), shown, order)
    shown_page = Paginator(found, PAGE_SIZE).get_page(page)
    shown_page.object_list = _named(shown_page.object_list)
    with_place = [line for line in lines if not line.is_former]
    return SessionResults(
        editions=editions,
        chosen=chosen,
        page=shown_page,
        learners=len(with_place),
        totals=tuple(_totals(each, [line.results[i] for line in with_place]) for i, each in enumerate(shown)),
        days=_days(rows, {each.edition_id for each in shown}),
        as_of=max((each.as_of for line in lines for each in line.results if each.as_of), default=None),
        may_reopen=_holds(actor, permissions.REOPEN_RESULT, rows, chosen),
        may_certify=_holds(actor, permissions.GIVE_CERTIFICATE, rows, chosen),
    )


def _holds(actor: Actor, permission: str, rows: Collection[CourseEdition], chosen: ShownEdition | None) -> bool:
    """Whether the actor holds the permission over the course that was chosen; for none, nobody does."""
    return chosen is not None and any(
        row.pk == chosen.edition_id and permissions.allows(actor, permission, row) for row in rows
    )


def all_results(
    session: CohortSession,
    editions: Sequence[ShownEdition],
    *,
    now: datetime,
    wanted: ResultFilter = ResultFilter(),
    usernames: Collection[str] | None = None,
) -> Iterator[MemberResults]:
    """
    Every member who is looked for, by name, with their results in these courses, for somebody who may see them
    (callers have asked). Reads so many at a time that memory does not grow with their number: two queries a batch.

    Args:
        usernames: only these.
    """
    for places in _batches(session, usernames):
        lines = list(_read(session.schedule, _places(session, editions).filter(pk__in=places), editions, now))
        by_place = {line.place_id: line for line in _found(session, lines, wanted)}
        yield from _named([by_place[pk] for pk in places if pk in by_place])


def count_results(session: CohortSession, *, usernames: Collection[str] | None = None) -> int:
    """How many members `all_results` goes through. One query."""
    return _chosen_places(session, usernames).count()


def _shown(rows: Iterable[CourseEdition]) -> tuple[ShownEdition, ...]:
    """Each course once, withdrawn ones last. One query for their titles, none for no course."""
    by_pk = {each.pk: each for each in rows}
    editions = sorted(by_pk.values(), key=lambda each: (each.withdrawn_at is not None, each.position, each.pk))
    courses = get_host().base_courses({each.base_key for each in editions}) if editions else {}
    return tuple(ShownEdition(each.pk, each.uuid, each.edition_key, _title(each, courses)) for each in editions)


_OF_DAY = ("day", "learners", "active", "passed", "graded", "grades", "completed", "completable")


def _with_days(editions: QuerySet[CourseEdition], now: datetime) -> list[CourseEdition]:
    """
    A row for each course and day that was counted, with its numbers as ``of_day``, ``of_learners`` and so on; one, with
    none of them, for a course without any. One query, where courses first and days afterwards would be two.
    """
    counted = FilteredRelation("days", condition=Q(days__day__gte=(now - _DAYS_TOLD).date()))
    named = editions.annotate(counted=counted)
    return list(named.annotate(**{f"of_{name}": F(f"counted__{name}") for name in _OF_DAY}))


def _days(rows: Iterable[CourseEdition], editions: Collection[int]) -> tuple[Day, ...]:
    """The days of these courses, summed up."""
    sums: dict[date, Counter[str]] = {}
    for row in rows:
        if row.pk in editions and row.of_day is not None:
            numbers = {name: getattr(row, f"of_{name}") for name in _OF_DAY if name != "day"}
            sums.setdefault(row.of_day, Counter()).update(numbers)
    return tuple(
        Day(
            day=day,
            learners=of_day["learners"],
            active=of_day["active"],
            passed=of_day["passed"],
            mean_grade=of_day["grades"] / of_day["graded"] if of_day["graded"] else None,
            progress=of_day["completed"] / of_day["completable"] if of_day["completable"] else 0.0,
        )
        for day, of_day in sorted(sums.items())
    )


def _title(edition: CourseEdition, courses: Mapping[CourseKey, object]) -> str:
    course = courses.get(edition.base_key)
    return course.title if course else str(edition.base_key)


def _chosen_places(session: CohortSession, usernames: Collection[str] | None) -> QuerySet[Member]:
    return session.members.all() if usernames is None else session.members.filter(user__username__in=usernames)


def _batches(session: CohortSession, usernames: Collection[str] | None) -> Iterator[list[int]]:
    """The places by name, so many at a time."""
    named = _chosen_places(session, usernames).annotate(name=name_of("user")).order_by(Lower("name"), "pk")
    places = list(named.values_list("pk", flat=True))
    for start in range(0, len(places), _BATCH):
        yield places[start : start + _BATCH]


def _places(session: CohortSession, editions: Collection[ShownEdition]) -> QuerySet[Member]:
    """A row for each place and course, with the `result` where there is one, in the order of names."""
    ids = [each.edition_id for each in editions]
    return (
        session.members.annotate(
            edition=FilteredRelation("session__editions", condition=Q(session__editions__in=ids)),
            # The column by its alias: until Django 5, `F("edition")` joins the table once more.
            result=FilteredRelation("results", condition=Q(results__edition=RawSQL("edition.id", ()))),
            name=name_of("user"),
        )
        .filter(edition__isnull=False)
        .order_by(Lower("name"), "pk")
    )


def _read(
    schedule: Schedule, places: QuerySet[Member], editions: Sequence[ShownEdition], now: datetime
) -> Iterator[MemberResults]:
    """One line for each place, not named. One query."""
    order = {each.edition_id: number for number, each in enumerate(editions)}
    by_place: dict[int, list[Result | None]] = {}
    former: set[int] = set()
    for pk, status, opens, closes, extra, entered, edition_id, *said in places.values_list(*_COLUMNS):
        membership = Membership(Window(opens, closes), extra, entered)
        by_place.setdefault(pk, [None] * len(editions))[order[edition_id]] = _result(schedule, membership, said, now)
        if status == MemberStatus.REMOVED:
            former.add(pk)
    return (MemberResults(pk, pk in former, tuple(results)) for pk, results in by_place.items())


def _result(schedule: Schedule, membership: Membership, said: Sequence, now: datetime) -> Result:
    grade, letter, passed, passed_at, completed, completable, *activity, final_at, as_of = said
    if as_of is None:
        return Result(standing(schedule, membership, None, passed=False, is_final=False, now=now))
    work = Work(completed, completable, grade is not None)
    stands = standing(schedule, membership, work, passed=passed, is_final=final_at is not None, now=now)
    return Result(stands, grade, letter, completed, completable, *activity, final_at, as_of, passed_at)


def _found(session: CohortSession, lines: Collection[MemberResults], wanted: ResultFilter) -> Collection[MemberResults]:
    """Those who are looked for. One query, for a search."""
    places = _matching(session, wanted.search) if wanted.search else None
    return [
        line
        for line in lines
        if (wanted.with_former or not line.is_former)
        and (places is None or line.place_id in places)
        and (wanted.standing is None or any(each.standing == wanted.standing for each in line.results))
        and (wanted.is_final is None or any(each.is_final for each in line.results) == wanted.is_final)
    ]


def _matching(session: CohortSession, search: str) -> set[int]:
    named = session.members.annotate(name=name_of("user"))
    is_like = Q(name__icontains=search) | Q(user__username__icontains=search) | Q(user__email__icontains=search)
    return set(named.filter(is_like).order_by().values_list("pk", flat=True))


_STANDINGS = list(Standing)

_SORTED_BY: dict[Column, Callable[[MemberResults | Result], object]] = {
    Column.STANDING: lambda each: _STANDINGS.index(each.standing),
    Column.GRADE: lambda each: each.grade,
    Column.PROGRESS: lambda each: each.progress,
    Column.ACTIVITY: lambda each: each.last_activity_at,
    Column.LETTER: lambda each: each.letter or None,
    Column.FIRST_ACTIVITY: lambda each: each.first_activity_at,
    Column.FINAL: lambda each: each.final_at,
}


def _ordered(lines: Collection[MemberResults], editions: Sequence[ShownEdition], order: Order) -> list[MemberResults]:
    """Sorted, those without a value always last; who is alike stays in the order of names."""
    places = {each.uuid: number for number, each in enumerate(editions)}
    is_elsewhere = order.edition not in places and (order.edition is not None or order.column in _OF_ONE_COURSE)
    if order.column == Column.NAME or is_elsewhere:
        return list(reversed(lines)) if order.is_descending and not is_elsewhere else list(lines)
    value = _SORTED_BY[order.column]
    if order.edition in places:
        number = places[order.edition]
        keys = [(value(line.results[number]), line) for line in lines]
    elif order.column == Column.STANDING:
        # Of several courses the one in which they stand first in the order of standings.
        keys = [(min(value(result) for result in line.results), line) for line in lines]
    else:
        keys = [(value(line), line) for line in lines]
    known = sorted(
        (pair for pair in keys if pair[0] is not None), key=lambda pair: pair[0], reverse=order.is_descending
    )
    return [line for _value, line in known] + [line for key, line in keys if key is None]


def _named(lines: Sequence[MemberResults]) -> list[MemberResults]:
    """The same lines with the people they are of. One query."""
    places = [line.place_id for line in lines]
    rows = Member.objects.filter(pk__in=places).annotate(name=name_of("user")).order_by()
    people = {
        pk: (Person(user_id, username, name), email)
        for pk, user_id, username, name, email in rows.values_list(
            "pk", "user_id", "user__username", "name", "user__email"
        )
    }
    return [
        MemberResults(line.place_id, line.is_former, line.results, *people[line.place_id])
        for line in lines
        # Whose account went in between is gone with it.
        if line.place_id in people
    ]


def _totals(edition: ShownEdition, results: Sequence[Result]) -> EditionTotals:
    grades = [result.grade for result in results if result.grade is not None]
    tenths = Counter(min(int(grade * 10), 9) for grade in grades)
    return EditionTotals(
        edition=edition,
        learners=len(results),
        standings=dict(Counter(result.standing for result in results)),
        final=sum(result.is_final for result in results),
        grades=tuple(tenths[number] for number in range(10)),
        mean_grade=sum(grades) / len(grades) if grades else None,
        mean_progress=sum(result.progress for result in results) / len(results) if results else 0.0,
    )
