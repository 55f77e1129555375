"""Rows of an edition hold for every block, however it was fetched, and whatever their values are."""

from __future__ import annotations

import pytest
from edx_when.api import get_dates_for_course
from lms.djangoapps.courseware.courses import get_course_by_id
from lms.djangoapps.courseware.field_overrides import disable_overrides
from openedx.core.djangoapps.content.course_overviews.models import CourseOverview
from xmodule.error_block import ErrorBlock
from xmodule.modulestore.django import modulestore

from tests.platform.reading.kit import (
    CHAPTER,
    FAR_AHEAD,
    OURS,
    PROBLEM,
    STOCK,
    SUBSECTION,
    TOMORROW,
    UNIT,
    YESTERDAY,
    change,
    fetched,
    walked,
)

pytestmark = pytest.mark.django_db(databases="__all__")


# 1. Overrides of blocks that are fetched by their key


def test_a_row_holds_for_a_block_however_it_was_fetched(platform, edition):
    key = edition({PROBLEM: {"max_attempts": 2, "due": YESTERDAY}})
    said = (2, YESTERDAY)

    assert walked(key, PROBLEM, "max_attempts", "due") == said
    assert fetched(key, PROBLEM, "max_attempts", "due") == {STOCK: (None, None), OURS: said}[platform]
    items = {
        item.location: item.max_attempts for item in modulestore().get_items(key, qualifiers={"category": "problem"})
    }
    assert items == {key.make_usage_key(*PROBLEM): {STOCK: None, OURS: 2}[platform]}


def test_no_answer_is_taken_after_a_due_date_of_the_edition(platform, edition, lea, answer):
    key = edition({PROBLEM: {"due": YESTERDAY}})

    assert answer(key, lea) is {STOCK: True, OURS: False}[platform]


def test_the_dates_that_the_platform_stores_are_those_of_the_edition(platform, base, edition):
    change(base, SUBSECTION, due=FAR_AHEAD)
    key = edition({SUBSECTION: {"due": TOMORROW}})

    stored = {place: date for place, date in get_dates_for_course(key).items() if place[1] == "due"}
    assert stored == {(key.make_usage_key(*SUBSECTION), "due"): {STOCK: FAR_AHEAD, OURS: TOMORROW}[platform]}


def test_a_unit_that_the_edition_hides_is_not_served(platform, edition, lea, signed_in):
    key = edition({UNIT: {"visible_to_staff_only": True}})

    response = signed_in(lea).get(f"/xblock/{key.make_usage_key(*UNIT)}")
    assert response.status_code == {STOCK: 200, OURS: 404}[platform]


# 5. Values


def test_tabs_leave_the_course_whole(platform, edition):
    key = edition(tabs=[{"type": "courseware"}, {"type": "progress", "name": "Progress"}])

    course = modulestore().get_item(key.make_usage_key(*CHAPTER)).get_parent()

    assert isinstance(course, ErrorBlock) is {STOCK: True, OURS: False}[platform]
    if platform == OURS:
        expected = ["courseware", "progress"]
        assert [tab.type for tab in course.tabs] == [tab.type for tab in get_course_by_id(key).tabs] == expected


def test_a_row_that_cannot_be_read_is_left_out(ours, base, edition, caplog):
    key = edition({PROBLEM: {"due": "soon", "max_attempts": {}, "grading_policy": {}}}, tabs=7, grading_policy=7)

    assert fetched(key, PROBLEM, "due", "max_attempts") == fetched(base.key, PROBLEM, "due", "max_attempts")
    course, authored = get_course_by_id(key), get_course_by_id(base.key)
    assert [tab.type for tab in course.tabs] == [tab.type for tab in authored.tabs]
    assert course.grade_cutoffs == authored.grade_cutoffs
    assert "Ignored: field tabs of ('course', 'course') cannot hold the override '7'" in caplog.messages


def test_a_grading_policy_reaches_everybody_who_grades(platform, base, edition):
    policy = {
        "GRADER": [{"type": "Homework", "min_count": 1, "drop_count": 0, "short_label": "HW", "weight": 1.0}],
        "GRADE_CUTOFFS": {"Pass": 0.8},
    }
    key = edition(grading_policy=policy)

    course = get_course_by_id(key)

    assert course.grade_cutoffs == {STOCK: get_course_by_id(base.key).grade_cutoffs, OURS: {"Pass": 0.8}}[platform]
    assert CourseOverview.load_from_module_store(key).lowest_passing_grade == {STOCK: 0.5, OURS: 0.8}[platform]


def test_fields_are_inherited_from_the_nearest_that_is_set(ours, base, edition):
    change(base, SUBSECTION, showanswer="never")
    key = edition(
        {CHAPTER: {"showanswer": "always", "graded": True}, UNIT: {"rerandomize": "per_student"}}, rerandomize="always"
    )

    assert walked(key, PROBLEM, "showanswer", "rerandomize") == ("never", "per_student")
    assert fetched(key, PROBLEM, "showanswer", "rerandomize") == ("never", "per_student")
    assert fetched(key, CHAPTER, "showanswer", "rerandomize", "graded") == ("always", "always", True)


def test_a_block_keeps_no_hold_on_what_the_edition_says(ours, edition):
    """Blocks change what they read in place: grading policies most of all."""
    key = edition(other_course_settings={"colour": "blue"})

    get_course_by_id(key).other_course_settings["colour"] = "red"

    assert modulestore().get_course(key).other_course_settings == {"colour": "blue"}


def test_an_edition_is_never_edited_in_studio(ours, edition):
    assert get_course_by_id(edition()).course_edit_method is None


def test_what_the_author_wrote_can_be_read_beside_it(ours, base, edition):
    key = edition({PROBLEM: {"display_name": "Ebb", "due": TOMORROW}}, start=TOMORROW)

    with disable_overrides():
        authored = fetched(key, PROBLEM, "display_name", "due", "start")
    assert authored == fetched(base.key, PROBLEM, "display_name", "due", "start")
    assert fetched(key, PROBLEM, "display_name", "due", "start") == ("Ebb", TOMORROW, TOMORROW)
