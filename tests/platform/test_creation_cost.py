"""What a request waits for when courses are added to a session."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import TestCase

from cohort_sessions import api
from cohort_sessions.data import SYSTEM

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def session(running, now):
    return api.create_session(
        title="Spring", opens_at=running.opens_at, closes_at=running.closes_at, actor=SYSTEM, now=now
    )


def test_adding_a_course_waits_for_few_statements(session, run, statements, make_edition, now):
    """At most 30; the first edition ever also makes the service account."""
    make_edition()
    with TestCase.captureOnCommitCallbacks() as told_later, statements() as queries:
        outcomes = api.add_courses(session, [run.key], actor=SYSTEM, now=now)
    assert [outcome.ok for outcome in outcomes] == [True]
    assert len(told_later) == 2  # that there is a course more, and that the platform is to follow
    assert len(queries) == 10


def test_reserving_is_one_insert(host, run, make_edition, statements):
    make_edition()
    with statements() as queries:
        host.reserve_edition(run.key, uuid4())
    assert [query.split()[0] for query in queries] == ["SELECT", "SELECT", "SELECT", "INSERT"]


def test_the_service_account_is_made_once(host, run, settings):
    for _ in range(2):
        host.reserve_edition(run.key, uuid4())
    assert get_user_model().objects.filter(username=settings.COHORT_SESSIONS_SERVICE_USERNAME).count() == 1
