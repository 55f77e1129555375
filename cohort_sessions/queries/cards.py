"""
A session as one person sees it: the card that *My sessions*, the session home and the API show.

`session_cards` takes three queries (the host's included), whatever the number of sessions, courses and people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db.models import Exists, FilteredRelation, Q, QuerySet
from django.db.models.expressions import RawSQL
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import timeline
from cohort_sessions.data import EditionState, MemberStatus, SessionStatus, TeamRole
from cohort_sessions.host import BaseCourse, Person, get_host
from cohort_sessions.models import AdministratorScope, CohortSession, CourseEdition, Member
from cohort_sessions.queries.teams import TeamRow, team_rows
from cohort_sessions.queries.wishes import Wish, wish_of, with_wishes

MEMBER = "member"

# No account has this id: nothing is anybody's own.
_NOBODY = 0


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
        wish: the person's open request for a place; ``None`` for none.
        has_scope: whether the person administers more than single sessions, this one or others.
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
    wish: Wish | None = None
    has_scope: bool = False


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What every card of one answer shares."""

    user_id: int
    on_every_team: bool
    now: datetime
    team: Mapping[int, Sequence[TeamRow]]
    courses: Mapping[CourseKey, BaseCourse]
    urls: Mapping[CourseKey, str]

    def access(self, session: CohortSession, *, on_team: bool) -> timeline.Access:
        """The decision about the person and one session, or one course of it."""
        membership = session.own_place.membership if session.own_place else None
        return timeline.access(session.schedule, membership=membership, on_team=on_team, now=self.now)


def session_cards(
    sessions: QuerySet[CohortSession], *, user_id: int, now: datetime, on_every_team: bool = False
) -> list[SessionCard]:
    """
    The cards of `sessions` for one person, in the order of the model; whether they are shown is for the caller to
    look at.

    Args:
        sessions: none of them twice.
        on_every_team: the person administers all of these sessions by a wider role than the session's own team table
            tells.
    """
    return _cards(_with_what_is_own(sessions, user_id), user_id=user_id, now=now, on_every_team=on_every_team)


def card_of_place(place: Member, *, now: datetime) -> SessionCard:
    """
    The card of a session for a learner who has this place in it, no result yet, and no role on its team.

    Args:
        place: is only looked at; nobody need have it. In a draft it is a place as it will be once that is published.
    """
    editions_of = _with_what_is_own(CohortSession.objects.filter(pk=place.session_id), _NOBODY)
    for session in editions_of:
        session.own_place, session.status = place, status_for_learners(session).value
    [card] = _cards(editions_of, user_id=_NOBODY, now=now)
    return card


def status_for_learners(session: CohortSession) -> SessionStatus:
    """How a session stands when learners are shown it: a draft is published by then."""
    status = SessionStatus(session.status)
    return SessionStatus.PUBLISHED if status == SessionStatus.DRAFT else status


def _cards(
    editions_of: Mapping[CohortSession, Sequence[CourseEdition]],
    *,
    user_id: int,
    now: datetime,
    on_every_team: bool = False,
) -> list[SessionCard]:
    team = defaultdict(list)
    for row in team_rows([session.pk for session in editions_of]):
        team[row.session_id].append(row)
    editions = list(chain.from_iterable(editions_of.values()))
    host = get_host()
    around = _Surroundings(
        user_id=user_id,
        on_every_team=on_every_team,
        now=now,
        team=team,
        courses=host.base_courses({edition.base_key for edition in editions}),
        urls=host.entry_urls([edition.edition_key for edition in editions]),
    )
    return [_card(session, its_editions, around) for session, its_editions in editions_of.items()]


def _with_what_is_own(sessions: QuerySet[CohortSession], user_id: int) -> dict[CohortSession, list[CourseEdition]]:
    """
    The sessions, each with its editions. One query, of a line for each edition (or one for a session without any).

    A session has the person's active membership as `own_place`, an edition what they achieved in it as `own_result`;
    ``None`` where there is none. `has_scope` rides along: a query of its own would cost every learner one.
    """
    is_own_place = Q(members__user_id=user_id, members__status=MemberStatus.ACTIVE.value)
    is_in_force = Q(editions__withdrawn_at=None)
    # The column by its alias: until Django 5, `F("own_place")` joins the table once more, outside the FROM clause.
    is_own_result = Q(edition__results__member=RawSQL("own_place.id", ()))
    lines = (
        with_wishes(sessions, user_id)
        .annotate(
            own_place=FilteredRelation("members", condition=is_own_place),
            edition=FilteredRelation("editions", condition=is_in_force),
            own_result=FilteredRelation("edition__results", condition=is_own_result),
            has_scope=Exists(AdministratorScope.objects.filter(user_id=user_id)),
        )
        .select_related("category", "own_place", "edition", "own_result")
        .order_by(*CohortSession._meta.ordering, "edition__position", "edition__pk")
    )
    editions_of: dict[CohortSession, list[CourseEdition]] = {}
    for session in lines:
        # Django leaves the attribute out where a filtered relation is empty.
        session.own_place = getattr(session, "own_place", None)
        editions = editions_of.setdefault(session, [])
        if edition := getattr(session, "edition", None):
            edition.own_result = getattr(session, "own_result", None)
            editions.append(edition)
    return editions_of


def _card(session: CohortSession, editions: Sequence[CourseEdition], around: _Surroundings) -> SessionCard:
    team = around.team[session.pk]
    own = [row for row in team if row.person.user_id == around.user_id]
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
        coaches=tuple(row.person for row in team if row.role == TeamRole.SESSION_COACH),
        editions=tuple(
            _row(session, edition, around, runs_session=runs_session, teaches=edition.pk in taught)
            for edition in editions
        ),
        wish=wish_of(session, now=around.now),
        has_scope=session.has_scope,
    )


def _row(
    session: CohortSession, edition: CourseEdition, around: _Surroundings, *, runs_session: bool, teaches: bool
) -> EditionRow:
    may_enter = around.access(session, on_team=runs_session or teaches).entry > timeline.Entry.CLOSED
    is_there = edition.applied_revision > 0
    course = around.courses.get(edition.base_key)
    result = edition.own_result
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
        coaches=tuple(row.person for row in around.team[session.pk] if row.edition_id == edition.pk),
    )
