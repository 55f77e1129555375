"""Fixtures of the tests that only edx-platform can answer; what contract and platform tests share stands in `kit`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from edx_django_utils.cache import RequestCache
from edx_toggles.toggles.testutils import override_waffle_flag
from eventtracking import tracker
from eventtracking.django import DjangoTracker
from openedx.core.djangoapps.oauth_dispatch.jwt import create_jwt_for_user

from tests.contract.conftest import ahead, base_key, enrol, make_edition, over, running  # noqa: F401
from tests.platform import courses

LEARNING_APIS = (
    "/api/course_home/course_metadata/{key}",
    "/api/course_home/outline/{key}",
    "/api/course_home/navigation/{key}",
    "/api/course_home/dates/{key}",
    "/api/course_home/progress/{key}",
    "/api/courseware/course/{key}",
    "/api/courseware/sequence/{subsection}",
    "/api/learning_sequences/v1/course_outline/{key}",
)


@pytest.fixture
def lea(make_user):
    """A learner."""
    return make_user("lea")


@pytest.fixture
def with_token() -> Callable:
    """A program that acts for a person with a JWT in the header and without a cookie."""
    return lambda user: Client(HTTP_AUTHORIZATION=f"JWT {create_jwt_for_user(user)}")


@pytest.fixture
def run(committed) -> courses.Run:
    """A base course with two sections; the platform's own Studio settings, so CCX is not enabled on it."""
    with committed():
        return courses.create_course(sections=2)


@pytest.fixture
def every_api() -> Iterator[None]:
    """The APIs that need more than code answer too: the mobile apps' a few rows, and progress a flag."""
    from common.djangoapps.util.milestones_helpers import seed_milestone_relationship_types
    from lms.djangoapps.course_home_api.toggles import COURSE_HOME_MICROFRONTEND_PROGRESS_TAB

    seed_milestone_relationship_types()  # a migration's work
    with override_waffle_flag(COURSE_HOME_MICROFRONTEND_PROGRESS_TAB, active=True):
        yield


@pytest.fixture
def learning_api(signed_in) -> Callable:
    """
    What the Learning micro-frontend is told: (address with {key} and {subsection}, course key, person) -> response.
    """

    def ask(address: str, course_key, user):
        subsection = course_key.make_usage_key("sequential", "subsection_1")
        return signed_in(user).get(address.format(key=course_key, subsection=subsection))

    return ask


@pytest.fixture
def statements() -> Callable:
    """
    Context manager: the SQL statements of the block, on every database, as a list that is filled when it ends.

    Savepoints are left out, as in the figures we compare with.
    """

    @contextmanager
    def record() -> Iterator[list[str]]:
        found: list[str] = []
        RequestCache.clear_all_namespaces()
        with (
            CaptureQueriesContext(connections["default"]) as default,
            CaptureQueriesContext(connections["student_module_history"]) as history,
        ):
            yield found
        found += [
            query["sql"]
            for query in (*default.captured_queries, *history.captured_queries)
            if "SAVEPOINT" not in query["sql"]
        ]

    return record


@pytest.fixture
def tracked() -> Iterator[list[dict]]:
    """The events of the tracking log, as they come."""
    from common.djangoapps.track.tests import IN_MEMORY_BACKEND_CONFIG

    with override_settings(EVENT_TRACKING_BACKENDS=IN_MEMORY_BACKEND_CONFIG):
        before = tracker.get_tracker()
        tracker.register_tracker(DjangoTracker())
        yield tracker.get_tracker().get_backend("mem").events
        tracker.register_tracker(before)


@pytest.fixture
def tomorrow(now):
    """A moment ahead, to the second."""
    return now.replace(microsecond=0) + timedelta(days=1)
