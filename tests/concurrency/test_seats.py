"""Two hundred people press Join at the same moment, and there are twenty seats."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic

import pytest
from django.db import connection, connections

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Actor, MemberStatus
from cohort_sessions.joining import Standing
from tests.unit.conftest import NOW

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no row locks; run make test-mysql"),
]

PEOPLE, SEATS, ROUNDS = 200, 20, 100


@pytest.fixture
def people(django_user_model) -> list[Actor]:
    """Accounts that want in."""
    rows = [django_user_model(username=f"learner{number}") for number in range(PEOPLE)]
    django_user_model.objects.bulk_create(rows)
    ids = django_user_model.objects.filter(username__startswith="learner").values_list("pk", flat=True)
    return [Actor(user_id=pk) for pk in ids]


def open_session(number: int):
    """A published session with twenty seats, open to everybody."""
    session = api.create_session(
        title=f"Round {number}", joining="open", capacity=SEATS, actor=SYSTEM, now=NOW, code=f"round-{number}"
    )
    type(session).objects.filter(pk=session.pk).update(status="published")
    return session


def test_never_one_seat_too_many_and_the_line_in_order_of_arrival(people):
    """A hundred rounds: twenty get a seat, the others stand in line, who came before stands before."""
    barrier = Barrier(PEOPLE)
    with ThreadPoolExecutor(PEOPLE) as pool:

        def join(actor, session):
            barrier.wait(timeout=120)
            began = monotonic()
            outcome = api.join_session(session, actor=actor, now=NOW)
            return began, monotonic(), outcome

        for number in range(ROUNDS):
            session = open_session(number)
            answers = list(pool.map(join, people, [session] * PEOPLE))
            assert session.members.filter(status=MemberStatus.ACTIVE).count() == SEATS
            positions = [
                outcome.position for _began, _ended, outcome in answers if outcome.standing == Standing.WAITING
            ]
            assert sorted(positions) == list(range(1, PEOPLE - SEATS + 1))
            assert list(session.requests.order_by("queue_number").values_list("queue_number", flat=True)) == list(
                range(1, PEOPLE - SEATS + 1)
            )
            in_order = sorted(answers, key=lambda answer: answer[2].position or 0)
            latest_beginning = 0.0
            for began, ended, _outcome in in_order:
                # Nobody stands behind somebody who began only after they had finished.
                assert ended >= latest_beginning
                latest_beginning = max(latest_beginning, began)
        list(pool.map(lambda _number: (barrier.wait(timeout=120), connections.close_all()), range(PEOPLE)))
