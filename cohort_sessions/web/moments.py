"""
Dates as people read them: in their own time zone, with the last included day where a window closes.

Everything here follows Django's active time zone, which `reader.reading_as` sets, and the locale's own formats.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohort_sessions.timeline import Phase, Window, is_within_reach

# Beyond this many days "in n days" says less than the date does.
_COUNTED_DAYS = 60

# A closing this near is marked, so that nobody meets it by surprise.
_SOON_DAYS = 7

_INSTANT = timedelta(microseconds=1)


def opening(moment: datetime) -> SafeString:
    """When something begins, as a ``<time>`` element: the day, and the hour where that is not midnight."""
    local = _local(moment)
    return day(local.date()) if _is_midnight(local) else exact(moment)


def closing(moment: datetime) -> SafeString:
    """When something ends, as a ``<time>`` element: the last day inside, and the hour where the end is not midnight."""
    return day(last_day(moment)) if _is_midnight(_local(moment)) else exact(moment)


def exact(moment: datetime) -> SafeString:
    """A moment to the minute with its time zone, as a ``<time>`` element."""
    local = _local(moment)
    text = _("%(day)s, %(time)s %(zone)s") % {
        "day": formats.date_format(local, "DATE_FORMAT"),
        "time": formats.time_format(local, "TIME_FORMAT"),
        "zone": local.tzname(),
    }
    return format_html('<time datetime="{}" dir="auto">{}</time>', moment.isoformat(timespec="minutes"), text)


def day_of(moment: datetime) -> SafeString:
    """The day of a moment, as a ``<time>`` element, where a table has no room for more."""
    return day(_local(moment).date())


def day(each: date) -> SafeString:
    """A day, as a ``<time>`` element."""
    return format_html(
        '<time datetime="{}" dir="auto">{}</time>', each.isoformat(), formats.date_format(each, "DATE_FORMAT")
    )


def last_day(closes_at: datetime) -> date:
    """The last day that is at least partly inside a window closing at `closes_at` (windows are half open)."""
    return _local(closes_at - _INSTANT).date() if is_within_reach(closes_at) else _local(closes_at).date()


def period(window: Window, *, now: datetime, duration_days: int | None = None) -> SafeString:
    """
    A whole window in a phrase; hours are told of bounds that are still ahead only.

    Args:
        duration_days: of a duration session, which says how long it will be as long as its window does not run.
    """
    if window.opens_at is not None and window.closes_at is not None:
        pattern = _("{opens} – {closes}")
    elif window.closes_at is not None:
        pattern = _("Until {closes}")
    elif duration_days is not None:
        words = ngettext("%(days)d day from your first visit", "%(days)d days from your first visit", duration_days)
        return format_html("{}", words % {"days": duration_days})
    elif window.opens_at is not None:
        pattern = _("From {opens}")
    else:
        return format_html("{}", _("No end date"))
    return format_html(pattern, opens=_opens(window, now), closes=_closes(window, now))


def countdown(window: Window, phase: Phase, now: datetime) -> str:
    """How many days it is to the next opening or closing, in words; empty where that is far off or there is none."""
    today = timezone.localtime(now).date()
    if phase == Phase.UPCOMING and window.opens_at is not None:
        return _until_opening((_local(window.opens_at).date() - today).days)
    if phase == Phase.CURRENT and window.closes_at is not None:
        return _until_closing(_days_left(window.closes_at, now))
    return ""


def closes_soon(window: Window, now: datetime) -> bool:
    """Whether a week or less is left, by the reader's calendar."""
    return window.closes_at is not None and _days_left(window.closes_at, now) <= _SOON_DAYS


def zone_label(zone: tzinfo, now: datetime) -> str:
    """A time zone by its name and by what clocks show now: "Europe/Paris (CET, UTC+01:00)"."""
    local = now.astimezone(zone)
    name, short = str(zone).replace("_", " "), local.tzname()
    # The minus sign, unlike the hyphen, reads as one word with its number and never breaks over two lines.
    offset = "UTC" + local.isoformat()[-6:].replace("-", "\u2212")
    if name == short:
        return name
    # Zones without letters of their own call themselves by their offset: "+03".
    return f"{name} ({offset})" if short.startswith(("+", "-")) else f"{name} ({short}, {offset})"


def _local(moment: datetime) -> datetime:
    """On the reader's clocks; at the ends of the calendar, where there is no such time, on those of UTC."""
    return timezone.localtime(moment) if is_within_reach(moment) else moment.astimezone(UTC)


def _days_left(closes_at: datetime, now: datetime) -> int:
    return (last_day(closes_at) - timezone.localtime(now).date()).days


def _is_midnight(local: datetime) -> bool:
    return (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


def _opens(window: Window, now: datetime) -> SafeString | None:
    if window.opens_at is None:
        return None
    return day(_local(window.opens_at).date()) if window.has_opened(now) else opening(window.opens_at)


def _closes(window: Window, now: datetime) -> SafeString | None:
    if window.closes_at is None:
        return None
    return day(last_day(window.closes_at)) if window.has_closed(now) else closing(window.closes_at)


def _until_opening(days: int) -> str:
    if days > _COUNTED_DAYS:
        return ""
    if days <= 0:
        return _("Opens today")
    return _("Opens tomorrow") if days == 1 else ngettext("Opens in %d day", "Opens in %d days", days) % days


def _until_closing(days: int) -> str:
    if days > _COUNTED_DAYS:
        return ""
    if days <= 0:
        return _("Closes today")
    return _("Closes tomorrow") if days == 1 else ngettext("Closes in %d day", "Closes in %d days", days) % days
