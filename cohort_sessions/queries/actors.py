"""From an account to the actor: every role a person holds here, in two queries."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from cohort_sessions.data import ANONYMOUS, Actor, MemberStatus, TeamRole
from cohort_sessions.host import get_host
from cohort_sessions.models import AdministratorScope, EditionCoach, Member, SessionTeamMember
from cohort_sessions.timeline import Listing, access

_SCOPE = "scope"
_COURSE_COACH = TeamRole.COURSE_COACH.value


def load_actor(user, *, now: datetime) -> Actor:
    """
    The actor behind an account of the host, active or anonymous. Two queries; none for anonymous and inactive accounts.

    Course teams of base courses are not ours to know, and learners' pages do not ask; see `load_author`.
    """
    actor = load_team_actor(user)
    if actor.user_id is None:
        return actor
    return replace(actor, member_session_ids=_shown_memberships(actor.user_id, now))


def load_author(user) -> Actor:
    """
    The actor as doors of Studio need them: with the base courses that the person teaches, without the sessions in
    which they learn. At most three queries.
    """
    actor = load_team_actor(user)
    if actor.user_id is None:
        return actor
    return replace(actor, taught_base_keys=get_host().taught_base_keys(actor.user_id))


def load_team_actor(user) -> Actor:
    """
    The actor as lists of what somebody teaches need them: with every role on a team, without the sessions in which
    they learn. One query; none for anonymous and inactive accounts.
    """
    if not user.is_active or user.pk is None:
        return ANONYMOUS
    held = _roles(user.pk)
    organisations = {row["organisation"] for row in held if row["role"] == _SCOPE}
    return Actor(
        user_id=user.pk,
        is_platform_admin=user.is_staff or user.is_superuser,
        administers_all=AdministratorScope.EVERYWHERE in organisations,
        organisations=frozenset(organisations - {AdministratorScope.EVERYWHERE}),
        administered_session_ids=_sessions(held, TeamRole.ADMINISTRATOR),
        coached_session_ids=_sessions(held, TeamRole.SESSION_COACH),
        coached_edition_ids=frozenset(row["edition"] for row in held if row["role"] == _COURSE_COACH),
        coached_edition_session_ids=_sessions(held, TeamRole.COURSE_COACH),
    )


def _roles(user_id: int) -> list[dict]:
    """The three team tables in one UNION: a role, and what it is held over."""
    columns = ("role", "organisation", "session", "edition")
    none, text = Value(0), Value("", output_field=CharField())
    scopes = AdministratorScope.objects.filter(user_id=user_id).values_list(
        Value(_SCOPE, output_field=CharField()), Cast("organisation", CharField(max_length=255)), none, none
    )
    team = SessionTeamMember.objects.filter(user_id=user_id).values_list(
        Cast("role", CharField(max_length=255)), text, F("session_id"), none
    )
    coached = EditionCoach.objects.filter(user_id=user_id).values_list(
        Value(_COURSE_COACH, output_field=CharField()), text, F("edition__session_id"), F("edition_id")
    )
    union = scopes.order_by().union(team.order_by(), coached.order_by(), all=True)
    return [dict(zip(columns, row, strict=True)) for row in union]


def _sessions(held: list[dict], role: TeamRole) -> frozenset[int]:
    return frozenset(row["session"] for row in held if row["role"] == role)


def _shown_memberships(user_id: int, now: datetime) -> frozenset[int]:
    members = Member.objects.filter(user_id=user_id, status=MemberStatus.ACTIVE).select_related("session")
    return frozenset(
        member.session_id
        for member in members
        if access(member.session.schedule, membership=member.membership, on_team=False, now=now).listing
        == Listing.SHOWN
    )
