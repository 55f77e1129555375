"""What keeps a moment that somebody gives from being stored."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import is_naive
from django.utils.translation import gettext as _

from cohort_sessions.timeline import FIRST_DAY, LAST_DAY, is_within_reach

# For sentences that say where moments must lie.
YEARS = {"first": FIRST_DAY.year, "last": LAST_DAY.year}


def moment_fault(moment: datetime | None) -> str | None:
    """What is wrong with it, in a sentence, and for pages and programs alike; ``None`` for nothing. No query."""
    if moment is None:
        return None
    if is_naive(moment):
        return _("Give the moment with its time zone.")
    return None if is_within_reach(moment) else _("Choose a year from %(first)d to %(last)d.") % YEARS
