"""A new edition works at once in everything the Learning micro-frontend asks, and is called what it should be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from edx_toggles.toggles.testutils import override_waffle_flag
from lms.djangoapps.course_home_api.toggles import COURSE_HOME_MICROFRONTEND_PROGRESS_TAB
from openedx.core.djangoapps.content.course_overviews.models import CourseOverview
from openedx.features.course_experience import RELATIVE_DATES_FLAG
from xmodule.modulestore.django import modulestore

from cohort_sessions.data import TeamRole
from cohort_sessions.host import TeamGrant
from cohort_sessions.timeline import Window
from tests.platform import courses
from tests.platform.conftest import LEARNING_APIS

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def entered(make_edition, make_user, enrol, run):
    """An edition with Lea in it."""
    spec = make_edition(base_key=run.key)
    enrol(spec.edition_key, make_user("lea"))
    return spec


@override_waffle_flag(COURSE_HOME_MICROFRONTEND_PROGRESS_TAB, active=True)
@pytest.mark.parametrize("address", LEARNING_APIS)
def test_the_learning_api_answers(entered, make_user, learning_api, address):
    assert not modulestore().get_course(entered.base_key).enable_ccx
    assert learning_api(address, entered.edition_key, make_user("lea")).status_code == 200


def test_the_outline_has_what_the_base_course_has(entered, make_user, learning_api):
    key = entered.edition_key
    answer = learning_api("/api/learning_sequences/v1/course_outline/{key}", key, make_user("lea")).json()
    assert list(answer["outline"]["sequences"]) == [
        str(key.make_usage_key("sequential", f"subsection_{number}")) for number in (1, 2)
    ]


def shown_titles(edition_key, user, learning_api, signed_in) -> dict[str, str]:
    """The title wherever the platform shows one, by place."""
    outline = learning_api("/api/course_home/outline/{key}", edition_key, user).json()["course_blocks"]["blocks"]
    home = signed_in(user).get("/api/learner_home/init").json()
    page = signed_in(user).get(f"/courses/{edition_key}/instructor")
    return {
        "course home": learning_api("/api/course_home/course_metadata/{key}", edition_key, user).json()["title"],
        "courseware": learning_api("/api/courseware/course/{key}", edition_key, user).json()["name"],
        "outline": next(block for block in outline.values() if block["type"] == "course")["display_name"],
        "learner home": next(card["course"]["courseName"] for card in home["courses"]),
        "legacy header": "in the page" if "Tides - Spring" in page.content.decode() else "missing",
    }


def test_the_title_stands_in_all_five_places(make_edition, make_user, enrol, run, learning_api, signed_in):
    lea = make_user("lea")
    spec = make_edition(base_key=run.key, team=(TeamGrant(lea.pk, TeamRole.SESSION_COACH),))
    enrol(spec.edition_key, lea)
    assert shown_titles(spec.edition_key, lea, learning_api, signed_in) == {
        "course home": "Tides - Spring",
        "courseware": "Tides - Spring",
        "outline": "Tides - Spring",
        "learner home": "Tides - Spring",
        "legacy header": "in the page",
    }


def test_a_renamed_session_shows_at_once(entered, make_user, host, learning_api):
    lea = make_user("lea")
    address = "/api/course_home/outline/{key}"
    assert "Tides - Spring" in learning_api(address, entered.edition_key, lea).content.decode()
    host.apply_edition(replace(entered, revision=2, session_title="Summer"))
    answer = learning_api(address, entered.edition_key, lea).content.decode()
    assert ("Tides - Summer" in answer, "Tides - Spring" in answer) == (True, False)


def test_an_earlier_opening_is_seen_at_once(host, make_edition, run, make_user, enrol, ahead, running, can_read):
    """edx-when remembers dates for each learner for five minutes, under names that no publish changes."""
    lea, spec = make_user("lea"), make_edition(base_key=run.key, window=ahead)
    enrol(spec.edition_key, lea)
    assert not can_read(spec.edition_key, lea)
    host.apply_edition(replace(spec, revision=2, window=running))
    assert can_read(spec.edition_key, lea)


class TestOverview:
    """CourseOverview is what most of the platform asks about a course."""

    def test_it_has_the_envelope_and_no_doors(self, entered):
        overview = CourseOverview.objects.get(pk=entered.edition_key)
        window = entered.window
        assert (
            overview.display_name,
            abs((overview.start - window.opens_at).total_seconds()) < 1,
            abs((overview.end - window.closes_at).total_seconds()) < 1,
            overview.invitation_only,
            overview.is_enrollment_open(),
            overview.catalog_visibility,
            overview.visible_to_staff_only,
        ) == ("Tides - Spring", True, True, True, False, "none", False)

    def test_without_bounds_it_has_started_and_does_not_end(self, entered, host):
        host.apply_edition(replace(entered, revision=2, window=Window()))
        overview = CourseOverview.objects.get(pk=entered.edition_key)
        assert (overview.has_started(), overview.end) == (True, None)

    def test_the_end_of_the_base_course_is_not_the_editions(self, make_edition, committed, over):
        with committed():
            base = courses.create_course(start=over.opens_at, end=over.closes_at).key
        spec = make_edition(base_key=base, window=Window())
        assert CourseOverview.objects.get(pk=spec.edition_key).end is None

    def test_a_stock_ccx_keeps_the_end_the_platform_gives_it(self, run, make_user):
        from tests.platform.ccx import create_ccx

        key = create_ccx(
            run.key, make_user("mentor"), {("course", "course"): {"start": "2026-01-01T00:00:00Z"}}, is_ours=False
        )
        assert CourseOverview.get_from_id(key).end is None


@override_waffle_flag(RELATIVE_DATES_FLAG, active=True)
def test_due_dates_are_the_authors(committed, make_edition, make_user, enrol, learning_api, tomorrow):
    with committed():
        run = courses.create_course()
        with courses.authoring(run.key):
            courses.add_section(run.key, 2, due=tomorrow)
    spec = make_edition(base_key=run.key)
    enrol(spec.edition_key, make_user("lea"))
    dates = learning_api("/api/course_home/dates/{key}", spec.edition_key, make_user("lea")).json()[
        "course_date_blocks"
    ]
    due = [block for block in dates if block["date_type"] == "assignment-due-date"]
    assert [(block["title"], block["date"]) for block in due] == [("Lesson 2", f"{tomorrow:%Y-%m-%dT%H:%M:%SZ}")]
