"""When a session is archived by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from cohort_sessions.models import CohortSession
from cohort_sessions.timeline import Window


def archive_at(session: CohortSession, envelope: Window) -> datetime | None:
    """
    The moment at which a published session is archived, UTC; ``None`` for never.

    Args:
        envelope: from the earliest opening to the latest closing of its people.
    """
    if None in (session.archive_after_days, envelope.closes_at):
        return None
    return envelope.closes_at + timedelta(days=session.archive_after_days)
