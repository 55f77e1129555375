"""Sections, subsections and units are as the edition has them, in this edition only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cohort_sessions.data import BlockChange, BlockField, BlockKind

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)


@pytest.fixture
def today(now):
    """This moment, to the second."""
    return now.replace(microsecond=0)


@pytest.fixture
def lea(make_user):
    return make_user()


@pytest.fixture
def editions(make_edition, enrol, lea):
    """Two editions of one course; Lea is in both."""
    found = [make_edition(session_title=title) for title in ("Spring", "Autumn")]
    for spec in found:
        enrol(spec.edition_key, lea)
    return found


@pytest.fixture
def change(host, block):
    """Apply an edition with these changes, of blocks by kind, and no others. Returns its spec."""

    def apply(spec, **values):
        kinds = {kind.value: block(spec.base_key, kind) for kind in BlockKind}
        changes = [
            BlockChange(kinds[kind], field, value)
            for kind, of_kind in values.items()
            for field, value in of_kind.items()
        ]
        ordered = tuple(sorted(changes, key=lambda each: (str(each.usage_key), each.field)))
        spec = replace(spec, revision=spec.revision + 1, changes=ordered)
        report = host.apply_edition(spec)
        assert report.failed == ()
        assert "blocks" in (*report.changed, *report.unchanged)
        return spec

    return apply


def test_the_outline_of_a_base_course(host, make_base_course, block, today):
    base_key = make_base_course(due=today + DAY)
    found = host.outline(base_key)
    assert [(each.usage_key, each.kind, each.parent) for each in found] == [
        (block(base_key, BlockKind.SECTION), BlockKind.SECTION, None),
        (block(base_key, BlockKind.SUBSECTION), BlockKind.SUBSECTION, block(base_key, BlockKind.SECTION)),
        (block(base_key, BlockKind.UNIT), BlockKind.UNIT, block(base_key, BlockKind.SUBSECTION)),
    ]
    assert all(each.title for each in found)
    assert [(each.hidden, each.opens_at, each.due) for each in found] == [
        (False, None, None),
        (False, None, today + DAY),
        (False, None, None),
    ]
    assert [bool(each.assignment_type) for each in found] == [False, True, False]


def test_no_outline_of_a_course_that_is_not_there(host, base_key):
    assert host.outline(base_key.replace(course="Nowhere")) == []


@pytest.mark.parametrize("kind", list(BlockKind))
def test_what_is_hidden_is_not_there_in_this_edition_only(
    editions, change, lea, can_read, answer, stored, kind, make_foreign_enrolment
):
    spring, autumn = editions
    make_foreign_enrolment(spring.base_key, lea)
    hidden = change(spring, **{kind.value: {BlockField.HIDDEN: True}})
    keys = (spring.edition_key, autumn.edition_key, spring.base_key)
    assert [can_read(key, lea) for key in keys] == [False, True, True]
    assert [answer(key, lea) for key in keys] == [False, True, True]
    change(hidden)
    assert can_read(spring.edition_key, lea)
    assert answer(spring.edition_key, lea)


@pytest.mark.parametrize("kind", list(BlockKind))
def test_what_opens_later_is_closed_until_then(editions, change, lea, can_read, answer, kind, today):
    spring, autumn = editions
    later = change(spring, **{kind.value: {BlockField.OPENS_AT: today + DAY}})
    keys = (spring.edition_key, autumn.edition_key)
    assert [can_read(key, lea) for key in keys] == [False, True]
    assert [answer(key, lea) for key in keys] == [False, True]
    change(later, **{kind.value: {BlockField.OPENS_AT: today - DAY}})
    assert answer(spring.edition_key, lea)


def test_names(editions, change, lea, outline_of):
    spring, autumn = editions
    as_authored = outline_of(autumn.edition_key, lea)
    change(spring, section={BlockField.TITLE: "Week <1>"}, subsection={BlockField.TITLE: "Ebb & flow"})
    assert outline_of(spring.edition_key, lea) == ["Week <1>", "Ebb & flow"]
    assert outline_of(autumn.edition_key, lea) == as_authored


@pytest.mark.parametrize(("days", "is_taken"), [(3, True), (-3, False)])
def test_a_deadline_where_the_author_set_none(editions, change, lea, due_of, answer, days, is_taken, today):
    spring, autumn = editions
    change(spring, subsection={BlockField.DUE: today + days * DAY})
    assert due_of(spring.edition_key, lea) == today + days * DAY
    assert due_of(autumn.edition_key, lea) is None
    assert answer(spring.edition_key, lea) is is_taken


def test_another_deadline_than_the_author_s_and_none(make_base_course, make_edition, enrol, change, lea, due_of, today):
    spec = make_edition(base_key=make_base_course(due=today + DAY))
    enrol(spec.edition_key, lea)
    spec = change(spec, subsection={BlockField.DUE: today + 9 * DAY})
    assert due_of(spec.edition_key, lea) == today + 9 * DAY
    spec = change(spec, subsection={BlockField.DUE: None})
    assert due_of(spec.edition_key, lea) is None
    change(spec)
    assert due_of(spec.edition_key, lea) == today + DAY


def test_applying_twice_changes_nothing(host, editions, change):
    spec = change(editions[0], section={BlockField.TITLE: "Week 1"}, unit={BlockField.HIDDEN: True})
    assert host.apply_edition(spec).changed == ()


def test_a_block_that_is_not_in_the_course_comes_to_nothing(host, editions, lea, can_read):
    spec = editions[0]
    gone = spec.base_key.make_usage_key("chapter", "gone")
    changes = (BlockChange(gone, BlockField.HIDDEN, value=True), BlockChange(gone, BlockField.TITLE, "Gone"))
    assert host.apply_edition(replace(spec, revision=2, changes=changes)).failed == ()
    assert can_read(spec.edition_key, lea)


def test_how_many_have_worked_where(host, editions, block, make_user, enrol, answer, lea):
    spring, autumn = editions
    max_ = make_user("max")
    enrol(spring.edition_key, max_)
    for person in (lea, max_):
        answer(spring.edition_key, person)
    assert host.learners_at_work(spring.edition_key) == {block(spring.base_key, kind): 2 for kind in BlockKind}
    assert host.learners_at_work(autumn.edition_key) == {}
