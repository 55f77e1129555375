"""How long to wait before something that failed is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=1)

# What was asked for again is given this long to be done by whoever has it in their queue.
PATIENCE = timedelta(minutes=15)


def again_at(now: datetime, failures: int) -> datetime:
    """When to try again after so many failures in a row, at least one: in 5 minutes, 10, 20, … at last in a day."""
    doublings = min(failures - 1, 10)
    return now + min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
