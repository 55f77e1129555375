"""The tick: what it costs, what it does about failures, and what it says."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from celery import current_app
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import api, tasks
from cohort_sessions.data import SYSTEM, EditionState, NoticeKind, SessionStatus
from cohort_sessions.host import ApplyReport, FacetFailure
from cohort_sessions.models import CohortSession, CourseEdition, Notice, SessionAgenda
from cohort_sessions.operations import lifecycle
from cohort_sessions.operations.lifecycle import Step
from cohort_sessions.tasks import TickReport, pass_time
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def broken(host, monkeypatch):
    """Replace one method of the real host; the rest stays real."""
    return lambda method, replacement: monkeypatch.setattr(type(host), method, replacement)


@pytest.fixture
def sent(monkeypatch):
    """What is queued, as (name, arguments), and never done: as where workers are busy."""
    queued = []
    monkeypatch.setattr(tasks, "send", lambda task, **arguments: queued.append((task.name.split(".")[-1], arguments)))
    return queued


def plant(number: int, *, due: int) -> None:
    """So many published sessions of one course, the first `due` of which close at `NOW`, the others the day after."""
    base_key = CourseKey.from_string("course-v1:Example+Tides+2026")
    sessions = CohortSession.objects.bulk_create(
        CohortSession(
            code=f"s{each}",
            title="Spring",
            status=SessionStatus.PUBLISHED.value,
            opens_at=NOW - DAY,
            closes_at=NOW if each < due else NOW + DAY,
            created_at=NOW - 9 * DAY,
            modified_at=NOW - 9 * DAY,
        )
        for each in range(number)
    )
    SessionAgenda.objects.bulk_create(
        SessionAgenda(session=session, due_at=session.closes_at, seen_at=NOW - DAY) for session in sessions
    )
    CourseEdition.objects.bulk_create(
        CourseEdition(
            session=session,
            base_key=base_key,
            edition_key=CourseKey.from_string(f"ccx-v1:Example+Tides+2026+ccx@{session.pk}"),
            applied_revision=1,
        )
        for session in sessions
    )


class TestCost:
    """Proportional to what is due."""

    # One each that looks for editions, notices, announcements, invitations, sessions, results to be final and exports,
    # and where there were any sessions, one that finds none left.
    FIXED = 8
    # A savepoint and its release; the session, and again under its lock; its agenda, read and written; its line; offers
    # that ran out; seats (2); members; who still wishes; that it is finished, with its history; its editions, wanted
    # anew (3).
    EACH = 17

    @pytest.mark.parametrize(("present", "due"), [(20, 20), (2000, 20), (2000, 1), (2000, 0)], ids=str)
    def test_two_thousand_sessions_cost_nothing_unless_they_are_due(self, present, due):
        plant(present, due=due)
        cache.set(tasks.counted_in(NOW), value=True)  # what the first tick of an hour does besides is another matter
        with CaptureQueriesContext(connection) as queries:
            report = pass_time(now=NOW)
        assert report == TickReport(due, {step: due for step in (Step.TOLD, Step.FINISHED) if due}, 0, 0)
        assert len(queries) == self.FIXED + self.EACH * due - (not due)


class TestSessions:
    """Each by itself."""

    def test_one_failure_is_kept_and_told_and_stops_no_other(self, monkeypatch):
        plant(3, due=3)
        real, first = lifecycle.settled_seats, CohortSession.objects.get(code="s0")

        def fail_for_the_first(session, **by):
            if session == first:
                raise RuntimeError("On fire.")
            return real(session, **by)

        monkeypatch.setattr(lifecycle, "settled_seats", fail_for_the_first)
        report = pass_time(now=NOW)
        assert report.failures == ("cohort session Spring: On fire.",)
        assert (report.sessions, report.steps[Step.FINISHED]) == (2, 2)
        assert list(CohortSession.objects.filter(finished_at=None)) == [first]
        agenda = SessionAgenda.objects.get(session=first)
        assert (agenda.failures, agenda.error, agenda.due_at) == (1, "On fire.", NOW + 5 * MINUTE)

        monkeypatch.undo()
        assert pass_time(now=NOW).sessions == 0
        assert pass_time(now=NOW + 5 * MINUTE).steps == {Step.TOLD: 1, Step.FINISHED: 1}

    def test_a_repetition_made_on_the_way_is_looked_at_too(self, make_session, make_base_course):
        session = make_session(courses=[make_base_course()], repeat_every_days=30, repeat_lead_days=10)
        report = pass_time(now=NOW)
        assert (report.sessions, report.steps) == (2, {Step.REPEATED: 1})
        assert session.repetition.successor.agenda.due_at == session.opens_at + 30 * DAY

    def test_twice_at_the_same_time_comes_to_the_same(self, sent):
        plant(3, due=2)
        assert pass_time(now=NOW).sessions == 2
        assert [pass_time(now=NOW).sessions for _again in range(2)] == [0, 0]
        assert len(sent) == 2  # what was told is asked for by the next tick, in case its task was lost


class TestEditions:
    """What the platform has not confirmed is asked for again."""

    @pytest.fixture
    def edition(self, make_session, make_base_course):
        session = make_session(courses=[make_base_course()])
        lifecycle.advance_session(session.pk, actor=SYSTEM, now=NOW)
        return session.editions.get()

    def test_what_lost_its_task_is_applied(self, edition):
        api.edit_session(edition.session, title="Summer", actor=SYSTEM, now=NOW)
        edition.refresh_from_db()
        assert edition.state is EditionState.PREPARING
        assert pass_time(now=NOW).editions == 1
        edition.refresh_from_db()
        assert edition.state is EditionState.READY

    def test_what_is_in_the_queue_is_asked_for_once_a_quarter_of_an_hour(self, edition, sent):
        CourseEdition.objects.update(wanted_revision=7)
        asked = [minute for minute in range(0, 40, 5) if pass_time(now=NOW + minute * MINUTE).editions]
        assert asked == [0, 15, 30]
        assert sent == [("apply_edition", {"edition_id": edition.pk, "revision": 7})] * 3

    def test_failures_are_tried_again_less_and_less_often_until_one_succeeds(self, edition, broken, host, monkeypatch):
        real = type(host).apply_edition
        broken("apply_edition", lambda _self, _spec: ApplyReport(failed=(FacetFailure("outline", "None."),)))
        CourseEdition.objects.update(wanted_revision=7)
        waits = []
        for _attempt in range(3):
            api.apply_edition(edition.pk, actor=SYSTEM, now=NOW)
            edition.refresh_from_db()
            waits.append((edition.apply_failures, edition.apply_again_at - NOW))
        assert waits == [(1, 5 * MINUTE), (2, 10 * MINUTE), (3, 20 * MINUTE)]
        assert pass_time(now=NOW + 19 * MINUTE).editions == 0
        broken("apply_edition", real)
        assert pass_time(now=NOW + 20 * MINUTE).editions == 1
        edition.refresh_from_db()
        assert (edition.state, edition.apply_failures, edition.apply_again_at) == (EditionState.READY, 0, None)

    def test_a_queue_that_is_down_is_told_and_stops_nothing(self, edition, monkeypatch):
        def down(*_arguments, **_options):
            raise ConnectionError("No broker.")

        monkeypatch.setattr(tasks.apply_edition, "apply_async", down)
        CourseEdition.objects.update(wanted_revision=7)
        SessionAgenda.objects.update(due_at=NOW)
        report = pass_time(now=NOW)
        assert report.failures == (f"course edition {edition.edition_key}: No broker.",)
        assert (report.editions, report.sessions) == (0, 1)
        edition.refresh_from_db()
        assert edition.apply_again_at is None


class TestNotices:
    """What has not been sent is asked for again."""

    def test_once_a_quarter_of_an_hour_until_it_is_sent(self, make_session, make_user, sent):
        session = make_session()
        unsent, _sent = (
            Notice.objects.create(
                session=session, user=make_user(name), kind=NoticeKind.SEAT_GIVEN.value, created_at=NOW, sent_at=moment
            )
            for name, moment in (("lea", None), ("ben", NOW))
        )
        asked = [minute for minute in range(0, 40, 5) if pass_time(now=NOW + minute * MINUTE).notices]
        assert asked == [0, 15, 30]
        assert sent == [("send_notice", {"notice_id": unsent.pk})] * 3
        Notice.objects.filter(pk=unsent.pk).update(sent_at=NOW, send_again_at=None)
        assert pass_time(now=NOW + DAY).notices == 0


class TestDoors:
    """The command and the task."""

    def tick(self, *arguments) -> str:
        out = StringIO()
        call_command("cohort_sessions_tick", *arguments, stdout=out)
        return out.getvalue()

    def test_the_command_says_what_it_did_in_one_line(self, make_session, make_base_course):
        day = timezone.now()
        make_session(courses=[make_base_course()], closes_at=day, repeat_every_days=1000, repeat_lead_days=0)
        assert self.tick("--dry-run") == (
            "Due: sessions 1, editions 0, notices 0, announcements 0, invitations 0, "
            "results to be final 0, exports 0.\n"
        )
        assert self.tick() == (
            "Sessions looked at: 2 (finished 1, repeated 1, told to the platform 1). "
            "Asked again: editions 0, notices 0, letters 0. Results to be final: 0. Invitations ended: 0. "
            "Exports deleted: 0. Announcements mailed: 0. Failed: 0.\n"
        )
        assert self.tick() == (
            "Sessions looked at: 0 (nothing happened). Asked again: editions 2, notices 0, letters 0. "
            "Results to be final: 0. Invitations ended: 0. Exports deleted: 0. Announcements mailed: 0. Failed: 0.\n"
        )

    def test_its_exit_code_tells_of_failures(self, monkeypatch):
        plant(1, due=1)

        def fail(_session, **_by):
            raise RuntimeError("On fire.")

        monkeypatch.setattr(lifecycle, "settled_seats", fail)
        out = StringIO()
        with pytest.raises(CommandError, match="cohort session Spring: On fire"):
            call_command("cohort_sessions_tick", stdout=out)
        assert out.getvalue().endswith("Failed: 1.\n")

    def test_the_task_that_the_beat_schedule_names(self, caplog):
        plant(1, due=1)
        current_app.tasks["cohort_sessions.tasks.tick"].delay(argument_of_a_later_release=True)
        assert CohortSession.objects.get().finished_at is not None
