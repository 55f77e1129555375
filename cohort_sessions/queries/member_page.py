"""One person in one session: their dates, their results, where they came from and went to, and all that was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import permissions, timeline
from cohort_sessions.data import Actor
from cohort_sessions.errors import NotFound
from cohort_sessions.host import Person, get_host
from cohort_sessions.models import CohortSession, EditionResult, JoinRequest, Member, MemberMove
from cohort_sessions.queries.names import name_of

_OF_MEMBER = ("status", "opens_at", "closes_at", "extra_days", "first_entered_at")
_OF_REQUEST = ("status", "offer_expires_at")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """
    Something that was done about a person's place or their wish for one.

    Attributes:
        by: who did it; ``None`` for the plugin itself, and for accounts that are gone.
        before, after: the values of the row, where they differ; both empty of a value that was not there before or is
            not any more. Of a place: `status`, `opens_at`, `closes_at`, `extra_days`, `first_entered_at`; of a wish:
            `status`, `offer_expires_at`.
        why: the reason that was kept with it.
    """

    at: datetime
    by: Person | None
    is_wish: bool
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    why: str


@dataclass(frozen=True, slots=True)
class CourseResult:
    """What the person has achieved in one course of a session, see `models.EditionResult`."""

    course_title: str
    progress: float
    grade: float | None
    passed: bool
    last_activity_at: datetime | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """
    A step from or to another session.

    Attributes:
        is_arrival: whether it led here.
        other_code: of the other session; empty where the actor may not see who is in it.
        results: what they had achieved there, for an arrival whose results the actor may see.
    """

    is_arrival: bool
    other_title: str
    other_code: str
    at: datetime
    by: Person | None
    why: str
    results: tuple[CourseResult, ...]


@dataclass(frozen=True, slots=True)
class MemberPage:
    """
    One person in one session.

    Attributes:
        place: ``None`` for somebody who never had one.
        access: how the session stands for them now; ``None`` without a place.
        wish: their open request, if there is one.
        may_act: whether the actor may extend, move or remove them.
    """

    person: Person
    place: Member | None
    access: timeline.Access | None
    wish: JoinRequest | None
    results: tuple[CourseResult, ...]
    moves: tuple[Move, ...]
    history: tuple[HistoryLine, ...]
    may_act: bool


def member_page(session: CohortSession, username: str, *, actor: Actor, now: datetime) -> MemberPage:
    """
    Everything the team may know about one person in `session`, newest first, for somebody who may view the roster
    (callers have asked). At most twelve queries.

    Raises:
        NotFound: nobody of this name ever had, or asked for, a place here.
    """
    account = (
        get_user_model().objects.filter(username=username).values_list("pk", "username", get_host().name_path).first()
    )
    if account is None:
        raise NotFound(_("There is no such person in this session."))
    user_id, username, name = account
    person = Person(user_id, username, name or username)
    place = Member.objects.filter(session=session, user_id=user_id).first()
    wish = JoinRequest.objects.filter(session=session, user_id=user_id).first()
    history = _history(session, user_id)
    if not (place or wish or history):
        raise NotFound(_("There is no such person in this session."))
    moves = _moves(place)
    seen = _seen(moves, actor)
    results = _results(session, place, moves, actor=actor)
    return MemberPage(
        person=person,
        place=place,
        access=_access(session, place, now),
        wish=wish,
        results=results[place.pk] if place else (),
        moves=tuple(_move(move, place, results, seen) for move in moves),
        history=history,
        may_act=permissions.allows(actor, permissions.ENROL_MEMBER, session),
    )


def _access(session: CohortSession, place: Member | None, now: datetime) -> timeline.Access | None:
    if place is None:
        return None
    return timeline.access(session.schedule, membership=place.membership, on_team=False, now=now)


def _history(session: CohortSession, user_id: int) -> tuple[HistoryLine, ...]:
    """What was done about the place and the wish, newest first. Two queries."""
    lines = [
        *_lines(Member, _OF_MEMBER, session, user_id, is_wish=False),
        *_lines(JoinRequest, _OF_REQUEST, session, user_id, is_wish=True),
    ]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def _lines(
    model: type, fields: Collection[str], session: CohortSession, user_id: int, *, is_wish: bool
) -> Iterable[HistoryLine]:
    rows = (
        model.history.filter(session_id=session.pk, user_id=user_id)
        .annotate(by_name=name_of("history_user"))
        .select_related("history_user")
        .order_by("history_date", "history_id")
    )
    standing: dict[str, Any] = {}
    lines = []
    for row in rows:
        is_gone = row.history_type == "-"
        values = {} if is_gone else {name: getattr(row, name) for name in fields}
        names = [name for name in fields if standing.get(name) != values.get(name)]
        by = row.history_user
        lines.append(
            HistoryLine(
                at=row.history_date,
                by=None if by is None else Person(by.pk, by.username, row.by_name),
                is_wish=is_wish,
                before={name: standing[name] for name in names if name in standing},
                after={name: values[name] for name in names if name in values},
                why=row.history_change_reason or "",
            )
        )
        standing = values
    return reversed(lines)


def _moves(place: Member | None) -> list[MemberMove]:
    """The steps from and to this place, newest first."""
    if place is None:
        return []
    return list(
        MemberMove.objects.filter(Q(origin=place) | Q(destination=place))
        .annotate(by_name=name_of("moved_by"))
        .select_related("origin__session", "destination__session", "moved_by")
        .order_by("-moved_at", "-pk")
    )


def _seen(moves: Collection[MemberMove], actor: Actor) -> set[int]:
    """The sessions at the other ends whose people the actor may see. No query without moves."""
    if not moves:
        return set()
    ends = {session_id for move in moves for session_id in (move.origin.session_id, move.destination.session_id)}
    seen = permissions.rows(actor, permissions.VIEW_ROSTER, CohortSession.objects.filter(pk__in=ends))
    return set(seen.order_by().values_list("pk", flat=True))


def _move(
    move: MemberMove, place: Member, results: Mapping[int, tuple[CourseResult, ...]], seen: Collection[int]
) -> Move:
    is_arrival = move.destination_id == place.pk
    other = move.origin if is_arrival else move.destination
    by = move.moved_by
    return Move(
        is_arrival=is_arrival,
        other_title=other.session.title,
        other_code=other.session.code if other.session_id in seen else "",
        at=move.moved_at,
        by=None if by is None else Person(by.pk, by.username, move.by_name),
        why=move.reason,
        results=results[other.pk] if is_arrival else (),
    )


def _results(
    session: CohortSession, place: Member | None, moves: Collection[MemberMove], *, actor: Actor
) -> Mapping[int, tuple[CourseResult, ...]]:
    """
    By place: what was achieved here, and there where they came from. Two queries.

    Who sees the results of everybody here sees those that a member brought along, whatever they are to the other
    session: a move takes the record with it.
    """
    found: dict[int, tuple[CourseResult, ...]] = defaultdict(tuple)
    if place is None:
        return found
    here = EditionResult.objects.filter(member=place)
    brought = EditionResult.objects.filter(member__in=[move.origin_id for move in moves if move.origin_id != place.pk])
    may_see = permissions.rows(actor, permissions.VIEW_RESULT, here | brought)
    if permissions.allows(actor, permissions.VIEW_RESULT, session):
        may_see = here | brought
    rows = list(may_see.select_related("edition").order_by("edition__position", "edition__pk"))
    courses = get_host().base_courses({row.edition.base_key for row in rows}) if rows else {}
    for row in rows:
        found[row.member_id] += (_result(row, courses),)
    return found


def _result(row: EditionResult, courses: Mapping[CourseKey, Any]) -> CourseResult:
    course = courses.get(row.edition.base_key)
    return CourseResult(
        course_title=course.title if course else str(row.edition.base_key),
        progress=row.progress,
        grade=row.grade,
        passed=row.passed,
        last_activity_at=row.last_activity_at,
        as_of=row.as_of,
    )
