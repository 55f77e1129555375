"""One member's results in a session: each course with all there is of it, out of the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.attention import Work
from cohort_sessions.data import Actor, MemberStatus
from cohort_sessions.errors import NotFound
from cohort_sessions.host import AssignmentWeight, GradingPolicy, LearnerPage, Person, SectionGrade, get_host
from cohort_sessions.models import ActiveDay, CohortSession, EditionResult, Member
from cohort_sessions.queries.names import name_of
from cohort_sessions.queries.shown_editions import ShownEdition, shown_editions
from cohort_sessions.standing import Standing, standing


@dataclass(frozen=True, slots=True)
class Later:
    """
    What the platform says since a result is final; ``None`` where that is the same.

    Attributes:
        as_of: when it last changed.
    """

    grade: float | None
    letter: str | None
    passed: bool | None
    progress: float | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """
    A result became final, or was opened again.

    Attributes:
        by: who did it; ``None`` for the plugin itself, and for accounts that are gone.
        why: the reason that was kept with it.
    """

    at: datetime
    by: Person | None
    is_final: bool
    why: str


@dataclass(frozen=True, slots=True)
class CourseOfMember:
    """
    A member's result in one course, see `models.EditionResult`.

    Attributes:
        result: ``None`` for who never worked in it.
        policy: what a final result was earned under; ``None`` while it is not final, and where none is known.
        days: on which they worked in it, UTC, the oldest first.
        steps: the newest first.
        pages: the platform's own about them in this course.
    """

    edition: ShownEdition
    standing: Standing
    result: EditionResult | None
    sections: tuple[SectionGrade, ...]
    policy: GradingPolicy | None
    later: Later | None
    days: tuple[date, ...]
    steps: tuple[Step, ...]
    pages: Mapping[LearnerPage, str]


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """One member, with the courses whose results the actor may view."""

    person: Person
    is_former: bool
    courses: tuple[CourseOfMember, ...]


def member_results(session: CohortSession, username: str, *, actor: Actor, now: datetime) -> MemberRecord:
    """
    All there is of one member in the courses whose results the actor may view. At most six queries.

    Raises:
        NotFound: nobody of this name ever had a place here, or the actor may view the results of no course.
    """
    editions = shown_editions(session, actor=actor, permission=permissions.VIEW_RESULT)
    if not editions:
        raise NotFound(_("There are no results here that you may see."))
    place = (
        Member.objects.filter(session=session, user__username=username)
        .annotate(name=name_of("user"))
        .select_related("user")
        .first()
    )
    if place is None:
        raise NotFound(_("There is no such person in this session."))
    person = Person(place.user_id, place.user.username, place.name)
    ids = [each.edition_id for each in editions]
    results = {row.edition_id: row for row in EditionResult.objects.filter(member=place, edition__in=ids)}
    steps, days = _steps(place, ids), _days(place, ids)
    return MemberRecord(
        person=person,
        is_former=place.status == MemberStatus.REMOVED,
        courses=tuple(
            _course(session, place, person, each, results.get(each.edition_id), days, steps, now) for each in editions
        ),
    )


def _course(
    session: CohortSession,
    place: Member,
    person: Person,
    edition: ShownEdition,
    row: EditionResult | None,
    days: Mapping[int, list[date]],
    steps: Mapping[int, list[Step]],
    now: datetime,
) -> CourseOfMember:
    work = None if row is None else Work(row.completed, row.completable, row.grade is not None)
    is_final = row is not None and row.final_at is not None
    passed = row is not None and row.passed
    return CourseOfMember(
        edition=edition,
        standing=standing(session.schedule, place.membership, work, passed=passed, is_final=is_final, now=now),
        result=row,
        sections=tuple(SectionGrade(**section) for section in row.sections) if row else (),
        policy=_policy(row.grading_policy) if is_final and row.grading_policy else None,
        later=_later(row) if row and row.later else None,
        days=tuple(days[edition.edition_id]),
        steps=tuple(steps[edition.edition_id]),
        pages=get_host().learner_pages(edition.edition_key, person),
    )


def _policy(stored: Mapping[str, Any]) -> GradingPolicy:
    return GradingPolicy(
        letters=tuple((letter, least) for letter, least in stored["letters"]),
        assignments=tuple(AssignmentWeight(**each) for each in stored["assignments"]),
    )


def _later(row: EditionResult) -> Later:
    said = row.later
    completed, completable = said.get("completed", row.completed), said.get("completable", row.completable)
    has_progress = said.keys() & {"completed", "completable"} and completable
    return Later(
        grade=said.get("grade"),
        letter=said.get("letter"),
        passed=said.get("passed"),
        progress=completed / completable if has_progress else None,
        as_of=datetime.fromisoformat(said["as_of"]) if "as_of" in said else None,
    )


def _days(place: Member, editions: Collection[int]) -> Mapping[int, list[date]]:
    """By course. One query."""
    found: dict[int, list[date]] = defaultdict(list)
    rows = ActiveDay.objects.filter(member=place, edition__in=editions).order_by("day")
    for edition_id, day in rows.values_list("edition_id", "day"):
        found[edition_id].append(day)
    return found


def _steps(place: Member, editions: Collection[int]) -> Mapping[int, list[Step]]:
    """By course. One query."""
    rows = (
        EditionResult.history.filter(member_id=place.pk, edition_id__in=editions)
        .annotate(by_name=name_of("history_user"))
        .select_related("history_user")
        .order_by("history_date", "history_id")
    )
    found: dict[int, list[Step]] = defaultdict(list)
    stood: dict[int, datetime | None] = {}
    for row in rows:
        # The history has a line for other changes as well.
        if row.final_at != stood.get(row.edition_id):
            by = row.history_user
            person = None if by is None else Person(by.pk, by.username, row.by_name)
            step = Step(row.history_date, person, row.final_at is not None, row.history_change_reason or "")
            found[row.edition_id].insert(0, step)
        stood[row.edition_id] = row.final_at
    return found
