"""A learner opens a unit, ``/xblock/<vertical>``: base course, stock CCX, edition with and without its guard."""

from __future__ import annotations

import pytest
from edx_toggles.toggles.testutils import override_waffle_switch

from benchmarks.measure import ROWS, cost, create_big_course, expect, full_schedule, show
from cohort_sessions.edxapp.toggles import DISABLE_GUARD
from tests.platform import courses
from tests.platform.ccx import create_ccx, our_platform, publish, set_rows, stock_platform
from tests.platform.sessions import create_session, edition_key


@pytest.mark.django_db(databases="__all__")
def bench_unit_view(make_user, make_foreign_enrolment, signed_in, committed):
    """Print the table."""
    with committed():
        base_key = create_big_course()
        stock_key = create_ccx(base_key, make_user("coach"), ROWS, is_ours=False)
        full_key = create_ccx(base_key, make_user("coach"), ROWS, is_ours=False)
    lea = make_user("lea")
    for key in (base_key, stock_key, full_key):
        make_foreign_enrolment(key, lea)
    ours = edition_key(create_session(base_key, members=[lea]))
    set_rows(full_key, full_schedule(full_key))
    publish(full_key)

    def opening(key):
        browser, address = signed_in(lea), f"/xblock/{key.make_usage_key('vertical', 'unit_0_0_0')}"

        def open_unit():
            expect(courses.TEXT in browser.get(address).content.decode(), wanted=True)

        return cost(open_unit)

    costs = {}
    with stock_platform(), override_waffle_switch(DISABLE_GUARD, active=True):
        costs["base course, without the plugin"] = opening(base_key)
        costs["stock CCX, 2 rows"] = opening(stock_key)
        costs["stock CCX, full schedule"] = opening(full_key)
    with our_platform():
        costs["base course"] = opening(base_key)
        costs["edition"] = opening(ours)
        with override_waffle_switch(DISABLE_GUARD, active=True):
            costs["edition, guard turned off"] = opening(ours)
    show("Unit view of a learner", costs, "base course")
