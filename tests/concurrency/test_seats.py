"""Two hundred people press Join at the same moment, and there are twenty seats."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from threading import Barrier
from time import monotonic
from typing import NamedTuple

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Actor, MemberStatus
from cohort_sessions.models import CohortSession
from tests.unit.conftest import NOW

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no row locks; run make test-mysql"),
]

PEOPLE, SEATS, ROUNDS = 200, 20, 100

# Every so many rounds the whole way from the request on is gone; in between, the operation alone, which is quicker.
THROUGH_THE_DOOR = 10


class Answer(NamedTuple):
    """What one person was told. `position` is 0 for who got a seat; `began` and `ended` are seconds."""

    began: float
    ended: float
    standing: str
    position: int


@pytest.fixture
def people(django_user_model) -> list:
    """Accounts that want in."""
    django_user_model.objects.bulk_create(
        django_user_model(username=f"learner{number}", email=f"learner{number}@example.com") for number in range(PEOPLE)
    )
    return list(django_user_model.objects.filter(username__startswith="learner"))


def test_never_one_seat_too_many_and_the_line_in_order_of_arrival(people):
    """A hundred rounds: twenty get a seat, the others stand in line, who came before stands before."""
    clients = {user.pk: Client(raise_request_exception=False) for user in people}
    for user in people:
        clients[user.pk].force_login(user)
    barrier = Barrier(PEOPLE)

    def at_once(
        join: Callable[[object, CohortSession], tuple[str, int | None]], session: CohortSession
    ) -> list[Answer]:
        def press(user) -> Answer:
            barrier.wait(timeout=300)
            began = monotonic()
            standing, position = join(user, session)
            return Answer(began, monotonic(), standing, position or 0)

        return list(pool.map(press, people))

    def by_operation(user, session: CohortSession) -> tuple[str, int | None]:
        outcome = api.join_session(session, actor=Actor(user_id=user.pk), now=NOW)
        return outcome.standing.value, outcome.position

    def through_the_door(user, session: CohortSession) -> tuple[str, int | None]:
        address = reverse("cohort_sessions:api-available-sessions-join", args=[session.code])
        answer = clients[user.pk].post(address, {}, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()["standing"], answer.json()["position"]

    with ThreadPoolExecutor(PEOPLE) as pool:
        for number in range(ROUNDS):
            session = open_session(number)
            answers = at_once(through_the_door if number % THROUGH_THE_DOOR == 0 else by_operation, session)
            look_at(session, answers)
        at_once(lambda _user, _session: (connections.close_all(), None), session)


def open_session(number: int) -> CohortSession:
    """A published session with twenty seats, open to everybody; its courses do not matter here."""
    session = api.create_session(
        title=f"Round {number}", joining="open", capacity=SEATS, code=f"round-{number}", actor=SYSTEM, now=NOW
    )
    CohortSession.objects.filter(pk=session.pk).update(status="published")
    return session


def look_at(session: CohortSession, answers: list[Answer]) -> None:
    """Compare what people were told with what is stored, and the line with when they came."""
    waiting = list(range(1, PEOPLE - SEATS + 1))
    assert session.members.filter(status=MemberStatus.ACTIVE).count() == SEATS
    assert list(session.requests.values_list("queue_number", flat=True)) == waiting
    assert sorted((answer.standing, answer.position) for answer in answers) == sorted(
        [("member", 0)] * SEATS + [("waiting", position) for position in waiting]
    )
    latest_beginning_before = 0.0
    by_place = sorted(answers, key=lambda answer: answer.position)
    for _position, same_place in groupby(by_place, key=lambda answer: answer.position):
        here = list(same_place)
        # Nobody stands behind somebody who began only after they themselves had been answered.
        assert all(answer.ended >= latest_beginning_before for answer in here)
        latest_beginning_before = max(latest_beginning_before, *(answer.began for answer in here))
