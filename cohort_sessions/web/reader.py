"""For whom a page is rendered: the time zone they read in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from cohort_sessions.host import get_host


def reading_zone(user_id: int) -> tzinfo:
    """The time zone this person chose on the host, else the site's (``TIME_ZONE``); an unknown name counts as none."""
    name = get_host().time_zone(user_id)
    try:
        return ZoneInfo(name) if name else timezone.get_default_timezone()
    except (ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


@contextmanager
def reading_as(user_id: int) -> Iterator[tzinfo]:
    """Render dates in this person's time zone inside the block."""
    zone = reading_zone(user_id)
    with timezone.override(zone):
        yield zone
