"""Openings and visibility hold for every block by itself; on the stock platform they fail open."""

from __future__ import annotations

import pytest
from ccx_keys.locator import CCXLocator
from lms.djangoapps.courseware.courses import get_course_by_id

from tests.platform import courses
from tests.platform.ccx import COURSE, create_ccx, set_rows
from tests.platform.reading.kit import (
    CHAPTER,
    FAR_AHEAD,
    OURS,
    PROBLEM,
    STOCK,
    SUBSECTION,
    TEXT,
    TOMORROW,
    UNIT,
    change,
    fetched,
    walked,
)

pytestmark = pytest.mark.django_db(databases="__all__")


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
