"""
From the clock on a wall to a moment and back, where clocks are put forward and back: days that begin late, times that
do not exist, times that come twice.

Pure functions over a time zone; moments are aware, local times naive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Gap:
    """Local times that are skipped: from `begins` on, up to `ends`, which is there again. Naive."""

    begins: datetime
    ends: datetime


def gap_at(local: datetime, zone: tzinfo) -> Gap | None:
    """The gap that swallows this naive local time; ``None`` where the time exists."""
    by_before, by_after = _readings(local, zone)
    if by_after >= by_before:
        return None
    # PEP 495: the two readings of a time in a gap lie on either side of the change, in seconds counted from zero here.
    low, high = 0, (by_before - by_after) // _SECOND
    offset_before = by_after.astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if (by_after + middle * _SECOND).astimezone(zone).utcoffset() == offset_before:
            low = middle
        else:
            high = middle
    change = (by_after + high * _SECOND).astimezone(zone)
    return Gap((change.astimezone(UTC) + offset_before).replace(tzinfo=None), change.replace(tzinfo=None))


def comes_twice(local: datetime, zone: tzinfo) -> bool:
    """Whether clocks show this naive local time twice, because they are put back."""
    first, second = _readings(local, zone)
    return first < second


def moment_of(local: datetime, zone: tzinfo, *, second: bool = False) -> datetime:
    """
    The moment, in UTC, of a naive local time that exists.

    Args:
        second: of a time that comes twice, the later one.
    """
    return _readings(local, zone)[second]


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """
    The first moment of a day, in UTC: midnight, or when clocks that skip midnight show again what is there.

    Of a day that a zone skipped whole it is the beginning of the next.
    """
    midnight = datetime.combine(day, time())
    gap = gap_at(midnight, zone)
    return moment_of(gap.ends if gap else midnight, zone)


def is_skipped(day: date, zone: tzinfo) -> bool:
    """Whether the zone went from the day before to the day after, as Samoa did over the 30th of December 2011."""
    return start_of_day(day, zone).astimezone(zone).date() != day


def _readings(local: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The moments that a naive local time may stand for: by the rules before, and after, a change of the clocks."""
    return tuple(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
