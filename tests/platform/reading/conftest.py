"""The platform with and without this plugin, and editions made row by row, with the guard off."""

from __future__ import annotations

import pytest
from edx_django_utils.cache import RequestCache
from edx_toggles.toggles.testutils import override_waffle_switch

from cohort_sessions.edxapp.toggles import DISABLE_GUARD
from tests.platform import courses
from tests.platform.ccx import COURSE, create_ccx, our_platform, stock_platform
from tests.platform.reading.kit import LONG_AGO, OURS, STOCK


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
