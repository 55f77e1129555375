"""
A session as one person sees it: the card that *My sessions*, the session home and the API show.

`session_cards` takes eight queries (the host's two included), whatever the number of sessions, courses and people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import timeline
from cohort_sessions.data import EditionState, MemberStatus, SessionStatus, TeamRole
from cohort_sessions.host import BaseCourse, Person, get_host
from cohort_sessions.models import CohortSession, CourseEdition, EditionCoach, EditionResult, Member, SessionTeamMember

MEMBER = "member"


@dataclass(frozen=True, slots=True)
class EditionRow:
    """
    A course on a card.

    Attributes:
        url: where the person enters; empty while they may not, or while the edition is not ready.
        error: what the platform could not do; only for those who run the session, else empty.
        started: whether the person has any result yet; else `progress` is 0 and `grade` is ``None``.
        progress: 0..1.
        grade: 0..1.
        as_of: moment the result was read from the platform, UTC.
    """

    uuid: UUID
    edition_key: CourseKey
    base_key: CourseKey
    course_title: str
    image_url: str
    url: str
    state: EditionState
    error: str
    started: bool
    progress: float
    grade: float | None
    passed: bool
    as_of: datetime | None
    coaches: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class SessionCard:
    """
    A session with its courses, for one person at one moment.

    Attributes:
        category: its name; empty for none.
        access: the decision of `timeline` for this person.
        roles: values of `TeamRole`, and ``"member"``.
        coaches: its session coaches.
    """

    code: str
    title: str
    description: str
    category: str
    organisation: str
    status: SessionStatus
    cancel_reason: str
    access: timeline.Access
    duration_days: int | None
    roles: frozenset[str]
    coaches: tuple[Person, ...]
    editions: tuple[EditionRow, ...]


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What every card of one answer shares."""

    user_id: int
    on_every_team: bool
    now: datetime
    courses: Mapping[CourseKey, BaseCourse]
    people: Mapping[int, Person]
    urls: Mapping[CourseKey, str]


def session_cards(
    sessions: QuerySet[CohortSession], *, user_id: int, now: datetime, on_every_team: bool = False
) -> list[SessionCard]:
    """
    The cards of `sessions` for one person, in the order of the queryset; whether they are shown is for the caller
    to look at.

    Args:
        on_every_team: the person administers all of these sessions by a wider role than the session's own team
            table tells.
    """
    loaded = list(_with_everything(sessions, user_id))
    editions = [edition for session in loaded for edition in session.editions.all()]
    host = get_host()
    surroundings = _Surroundings(
        user_id=user_id,
        on_every_team=on_every_team,
        now=now,
        courses=host.base_courses({edition.base_key for edition in editions}),
        people=host.people(_team_ids(loaded)),
        urls=host.entry_urls([edition.edition_key for edition in editions]),
    )
    return [_card(session, surroundings) for session in loaded]


def _with_everything(sessions: QuerySet[CohortSession], user_id: int) -> QuerySet[CohortSession]:
    own_results = EditionResult.objects.filter(member__user_id=user_id)
    editions = CourseEdition.objects.filter(withdrawn_at=None).prefetch_related(
        Prefetch("coaches", EditionCoach.objects.all()), Prefetch("results", own_results, to_attr="own_results")
    )
    own_places = Member.objects.filter(user_id=user_id, status=MemberStatus.ACTIVE)
    return sessions.select_related("category").prefetch_related(
        Prefetch("editions", editions),
        Prefetch("team", SessionTeamMember.objects.all()),
        Prefetch("members", own_places, to_attr="own_places"),
    )


def _team_ids(sessions: Iterable[CohortSession]) -> set[int]:
    of_sessions = {row.user_id for session in sessions for row in session.team.all()}
    of_editions = {
        row.user_id for session in sessions for edition in session.editions.all() for row in edition.coaches.all()
    }
    return of_sessions | of_editions


def _card(session: CohortSession, around: _Surroundings) -> SessionCard:
    place = session.own_places[0] if session.own_places else None
    roles = {row.role for row in session.team.all() if row.user_id == around.user_id}
    runs_session = around.on_every_team or bool(roles)
    rows = tuple(_row(session, edition, place, around, runs_session=runs_session) for edition in session.editions.all())
    coaches_any = any(_coaches(edition, around.user_id) for edition in session.editions.all())
    if coaches_any:
        roles.add(TeamRole.COURSE_COACH.value)
    if place:
        roles.add(MEMBER)
    return SessionCard(
        code=session.code,
        title=session.title,
        description=session.description,
        category=session.category.name if session.category else "",
        organisation=session.organisation,
        status=SessionStatus(session.status),
        cancel_reason=session.cancel_reason,
        access=_access(session, place, around, on_team=runs_session or coaches_any),
        duration_days=session.duration_days,
        roles=frozenset(roles),
        coaches=_people(
            around, (row.user_id for row in session.team.all() if row.role == TeamRole.SESSION_COACH.value)
        ),
        editions=rows,
    )


def _row(
    session: CohortSession, edition: CourseEdition, place: Member | None, around: _Surroundings, *, runs_session: bool
) -> EditionRow:
    on_team = runs_session or _coaches(edition, around.user_id)
    may_enter = _access(session, place, around, on_team=on_team).entry > timeline.Entry.CLOSED
    is_there = edition.applied_revision > 0
    course = around.courses.get(edition.base_key)
    result = edition.own_results[0] if edition.own_results else None
    return EditionRow(
        uuid=edition.uuid,
        edition_key=edition.edition_key,
        base_key=edition.base_key,
        course_title=course.title if course else str(edition.base_key),
        image_url=course.image_url if course else "",
        url=around.urls.get(edition.edition_key, "") if may_enter and is_there else "",
        state=edition.state,
        error=edition.apply_error if runs_session else "",
        started=result is not None,
        progress=result.progress if result else 0.0,
        grade=result.grade if result else None,
        passed=bool(result and result.passed),
        as_of=result.as_of if result else None,
        coaches=_people(around, (row.user_id for row in edition.coaches.all())),
    )


def _access(session: CohortSession, place: Member | None, around: _Surroundings, *, on_team: bool) -> timeline.Access:
    membership = place.membership if place else None
    return timeline.access(session.schedule, membership=membership, on_team=on_team, now=around.now)


def _coaches(edition: CourseEdition, user_id: int) -> bool:
    return any(row.user_id == user_id for row in edition.coaches.all())


def _people(around: _Surroundings, user_ids: Iterable[int]) -> tuple[Person, ...]:
    return tuple(around.people[user_id] for user_id in user_ids if user_id in around.people)
