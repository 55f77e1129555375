"""Ticks that meet: each thing happens once, and none of them fails."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from cohort_sessions import api
from cohort_sessions.data import SYSTEM
from cohort_sessions.models import CohortSession, Notice, SessionAgenda, SessionRepetition
from cohort_sessions.operations.lifecycle import Step
from cohort_sessions.tasks import pass_time
from tests.concurrency.test_writers import WRITERS, at_once
from tests.unit.conftest import NOW

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no row locks; run make test-mysql"),
]

DAY = timedelta(days=1)
LATER = NOW + 10 * DAY
SESSIONS = 5


def test_eight_at_once_do_everything_once(make_base_course, make_user):
    """Five recurring sessions in which an offer runs out and which nobody has looked at, and eight ticks."""
    base_key = make_base_course()
    people = [make_user(name) for name in ("lea", "ben", "max")]
    for number in range(SESSIONS):
        session = api.create_session(
            title=f"Spring {number}",
            opens_at=NOW - DAY,
            closes_at=NOW + 12 * DAY,
            joining="open",
            capacity=1,
            offer_days=3,
            repeat_every_days=30,
            repeat_lead_days=5,
            actor=SYSTEM,
            now=NOW,
        )
        api.add_courses(session, [base_key], actor=SYSTEM, now=NOW)
        session = api.publish_session(session, actor=SYSTEM, now=NOW)
        for person in people:
            api.join_session(session, actor=api.Actor(user_id=person.pk), now=NOW)
        api.remove_members(session, ["lea"], actor=SYSTEM, now=NOW)

    reports = at_once(lambda _number: pass_time(now=LATER))

    assert [report.failures for report in reports] == [()] * WRITERS
    assert sum((Counter(report.steps) for report in reports), Counter()) == {
        Step.LINE_MOVED: SESSIONS,
        Step.REPEATED: SESSIONS,
    }
    assert sum(report.sessions for report in reports) == 2 * SESSIONS
    assert SessionRepetition.objects.count() == SESSIONS
    assert CohortSession.objects.count() == SessionAgenda.objects.count() == 2 * SESSIONS
    assert Counter(Notice.objects.values_list("user__username", "kind")) == {
        ("ben", "seat_offered"): SESSIONS,
        ("ben", "offer_expired"): SESSIONS,
        ("max", "seat_offered"): SESSIONS,
    }


def test_eight_at_once_tell_each_member_of_an_announcement_once(make_base_course, make_user):
    """Published by now, to be told by mail to three members."""
    people = [make_user(name) for name in ("lea", "ben", "max")]
    session = api.create_session(title="Spring", opens_at=NOW, closes_at=LATER + DAY, actor=SYSTEM, now=NOW)
    api.add_courses(session, [make_base_course()], actor=SYSTEM, now=NOW)
    api.enrol_members(session, [person.username for person in people], actor=SYSTEM, now=NOW)
    session = api.publish_session(session, actor=SYSTEM, now=NOW)
    words = {"title": "The tide", "text": "At six.", "published_from": LATER, "mails": True}
    api.create_announcement(session, **words, actor=SYSTEM, now=NOW)

    reports = at_once(lambda _number: pass_time(now=LATER))

    assert [report.failures for report in reports] == [()] * WRITERS
    assert sum(report.announcements for report in reports) == 1
    told = Notice.objects.filter(kind="announcement").values_list("user__username", flat=True)
    assert sorted(told) == ["ben", "lea", "max"]
