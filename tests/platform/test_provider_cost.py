"""What reading an edition costs, in SQL statements and in work, beside its base course and beside a stock CCX."""

from __future__ import annotations

import cProfile
import json
import pstats
import re
from datetime import UTC, datetime

import pytest
from edx_django_utils.cache import RequestCache
from edx_toggles.toggles.testutils import override_waffle_switch
from lms.djangoapps.ccx.models import CcxFieldOverride
from openedx.core.djangoapps.content.block_structure.api import update_course_in_cache
from xmodule.modulestore.django import modulestore

from cohort_sessions.edxapp.hooks.editions import edition_of
from cohort_sessions.edxapp.toggles import DISABLE_GUARD
from tests.platform import courses
from tests.platform.ccx import COURSE, create_ccx, our_platform, stock_platform
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ROWS = {COURSE: {"start": LONG_AGO, "display_name": "Tides - Spring"}}


@pytest.fixture
def base(committed):
    """A base course of three units."""
    with committed():
        return courses.create_course(start=LONG_AGO, sections=3)


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def unit_view(signed_in, statements):
    """The number of statements of a unit's page, when the caches are warm."""

    def count(key, user):
        browser, address = signed_in(user), f"/xblock/{key.make_usage_key('vertical', 'unit_1')}"
        for _ in range(2):
            with statements() as found:
                response = browser.get(address)
        assert courses.TEXT in response.content.decode()
        return len(found)

    return count


def test_a_unit_of_an_edition_costs_little_more_than_the_base_courses(
    base, lea, make_user, make_foreign_enrolment, unit_view, committed
):
    stock_key = create_ccx(base.key, make_user("coach"), ROWS, is_ours=False)
    for key in (base.key, stock_key):
        make_foreign_enrolment(key, lea)
    key = edition_key(create_session(base.key, members=[lea]))

    with our_platform():
        ours = {"base": unit_view(base.key, lea), "edition": unit_view(key, lea)}
        with override_waffle_switch(DISABLE_GUARD, active=True):
            ours["edition without the guard"] = unit_view(key, lea)
    with stock_platform(), override_waffle_switch(DISABLE_GUARD, active=True):
        stock = {"base": unit_view(base.key, lea), "ccx": unit_view(stock_key, lea)}

    assert stock == {"base": 36, "ccx": 48}
    assert ours == {"base": 36, "edition": 40, "edition without the guard": 39}


def test_courses_that_are_no_editions_cost_what_they_cost(base, lea, make_user, make_foreign_enrolment, unit_view):
    """The guard looks a CCX up before it lets it pass, so that it is off while a foreign one is measured."""
    foreign = create_ccx(base.key, make_user("coach"), ROWS, is_ours=False)
    for key in (base.key, foreign):
        make_foreign_enrolment(key, lea)

    with override_waffle_switch(DISABLE_GUARD, active=True):
        with stock_platform():
            before = unit_view(base.key, lea), unit_view(foreign, lea)
        with our_platform():
            after = unit_view(base.key, lea), unit_view(foreign, lea)

    assert after == before


def test_collecting_an_edition_is_about_as_much_work_as_collecting_its_base_course(committed, make_user):
    """Counted in function calls, which depend on no machine. The stock CCX makes more than three times as many."""
    with committed():
        run = courses.create_course(start=LONG_AGO, sections=12)
    key = create_ccx(run.key, make_user("service"), ROWS)

    with our_platform():
        base, edition = collection_calls(run.key), collection_calls(key)
    with stock_platform():
        stock = collection_calls(key)

    assert edition < 1.25 * base
    assert stock > 3 * base


@pytest.mark.parametrize("rows", [1, 50])
def test_an_edition_is_one_statement_however_much_it_says(base, make_user, statements, rows):
    fields = {f"field_{number}": number for number in range(rows - 1)}
    other = create_ccx(base.key, make_user("service"), {COURSE: {"start": LONG_AGO, "planted": 1}})
    key = create_ccx(base.key, make_user("service"), {COURSE: {"start": LONG_AGO, **fields}})

    with our_platform(), statements() as found:
        for course_key in (key, key.for_branch("published-branch"), base.key, key):
            edition = edition_of(course_key)

    assert len(found) == 1
    assert edition.names(COURSE) == {"start", *fields}
    assert CcxFieldOverride.objects.filter(ccx_id=other.ccx, field="planted", value=json.dumps(1)).exists()


def test_inside_one_operation_a_block_is_built_once(base, make_user):
    """As in any course; the stock CCX builds anew whatever the runtime asks for."""
    key = create_ccx(base.key, make_user("service"), ROWS)

    def units():
        with modulestore().bulk_operations(key):
            places = ("html", "text_1"), ("problem", "problem_1")
            blocks = [modulestore().get_item(key.make_usage_key(*place)) for place in places]
            return {id(block.get_parent()) for block in blocks}

    with our_platform():
        assert len(units()) == 1
    with stock_platform():
        assert len(units()) == 2


_IS_ABOUT_BLOCKS = re.compile(r"[/\\](xmodule|xblock|lms|openedx|opaque_keys|ccx_keys|cohort_sessions)[/\\]").search


def collection_calls(course_key):
    """
    The number of calls into the code of blocks and their keys that building the course's block structure takes, once
    warm.

    Without the database's: the one that stands in for MongoDB in tests searches all that earlier tests have stored.
    The least of a few runs: whatever else wakes up in the process meanwhile only adds.
    """
    calls = []
    for _ in range(3):
        RequestCache.clear_all_namespaces()
        profile = cProfile.Profile()
        profile.runcall(update_course_in_cache, course_key)
        by_function = pstats.Stats(profile).stats
        calls.append(
            sum(times for (path, *_), (_primitive, times, *_rest) in by_function.items() if _IS_ABOUT_BLOCKS(path))
        )
    return min(calls)
