"""Whatever the platform says, in any order, repeated, late or never: what the ledger holds after every step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cohort_sessions import api, tasks
from cohort_sessions.data import SYSTEM, ResultPart
from cohort_sessions.models import EditionResult
from tests.unit.conftest import NOW
from tests.unit.test_ledger import COUNTS, Platform, counts

pytestmark = pytest.mark.django_db(databases="__all__")

NAMES = ("ada", "ben")
DAY = timedelta(days=1)
FINAL_AFTER = 2

people = st.sampled_from(NAMES)
parts = st.sampled_from(ResultPart)
editions = st.integers(0, 1)


class Ledger(RuleBasedStateMachine):
    """Two sessions of one course that close in three days, final two days later; users, course, platform are given."""

    users: dict
    base_key: object
    platform: Platform

    @initialize()
    def begin(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = NOW
        self.platform.graded.clear()
        self.platform.done.clear()
        # Events under way: they may arrive in any order, more than once, or never.
        self.underway: list[tuple] = []
        # What counts of each result that is final, and since when.
        self.final: dict[int, tuple] = {}
        terms = {"opens_at": NOW - DAY, "closes_at": NOW + 3 * DAY, "results_final_after_days": FINAL_AFTER}
        self.editions = [self.make(title, **terms) for title in ("Morning", "Evening")]

    def make(self, title, **terms):
        session = api.create_session(actor=SYSTEM, now=NOW, title=title, **terms)
        api.add_courses(session, [self.base_key], actor=SYSTEM, now=NOW)
        api.enrol_members(session, NAMES, actor=SYSTEM, now=NOW)
        return api.publish_session(session, actor=SYSTEM, now=NOW).editions.get()

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # What the platform does

    @rule(name=people, place=editions, tenths=st.integers(0, 10))
    def grade(self, name, place, tenths):
        self.platform.grade(self.editions[place], self.users[name], tenths / 10)
        self.underway.append((name, place, ResultPart.GRADE))

    @rule(name=people, place=editions, completed=st.integers(0, 4))
    def complete(self, name, place, completed):
        self.platform.complete(self.editions[place], self.users[name], completed)
        self.underway.append((name, place, ResultPart.PROGRESS))

    @rule(name=people, place=editions)
    def reset(self, name, place):
        key = (self.editions[place].edition_key, self.users[name].pk)
        self.platform.graded.pop(key, None)
        self.platform.done.pop(key, None)

    @rule(data=st.data(), again=st.booleans())
    def arrive(self, data, again):
        if self.underway:
            place = data.draw(st.integers(0, len(self.underway) - 1))
            name, edition, part = self.underway[place] if again else self.underway.pop(place)
            key = self.editions[edition].edition_key
            api.record_results(key, [self.users[name].pk], parts={part}, now=self.now)

    @rule(place=editions)
    def resync(self, place):
        """Afterwards the ledger says what the platform says, wherever that still counts."""
        ids = [user.pk for user in self.users.values()]
        edition = self.editions[place]
        api.resync_results(edition, ids, actor=SYSTEM, now=self.now)
        for name, user in self.users.items():
            said = self.said(edition, user)
            result = EditionResult.objects.filter(edition=edition, member__user=user).first()
            if result is None:
                assert said == (None, "", False, 0, 0), name
            elif result.final_at is None:
                assert counts(result)[:4] == said[:4], name
            else:
                assert self.told_later(result)[:4] == said[:4], name
        assert api.resync_results(edition, ids, actor=SYSTEM, now=self.now) == []

    # What time and people do

    @rule(hours=st.integers(1, 60))
    def tick(self, hours):
        self.now += timedelta(hours=hours)
        tasks.pass_time(now=self.now)
        for edition in self.editions:
            edition.session.refresh_from_db()
            if edition.session.agenda.finals_due_at and edition.session.agenda.finals_due_at <= self.now:
                api.finalise_results(edition.session, actor=SYSTEM, now=self.now)
            api.finalise_results(edition.session, actor=SYSTEM, now=self.now)

    @rule(name=people, place=editions)
    def reopen(self, name, place):
        edition = self.editions[place]
        [line] = api.reopen_results(edition, [name], reason="Marked wrongly.", actor=SYSTEM, now=self.now)
        if line.changed:
            result = EditionResult.objects.get(edition=edition, member__user=self.users[name])
            assert counts(result)[:4] == self.said(edition, self.users[name])[:4]
            del self.final[result.pk]

    # What holds

    @invariant()
    def final_results_stay_as_they_are(self):
        for result in EditionResult.objects.exclude(final_at=None) if hasattr(self, "final") else ():
            assert self.final.setdefault(result.pk, (*counts(result), result.final_at)) == (
                *counts(result),
                result.final_at,
            )

    @invariant()
    def nothing_is_final_before_its_time(self):
        if hasattr(self, "now") and self.now < NOW + (3 + FINAL_AFTER) * DAY:
            assert not EditionResult.objects.exclude(final_at=None).exists()

    # Helpers

    def said(self, edition, user) -> tuple:
        """What the platform says now, in the columns that count."""
        key = (edition.edition_key, user.pk)
        grade, done = self.platform.graded.get(key), self.platform.done.get(key)
        graded = (grade.grade, grade.letter, grade.passed) if grade else (None, "", False)
        return *graded, done.completed if done else 0, done.completable if done else 0

    def told_later(self, result) -> tuple:
        return tuple(result.later.get(name, getattr(result, name)) for name in COUNTS)


def test_whatever_arrives_the_ledger_converges_and_final_results_stay(make_user, make_base_course, host, monkeypatch):
    """Hypothesis tries to find an order of steps after which something does not hold."""
    platform = Platform()
    monkeypatch.setattr(type(host), "grades", lambda _self, *asked: platform.grades(*asked))
    monkeypatch.setattr(type(host), "progress", lambda _self, *asked: platform.progress(*asked))
    Ledger.users = {name: make_user(name) for name in NAMES}
    Ledger.base_key = make_base_course()
    Ledger.platform = platform
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
