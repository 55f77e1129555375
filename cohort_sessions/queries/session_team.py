"""The team of one session, as its page shows it: who runs all of it, and who teaches each course."""

from __future__ import annotations

from dataclasses import dataclass

from cohort_sessions import permissions
from cohort_sessions.data import Actor, TeamRole
from cohort_sessions.host import Person, get_host
from cohort_sessions.models import CohortSession, CourseEdition
from cohort_sessions.queries.teams import team_rows

# What it takes to assign each role, over the session or over the edition.
PERMISSIONS = {
    TeamRole.ADMINISTRATOR: permissions.ASSIGN_ADMINISTRATOR,
    TeamRole.SESSION_COACH: permissions.ASSIGN_SESSION_COACH,
    TeamRole.COURSE_COACH: permissions.ASSIGN_COURSE_COACH,
}


@dataclass(frozen=True, slots=True)
class TeamPart:
    """
    Those who hold one role over the session, or over one course of it.

    Attributes:
        edition: ``None`` for a role over the whole session.
        course_title: empty for a role over the whole session.
        people: in the order in which they were assigned.
        may_assign: whether the actor may add people here and remove them.
    """

    role: TeamRole
    edition: CourseEdition | None
    course_title: str
    people: tuple[Person, ...]
    may_assign: bool


def session_team(session: CohortSession, *, actor: Actor) -> list[TeamPart]:
    """
    Every part of the team, empty ones too; courses in their order. At most six queries (the host's included).

    For somebody who may view the roster; callers have asked.
    """
    editions = list(session.editions.filter(withdrawn_at=None))
    titles = get_host().base_courses({edition.base_key for edition in editions})
    assignable = permissions.rows(actor, permissions.ASSIGN_COURSE_COACH, session.editions.all())
    assignable_ids = set(assignable.values_list("pk", flat=True))
    people: dict[tuple[TeamRole, int | None], list[Person]] = {}
    for row in team_rows([session.pk]):
        people.setdefault((row.role, row.edition_id), []).append(row.person)
    parts = [
        TeamPart(
            role=role,
            edition=None,
            course_title="",
            people=tuple(people.get((role, None), ())),
            may_assign=permissions.allows(actor, PERMISSIONS[role], session),
        )
        for role in (TeamRole.ADMINISTRATOR, TeamRole.SESSION_COACH)
    ]
    for edition in editions:
        course = titles.get(edition.base_key)
        parts.append(
            TeamPart(
                role=TeamRole.COURSE_COACH,
                edition=edition,
                course_title=course.title if course else str(edition.base_key),
                people=tuple(people.get((TeamRole.COURSE_COACH, edition.pk), ())),
                may_assign=edition.pk in assignable_ids,
            )
        )
    return parts
