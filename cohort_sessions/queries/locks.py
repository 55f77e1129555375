"""What is locked in a session: why, by whom, and since when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cohort_sessions.data import Lock
from cohort_sessions.host import Person
from cohort_sessions.models import CohortSession, SessionLock
from cohort_sessions.queries.names import name_of


@dataclass(frozen=True, slots=True)
class StandingLock:
    """A lock that holds now; `by` is ``None`` for the plugin itself and for accounts that are gone."""

    name: Lock
    reason: str
    by: Person | None
    at: datetime


def standing_locks(session: CohortSession) -> dict[Lock, StandingLock]:
    """The locks of the session, by their names. One query."""
    return {Lock(row.name): _standing(row) for row in _named(session.locks.all())}


def locks_named(name: Lock, session_ids: Collection[int]) -> dict[int, StandingLock]:
    """The lock of this name in each of these sessions that has it, by the session's primary key. One query."""
    rows = SessionLock.objects.filter(name=name.value, session_id__in=session_ids)
    return {row.session_id: _standing(row) for row in _named(rows)}


def _named(rows: QuerySet[SessionLock]) -> QuerySet[SessionLock]:
    return rows.select_related("locked_by").annotate(by_name=name_of("locked_by"))


def _standing(row: SessionLock) -> StandingLock:
    return StandingLock(
        name=Lock(row.name),
        reason=row.reason,
        by=Person(row.locked_by_id, row.locked_by.username, row.by_name) if row.locked_by else None,
        at=row.locked_at,
    )
