"""Form fields for moments: in the reader's zone, without losing one, and never a time that no clock shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html

from cohort_sessions.web.clock_changes import start_of_day
from cohort_sessions.web.date_fields import ClosingField, OpeningField, refuse_reversed
from cohort_sessions.web.forms import PageForm

# What is odd about each: an hour in March and October; half an hour; forward at midnight; back over midnight; back to
# midnight; a whole day skipped; a quarter of an hour; no change at all.
ZONES = (
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/St_Johns",
    "America/Havana",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "UTC",
)


class WindowForm(PageForm):
    opens_at = OpeningField(required=False)
    closes_at = ClosingField(required=False)

    def clean(self):
        refuse_reversed(self, "opens_at", "closes_at")


def given_in(form: PageForm) -> dict[str, str]:
    """What a browser sends back of the form as it is shown, untouched."""
    tree = html.fromstring("".join(line.control for line in form.lines.values()))
    inputs = {each.get("name"): each.get("value", "") for each in tree.xpath("//input")}
    chosen = {each.get("name"): each.xpath(".//option[@selected]/@value")[0] for each in tree.xpath("//select")}
    return inputs | chosen


def cleaned(**data) -> dict:
    """The moments that these inputs mean, or the errors."""
    form = WindowForm(data)
    return form.cleaned_data if form.is_valid() else dict(form.errors)


def moments_near_changes():
    """Moments of a zone, many of them within a day of a change of its clocks."""
    changes = [datetime(*day, tzinfo=UTC) for day in CHANGES]
    near = st.sampled_from(changes).flatmap(
        lambda change: st.integers(-2 * 24 * 60, 2 * 24 * 60).map(lambda minutes: change + timedelta(minutes=minutes))
    )
    anywhere = st.integers(0, 130 * 365 * 24 * 3600).map(
        lambda seconds: datetime(1970, 1, 3, tzinfo=UTC) + timedelta(seconds=seconds)
    )
    return near | anywhere


CHANGES = (
    (2026, 3, 29),
    (2026, 10, 25),
    (2026, 4, 5),
    (2026, 10, 4),
    (2026, 4, 24),
    (2026, 10, 30),
    (2011, 11, 6),
    (2011, 3, 13),
    (2011, 12, 30),
    (2026, 3, 8),
    (2026, 11, 1),
)


@settings(deadline=None)
@given(st.sampled_from(ZONES), moments_near_changes())
@example("Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC))
@example("America/Havana", datetime(2026, 11, 1, 4, tzinfo=UTC))
@example("America/Havana", datetime(2026, 11, 1, 5, tzinfo=UTC))
@example("America/St_Johns", datetime(2011, 11, 6, 2, 30, tzinfo=UTC))
@example("America/St_Johns", datetime(2011, 11, 6, 3, 30, tzinfo=UTC))
@example("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC))
def test_a_form_that_is_sent_back_untouched_keeps_every_moment(zone, moment):
    closes = moment + timedelta(seconds=1)
    with timezone.override(ZoneInfo(zone)):
        shown = given_in(WindowForm(initial={"opens_at": moment, "closes_at": closes}))
        form = WindowForm(shown, initial={"opens_at": moment, "closes_at": closes})
        assert form.is_valid(), form.errors
        assert form.cleaned_data == {"opens_at": moment, "closes_at": closes}
        assert form.changed_data == []


@settings(deadline=None)
@given(st.sampled_from(ZONES), st.dates(date(1971, 1, 1), date(2100, 1, 1)))
def test_a_day_without_a_time_is_inside_as_a_whole(zone, day):
    with timezone.override(ZoneInfo(zone)):
        found = cleaned(opens_at_day=day.isoformat(), closes_at_day=day.isoformat())
        if "There was no" in str(found):
            assert start_of_day(day, ZoneInfo(zone)) == start_of_day(day + timedelta(days=1), ZoneInfo(zone))
            return
        opens, closes = found["opens_at"], found["closes_at"]
        second = timedelta(seconds=1)
        dates = [moment.astimezone(ZoneInfo(zone)).date() for moment in (opens, closes - second)]
        assert dates == [day, day]
        assert opens == start_of_day(day, ZoneInfo(zone))
        assert closes == start_of_day(day + timedelta(days=1), ZoneInfo(zone))


def test_the_last_day_is_stored_as_the_next_midnight_and_shown_as_itself():
    with timezone.override(ZoneInfo("Europe/Berlin")):
        found = cleaned(opens_at_day="2026-03-01", opens_at_time="09:30", closes_at_day="2026-03-29")
        assert found == {
            "opens_at": datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
            "closes_at": datetime(2026, 3, 29, 22, tzinfo=UTC),
        }
        assert given_in(WindowForm(initial=found)) == {
            "opens_at_day": "2026-03-01",
            "opens_at_time": "09:30",
            "closes_at_day": "2026-03-29",
            "closes_at_time": "",
        }


@pytest.mark.parametrize(
    ("zone", "inputs", "errors"),
    [
        (
            "Europe/Berlin",
            {"opens_at_day": "2026-03-29", "opens_at_time": "02:30"},
            {
                "opens_at": [
                    (
                        "02:30 does not exist on March 29, 2026: clocks in Europe/Berlin are put forward from 02:00 to "
                        "03:00. The nearest time that exists is 03:00."
                    )
                ]
            },
        ),
        (
            "Africa/Cairo",
            {"closes_at_day": "2026-04-24", "closes_at_time": "00:00"},
            {
                "closes_at": [
                    (
                        "00:00 does not exist on April 24, 2026: clocks in Africa/Cairo are put forward from 00:00 to "
                        "01:00. The nearest time that exists is 01:00."
                    )
                ]
            },
        ),
        (
            "America/New_York",
            {"opens_at_day": "2026-11-01", "opens_at_time": "01:30"},
            {
                "opens_at": [
                    (
                        "Clocks in America/New York are put back and show 01:30 twice on Nov. 1, 2026. Choose which of "
                        "the two you mean."
                    )
                ]
            },
        ),
        (
            "Pacific/Apia",
            {"closes_at_day": "2011-12-30"},
            {"closes_at": ["There was no Dec. 30, 2011 in Pacific/Apia."]},
        ),
        ("UTC", {"opens_at_time": "10:00"}, {"opens_at": ["Give the day as well as the time."]}),
        ("UTC", {"opens_at_day": "31/3/2026"}, {"opens_at": ["Write the day like this: 2026-03-31."]}),
        (
            "UTC",
            {"opens_at_day": "2026-03-31", "opens_at_time": "half past"},
            {"opens_at": ["Write the time like this: 14:30."]},
        ),
        ("UTC", {"opens_at_day": "0026-03-31"}, {"opens_at": ["Choose a year from 1970 to 2999."]}),
        (
            "Asia/Tokyo",
            {"opens_at_day": "2026-04-02", "closes_at_day": "2026-04-01"},
            {"closes_at": ["The end must come after the beginning, which is on April 2, 2026 at 00:00."]},
        ),
        (
            "UTC",
            {
                "opens_at_day": "2026-04-02",
                "opens_at_time": "9:00",
                "closes_at_day": "2026-04-02",
                "closes_at_time": "9:00",
            },
            {"closes_at": ["The end must come after the beginning, which is on April 2, 2026 at 09:00."]},
        ),
        ("UTC", {}, {"opens_at": None, "closes_at": None}),
    ],
)
def test_what_cannot_be_is_refused_in_words(zone, inputs, errors):
    with timezone.override(ZoneInfo(zone)):
        assert cleaned(**inputs) == errors


@pytest.mark.parametrize(("which", "hour"), [("first", 5), ("second", 6)])
def test_a_time_that_comes_twice_offers_both(which, hour):
    asked = {"opens_at_day": "2026-11-01", "opens_at_time": "01:30"}
    with timezone.override(ZoneInfo("America/New_York")):
        form = WindowForm(asked)
        select = html.fromstring(form.lines["opens_at"].control).xpath("//select")[0]
        options = {option.get("value"): (option.text, option.get("selected") is not None) for option in select}
        assert options == {"first": ("the first time, EDT", True), "second": ("the second time, EST", False)}
        assert cleaned(**asked, opens_at_which=which)["opens_at"] == datetime(2026, 11, 1, hour, 30, tzinfo=UTC)


def test_inputs_are_native_and_tied_to_label_help_and_error():
    with timezone.override(ZoneInfo("Europe/Berlin")):
        form = WindowForm({"opens_at_day": "never"})
        line = form.lines["opens_at"]
        assert (line.label, line.label_for, line.errors) == ("Opens at", "", ("Write the day like this: 2026-03-31.",))
        assert line.help == "Without a time: from the beginning of that day. Time zone: Europe/Berlin."
        day, clock = html.fromstring(line.control).xpath("//input")
        described = {"aria-describedby": "id_opens_at_error id_opens_at_help", "aria-invalid": "true"}
        assert dict(day.attrib) == {
            "type": "date",
            "name": "opens_at_day",
            "value": "never",
            "min": "1970-01-01",
            "max": "2999-12-31",
            "aria-label": "Day",
            "id": "id_opens_at_0",
            **described,
        }
        assert dict(clock.attrib) == {
            "type": "time",
            "name": "opens_at_time",
            "aria-label": "Time, may stay empty",
            "id": "id_opens_at_1",
            **described,
        }


@pytest.mark.parametrize(
    ("zone", "at"),
    [("America/New_York", datetime.min.replace(tzinfo=UTC)), ("Asia/Tokyo", datetime.max.replace(tzinfo=UTC))],
)
def test_a_moment_that_clocks_cannot_show_is_to_be_chosen_anew(zone, at):
    with timezone.override(ZoneInfo(zone)):
        sent = given_in(WindowForm(initial={"opens_at": at, "closes_at": at}))
    assert set(sent.values()) == {""}
