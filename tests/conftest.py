"""Fixtures shared by all tests. What depends on the host comes from its kit, see `tests.contract`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import TestCase
from django.utils import timezone

pytest_plugins = ["tests.sandbox.kit" if settings.ROOT_URLCONF.startswith("sandbox.") else "tests.platform.kit"]


@pytest.fixture
def committed() -> Callable[[], AbstractContextManager]:
    """``with committed():``, and what was to happen after the commit has happened when the block ends."""
    return lambda: TestCase.captureOnCommitCallbacks(execute=True)


@pytest.fixture
def now() -> datetime:
    """The moment at which the test happens."""
    return timezone.now()


@pytest.fixture
def make_session(committed, now) -> Callable[..., object]:
    """
    Make a session through operations, as `SYSTEM`, and let the host follow.

    Args (all but the title by name):
        title: of the session.
        courses: base keys, in order. A session without any stays a draft.
        members, administrators, session_coaches: accounts.
        coaches: base key -> accounts, the course coaches.
        is_published: ``False`` leaves it a draft.
        values: fields of `queries.session_drafts.EDITABLE_FIELDS`. Without dates, or a duration, it opened a month ago
        and closes in a month.
    """
    from cohort_sessions import api

    def make(
        title: str = "Spring",
        *,
        courses: Sequence = (),
        members: Sequence = (),
        administrators: Sequence = (),
        session_coaches: Sequence = (),
        coaches: dict | None = None,
        is_published: bool = True,
        **values,
    ):
        by_system = {"actor": api.SYSTEM, "now": now}
        if not values.keys() & {"opens_at", "closes_at", "duration_days"}:
            values |= {"opens_at": now - timedelta(days=30), "closes_at": now + timedelta(days=30)}
        with committed():
            session = api.create_session(title=title, **values, **by_system)
            api.add_courses(session, courses, **by_system)
            api.enrol_members(session, [user.username for user in members], **by_system)
            for role, people in (
                (api.TeamRole.ADMINISTRATOR, administrators),
                (api.TeamRole.SESSION_COACH, session_coaches),
            ):
                api.assign_session_team(session, role, [user.username for user in people], **by_system)
            for base_key, people in (coaches or {}).items():
                edition = session.editions.get(base_key=base_key)
                api.assign_course_coaches(edition, [user.username for user in people], **by_system)
            if is_published and courses:
                session = api.publish_session(session, **by_system)
        session.refresh_from_db()
        return session

    return make
