"""Dates of an edition leave those of its blocks standing, and the base course's end closes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lms.djangoapps.courseware.courses import get_course_by_id

from tests.platform import courses
from tests.platform.ccx import COURSE
from tests.platform.reading.kit import (
    CHAPTER,
    FAR_AHEAD,
    LONG_AGO,
    OURS,
    PROBLEM,
    STOCK,
    SUBSECTION,
    TEXT,
    TOMORROW,
    YESTERDAY,
    change,
    fetched,
    walked,
)

pytestmark = pytest.mark.django_db(databases="__all__")


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
