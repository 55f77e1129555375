"""The platform collects a block structure, as after every publish: base course, stock CCX, edition."""

from __future__ import annotations

import pytest
from openedx.core.djangoapps.content.block_structure.api import update_course_in_cache

from benchmarks.measure import ROWS, cost, create_big_course, full_schedule, show
from tests.platform.ccx import create_ccx, our_platform, set_rows, stock_platform


@pytest.mark.django_db(databases="__all__")
def bench_block_structure(make_user, committed):
    """Print the table."""
    with committed():
        base_key = create_big_course()
        plain, full = (create_ccx(base_key, make_user("service"), ROWS) for _ in range(2))
    set_rows(full, full_schedule(full))

    def collecting(key):
        return cost(lambda: update_course_in_cache(key))

    costs = {}
    with stock_platform():
        costs["base course, without the plugin"] = collecting(base_key)
        costs["stock CCX, 2 rows"] = collecting(plain)
        costs["stock CCX, full schedule"] = collecting(full)
    with our_platform():
        costs["base course"] = collecting(base_key)
        costs["edition, 2 rows"] = collecting(plain)
        costs["edition, full schedule"] = collecting(full)
    show("Collection of a block structure of 186 blocks", costs, "base course")
