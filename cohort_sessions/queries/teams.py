"""Who runs what in a set of sessions, whole sessions and single courses alike, in one query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import CharField, F, IntegerField, Value
from django.db.models.functions import Cast

from cohort_sessions.data import TeamRole
from cohort_sessions.models import EditionCoach, SessionTeamMember

_WHOLE_SESSION = 0


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One person's role; `edition_id` is ``None`` for a role over the whole session."""

    session_id: int
    edition_id: int | None
    user_id: int
    role: TeamRole


def team_rows(session_ids: Collection[int]) -> list[TeamRow]:
    """The teams of these sessions: by role, and within a role in the order in which it was given. One query."""
    # Expressions throughout: before Django 5.2 plain names come first in the SELECT, and a UNION goes by position.
    of_sessions = SessionTeamMember.objects.filter(session_id__in=session_ids).values_list(
        F("session_id"),
        Value(_WHOLE_SESSION, output_field=IntegerField()),
        F("user_id"),
        Cast("role", CharField(max_length=20)),
        F("pk"),
    )
    of_editions = EditionCoach.objects.filter(edition__session_id__in=session_ids).values_list(
        F("edition__session_id"),
        F("edition_id"),
        F("user_id"),
        Value(TeamRole.COURSE_COACH.value, output_field=CharField()),
        F("pk"),
    )
    found = of_sessions.order_by().union(of_editions.order_by(), all=True)
    return [
        TeamRow(session_id, edition_id or None, user_id, TeamRole(role))
        for session_id, edition_id, user_id, role, _pk in sorted(found, key=lambda row: (row[3], row[4]))
    ]
