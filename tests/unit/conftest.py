"""What tests of operations and queries begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Actor
from cohort_sessions.events import COHORT_MEMBERSHIP_CHANGED, COHORT_SESSION_CHANGED, COHORT_TEAM_CHANGED
from cohort_sessions.models import CohortSession

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.fixture
def make_session(django_capture_on_commit_callbacks) -> Callable[..., CohortSession]:
    """
    A session through the operations, applied to the host: `courses` are base keys, `members` accounts.

    Running at `NOW`; published unless it has no courses or is told otherwise.
    """

    def make(*, courses=(), members=(), publish: bool = True, **values) -> CohortSession:
        values = {
            "title": "Spring",
            "opens_at": NOW - timedelta(days=10),
            "closes_at": NOW + timedelta(days=10),
        } | values
        with django_capture_on_commit_callbacks(execute=True):
            session = api.create_session(actor=SYSTEM, now=NOW, **values)
            assert all(line.ok for line in api.add_courses(session, list(courses), actor=SYSTEM, now=NOW))
            names = [user.username for user in members]
            assert all(line.ok for line in api.enrol_members(session, names, actor=SYSTEM, now=NOW))
            if publish and courses:
                session = api.publish_session(session, actor=SYSTEM, now=NOW)
        return session

    return make


@pytest.fixture
def heard() -> Iterator[list[tuple]]:
    """Everything our events said, as (subject, moment, payload)."""
    said = []
    signals = (COHORT_SESSION_CHANGED, COHORT_MEMBERSHIP_CHANGED, COHORT_TEAM_CHANGED)

    def hear(signal, metadata, **payload):
        subject = signal.event_type.split(".")[3]
        said.append((subject, metadata.time, payload[subject]))

    for signal in signals:
        signal.connect(hear)
    yield said
    for signal in signals:
        signal.disconnect(hear)


@pytest.fixture
def coach_of() -> Callable[..., Actor]:
    """The actor who coaches this whole session."""
    return lambda session: Actor(user_id=None, coached_session_ids=frozenset({session.pk}))
