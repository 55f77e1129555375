"""
How the blocks of an edition are read, in a real LMS: every hole of the stock CCX, and that ours has it closed.

A test that takes `platform` runs twice: on the platform as it is, where it pins the defect down (and will fail on the
day that upstream mends it), and with this plugin. The guard is off throughout: what is closed here is closed by the way
blocks are read.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from ccx_keys.locator import CCXLocator
from django.utils.timezone import now
from edx_django_utils.cache import RequestCache
from edx_toggles.toggles.testutils import override_waffle_switch
from edx_when.api import get_dates_for_course
from lms.djangoapps.courseware.courses import get_course_by_id
from lms.djangoapps.courseware.field_overrides import disable_overrides
from openedx.core.djangoapps.content.course_overviews.models import CourseOverview
from xmodule.error_block import ErrorBlock
from xmodule.modulestore.django import modulestore

from cohort_sessions.edxapp.hooks import patches
from cohort_sessions.edxapp.toggles import DISABLE_FIELD_OVERRIDE_REPAIRS, DISABLE_GUARD
from tests.platform import courses
from tests.platform.ccx import COURSE, create_ccx, our_platform, publish, set_rows, stock_platform

pytestmark = pytest.mark.django_db(databases="__all__")

CHAPTER, SUBSECTION, UNIT, PROBLEM = (
    ("chapter", "section_1"),
    ("sequential", "subsection_1"),
    ("vertical", "unit_1"),
    ("problem", "problem_1"),
)
TEXT = ("html", "text_1")

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
YESTERDAY = now().replace(microsecond=0) - timedelta(days=1)
TOMORROW = YESTERDAY + timedelta(days=2)
FAR_AHEAD = datetime(2096, 1, 1, tzinfo=UTC)
STOCK, OURS = "stock", "ours"


@pytest.fixture(autouse=True)
def _without_guard():
    with override_waffle_switch(DISABLE_GUARD, active=True):
        yield


@pytest.fixture(params=[STOCK, OURS])
def platform(request):
    """The platform without this plugin, then with it."""
    with stock_platform() if request.param == STOCK else our_platform():
        yield request.param


@pytest.fixture
def ours():
    """The platform with this plugin."""
    with our_platform():
        yield


@pytest.fixture
def base(committed):
    """A base course that is running."""
    with committed():
        return courses.create_course(start=LONG_AGO)


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def edition(base, make_user, lea, make_foreign_enrolment, committed):
    """Make an edition of the base course with these rows besides its start, and enrol Lea."""

    def make(rows=None, *, run=base, **root):
        rows = dict(rows or {})
        rows[COURSE] = {"start": LONG_AGO, **rows.get(COURSE, {}), **root}
        with committed():
            key = create_ccx(run.key, make_user("service"), rows)
            make_foreign_enrolment(key, lea)
        RequestCache.clear_all_namespaces()
        return key

    return make


def change(run, block, **fields):
    """Change a block of the base course as its author does."""
    with courses.authoring(run.key) as store:
        found = store.get_item(run.block(*block))
        for name, value in fields.items():
            setattr(found, name, value)
        store.update_item(found, courses.AUTHOR)
    RequestCache.clear_all_namespaces()


def fetched(key, block, *fields):
    """The values of the fields of a block that was fetched by its key, in a request of its own."""
    RequestCache.clear_all_namespaces()
    found = modulestore().get_item(key.make_usage_key(*block))
    return tuple(getattr(found, field) for field in fields)


def walked(key, block, *fields):
    """The same of a block that was reached from the top."""
    RequestCache.clear_all_namespaces()
    queue = [get_course_by_id(key)]
    for found in queue:
        if (found.scope_ids.usage_id.block_type, found.scope_ids.usage_id.block_id) == block:
            return tuple(getattr(found, field) for field in fields)
        queue += found.get_children()
    raise LookupError(block)


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


# 2. Openings and visibility that fail open


@pytest.mark.parametrize(
    "rows",
    [{COURSE: {"start": TOMORROW}}, {CHAPTER: {"start": TOMORROW}}, {PROBLEM: {"visible_to_staff_only": True}}],
    ids=["not started", "section not open", "problem hidden"],
)
def test_no_answer_is_taken_where_an_edition_is_not_open(platform, edition, lea, submit, stored, rows):
    key = edition(rows)

    assert submit(key, lea, courses.RIGHT).status_code == {STOCK: 200, OURS: 404}[platform]
    assert stored(key, lea).answers == {STOCK: 1, OURS: 0}[platform]


def test_no_answer_is_taken_in_a_hidden_edition(ours, edition, lea, submit, can_read, stored):
    key = edition(visible_to_staff_only=True)

    assert not can_read(key, lea)
    assert submit(key, lea, courses.RIGHT).status_code == 404
    assert stored(key, lea).answers == 0


def test_an_opening_that_was_put_off_holds_at_once(platform, edition, lea, answer, can_read):
    key = edition()
    assert can_read(key, lea)

    set_rows(key, {COURSE: {"start": TOMORROW}})  # and nothing has been published yet

    assert answer(key, lea) is {STOCK: True, OURS: False}[platform]


@pytest.mark.parametrize("block", [COURSE, CHAPTER, SUBSECTION, UNIT, PROBLEM, TEXT])
def test_every_block_of_a_hidden_edition_that_starts_tomorrow_says_so(ours, edition, block):
    key = edition(start=TOMORROW, visible_to_staff_only=True)

    assert fetched(key, block, "start", "visible_to_staff_only") == (TOMORROW, True)
    assert walked(key, block, "start", "visible_to_staff_only") == (TOMORROW, True)


def test_an_edition_shows_nothing_that_the_author_hides(ours, base, edition):
    change(base, SUBSECTION, visible_to_staff_only=True)
    key = edition({SUBSECTION: {"visible_to_staff_only": False}, UNIT: {"visible_to_staff_only": False}})

    assert {block: fetched(key, block, "visible_to_staff_only") for block in (CHAPTER, SUBSECTION, UNIT, PROBLEM)} == {
        CHAPTER: (False,),
        SUBSECTION: (True,),
        UNIT: (True,),
        PROBLEM: (True,),
    }


def test_an_edition_that_has_only_been_reserved_is_hidden(ours, base, make_user):
    key = create_ccx(base.key, make_user("service"))

    assert fetched(key, PROBLEM, "visible_to_staff_only") == (True,)
    assert get_course_by_id(key).visible_to_staff_only is True


def test_the_number_of_an_edition_opens_no_other_course(ours, base, edition, committed):
    """
    A key is text in an address: anybody can write the number of a running edition behind the name of another course.
    """
    key = edition()
    with committed():
        other = courses.create_course(start=FAR_AHEAD)
    forged = CCXLocator(org=other.key.org, course=other.key.course, run=other.key.run, ccx=key.ccx)

    assert fetched(forged, PROBLEM, "visible_to_staff_only") == (True,)


# 3. Dates of the course that replace those of its blocks


def test_sections_keep_their_own_dates_within_the_edition(platform, base, edition):
    change(base, CHAPTER, start=TOMORROW)
    key = edition()

    assert walked(key, PROBLEM, "start") == {STOCK: (LONG_AGO,), OURS: (TOMORROW,)}[platform]


def test_due_dates_survive_a_due_date_of_the_course(platform, base, edition):
    change(base, SUBSECTION, due=TOMORROW)
    key = edition(due=FAR_AHEAD)

    assert walked(key, PROBLEM, "due") == {STOCK: (FAR_AHEAD,), OURS: (TOMORROW,)}[platform]


@pytest.mark.parametrize(
    ("authored", "rows", "opens"),
    [
        ({}, {}, YESTERDAY),
        ({CHAPTER: LONG_AGO}, {}, YESTERDAY),
        ({CHAPTER: TOMORROW}, {}, TOMORROW),
        ({CHAPTER: TOMORROW, SUBSECTION: LONG_AGO}, {}, TOMORROW),
        ({CHAPTER: TOMORROW}, {CHAPTER: YESTERDAY}, YESTERDAY),
        ({}, {SUBSECTION: TOMORROW}, TOMORROW),
        ({}, {PROBLEM: TOMORROW}, TOMORROW),
        ({}, {PROBLEM: LONG_AGO}, YESTERDAY),
    ],
    ids=[
        "no dates of its own",
        "a section that opened before the edition",
        "a section that opens later",
        "a lesson that would open before its section",
        "a section the edition opens earlier",
        "a lesson the edition opens later",
        "a problem the edition opens later",
        "nothing opens before the edition",
    ],
)
@pytest.mark.parametrize("base_start", [LONG_AGO, FAR_AHEAD], ids=["old base course", "base course of the future"])
def test_a_block_opens_when_everything_above_it_has_opened(ours, committed, edition, base_start, authored, rows, opens):
    with committed():
        run = courses.create_course(start=base_start)
    for block, start in authored.items():
        change(run, block, start=start)
    key = edition({block: {"start": start} for block, start in rows.items()}, run=run, start=YESTERDAY)

    assert fetched(key, PROBLEM, "start") == walked(key, PROBLEM, "start") == (opens,)


def test_dates_of_sections_do_not_count_in_a_self_paced_edition(ours, base, edition):
    change(base, CHAPTER, start=TOMORROW)
    change(base, SUBSECTION, due=TOMORROW)
    change(base, COURSE, self_paced=True)
    key = edition(start=YESTERDAY)

    assert fetched(key, PROBLEM, "start", "due") == walked(key, PROBLEM, "start", "due") == (YESTERDAY, None)


# 4. The end of the base course


def test_a_base_course_that_has_ended_closes_no_running_edition(platform, base, edition, lea, answer):
    change(base, COURSE, end=YESTERDAY)
    key = edition(end=TOMORROW)

    assert answer(key, lea) is {STOCK: False, OURS: True}[platform]


def test_an_edition_that_has_ended_takes_no_answer(platform, edition, lea, answer):
    key = edition(end=YESTERDAY)

    assert answer(key, lea) is {STOCK: True, OURS: False}[platform]


def test_an_edition_without_an_end_has_none(platform, base, edition):
    change(base, COURSE, end=YESTERDAY)
    key = edition()

    assert get_course_by_id(key).has_ended() is {STOCK: True, OURS: False}[platform]


def test_a_block_that_keeps_to_a_deadline_closes_with_the_edition(ours, base, edition):
    change(base, CHAPTER, graceperiod=timedelta(hours=1))
    hour = timedelta(hours=1)
    closed, late = edition(end=YESTERDAY), edition({PROBLEM: {"due": TOMORROW}, TEXT: {"due": TOMORROW}}, end=YESTERDAY)
    due = edition({PROBLEM: {"due": YESTERDAY}, TEXT: {"due": YESTERDAY}}, end=TOMORROW)

    assert fetched(closed, PROBLEM, "close_date") == fetched(closed, TEXT, "close_date") == (YESTERDAY,)
    assert fetched(late, PROBLEM, "close_date") == fetched(late, TEXT, "close_date") == (YESTERDAY,)
    assert fetched(due, PROBLEM, "close_date") == fetched(due, TEXT, "close_date") == (YESTERDAY + hour,)
    assert fetched(base.key, TEXT, "close_date") == (None,)


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


# Everybody else


def everything(key):
    """All that can be read of the course: fetched and walked, every field of every block."""
    RequestCache.clear_all_namespaces()
    with modulestore().bulk_operations(key):
        course = get_course_by_id(key, depth=None)
    queue = [course]
    for block in queue:
        queue += block.get_children()
    RequestCache.clear_all_namespaces()
    blocks = [*queue, *modulestore().get_items(key)]
    return [
        (str(block.location), name, field.is_set_on(block), str(field.read_json(block)))
        for block in blocks
        for name, field in sorted(block.fields.items())
    ]


def test_base_courses_and_other_ccx_courses_are_read_as_before(base, edition, make_user):
    change(base, SUBSECTION, due=TOMORROW)
    edition({PROBLEM: {"display_name": "Ebb"}})
    rows = {
        COURSE: {"start": YESTERDAY, "due": None},
        CHAPTER: {"visible_to_staff_only": True},
        PROBLEM: {"max_attempts": 2},
    }
    other = create_ccx(base.key, make_user("coach"), rows, is_ours=False)

    with stock_platform():
        before = everything(base.key), everything(other)
    with our_platform():
        after = everything(base.key), everything(other)
    assert after == before


def test_an_enabled_base_course_is_read_as_before(committed, edition):
    with committed():
        run = courses.create_course(start=LONG_AGO, enable_ccx=True)
    edition({PROBLEM: {"display_name": "Ebb"}}, run=run)

    with stock_platform():
        before = everything(run.key)
    with our_platform():
        assert everything(run.key) == before


def test_with_the_switch_an_edition_is_read_as_any_ccx(edition):
    key = edition({PROBLEM: {"max_attempts": 2}, CHAPTER: {"start": TOMORROW}}, end=YESTERDAY)

    with stock_platform():
        stock = everything(key)
    with our_platform():
        assert everything(key) != stock
        with override_waffle_switch(DISABLE_FIELD_OVERRIDE_REPAIRS, active=True):
            assert everything(key) == stock


def test_without_our_wrapper_our_provider_does_what_a_provider_can(edition, settings):
    from tests.platform import ccx

    key = edition({CHAPTER: {"start": TOMORROW}, PROBLEM: {"max_attempts": 2}}, visible_to_staff_only=True)

    with ccx._reading(ccx.OUR_PROVIDERS, ccx._host.STOCK_WRAPPER):
        assert walked(key, PROBLEM, "start", "max_attempts", "visible_to_staff_only") == (TOMORROW, 2, True)


def test_an_edition_changes_while_nobody_publishes(ours, edition):
    key = edition()
    publish(key)

    set_rows(key, {PROBLEM: {"display_name": "Ebb"}})

    assert fetched(key, PROBLEM, "display_name") == ("Ebb",)


def test_repairs_are_put_in_place_once(ours, edition):
    patches.install()
    patches.install()

    assert fetched(edition({PROBLEM: {"max_attempts": 2}}), PROBLEM, "max_attempts") == (2,)
