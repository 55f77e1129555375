"""Grades and progress of many people in many editions, in a fixed number of queries; and how they are graded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from cohort_sessions.host import GradingPolicy

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def editions(make_edition):
    return [make_edition(session_title=title).edition_key for title in ("Spring", "Autumn")]


@pytest.fixture
def worked(editions, make_user, enrol, answer):
    """Lea has answered rightly in the first and wrongly in the second, Noor rightly in the first, Max not at all."""
    people = [make_user(name) for name in ("lea", "max", "noor")]
    for key in editions:
        enrol(key, *people)
    spring, autumn = editions
    answer(spring, people[0], correct=True)
    answer(autumn, people[0], correct=False)
    answer(spring, people[2], correct=True)
    return people


def test_grades_of_those_who_are_graded(host, editions, worked):
    (spring, autumn), (lea, max_, _noor) = editions, worked
    found = {(each.edition_key, each.user_id): each for each in host.grades(editions, [lea.pk, max_.pk])}
    assert {place: (each.grade, each.passed, bool(each.letter)) for place, each in found.items()} == {
        (spring, lea.pk): (1.0, True, True),
        (autumn, lea.pk): (0.0, False, False),
    }
    assert [bool(found[key, lea.pk].version) for key in editions] == [True, True]
    assert abs(found[spring, lea.pk].passed_at - now()) < timedelta(minutes=1)
    assert found[autumn, lea.pk].passed_at is None


def test_the_sections_behind_a_grade(host, editions, worked):
    lea = worked[0]
    found = {each.edition_key: each.sections for each in host.grades(editions, [lea.pk])}
    assert [[(each.earned, each.possible) for each in found[key]] for key in editions] == [[(1.0, 1.0)], [(0.0, 1.0)]]
    [section] = found[editions[0]]
    [policy] = host.grading_policies(editions[:1]).values()
    assert section.title
    assert section.block_id
    assert section.assignment_type in [each.assignment_type for each in policy.assignments]


def test_progress_of_those_who_have_worked(host, editions, worked):
    (spring, autumn), (lea, max_, _noor) = editions, worked
    found = {(each.edition_key, each.user_id): each for each in host.progress(editions, [lea.pk, max_.pk])}
    assert {place: (each.completed, each.completable) for place, each in found.items()} == {
        (spring, lea.pk): (1, 2),
        (autumn, lea.pk): (1, 2),
    }
    for each in found.values():
        assert now() - timedelta(minutes=1) <= each.first_activity_at <= each.last_activity_at <= now()


def test_half_passes_and_all_work_counts(host, editions):
    policies = host.grading_policies(editions)
    assert set(policies) == set(editions)
    for policy in policies.values():
        assert isinstance(policy, GradingPolicy)
        assert [least for _letter, least in policy.letters] == [0.5]
        assert [(each.weight, each.dropped) for each in policy.assignments] == [(1.0, 0)]


@pytest.mark.parametrize("read", ["grades", "progress", "certificates"])
def test_nothing_asked_nothing_answered(host, editions, make_user, enrol, read):
    lea = make_user()
    enrol(editions[0], lea)
    ask = getattr(host, read)
    assert ask([], [lea.pk]) == ask(editions, []) == ask(editions, [lea.pk]) == []


@pytest.mark.parametrize(("read", "most"), [("grades", 2), ("progress", 4)])
def test_the_number_of_queries_does_not_grow_with_people(host, editions, make_user, enrol, answer, read, most):
    people = [make_user(f"learner{number}") for number in range(5)]
    for key in editions:
        enrol(key, *people)
        for person in people:
            answer(key, person)
    ask = getattr(host, read)
    counts = []
    for asked in (people[:1], people):
        ids = [person.pk for person in asked]
        ask(editions, ids)
        with CaptureQueriesContext(connection) as queries:
            assert len(ask(editions, ids)) == 2 * len(asked)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= most
