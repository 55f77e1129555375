"""On which days members worked, as the ledger hears of it: once a day, for good, in any order of events."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, ResultPart
from cohort_sessions.host import LearnerProgress
from cohort_sessions.models import ActiveDay, EditionResult
from tests.unit.conftest import NOW
from tests.unit.test_ledger import Platform

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def platform(host, monkeypatch):
    platform = Platform()
    monkeypatch.setattr(type(host), "grades", lambda _self, *asked: platform.grades(*asked))
    monkeypatch.setattr(type(host), "progress", lambda _self, *asked: platform.progress(*asked))
    return platform


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def session(make_session, make_base_course, lea):
    """Open from ten days ago to in ten days; results are final five days after."""
    return make_session(courses=[make_base_course(title="Tides")], members=[lea], results_final_after_days=5)


@pytest.fixture
def edition(session):
    return session.editions.get()


@pytest.fixture
def work(platform):
    """The platform has somebody's first and last work at these moments, and tells so."""

    def work(edition, user, first, last=None, *, now=NOW):
        key = edition.edition_key
        platform.done[key, user.pk] = LearnerProgress(key, user.pk, 1, 4, first, last or first)
        return api.record_results(key, [user.pk], parts={ResultPart.PROGRESS}, now=now)

    return work


def days(edition=None) -> list[tuple[str, date]]:
    rows = ActiveDay.objects.filter(edition=edition) if edition else ActiveDay.objects.all()
    return sorted(rows.values_list("member__user__username", "day"))


class TestNoting:
    """A day is noted once, and stays."""

    def test_the_days_of_the_first_and_the_last_work(self, edition, lea, work):
        work(edition, lea, NOW - 3 * DAY, NOW)
        work(edition, lea, NOW - 3 * DAY, NOW + DAY)
        work(edition, lea, NOW - 3 * DAY, NOW + DAY + timedelta(hours=1))
        assert days() == [("lea", TODAY - 3 * DAY), ("lea", TODAY), ("lea", TODAY + DAY)]

    def test_days_are_those_of_utc(self, edition, lea, work):
        in_tokyo = datetime(2026, 4, 2, 8, tzinfo=timezone(timedelta(hours=9)))
        work(edition, lea, in_tokyo, datetime(2026, 4, 2, 0, tzinfo=UTC))
        assert days() == [("lea", date(2026, 4, 1)), ("lea", date(2026, 4, 2))]

    def test_a_grade_alone_tells_of_no_day(self, edition, lea, platform):
        platform.grade(edition, lea, 0.5)
        api.record_results(edition.edition_key, [lea.pk], now=NOW)
        assert (EditionResult.objects.count(), days()) == (1, [])

    def test_sessions_and_people_stay_apart(self, edition, lea, make_user, make_session, work):
        other = make_session(title="Autumn", courses=[edition.base_key], members=[lea, make_user("ben")]).editions.get()
        work(edition, lea, NOW)
        work(other, lea, NOW - DAY)
        work(edition, make_user("sam"), NOW)  # a stranger
        assert (days(edition), days(other)) == ([("lea", TODAY)], [("lea", TODAY - DAY)])

    def test_what_is_taken_back_was_worked_nevertheless(self, edition, lea, work, platform):
        work(edition, lea, NOW - DAY, NOW)
        platform.done.clear()
        api.record_results(edition.edition_key, [lea.pk], now=NOW)
        assert EditionResult.objects.get().last_activity_at is None
        assert days() == [("lea", TODAY - DAY), ("lea", TODAY)]

    def test_who_left_or_was_moved_keeps_their_days(self, edition, lea, make_user, make_session, work):
        ben = make_user("ben")
        api.enrol_members(edition.session, ["ben"], actor=SYSTEM, now=NOW)
        for user in (lea, ben):
            work(edition, user, NOW)
        other = make_session(title="Autumn", courses=[edition.base_key])
        api.move_members(edition.session, other, ["lea"], reason="Asked for it.", actor=SYSTEM, now=NOW)
        api.remove_members(edition.session, ["ben"], actor=SYSTEM, now=NOW)
        assert days() == [("ben", TODAY), ("lea", TODAY)]

    def test_a_dry_run_of_resync_notes_nothing_and_resync_what_was_missed(self, edition, lea, work):
        work(edition, lea, NOW - DAY, NOW)
        ActiveDay.objects.all().delete()
        api.resync_results(edition, [lea.pk], write=False, actor=SYSTEM, now=NOW)
        assert days() == []
        assert api.resync_results(edition, [lea.pk], actor=SYSTEM, now=NOW) == []
        assert days() == [("lea", TODAY - DAY), ("lea", TODAY)]


class TestAfterTheClose:
    """Work is noted, looking back is not."""

    CLOSES = NOW + 10 * DAY
    FINAL = NOW + 15 * DAY

    @pytest.fixture
    def final(self, session, edition, lea, work):
        work(edition, lea, NOW)
        api.finalise_results(session, actor=SYSTEM, now=self.FINAL)
        assert EditionResult.objects.get().final_at == self.FINAL

    def test_where_members_may_still_do_everything_it_is_noted_though_the_result_is_final(
        self, session, edition, lea, work, final
    ):
        api.edit_session(session, after_close="full", actor=SYSTEM, now=NOW)
        work(edition, lea, NOW, self.FINAL + DAY)
        assert days() == [("lea", TODAY), ("lea", (self.FINAL + DAY).date())]
        assert EditionResult.objects.get().last_activity_at == NOW

    @pytest.mark.parametrize("after_close", ["read_only", "hidden"])
    def test_where_they_may_not_it_is_not(self, session, edition, lea, work, final, after_close):
        api.edit_session(session, after_close=after_close, actor=SYSTEM, now=NOW)
        work(edition, lea, NOW, self.CLOSES)
        assert days() == [("lea", TODAY)]

    def test_the_members_own_end_decides(self, session, edition, lea, work):
        api.set_member_dates(session, ["lea"], extra_days=1, actor=SYSTEM, now=NOW)
        work(edition, lea, self.CLOSES)
        work(edition, lea, self.CLOSES, self.CLOSES + DAY)
        assert days() == [("lea", self.CLOSES.date())]


class TestCost:
    """Counted in statements."""

    def test_one_for_many_people_and_none_on_the_same_day(self, edition, make_user, platform):
        people = [make_user(f"learner{number}") for number in range(30)]
        api.enrol_members(edition.session, [user.username for user in people], actor=SYSTEM, now=NOW)
        ids = [user.pk for user in people]
        costs = []
        for completed in (1, 2):
            for user in people:
                platform.complete(edition, user, completed)
            with CaptureQueriesContext(connection) as queries:
                api.record_results(edition.edition_key, ids, parts={ResultPart.PROGRESS}, now=NOW)
            costs.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
        assert costs == [3, 2]
        assert ActiveDay.objects.count() == 2 * len(people)  # yesterday, today


# Work, in hours since the session opened, and what is heard of it when: each piece once, twice or never, in any order.
pieces = st.lists(st.integers(0, 19 * 24 - 1), min_size=1, max_size=5, unique=True)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(pieces=pieces, data=st.data())
def test_whatever_arrives_no_day_is_invented_and_what_the_platform_says_last_is_there(
    pieces, data, session, edition, lea, work
):
    ActiveDay.objects.all().delete()
    EditionResult.objects.all().delete()
    moments = [session.opens_at + timedelta(hours=hours) for hours in pieces]
    heard = []
    for count in data.draw(st.lists(st.integers(1, len(moments)), min_size=1, max_size=6)):
        said = moments[:count]  # the platform has so much by now
        work(edition, lea, min(said), max(said))
        heard.append({min(said).date(), max(said).date()})
        noted = {day for _name, day in days()}
        assert noted == set.union(*heard)
        assert noted <= {moment.date() for moment in moments}
    api.resync_results(edition, [lea.pk], actor=SYSTEM, now=NOW)
    assert {day for _name, day in days()} == set.union(*heard)


def test_writers_who_meet_note_a_day_once(edition, lea, work, monkeypatch):
    """Another process notes the days between our reading of what is there and our writing."""
    from cohort_sessions.operations import _activity

    def note_after_the_other(places, said):
        for day in (TODAY - DAY, TODAY):
            ActiveDay.objects.create(member=places[0], edition=edition, day=day)
        _activity.note_days(places, said)

    monkeypatch.setattr("cohort_sessions.operations._ledger.note_days", note_after_the_other)
    work(edition, lea, NOW - DAY, NOW)
    assert days() == [("lea", TODAY - DAY), ("lea", TODAY)]
