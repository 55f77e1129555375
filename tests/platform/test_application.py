"""Applying a spec: what is written, what it costs, and what becomes of failures."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from lms.djangoapps.ccx.models import CcxFieldOverride, CustomCourseForEdX
from openedx.core.djangoapps.content.course_overviews.models import CourseOverview

from cohort_sessions.data import BlockChange, BlockField, ElementChange, TeamRole
from cohort_sessions.edxapp.host import facets
from cohort_sessions.edxapp.host.titles import edition_title
from cohort_sessions.edxapp.marker import DATES_VERSION
from cohort_sessions.host import Deadlines, FacetFailure, GradingChange, PersonalWindow, TeamGrant
from cohort_sessions.timeline import Window

pytestmark = pytest.mark.django_db(databases="__all__")

NAMES = tuple(facet.name for facet in facets.FACETS)
DAY = timedelta(days=1)
# What cannot be done because something else was not: facet -> the facet that hangs on it, and what it says.
HANGING_ON = {
    "publish": {
        "personal_deadlines": "The platform has not stored the edition's own dates, on which personal ones hang."
    }
}


# What has something to do in an edition that was just made: grades are computed anew where somebody has one
# (``test_grading``).
FROM_NOTHING = [facet for facet in facets.FACETS if facet.name != "grades"]


def fields_of(edition_key) -> dict[str, object]:
    """The overrides on the course block; there are no others, but for the mark of the state of its dates."""
    rows = CcxFieldOverride.objects.filter(ccx_id=edition_key.ccx).exclude(field=DATES_VERSION)
    assert {row.location.block_type for row in rows} <= {"course"}
    return {row.field: json.loads(row.value) for row in rows}


class TestWhatIsWritten:
    DOORS = {
        "catalog_visibility": "none",
        "invitation_only": True,
        "enrollment_start": "2000-01-01T00:00:00Z",
        "enrollment_end": "2000-01-01T00:00:00Z",
        "enable_ccx": False,
    }

    def test_a_running_edition(self, make_edition):
        spec = make_edition()
        assert fields_of(spec.edition_key) == {
            **self.DOORS,
            "display_name": "Tides - Spring",
            "start": spec.window.opens_at.replace(microsecond=0).isoformat().replace("+00:00", "Z"),
            "end": spec.window.closes_at.replace(microsecond=0).isoformat().replace("+00:00", "Z"),
        }

    def test_without_bounds_and_hidden(self, make_edition):
        spec = make_edition(window=Window(), hidden=True)
        assert fields_of(spec.edition_key) == {
            **self.DOORS,
            "display_name": "Tides - Spring",
            "start": "2020-01-01T00:00:00Z",
            "visible_to_staff_only": True,
        }

    def test_without_an_opening_it_never_waits_for_the_base_course(self, make_base_course, make_edition, ahead):
        spec = make_edition(base_key=make_base_course(window=ahead), window=Window())
        assert fields_of(spec.edition_key)["start"] == "2000-01-01T00:00:00Z"

    def test_what_is_not_wanted_any_more_goes(self, host, make_edition):
        spec = make_edition(hidden=True)
        host.apply_edition(replace(spec, revision=2, hidden=False, window=Window(spec.window.opens_at, None)))
        assert {"end", "visible_to_staff_only"}.isdisjoint(fields_of(spec.edition_key))

    def test_the_row_belongs_to_nobody(self, make_edition, settings):
        row = CustomCourseForEdX.objects.get(pk=make_edition().edition_key.ccx)
        coach = row.coach
        assert (coach.username, coach.has_usable_password(), coach.is_active) == (
            settings.COHORT_SESSIONS_SERVICE_USERNAME,
            False,
            False,
        )
        assert row.display_name == "Tides - Spring"

    def test_nobody_is_mailed(self, make_edition, make_user, enrol):
        enrol(make_edition().edition_key, make_user("lea"))
        assert mail.outbox == []


class TestCost:
    def test_twice_changes_nothing_and_costs_little(self, host, make_edition, statements):
        spec = make_edition()
        with statements() as queries:
            report = host.apply_edition(spec)
        assert report.unchanged == NAMES
        assert len(queries) == 10

    def test_a_change_of_people_rebuilds_nothing(self, host, make_edition, make_user):
        spec = make_edition()
        team = (TeamGrant(make_user("cora").pk, TeamRole.COURSE_COACH),)
        assert host.apply_edition(replace(spec, revision=2, team=team)).changed == ("team_roles",)

    def test_an_override_of_others_making_on_the_course_is_built_into_the_edition(self, host, make_edition, base_key):
        spec = make_edition()
        course = base_key.make_usage_key("course", "course")
        CcxFieldOverride.objects.create(
            ccx_id=spec.edition_key.ccx, location=course, field="show_calculator", value="true"
        )
        assert host.apply_edition(spec).changed == (
            "publish",
            "dates_version",
            "block_structure",
            "outline",
        )

    @pytest.mark.parametrize(
        ("block", "field", "value"),
        [(("chapter", "section_1"), "visible_to_staff_only", "true"), (("problem", "problem_1"), "max_attempts", "1")],
    )
    def test_one_below_the_course_is_taken_away_again(self, host, make_edition, base_key, block, field, value):
        """What sessions customise, they say."""
        spec = make_edition()
        row = CcxFieldOverride.objects.create(
            ccx_id=spec.edition_key.ccx, location=base_key.make_usage_key(*block), field=field, value=value
        )
        assert host.apply_edition(spec).changed == ("blocks",)
        assert not CcxFieldOverride.objects.filter(pk=row.pk).exists()


class TestFailures:
    @pytest.mark.parametrize("facet", FROM_NOTHING, ids=[facet.name for facet in FROM_NOTHING])
    def test_each_facet_fails_alone(
        self, host, make_base_course, make_edition, make_user, monkeypatch, running, tomorrow, facet
    ):
        """
        The others are applied, but for those that hang on it; the next run mends what is left, whatever it was.
        """
        team = (TeamGrant(make_user("cora").pk, TeamRole.COURSE_COACH),)
        longer = PersonalWindow(make_user("lea").pk, Window(running.opens_at, running.closes_at + DAY), 1)
        deadlines = Deadlines(shift=DAY, ordinary=running, personal=(longer,))
        base_key = make_base_course(due=tomorrow)
        hidden = BlockChange(base_key.make_usage_key("chapter", "section_1"), BlockField.HIDDEN, value=True)
        spec = make_edition(
            apply=False,
            base_key=base_key,
            hidden=True,
            team=team,
            deadlines=deadlines,
            changes=(hidden,),
            hidden_tools=("discussion", "progress"),
            grading=GradingChange(pass_line=0.8),
            elements=(ElementChange(base_key.make_usage_key("problem", "problem_1"), "weight", 2.0),),
        )

        def fail(state):
            raise RuntimeError("the disk is full")

        with monkeypatch.context() as broken:
            broken.setattr(facet, "bring_about", fail, raising=True)
            report = host.apply_edition(spec)
        failures = {facet.name: "RuntimeError: the disk is full"} | HANGING_ON.get(facet.name, {})
        assert report.failed == tuple(FacetFailure(*failure) for failure in failures.items())
        assert report.changed == tuple(each.name for each in FROM_NOTHING if each.name not in failures)

        assert facet.name in host.apply_edition(spec).changed
        assert host.apply_edition(spec).unchanged == NAMES
        overview = CourseOverview.objects.get(pk=spec.edition_key)
        assert (overview.display_name, overview.visible_to_staff_only, overview.catalog_visibility, overview.end) == (
            "Tides - Spring",
            True,
            "none",
            spec.window.closes_at.replace(microsecond=0),
        )

    def test_a_receiver_that_fails_is_named_and_stops_no_other(self, host, make_edition, title_of):
        from xmodule.modulestore.django import SignalHandler

        def broken_receiver(**kwargs):
            raise ValueError("no such shelf")

        spec = make_edition(apply=False)
        SignalHandler.course_published.connect(broken_receiver)
        try:
            report = host.apply_edition(spec)
        finally:
            SignalHandler.course_published.disconnect(broken_receiver)
        assert report.failed == (FacetFailure("publish", f"{__name__}: ValueError: no such shelf"),)
        assert title_of(spec.edition_key) == "Tides - Spring"
        assert "publish" in host.apply_edition(spec).changed


@pytest.mark.parametrize(
    ("course", "session", "expected"),
    [
        ("Tides", "Spring", "Tides - Spring"),
        ("C" * 30, "Spring", "C" * 20 + "… - Spring"),
        ("Tides", "S" * 40, "Tides - " + "S" * 21 + "…"),
        ("C" * 30, "S" * 40, "C" * 11 + "… - " + "S" * 14 + "…"),
    ],
)
def test_long_titles_are_shortened_where_it_costs_least(course, session, expected):
    assert edition_title(course, session, 30) == expected
    assert len(expected) <= 30
