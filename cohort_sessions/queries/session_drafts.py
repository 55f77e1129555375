"""What a session would be with other values, in memory only: for who stores it, and for who asks before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cohort_sessions.errors import InvalidInput
from cohort_sessions.models import CohortSession

EDITABLE_FIELDS = frozenset(
    {
        "code",
        "title",
        "description",
        "category",
        "organisation",
        "opens_at",
        "closes_at",
        "duration_days",
        "team_opens_at",
        "team_closes_at",
        "after_close",
        "archive_after_days",
        "results_final_after_days",
        "time_zone",
        "joining",
        "enrolment_opens_at",
        "enrolment_closes_at",
        "enrolment_code",
        "capacity",
        "offer_days",
        "parallel_group",
        "repeat_every_days",
        "repeat_lead_days",
    }
)


def new_draft(values: Mapping[str, Any], *, now: datetime) -> CohortSession:
    """
    A session of these values, not stored; without a `code` one is made from the title, and without
    `results_final_after_days` the setting decides.

    Raises:
        InvalidInput: a value is of none of `EDITABLE_FIELDS`.
    """
    session = CohortSession(
        created_at=now, modified_at=now, results_final_after_days=settings.COHORT_SESSIONS_RESULTS_FINAL_AFTER_DAYS
    )
    assign(session, values)
    session.code = session.code or free_code(session)
    return session


def assign(session: CohortSession, values: Mapping[str, Any]) -> list[str]:
    """
    Give a session other values, without storing it. Returns the names of those that differ from before, in order.

    Raises:
        InvalidInput: a value is of none of `EDITABLE_FIELDS`.
    """
    unknown = sorted(set(values) - EDITABLE_FIELDS)
    if unknown:
        raise InvalidInput({name: _("A session has no such field.") for name in unknown})
    before = {name: getattr(session, name) for name in values}
    for name, value in values.items():
        setattr(session, name, value.strip() if isinstance(value, str) else value)
    return sorted(name for name, value in before.items() if getattr(session, name) != value)


def free_code(session: CohortSession) -> str:
    """A code made from the title that no other session has."""
    wanted = slugify(session.title)[:80] or "session"
    taken = CohortSession.objects.filter(code=wanted).exists()
    return f"{wanted}-{session.uuid.hex[:8]}" if taken else wanted
