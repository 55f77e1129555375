"""For whom something is written while they are not there: in their language, and in their time zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone, translation


@contextmanager
def written_for(language: str | None, zone: str | None) -> Iterator[None]:
    """Write words and dates for a reader inside the block; the site's own where they chose none, or an unknown one."""
    with translation.override(language or settings.LANGUAGE_CODE), timezone.override(_zone(zone)):
        yield


def _zone(name: str | None) -> ZoneInfo | None:
    """The zone of that name, ``None`` (the site's own) where it is unknown."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
