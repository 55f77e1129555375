"""Which results are looked for, and in which order they stand."""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from cohort_sessions.models import CohortSession
from cohort_sessions.queries.names import name_of
from cohort_sessions.queries.result_values import MemberResults, Result
from cohort_sessions.queries.shown_editions import ShownEdition
from cohort_sessions.standing import Standing


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


# Whoever has a place, by name.
EVERYBODY = ResultFilter()
BY_NAME = Order()

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


def found(session: CohortSession, lines: Collection[MemberResults], wanted: ResultFilter) -> Collection[MemberResults]:
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


def ordered(lines: Collection[MemberResults], editions: Sequence[ShownEdition], order: Order) -> list[MemberResults]:
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


def _matching(session: CohortSession, search: str) -> set[int]:
    named = session.members.annotate(name=name_of("user"))
    is_like = Q(name__icontains=search) | Q(user__username__icontains=search) | Q(user__email__icontains=search)
    return set(named.filter(is_like).order_by().values_list("pk", flat=True))
