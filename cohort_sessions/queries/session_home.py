"""The home of one session: its courses, dates and team, for one person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, MemberStatus, TeamRole
from cohort_sessions.errors import NotFound
from cohort_sessions.host import Person
from cohort_sessions.joining import may_leave
from cohort_sessions.models import CohortSession, Member
from cohort_sessions.queries.cards import MEMBER, SessionCard, card_of_place, session_cards, status_for_learners
from cohort_sessions.queries.earlier import EarlierSession, earlier_sessions
from cohort_sessions.queries.teams import team_rows
from cohort_sessions.queries.welcome import Welcome, session_welcomes


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One person's role in the team; `course_title` is empty for roles over the whole session."""

    person: Person
    role: TeamRole
    course_title: str


@dataclass(frozen=True, slots=True)
class SessionHome:
    """
    Attributes:
        member_count: ``None`` for those who may not see the roster.
        may_leave: the person is a member, and may go by themselves.
        earlier: for a member who was moved here, what they left behind.
        welcomes: what its courses say first, of those that say anything.
    """

    card: SessionCard
    team: tuple[TeamLine, ...]
    member_count: int | None
    may_manage: bool
    may_leave: bool
    earlier: tuple[EarlierSession, ...]
    welcomes: tuple[Welcome, ...] = ()


def session_home(code: str, *, actor: Actor, now: datetime) -> SessionHome:
    """
    The home of the session named `code`, for somebody it is shown to.

    Raises:
        NotFound: there is none, or the actor has no relation to it, or it is hidden from them now; nothing tells which.

    A fixed number of queries.
    """
    visible = permissions.rows(actor, permissions.VIEW_SESSION, CohortSession.objects.filter(code=code))
    session = visible.first()
    if session is None or actor.user_id is None:
        raise NotFound(_("There is no such session."))
    may_manage = permissions.allows(actor, permissions.MANAGE_SESSION, session)
    card = session_cards(visible, user_id=actor.user_id, now=now, on_every_team=may_manage)[0]
    may_see_roster = permissions.allows(actor, permissions.VIEW_ROSTER, session)
    member_count = session.members.filter(status=MemberStatus.ACTIVE).count() if may_see_roster else None
    is_member = MEMBER in card.roles
    return SessionHome(
        card=card,
        team=_team(session, card),
        member_count=member_count,
        may_manage=may_manage,
        may_leave=is_member and may_leave(session.join_terms, now),
        earlier=earlier_sessions(session.pk, user_id=actor.user_id) if is_member else (),
        welcomes=session_welcomes(session),
    )


def home_of_place(session: CohortSession, place: Member, *, now: datetime) -> SessionHome:
    """
    The home of `session` for a learner who has this place in it; see `card_of_place`. Whether they are shown it then
    is for the caller to look at. A fixed number of queries.
    """
    card = card_of_place(place, now=now)
    terms = replace(session.join_terms, status=status_for_learners(session))
    return SessionHome(
        card=card,
        team=_team(session, card),
        member_count=None,
        may_manage=False,
        may_leave=may_leave(terms, now),
        earlier=(),
        welcomes=session_welcomes(session),
    )


def _team(session: CohortSession, card: SessionCard) -> tuple[TeamLine, ...]:
    """Whole-session roles first, then the coaches course by course."""
    of_session = [TeamLine(row.person, row.role, "") for row in team_rows([session.pk]) if row.edition_id is None]
    of_courses = [
        TeamLine(person, TeamRole.COURSE_COACH, row.course_title) for row in card.editions for person in row.coaches
    ]
    return tuple(of_session + of_courses)
