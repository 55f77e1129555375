"""What the results of a session are made of: of one member, of one course, of one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page

from cohort_sessions.host import Person
from cohort_sessions.queries.shown_editions import ShownEdition
from cohort_sessions.standing import Standing


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
