"""Time passes in a real LMS: the tick tells it, learner by learner, and nothing that was learnt is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from openedx.core.djangoapps.content.course_overviews.models import CourseOverview

from cohort_sessions import api
from cohort_sessions.data import SYSTEM
from cohort_sessions.models import CohortSession, SessionAgenda
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def tick(committed) -> Callable[[], str]:
    """Run the command, and what it queues; what it said."""

    def run() -> str:
        out = StringIO()
        with committed():
            call_command("cohort_sessions_tick", stdout=out)
        return out.getvalue()

    return run


def time_passes(session: CohortSession, **dates) -> None:
    """As if these dates of the session had come, and nothing of them had been told."""
    CohortSession.objects.filter(pk=session.pk).update(**dates)
    moment = timezone.now() - MINUTE
    SessionAgenda.objects.filter(session=session).update(due_at=moment, seen_at=moment - DAY)


def test_hidden_after_the_close_for_each_at_their_own_end(make_base_course, make_user, answer, stored, tick):
    lea, ben = make_user("lea"), make_user("ben")
    session = create_session(make_base_course(), members=[lea, ben], after_close="hidden")
    key = edition_key(session)
    tick()
    assert answer(key, lea)
    assert answer(key, ben)
    before = stored(key, ben)
    api.set_member_dates(session, ["lea"], extra_days=3, actor=SYSTEM, now=timezone.now())

    time_passes(session, closes_at=timezone.now() - MINUTE)
    assert tick().startswith("Sessions looked at: 1 (told to the platform 1).")
    assert not CourseOverview.objects.get(pk=key).visible_to_staff_only
    assert [stored(key, person).is_enrolled for person in (lea, ben)] == [True, False]

    time_passes(session, closes_at=timezone.now() - 3 * DAY - MINUTE)
    assert tick().startswith("Sessions looked at: 1 (finished 1, told to the platform 1).")
    assert CourseOverview.objects.get(pk=key).visible_to_staff_only
    assert not stored(key, lea).is_enrolled
    after = stored(key, ben)
    assert (after.answers, after.score, after.completed) == (before.answers, before.score, before.completed)

    api.edit_session(session, closes_at=timezone.now() + DAY, actor=SYSTEM, now=timezone.now())
    tick()
    assert not CourseOverview.objects.get(pk=key).visible_to_staff_only
    assert stored(key, ben) == before


def test_an_opening_and_a_close_are_told(make_base_course, make_user, tick):
    """Nobody is let in or kept out by it; the platform hears of each, once."""
    lea = make_user("lea")
    session = create_session(make_base_course(), members=[lea], opens=5, closes=10)
    key = edition_key(session)
    tick()
    for dates in ({"opens_at": timezone.now() - MINUTE}, {"closes_at": timezone.now() - MINUTE / 2}):
        time_passes(session, **dates)
        assert "told to the platform 1" in tick()
        told = CourseOverview.objects.get(pk=key)
        session.refresh_from_db()
        assert (told.start, told.end) == (
            session.opens_at.replace(microsecond=0),
            session.closes_at.replace(microsecond=0),
        )
    assert tick().startswith("Sessions looked at: 0 (nothing happened).")
