"""
A session as one person sees it: the card that *My sessions*, the session home and the API show.

`session_cards` takes six queries (the host's two included), whatever the number of sessions, courses and people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import FilteredRelation, Prefetch, Q, QuerySet
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import timeline
from cohort_sessions.data import EditionState, MemberStatus, SessionStatus, TeamRole
from cohort_sessions.host import BaseCourse, Person, get_host
from cohort_sessions.models import CohortSession, CourseEdition, EditionResult
from cohort_sessions.queries.teams import TeamRow, team_rows

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
    team: Mapping[int, Sequence[TeamRow]]
    courses: Mapping[CourseKey, BaseCourse]
    people: Mapping[int, Person]
    urls: Mapping[CourseKey, str]

    def named(self, user_ids: Iterable[int]) -> tuple[Person, ...]:
        """These people, as far as the host still knows them."""
        return tuple(self.people[user_id] for user_id in user_ids if user_id in self.people)

    def access(self, session: CohortSession, *, on_team: bool) -> timeline.Access:
        """The decision about the person and one session, or one course of it."""
        membership = session.own_place.membership if session.own_place else None
        return timeline.access(session.schedule, membership=membership, on_team=on_team, now=self.now)


def session_cards(
    sessions: QuerySet[CohortSession], *, user_id: int, now: datetime, on_every_team: bool = False
) -> list[SessionCard]:
    """
    The cards of `sessions` for one person, in the order of the queryset; whether they are shown is for the caller to
    look at.

    Args:
        on_every_team: the person administers all of these sessions by a wider role than the session's own team table
            tells.
    """
    loaded = _with_own_place(sessions, user_id)
    team = defaultdict(list)
    for row in team_rows([session.pk for session in loaded]):
        team[row.session_id].append(row)
    editions = [edition for session in loaded for edition in session.editions.all()]
    host = get_host()
    around = _Surroundings(
        user_id=user_id,
        on_every_team=on_every_team,
        now=now,
        team=team,
        courses=host.base_courses({edition.base_key for edition in editions}),
        people=host.people({row.user_id for rows in team.values() for row in rows}),
        urls=host.entry_urls([edition.edition_key for edition in editions]),
    )
    return [_card(session, around) for session in loaded]


def _with_own_place(sessions: QuerySet[CohortSession], user_id: int) -> list[CohortSession]:
    """
    The sessions with their editions, each with what is the person's own. Three queries.

    A session has the person's active membership as `own_place`, or ``None``; an edition has their results as
    `own_results`, one or none.
    """
    is_own = Q(members__user_id=user_id, members__status=MemberStatus.ACTIVE.value)
    own_results = EditionResult.objects.filter(member__user_id=user_id)
    editions = CourseEdition.objects.filter(withdrawn_at=None).prefetch_related(
        Prefetch("results", own_results, to_attr="own_results")
    )
    loaded = list(
        sessions.annotate(own_place=FilteredRelation("members", condition=is_own))
        .select_related("category", "own_place")
        .prefetch_related(Prefetch("editions", editions))
    )
    for session in loaded:
        # Django leaves the attribute out where a filtered relation is empty.
        session.own_place = getattr(session, "own_place", None)
    return loaded


def _card(session: CohortSession, around: _Surroundings) -> SessionCard:
    own = [row for row in around.team[session.pk] if row.user_id == around.user_id]
    runs_session = around.on_every_team or any(row.edition_id is None for row in own)
    taught = {row.edition_id for row in own}
    return SessionCard(
        code=session.code,
        title=session.title,
        description=session.description,
        category=session.category.name if session.category else "",
        organisation=session.organisation,
        status=SessionStatus(session.status),
        cancel_reason=session.cancel_reason,
        access=around.access(session, on_team=runs_session or bool(own)),
        duration_days=session.duration_days,
        roles=frozenset({row.role.value for row in own} | ({MEMBER} if session.own_place else set())),
        coaches=around.named(row.user_id for row in around.team[session.pk] if row.role == TeamRole.SESSION_COACH),
        editions=tuple(
            _row(session, edition, around, runs_session=runs_session, teaches=edition.pk in taught)
            for edition in session.editions.all()
        ),
    )


def _row(
    session: CohortSession, edition: CourseEdition, around: _Surroundings, *, runs_session: bool, teaches: bool
) -> EditionRow:
    may_enter = around.access(session, on_team=runs_session or teaches).entry > timeline.Entry.CLOSED
    is_there = edition.applied_revision > 0
    course = around.courses.get(edition.base_key)
    result = next(iter(edition.own_results), None)
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
        coaches=around.named(row.user_id for row in around.team[session.pk] if row.edition_id == edition.pk),
    )
