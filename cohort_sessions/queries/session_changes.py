"""Who changed a session last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cohort_sessions.host import Person
from cohort_sessions.models import CohortSession
from cohort_sessions.queries.names import name_of


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a session's history; `by` is ``None`` for the plugin itself and for accounts that are gone."""

    at: datetime
    by: Person | None
    why: str


def last_change(session: CohortSession) -> Change | None:
    """The newest line of the session's history. One query."""
    row = (
        CohortSession.history.filter(id=session.pk)
        .annotate(by_name=name_of("history_user"))
        .select_related("history_user")
        .order_by("-history_date", "-history_id")
        .first()
    )
    if row is None:
        return None
    by = row.history_user
    person = None if by is None else Person(by.pk, by.username, row.by_name)
    return Change(row.history_date, person, row.history_change_reason or "")
