"""Concurrent writers meet a constraint or a lock, not luck."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, EditionState, MemberStatus
from cohort_sessions.models import ActiveDay
from tests.unit.conftest import NOW
from tests.unit.test_ledger import Platform

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no row locks; run make test-mysql"),
]

WRITERS = 8


def at_once(work: Callable[[int], object]) -> list:
    """What `work(0)` … `work(7)` return, all started at the same moment, each on a connection of its own."""
    barrier = Barrier(WRITERS)

    def run(number: int):
        try:
            barrier.wait(timeout=30)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


@pytest.fixture
def session(make_base_course):
    """A published session with one course, open for ever."""
    session = api.create_session(title="Spring", actor=SYSTEM, now=NOW)
    api.add_courses(session, [make_base_course()], actor=SYSTEM, now=NOW)
    return api.publish_session(session, actor=SYSTEM, now=NOW)


def test_the_same_people_enrolled_by_everybody_get_one_place_each(session, make_user):
    """Eight overlapping bulk enrolments: every line answered, nobody twice, exactly one writer changed each."""
    names = [make_user(f"learner{number}").username for number in range(5)]
    answers = at_once(lambda _number: api.enrol_members(session, names, actor=SYSTEM, now=NOW))
    assert [[line.ok for line in lines] for lines in answers] == [[True] * 5] * WRITERS
    assert [sum(lines[n].changed for lines in answers) for n in range(5)] == [1] * 5
    assert list(session.members.values_list("status", flat=True)) == [MemberStatus.ACTIVE] * 5


def test_the_same_course_added_by_everybody_is_added_once(make_base_course):
    """One edition, one key reserved, and it ends up applied."""
    base_key = make_base_course()
    session = api.create_session(title="Summer", actor=SYSTEM, now=NOW)
    answers = at_once(lambda _number: api.add_courses(session, [base_key], actor=SYSTEM, now=NOW)[0])
    assert sorted(line.changed for line in answers) == [False] * (WRITERS - 1) + [True]
    edition = session.editions.get()
    assert (edition.state, edition.apply_error) == (EditionState.READY, "")


def test_the_first_entry_is_one_moment(session, make_user):
    """Eight requests of one page load: one starts the clock."""
    session = api.edit_session(session, duration_days=7, actor=SYSTEM, now=NOW)
    lea = make_user("lea")
    api.enrol_members(session, ["lea"], actor=SYSTEM, now=NOW)
    edition_id = session.editions.get().pk
    answers = at_once(lambda _number: api.record_first_entry(edition_id, user_id=lea.pk, now=NOW))
    assert sorted(answers) == [False] * (WRITERS - 1) + [True]


def test_a_day_that_everybody_notes_is_noted_once(session, make_user, host, monkeypatch):
    """Eight workers follow the same events of three learners, in one order and in the other."""
    people = [make_user(f"learner{number}") for number in range(3)]
    api.enrol_members(session, [user.username for user in people], actor=SYSTEM, now=NOW)
    edition = session.editions.get()
    platform = Platform()
    for user in people:
        platform.complete(edition, user, 1)
    monkeypatch.setattr(type(host), "grades", lambda _self, *asked: platform.grades(*asked))
    monkeypatch.setattr(type(host), "progress", lambda _self, *asked: platform.progress(*asked))
    ids = [user.pk for user in people]
    at_once(lambda number: api.record_results(edition.edition_key, ids[:: 1 - 2 * (number % 2)], now=NOW))
    days = ActiveDay.objects.order_by("member").values_list("edition", "member__user", "day")
    # The platform tells of the first work, the day before, and of the last.
    assert sorted(days) == [
        (edition.pk, user.pk, day) for user in people for day in (NOW.date() - timedelta(days=1), NOW.date())
    ]


def test_edits_of_different_fields_do_not_overwrite_one_another(session):
    """Each writer works on the row as it is, not as it was when the page was opened."""
    edits = [{"title": "Renamed"}, {"description": "Described"}, {"organisation": "Sea"}, {"code": "recoded"}]
    at_once(lambda number: api.edit_session(session, actor=SYSTEM, now=NOW, **edits[number % 4]))
    session.refresh_from_db()
    assert (session.title, session.description, session.organisation, session.code) == (
        "Renamed",
        "Described",
        "Sea",
        "recoded",
    )


def test_applying_from_several_workers_ends_in_the_last_word(session, title_of):
    """Renames and applications interleave; the host ends with the newest title and the outbox empty."""

    def rename_or_apply(number: int) -> None:
        if number % 2:
            api.edit_session(session, title=f"Title {number}", actor=SYSTEM, now=NOW)
        else:
            api.apply_edition(session.editions.get().pk, actor=SYSTEM, now=NOW)

    at_once(rename_or_apply)
    session.refresh_from_db()
    edition = session.editions.get()
    assert (edition.state, edition.apply_error) == (EditionState.READY, "")
    assert title_of(edition.edition_key).endswith(session.title)
