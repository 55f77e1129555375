"""What somebody earned in the sessions from which they were moved into another one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from opaque_keys.edx.keys import CourseKey

from cohort_sessions.host import get_host
from cohort_sessions.models import EditionResult, MemberMove


@dataclass(frozen=True, slots=True)
class EarlierResult:
    """
    One course of the session that was left.

    Attributes:
        progress: 0..1.
        grade: 0..1, ``None`` while nothing is graded.
        as_of: moment the result was read from the platform, UTC.
    """

    course_title: str
    progress: float
    grade: float | None
    passed: bool
    as_of: datetime


@dataclass(frozen=True, slots=True)
class EarlierSession:
    """A session that was left for another one; `reason` in the words of who moved them."""

    title: str
    moved_at: datetime
    reason: str
    results: tuple[EarlierResult, ...]


def earlier_sessions(session_id: int, *, user_id: int) -> tuple[EarlierSession, ...]:
    """
    The sessions through which this person came to the one they are in, the latest first.

    One query for who was never moved, else three.
    """
    moves = _moves_to(session_id, user_id)
    if not moves:
        return ()
    results: dict[int, list[EditionResult]] = defaultdict(list)
    for result in (
        EditionResult.objects.filter(member__in=[move.origin_id for move in moves])
        .select_related("edition")
        .order_by("edition__position", "edition__pk")
    ):
        results[result.member_id].append(result)
    keys = {result.edition.base_key for each in results.values() for result in each}
    titles = {key: course.title for key, course in get_host().base_courses(keys).items()}
    return tuple(
        EarlierSession(
            title=move.origin.session.title,
            moved_at=move.moved_at,
            reason=move.reason,
            results=tuple(_result(result, titles) for result in results[move.origin_id]),
        )
        for move in moves
    )


def _moves_to(session_id: int, user_id: int) -> list[MemberMove]:
    """The last move into the session, the last one before it into the session that it left, and so on back."""
    moves = list(
        MemberMove.objects.filter(destination__user=user_id)
        .select_related("origin__session", "destination")
        .order_by("-moved_at", "-pk")
    )
    path, place = [], session_id
    for move in moves:
        if move.destination.session_id == place:
            path.append(move)
            place = move.origin.session_id
    return path


def _result(result: EditionResult, titles: dict[CourseKey, str]) -> EarlierResult:
    key = result.edition.base_key
    return EarlierResult(titles.get(key, str(key)), result.progress, result.grade, result.passed, result.as_of)
