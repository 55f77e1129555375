"""Results of many people in many editions, in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from cohort_sessions.host import LearnerResult

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def editions(make_edition):
    return [make_edition(session_title=title).edition_key for title in ("Spring", "Autumn")]


def _facts(results: list[LearnerResult]) -> set[tuple]:
    return {
        (
            str(each.edition_key),
            each.user_id,
            each.grade,
            each.passed,
            bool(each.letter),
            each.completed,
            each.completable,
        )
        for each in results
    }


def test_grade_progress_and_activity(host, editions, make_user, enrol, answer):
    spring, autumn = editions
    lea, max_, noor = (make_user(name) for name in ("lea", "max", "noor"))
    for key in editions:
        enrol(key, lea, max_, noor)
    before = now()
    answer(spring, lea, correct=True)
    answer(autumn, lea, correct=False)
    answer(spring, noor, correct=True)

    results = host.results(editions, [lea.pk, max_.pk])

    assert _facts(results) == {
        (str(spring), lea.pk, 1.0, True, True, 1, 2),
        (str(autumn), lea.pk, 0.0, False, False, 1, 2),
    }
    assert all(before - timedelta(seconds=1) <= each.last_activity_at <= now() for each in results)


def test_who_has_done_nothing_is_absent(host, editions, make_user, enrol):
    lea = make_user()
    enrol(editions[0], lea)
    assert host.results(editions, [lea.pk]) == []


def test_nothing_asked_nothing_answered(host, editions, make_user):
    assert host.results([], [make_user().pk]) == []
    assert host.results(editions, []) == []


def test_the_number_of_queries_does_not_grow_with_people(host, editions, make_user, enrol, answer):
    people = [make_user(f"learner{number}") for number in range(5)]
    for key in editions:
        enrol(key, *people)
        for person in people:
            answer(key, person)
    counts = []
    for asked in (people[:1], people):
        host.results(editions, [person.pk for person in asked])
        with CaptureQueriesContext(connection) as queries:
            results = host.results(editions, [person.pk for person in asked])
        assert len(results) == 2 * len(asked)
        counts.append(len(queries))
    assert counts[0] == counts[1]
