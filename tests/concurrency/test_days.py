"""Writers of days that meet: each day is there once, and none of them fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from cohort_sessions import api, tasks
from cohort_sessions.data import SYSTEM, ResultPart
from cohort_sessions.models import ActiveDay, EditionDay
from cohort_sessions.operations.edition_days import record_edition_days
from tests.concurrency.test_writers import WRITERS, at_once
from tests.unit.conftest import NOW
from tests.unit.test_ledger import Platform

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no row locks; run make test-mysql"),
]

DAY = timedelta(days=1)


@pytest.fixture
def platform(host, monkeypatch):
    platform = Platform()
    monkeypatch.setattr(type(host), "grades", lambda _self, *asked: platform.grades(*asked))
    monkeypatch.setattr(type(host), "progress", lambda _self, *asked: platform.progress(*asked))
    return platform


@pytest.fixture
def people(make_user):
    return [make_user(f"learner{number}") for number in range(WRITERS)]


@pytest.fixture
def edition(make_base_course, people):
    session = api.create_session(title="Spring", actor=SYSTEM, now=NOW)
    api.add_courses(session, [make_base_course()], actor=SYSTEM, now=NOW)
    api.enrol_members(session, [user.username for user in people], actor=SYSTEM, now=NOW)
    return api.publish_session(session, actor=SYSTEM, now=NOW).editions.get()


@pytest.mark.parametrize("whose", ["the same", "their own"])
def test_events_of_eight_people_or_eight_of_one(edition, people, platform, whose):
    for user in people:
        platform.complete(edition, user, 1)

    def hear(number: int) -> int:
        user = people[0 if whose == "the same" else number]
        return api.record_results(edition.edition_key, [user.pk], parts={ResultPart.PROGRESS}, now=NOW)

    heard = at_once(hear)
    about = people[:1] if whose == "the same" else people
    assert sum(heard) == len(about)
    assert sorted(ActiveDay.objects.values_list("member__user", "day")) == sorted(
        (user.pk, day) for user in about for day in (NOW.date() - DAY, NOW.date())
    )


def test_a_resync_of_everybody_beside_their_events(edition, people, platform):
    for user in people:
        platform.complete(edition, user, 1)
    ids = [user.pk for user in people]
    at_once(lambda number: api.record_results(edition.edition_key, ids if number < 2 else [ids[number]], now=NOW))
    assert ActiveDay.objects.count() == 2 * len(people)


def test_ticks_count_an_hour_once_and_whoever_counts_beside_them_comes_to_the_same(edition, people):
    cache.clear()
    reports = at_once(lambda _number: tasks.pass_time(now=NOW))
    assert [report.failures for report in reports] == [()] * WRITERS
    [day] = EditionDay.objects.all()
    assert (day.edition, day.day, day.learners) == (edition, NOW.date(), len(people))
    assert at_once(lambda _number: record_edition_days(actor=SYSTEM, now=NOW)) == [1] * WRITERS
    assert EditionDay.objects.get().pk == day.pk
