"""Assign and remove those who run a session: its administrators and coaches, and the coaches of single courses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, LineOutcome, TeamRole
from cohort_sessions.errors import InvalidInput
from cohort_sessions.events import COHORT_TEAM_CHANGED, CohortTeamData, announce
from cohort_sessions.models import CohortSession, CourseEdition, EditionCoach, SessionTeamMember
from cohort_sessions.operations._ground import delete, locked_session, save, want_anew
from cohort_sessions.queries.accounts import accounts_named
from cohort_sessions.queries.authority import authorise

_PERMISSION = {
    TeamRole.ADMINISTRATOR: permissions.ASSIGN_ADMINISTRATOR,
    TeamRole.SESSION_COACH: permissions.ASSIGN_SESSION_COACH,
}


def assign_session_team(
    session: CohortSession, role: TeamRole, people: Sequence[str], *, actor: Actor, now: datetime
) -> list[LineOutcome]:
    """
    Give people a role over the whole session, one outcome a line (usernames or e-mail addresses).

    Raises:
        InvalidInput: `role` is not one that is held over a session.
        NotFound, NotAllowed: see `authorise`.
    """
    with transaction.atomic():
        fresh = _authorised(session, role, actor)
        held = {row.user_id: row for row in fresh.team.filter(role=role.value)}

        def give(user) -> bool:
            if user.pk in held:
                return False
            row = held[user.pk] = SessionTeamMember(session=fresh, user=user, role=role.value, assigned_at=now)
            save(row, actor=actor, now=now, reason=_("Assigned to the session."))
            _announce(fresh, "", user.pk, role, is_active=True, now=now)
            return True

        return _each(people, give, fresh.editions.all(), active_only=True, now=now)


def remove_session_team(
    session: CohortSession, role: TeamRole, people: Sequence[str], *, actor: Actor, now: datetime
) -> list[LineOutcome]:
    """Take a role over the whole session away, one outcome a line. Raises as `assign_session_team` does."""
    with transaction.atomic():
        fresh = _authorised(session, role, actor)
        held = {row.user_id: row for row in fresh.team.filter(role=role.value)}

        def take(user) -> bool:
            row = held.pop(user.pk, None)
            if row is None:
                return False
            delete(row, actor=actor, now=now, reason=_("Removed as %(role)s.") % {"role": role})
            _announce(fresh, "", user.pk, role, is_active=False, now=now)
            return True

        return _each(people, take, fresh.editions.all(), active_only=False, now=now)


def assign_course_coaches(
    edition: CourseEdition, people: Sequence[str], *, actor: Actor, now: datetime
) -> list[LineOutcome]:
    """
    Make people coaches of one edition, one outcome a line (usernames or e-mail addresses).

    Raises:
        NotFound, NotAllowed, Locked: see `authorise`.
    """
    with transaction.atomic():
        session = locked_session(edition.session)
        authorise(actor, permissions.ASSIGN_COURSE_COACH, edition)
        held = set(edition.coaches.values_list("user_id", flat=True))

        def give(user) -> bool:
            if user.pk in held:
                return False
            held.add(user.pk)
            row = EditionCoach(edition=edition, user=user, assigned_at=now)
            save(row, actor=actor, now=now, reason=_("Assigned to the course."))
            _announce(session, str(edition.edition_key), user.pk, TeamRole.COURSE_COACH, is_active=True, now=now)
            return True

        return _each(people, give, [edition], active_only=True, now=now)


def remove_course_coaches(
    edition: CourseEdition, people: Sequence[str], *, actor: Actor, now: datetime
) -> list[LineOutcome]:
    """Take the coaching of one edition away, one outcome a line. Raises as `assign_course_coaches` does."""
    with transaction.atomic():
        session = locked_session(edition.session)
        authorise(actor, permissions.ASSIGN_COURSE_COACH, edition)
        held = {row.user_id: row for row in edition.coaches.all()}

        def take(user) -> bool:
            row = held.pop(user.pk, None)
            if row is None:
                return False
            delete(row, actor=actor, now=now, reason=_("Removed as course coach."))
            _announce(session, str(edition.edition_key), user.pk, TeamRole.COURSE_COACH, is_active=False, now=now)
            return True

        return _each(people, take, [edition], active_only=False, now=now)


def _authorised(session: CohortSession, role: TeamRole, actor: Actor) -> CohortSession:
    if role not in _PERMISSION:
        raise InvalidInput({"role": _("This role is given per course, not for the whole session.")})
    fresh = locked_session(session)
    authorise(actor, _PERMISSION[role], fresh)
    return fresh


def _each(
    people: Sequence[str],
    change: Callable[..., bool],
    editions: QuerySet[CourseEdition] | Sequence[CourseEdition],
    *,
    active_only: bool,
    now: datetime,
) -> list[LineOutcome]:
    """Apply `change` to every line's account; if any changed, the platform's side of `editions` is wanted anew."""
    accounts = accounts_named(people, active_only=active_only)
    outcomes = []
    for line in people:
        user = accounts.get(line)
        if user is None:
            message = _("No active account has this username or e-mail address.")
            outcomes.append(LineOutcome(line, ok=False, changed=False, message=message))
        else:
            outcomes.append(LineOutcome(line, ok=True, changed=change(user)))
    if any(outcome.changed for outcome in outcomes):
        want_anew(editions, now=now)
    return outcomes


def _announce(
    session: CohortSession, edition_key: str, user_id: int, role: TeamRole, *, is_active: bool, now: datetime
) -> None:
    data = CohortTeamData(
        session_uuid=str(session.uuid),
        edition_key=edition_key,
        user_id=user_id,
        role=role.value,
        is_active=is_active,
    )
    announce(COHORT_TEAM_CHANGED, now=now, team=data)
