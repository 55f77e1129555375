"""Base courses, other people's CCX courses and the switch: read as if we were not here."""

from __future__ import annotations

import pytest
from edx_django_utils.cache import RequestCache
from edx_toggles.toggles.testutils import override_waffle_switch
from lms.djangoapps.courseware.courses import get_course_by_id
from xmodule.modulestore.django import modulestore

from cohort_sessions.edxapp.hooks import patches
from cohort_sessions.edxapp.toggles import DISABLE_FIELD_OVERRIDE_REPAIRS
from tests.platform import ccx, courses
from tests.platform.ccx import COURSE, create_ccx, our_platform, publish, set_rows, stock_platform
from tests.platform.reading.kit import (
    CHAPTER,
    LONG_AGO,
    PROBLEM,
    SUBSECTION,
    TOMORROW,
    YESTERDAY,
    change,
    fetched,
    walked,
)

pytestmark = pytest.mark.django_db(databases="__all__")


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
