"""
Results of a session as its team sees them: members by editions, out of the ledger and never out of the platform.

How each member stands is decided by `standing.standing`, for every member at once, so that a status can be filtered
by, sorted by and counted; only the page that is shown is then named. A fixed number of queries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.attention import Work
from cohort_sessions.data import Actor, MemberStatus
from cohort_sessions.errors import NotFound
from cohort_sessions.host import Person
from cohort_sessions.models import CohortSession, CourseEdition, Member
from cohort_sessions.queries.names import name_of
from cohort_sessions.queries.result_order import BY_NAME, EVERYBODY, Order, ResultFilter, found, ordered
from cohort_sessions.queries.result_values import Day, EditionTotals, MemberResults, Result, SessionResults
from cohort_sessions.queries.shown_editions import ShownEdition, chosen_edition, each_edition
from cohort_sessions.standing import standing
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


def session_results(
    session: CohortSession,
    *,
    actor: Actor,
    now: datetime,
    edition: UUID | None = None,
    wanted: ResultFilter = EVERYBODY,
    order: Order = BY_NAME,
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
    editions = each_edition(rows)
    if not editions:
        raise NotFound(_("There are no results here that you may see."))
    chosen = None if edition is None else chosen_edition(editions, edition)
    shown = editions if chosen is None else (chosen,)
    lines = list(_read(session.schedule, _places(session, shown), shown, now))
    in_order = ordered(found(session, lines, wanted), shown, order)
    shown_page = Paginator(in_order, PAGE_SIZE).get_page(page)
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
    wanted: ResultFilter = EVERYBODY,
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
        by_place = {line.place_id: line for line in found(session, lines, wanted)}
        yield from _named([by_place[pk] for pk in places if pk in by_place])


def count_results(session: CohortSession, *, usernames: Collection[str] | None = None) -> int:
    """How many members `all_results` goes through. One query."""
    return _chosen_places(session, usernames).count()


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
