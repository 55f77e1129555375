"""Who runs what in a set of sessions, whole sessions and single courses alike, with their names, in one query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from operator import itemgetter

from django.db.models import CharField, F, IntegerField, Value
from django.db.models.functions import Cast

from cohort_sessions.data import TeamRole
from cohort_sessions.host import Person, get_host
from cohort_sessions.models import EditionCoach, SessionTeamMember

_WHOLE_SESSION = 0


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One person's role; `edition_id` is ``None`` for a role over the whole session."""

    session_id: int
    edition_id: int | None
    person: Person
    role: TeamRole


def team_rows(session_ids: Collection[int]) -> list[TeamRow]:
    """The teams of these sessions: by role, and within a role in the order in which it was given. One query."""
    # Expressions throughout: before Django 5.2 plain names come first in the SELECT, and a UNION goes by position.
    account = (F("user_id"), F("user__username"), F(f"user__{get_host().name_path}"))
    of_sessions = SessionTeamMember.objects.filter(session_id__in=session_ids).values_list(
        F("session_id"),
        Value(_WHOLE_SESSION, output_field=IntegerField()),
        Cast("role", CharField(max_length=20)),
        F("pk"),
        *account,
    )
    of_editions = EditionCoach.objects.filter(edition__session_id__in=session_ids).values_list(
        F("edition__session_id"),
        F("edition_id"),
        Value(TeamRole.COURSE_COACH.value, output_field=CharField()),
        F("pk"),
        *account,
    )
    found = of_sessions.order_by().union(of_editions.order_by(), all=True)
    return [
        TeamRow(session_id, edition_id or None, Person(user_id, username, name or username), TeamRole(role))
        for session_id, edition_id, role, _pk, user_id, username, name in sorted(found, key=itemgetter(2, 3))
    ]
