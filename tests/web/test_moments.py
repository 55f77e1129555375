"""Dates as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cohort_sessions.timeline import Phase, Window
from cohort_sessions.web import moments

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("zone", "closing"),
    [
        ("UTC", '<time datetime="2026-11-30" dir="auto">Nov. 30, 2026</time>'),
        ("America/New_York", '<time datetime="2026-12-01T00:00+00:00" dir="auto">Nov. 30, 2026, 7 p.m. EST</time>'),
        ("Asia/Tokyo", '<time datetime="2026-12-01T00:00+00:00" dir="auto">Dec. 1, 2026, 9 a.m. JST</time>'),
    ],
)
def test_a_closing_is_the_last_day_inside_where_the_reader_is(zone, closing):
    with timezone.override(ZoneInfo(zone)):
        assert moments.closing(MIDNIGHT) == closing


def test_an_opening_is_the_first_day():
    assert moments.opening(MIDNIGHT) == '<time datetime="2026-12-01" dir="auto">Dec. 1, 2026</time>'


@pytest.mark.parametrize(
    ("window", "duration_days", "words"),
    [
        (Window(), None, "No end date"),
        (Window(), 1, "1 day from your first visit"),
        (Window(), 30, "30 days from your first visit"),
        (
            Window(None, NOON + DAY),
            30,
            'Until <time datetime="2026-11-24T12:00+00:00" dir="auto">Nov. 24, 2026, noon UTC</time>',
        ),
        (Window(MIDNIGHT, None), None, 'From <time datetime="2026-12-01" dir="auto">Dec. 1, 2026</time>'),
        (
            Window(NOON - DAY, NOON + DAY),
            None,
            (
                '<time datetime="2026-11-22" dir="auto">Nov. 22, 2026</time> – '
                '<time datetime="2026-11-24T12:00+00:00" dir="auto">Nov. 24, 2026, noon UTC</time>'
            ),
        ),
        (
            Window(NOON - 2 * DAY, NOON),
            None,
            (
                '<time datetime="2026-11-21" dir="auto">Nov. 21, 2026</time> – '
                '<time datetime="2026-11-23" dir="auto">Nov. 23, 2026</time>'
            ),
        ),
    ],
)
def test_a_period_tells_the_hours_that_are_still_ahead(window, duration_days, words):
    assert moments.period(window, now=NOON, duration_days=duration_days) == words


@pytest.mark.parametrize(
    ("phase", "bound", "words"),
    [
        (Phase.CURRENT, MIDNIGHT, "Closes in 7 days"),
        (Phase.CURRENT, NOON + timedelta(hours=1), "Closes today"),
        (Phase.CURRENT, MIDNIGHT - 6 * DAY, "Closes tomorrow"),
        (Phase.CURRENT, MIDNIGHT - 7 * DAY, "Closes today"),
        (Phase.CURRENT, NOON + 61 * DAY, ""),
        (Phase.UPCOMING, MIDNIGHT, "Opens in 8 days"),
        (Phase.UPCOMING, MIDNIGHT - 7 * DAY, "Opens tomorrow"),
        (Phase.UPCOMING, NOON + timedelta(hours=1), "Opens today"),
        (Phase.UPCOMING, NOON + 61 * DAY, ""),
        (Phase.PAST, NOON - DAY, ""),
        (Phase.CURRENT, None, ""),
    ],
)
def test_days_are_counted_by_the_readers_calendar(phase, bound, words):
    window = Window(bound, None) if phase is Phase.UPCOMING else Window(None, bound)
    assert moments.countdown(window, phase, NOON) == words


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("UTC", "UTC"),
        ("Europe/Paris", "Europe/Paris (CET, UTC+01:00)"),
        ("America/New_York", "America/New York (EST, UTC−05:00)"),  # noqa: RUF001 (a minus sign)
        ("Asia/Kathmandu", "Asia/Kathmandu (UTC+05:45)"),
    ],
)
def test_a_zone_is_named_with_what_clocks_show(zone, label):
    assert moments.zone_label(ZoneInfo(zone), NOON) == label


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_a_moment_at_an_end_of_the_calendar_keeps_nobody_from_a_page(zone, at):
    with timezone.override(ZoneInfo(zone)):
        shown = (moments.exact(at), moments.opening(at), moments.closing(at), moments.day_of(at))
        assert all(f'datetime="{at.date().isoformat()}' in each for each in shown)
        for window in (Window(at, None), Window(None, at)):
            moments.period(window, now=NOON)
            moments.closes_soon(window, NOON)
            for phase in Phase:
                moments.countdown(window, phase, NOON)
