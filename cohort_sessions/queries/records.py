"""
What somebody took and earned: each place they have or had in a session, with their own results in its courses.

Out of the ledger and never out of the platform, and of that place alone: the results of another session over the same
course, or of the base course, are not among them. A session stays on record when its place was taken away, and when
the session is not shown any more; a draft is on no record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import FilteredRelation, Q, QuerySet
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import timeline
from cohort_sessions.attention import Work
from cohort_sessions.data import MemberStatus, SessionStatus
from cohort_sessions.host import BaseCourse, SectionGrade, get_host
from cohort_sessions.models import CourseEdition, EditionResult, Member, MemberMove
from cohort_sessions.queries.names import name_of
from cohort_sessions.standing import Standing, standing
from cohort_sessions.timeline import Listing, Phase, Window

_UNDER_WAY = (Standing.ACTIVE, Standing.BEHIND)


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """
    One course of a session, with what the person earned in it.

    Attributes:
        is_withdrawn: it is no part of the session any more; on record for what was earned in it.
        standing: how they stand now, or stood when their place ended; ``None``: it ended with the course under way.
        grade: 0..1; ``None`` while nothing is graded.
        passed_at: when the passing line was first reached, UTC; ``None`` where the platform does not tell.
        completed, completable: blocks.
        as_of: when the result last changed, UTC; ``None`` for who never worked in the course.
        final_at: since when it stays as it is, whatever becomes of the platform's, UTC; ``None``: it still follows.
        becomes_final_at: when it will, as things are; ``None`` for never, and for what is final.
        sections: graded ones they have worked in, in the order of the course.
    """

    uuid: UUID
    edition_key: CourseKey
    base_key: CourseKey
    course_title: str
    is_withdrawn: bool
    standing: Standing | None
    grade: float | None = None
    letter: str = ""
    passed: bool = False
    passed_at: datetime | None = None
    completed: int = 0
    completable: int = 0
    first_activity_at: datetime | None = None
    last_activity_at: datetime | None = None
    as_of: datetime | None = None
    final_at: datetime | None = None
    becomes_final_at: datetime | None = None
    sections: tuple[SectionGrade, ...] = ()

    @property
    def progress(self) -> float:
        """Share of the course that is done, 0..1; 0 for a course without anything that can be."""
        return self.completed / self.completable if self.completable else 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """A move from or to another session, which is on record as well; `reason` in the words of who moved them."""

    code: str
    title: str
    moved_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """
    One session, as one person had it.

    Attributes:
        window: their own dates in it.
        is_shown: whether the session's own page is shown to them now.
        left_at: when their place ended, UTC; ``None``: they have it.
        moved_to: where their place went when it ended.
        came_from: where they were moved here from.
    """

    code: str
    title: str
    organisation: str
    status: SessionStatus
    cancel_reason: str
    phase: Phase
    window: Window
    duration_days: int | None
    is_shown: bool
    left_at: datetime | None
    moved_to: Step | None
    came_from: Step | None
    courses: tuple[CourseRecord, ...]


def places_on_record(user_id: int) -> QuerySet[Member]:
    """The places that this person has or had, each with its session and, as `name`, the person's own."""
    places = Member.objects.filter(user_id=user_id).exclude(session__status=SessionStatus.DRAFT.value)
    return places.select_related("session").annotate(name=name_of("user"))


def session_records(places: Sequence[Member], *, now: datetime) -> tuple[SessionRecord, ...]:
    """
    The record of each of these places of one person, in their order. Three queries, the host's included; none for no
    places.
    """
    if not places:
        return ()
    editions = _editions(places)
    keys = {edition.base_key for of_session in editions.values() for edition in of_session}
    courses = get_host().base_courses(keys)
    moves = _moves(places)
    return tuple(_record(place, editions[place.session_id], courses, moves, now=now) for place in places)


def _editions(places: Collection[Member]) -> Mapping[int, Sequence[CourseEdition]]:
    """By session: its courses in their order, each with the `own_result` of the person in question."""
    is_own = Q(results__member__in=[place.pk for place in places])
    found = (
        CourseEdition.objects.filter(session__in=[place.session_id for place in places])
        .annotate(own_result=FilteredRelation("results", condition=is_own))
        .select_related("own_result")
        .order_by("position", "pk")
    )
    by_session: dict[int, list[CourseEdition]] = defaultdict(list)
    for edition in found:
        by_session[edition.session_id].append(edition)
    return by_session


def _moves(places: Collection[Member]) -> Sequence[MemberMove]:
    """The moves from and to these places, oldest first."""
    ids = [place.pk for place in places]
    return list(
        MemberMove.objects.filter(Q(origin__in=ids) | Q(destination__in=ids))
        .select_related("origin__session", "destination__session")
        .order_by("moved_at", "pk")
    )


def _record(
    place: Member,
    editions: Collection[CourseEdition],
    courses: Mapping[CourseKey, BaseCourse],
    moves: Collection[MemberMove],
    *,
    now: datetime,
) -> SessionRecord:
    session = place.session
    access = timeline.access(session.schedule, membership=place.membership, on_team=False, now=now)
    has_place = place.status == MemberStatus.ACTIVE
    # Django leaves the attribute out where a filtered relation is empty.
    results = [(edition, getattr(edition, "own_result", None)) for edition in editions]
    return SessionRecord(
        code=session.code,
        title=session.title,
        organisation=session.organisation,
        status=SessionStatus(session.status),
        cancel_reason=session.cancel_reason,
        phase=access.phase,
        window=access.window,
        duration_days=session.duration_days,
        is_shown=has_place and access.listing == Listing.SHOWN,
        left_at=place.removed_at,
        moved_to=_moved_to(place, moves),
        came_from=_came_from(place, moves),
        # Who left is told of what they earned; who is there also of what is left to do.
        courses=tuple(
            _course(place, edition, result, courses, now=now)
            for edition, result in results
            if result is not None or (has_place and edition.withdrawn_at is None)
        ),
    )


def _moved_to(place: Member, moves: Collection[MemberMove]) -> Step | None:
    """A move that did not end the place, or not the last time, is not why it is over."""
    steps = [
        _step(move.destination, move)
        for move in moves
        if move.origin_id == place.pk and place.removed_at is not None and move.moved_at >= place.removed_at
    ]
    return steps[-1] if steps else None


def _came_from(place: Member, moves: Collection[MemberMove]) -> Step | None:
    steps = [_step(move.origin, move) for move in moves if move.destination_id == place.pk]
    return steps[-1] if steps else None


def _step(other: Member, move: MemberMove) -> Step | None:
    """Nothing is told of a session that is a draft."""
    if other.session.status == SessionStatus.DRAFT:
        return None
    return Step(other.session.code, other.session.title, move.moved_at, move.reason)


def _course(
    place: Member,
    edition: CourseEdition,
    row: EditionResult | None,
    courses: Mapping[CourseKey, BaseCourse],
    *,
    now: datetime,
) -> CourseRecord:
    course = courses.get(edition.base_key)
    about = {
        "uuid": edition.uuid,
        "edition_key": edition.edition_key,
        "base_key": edition.base_key,
        "course_title": course.title if course else str(edition.base_key),
        "is_withdrawn": edition.withdrawn_at is not None,
        "standing": _standing(place, row, now),
    }
    if row is None:
        return CourseRecord(**about)
    return CourseRecord(
        **about,
        grade=row.grade,
        letter=row.letter,
        passed=row.passed,
        passed_at=row.passed_at,
        completed=row.completed,
        completable=row.completable,
        first_activity_at=row.first_activity_at,
        last_activity_at=row.last_activity_at,
        as_of=row.as_of,
        final_at=row.final_at,
        becomes_final_at=_becomes_final_at(place, row, now),
        sections=tuple(SectionGrade(**section) for section in row.sections),
    )


def _standing(place: Member, row: EditionResult | None, now: datetime) -> Standing | None:
    """Time goes on for the session, not for who has left it."""
    at = now if place.removed_at is None else min(place.removed_at, now)
    work = None if row is None else Work(row.completed, row.completable, row.grade is not None)
    stands = standing(
        place.session.schedule,
        place.membership,
        work,
        passed=row is not None and row.passed,
        is_final=row is not None and row.final_at is not None and row.final_at <= at,
        now=at,
    )
    return None if place.removed_at is not None and stands in _UNDER_WAY else stands


def _becomes_final_at(place: Member, row: EditionResult, now: datetime) -> datetime | None:
    if row.final_at is not None:
        return None
    moment = timeline.final_at(
        place.session.schedule,
        place.membership,
        after_days=place.session.results_final_after_days,
        reopened_at=row.reopened_at,
    )
    # What is due already is about to be made final: no date is left to tell.
    return moment if moment is not None and moment > now else None
