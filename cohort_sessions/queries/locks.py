"""What is locked in a session: why, by whom, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cohort_sessions.data import Lock
from cohort_sessions.host import Person
from cohort_sessions.models import CohortSession
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
    rows = session.locks.select_related("locked_by").annotate(by_name=name_of("locked_by"))
    return {
        Lock(row.name): StandingLock(
            name=Lock(row.name),
            reason=row.reason,
            by=Person(row.locked_by_id, row.locked_by.username, row.by_name) if row.locked_by else None,
            at=row.locked_at,
        )
        for row in rows
    }
