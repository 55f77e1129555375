"""What time alone brings about in one session, and when it is looked at next."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, AfterClose, Joining, MemberStatus, NoticeKind, RequestStatus, SessionStatus
from cohort_sessions.errors import NotAllowed, NotFound
from cohort_sessions.models import Notice, SessionAgenda
from cohort_sessions.operations.lifecycle import Step, note_failure
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def courses(make_base_course):
    return [make_base_course(title="Tides")]


def advance(session, now: datetime = NOW) -> set[Step] | None:
    """What happened, or ``None`` where nothing was due."""
    came_of_it = api.advance_session(session.pk, actor=SYSTEM, now=now)
    session.refresh_from_db()
    return set(came_of_it.steps) if came_of_it.was_due else None


def next_due(session) -> datetime | None:
    return SessionAgenda.objects.get(session=session).due_at


def revision(session) -> int:
    return session.editions.get().wanted_revision


class TestAgenda:
    """When a session is looked at."""

    def test_a_session_nobody_looked_at_is_due_once(self, make_session, courses):
        session = make_session(courses=courses)
        before = revision(session)
        assert advance(session) == set()
        assert advance(session) is None
        assert (next_due(session), revision(session)) == (session.closes_at, before)

    def test_the_platform_is_told_of_the_opening_and_the_closing_and_of_nothing_else(self, make_session, courses):
        session = make_session(courses=courses, opens_at=NOW + DAY, closes_at=NOW + 3 * DAY)
        assert advance(session) == set()
        assert (advance(session, NOW + DAY - MOMENT), next_due(session)) == (None, NOW + DAY)
        before = revision(session)
        assert (advance(session, NOW + DAY), next_due(session)) == ({Step.TOLD}, NOW + 3 * DAY)
        assert revision(session) == before + 1
        assert advance(session, NOW + 3 * DAY) == {Step.TOLD, Step.FINISHED}
        assert (next_due(session), revision(session)) == (None, before + 2)
        assert advance(session, NOW + 300 * DAY) is None

    def test_late_is_as_good_as_in_time(self, make_session, courses):
        session = make_session(courses=courses, opens_at=NOW + DAY, closes_at=NOW + 3 * DAY, archive_after_days=7)
        assert advance(session) == set()
        before = revision(session)
        assert advance(session, NOW + 30 * DAY) == {Step.TOLD, Step.FINISHED, Step.ARCHIVED}
        assert (revision(session), next_due(session)) == (before + 1, None)

    def test_own_windows_and_ends_of_durations_count(self, make_session, courses, make_user):
        dated = make_session(courses=courses, members=[make_user("lea"), make_user("ben")])
        api.set_member_dates(dated, ["lea"], extra_days=2, actor=SYSTEM, now=NOW)
        api.set_member_dates(dated, ["ben"], opens_at=NOW + DAY, actor=SYSTEM, now=NOW)
        moments = []
        while (due := next_due(dated) if moments else NOW) is not None:
            moments.append(due)
            advance(dated, due)
        assert moments == [NOW, NOW + DAY, dated.closes_at, dated.closes_at + 2 * DAY]

        counted = make_session(
            courses=courses, members=[make_user("max")], opens_at=None, closes_at=None, duration_days=7
        )
        assert (advance(counted), next_due(counted)) == (set(), None)
        edition_id, user_id = counted.editions.get().pk, counted.members.get().user_id
        assert api.record_first_entry(edition_id, user_id=user_id, now=NOW + DAY)
        assert (advance(counted, NOW + DAY), next_due(counted)) == (set(), NOW + 8 * DAY)
        assert (advance(counted, NOW + 8 * DAY), counted.finished_at) == ({Step.TOLD}, None)

    def test_whoever_changes_the_session_makes_it_due(self, make_session, courses):
        session = make_session(courses=courses)
        advance(session)
        api.edit_session(session, closes_at=NOW + 5 * DAY, actor=SYSTEM, now=NOW + DAY)
        assert (advance(session, NOW + DAY), next_due(session)) == (set(), NOW + 5 * DAY)

    def test_of_a_draft_nothing_is_told(self, make_session, courses):
        session = make_session(courses=courses, publish=False, opens_at=NOW + DAY)
        assert (advance(session), next_due(session)) == (set(), None)
        assert advance(session, NOW + 20 * DAY) is None
        api.publish_session(session, actor=SYSTEM, now=NOW)
        assert (advance(session), next_due(session)) == (set(), NOW + DAY)

    def test_a_session_that_is_gone_is_no_error(self):
        assert api.advance_session(404, actor=SYSTEM, now=NOW) == api.Advance()

    def test_only_for_those_who_manage_it(self, make_session, courses, coach_of):
        session = make_session(courses=courses)
        with pytest.raises(NotAllowed):
            api.advance_session(session.pk, actor=coach_of(session), now=NOW)
        with pytest.raises(NotFound):
            api.advance_session(session.pk, actor=api.Actor(), now=NOW)

    def test_failures_push_it_back_further_each_time_and_success_forgets_them(self, make_session, courses):
        session = make_session(courses=courses)
        waits = []
        for _attempt in range(12):
            note_failure(session.pk, RuntimeError("On fire."), now=NOW)
            waits.append(next_due(session) - NOW)
        minutes = [timedelta(minutes=5 * 2**doublings) for doublings in range(9)]
        assert waits == [*minutes, DAY, DAY, DAY]
        agenda = session.agenda
        assert (agenda.failures, agenda.error, agenda.seen_at) == (12, "On fire.", None)
        assert advance(session, NOW + DAY) == set()
        agenda.refresh_from_db()
        assert (agenda.failures, agenda.error, agenda.seen_at) == (0, "", NOW + DAY)


class TestEnd:
    """Over, over after all, and put away."""

    def test_over_once_everybody_is_through(self, make_session, courses, make_user):
        session = make_session(courses=courses, members=[make_user("lea")])
        api.set_member_dates(session, ["lea"], extra_days=2, actor=SYSTEM, now=NOW)
        assert (advance(session, session.closes_at), session.finished_at) == ({Step.TOLD}, None)
        end = session.closes_at + 2 * DAY
        assert (advance(session, end), session.finished_at) == ({Step.TOLD, Step.FINISHED}, end)
        assert session.history.first().history_change_reason == "Over for everybody."
        assert session.modified_at == NOW

    def test_not_over_any_more_when_it_is_extended(self, make_session, courses):
        session = make_session(courses=courses)
        end = session.closes_at
        assert Step.FINISHED in advance(session, end)
        api.edit_session(session, closes_at=end + DAY, actor=SYSTEM, now=end)
        assert (advance(session, end), session.finished_at) == ({Step.RESUMED}, None)
        assert (advance(session, end + DAY), session.finished_at) == ({Step.TOLD, Step.FINISHED}, end + DAY)

    @pytest.mark.parametrize("days", [0, 7])
    def test_put_away_so_many_days_after_its_end(self, make_session, courses, days):
        session = make_session(courses=courses, archive_after_days=days)
        end, put_away = session.closes_at, session.closes_at + days * DAY
        steps = advance(session, end)
        if days:
            assert (session.status, next_due(session)) == (SessionStatus.PUBLISHED, put_away)
            steps = advance(session, put_away)
        assert Step.ARCHIVED in steps
        assert (session.status, session.modified_at, next_due(session)) == (SessionStatus.ARCHIVED, put_away, None)

    def test_never_without_being_told_and_never_what_has_no_end(self, make_session, courses):
        for values in ({}, {"closes_at": None, "archive_after_days": 7}):
            session = make_session(courses=courses, **values)
            advance(session, NOW + 3000 * DAY)
            assert session.status == SessionStatus.PUBLISHED

    def test_what_was_called_off_lives_through_nothing(self, make_session, courses):
        session = make_session(courses=courses, archive_after_days=1, repeat_every_days=30, repeat_lead_days=5)
        api.cancel_session(session, reason="Illness", actor=SYSTEM, now=NOW)
        assert advance(session, NOW + 30 * DAY) == {Step.TOLD}
        assert (session.status, session.finished_at) == (SessionStatus.CANCELLED, None)


class TestLine:
    """The waiting list."""

    @pytest.fixture
    def full(self, make_session, courses, make_user):
        """One seat, Lea's; Ben and Max wait, and have two days to accept."""
        session = make_session(
            courses=courses, members=[make_user("lea")], capacity=1, offer_days=2, joining=Joining.OPEN.value
        )
        for name in ("ben", "max"):
            actor = api.Actor(user_id=make_user(name).pk)
            assert api.join_session(session, actor=actor, now=NOW).position
        advance(session)
        return session

    def line(self, session) -> list:
        return list(session.requests.values_list("user__username", "status"))

    def test_an_offer_that_ran_out_goes_to_the_next(self, full):
        api.remove_members(full, ["lea"], actor=SYSTEM, now=NOW)
        assert self.line(full) == [("ben", RequestStatus.OFFERED), ("max", RequestStatus.WAITING)]
        assert (advance(full), next_due(full)) == (set(), NOW + 2 * DAY)
        assert (advance(full, NOW + 2 * DAY), next_due(full)) == ({Step.LINE_MOVED}, NOW + 4 * DAY)
        assert self.line(full) == [("max", RequestStatus.OFFERED)]
        kinds = Notice.objects.values_list("user__username", "kind")
        assert list(kinds) == [
            ("ben", NoticeKind.SEAT_OFFERED),
            ("ben", NoticeKind.OFFER_EXPIRED),
            ("max", NoticeKind.SEAT_OFFERED),
        ]

    def test_the_line_ends_with_the_session(self, full):
        api.set_member_dates(full, ["lea"], extra_days=5, actor=SYSTEM, now=NOW)
        assert advance(full, full.closes_at) == {Step.TOLD, Step.LINE_MOVED}
        assert (self.line(full), full.finished_at) == ([], None)
        kinds = Notice.objects.values_list("user__username", "kind")
        assert list(kinds) == [("ben", NoticeKind.REQUEST_ENDED), ("max", NoticeKind.REQUEST_ENDED)]


class TestHiddenAfterTheClose:
    """The platform follows the dates of each member."""

    @pytest.fixture
    def session(self, make_session, courses, make_user):
        """Lea has two days more than Ben."""
        people = [make_user("lea"), make_user("ben")]
        session = make_session(courses=courses, members=people, after_close=AfterClose.HIDDEN.value)
        api.set_member_dates(session, ["lea"], extra_days=2, actor=SYSTEM, now=NOW)
        return session

    def enrolled(self, session, host, now: datetime) -> tuple[list[str], bool]:
        """Who is enrolled once the platform has followed, and whether it keeps the edition from learners."""
        from sandbox.host.editions import find_edition

        edition = session.editions.get()
        api.apply_edition(edition.pk, actor=SYSTEM, now=now)
        people = dict(session.members.values_list("user_id", "user__username"))
        there = [each.user_id for each in host.enrolments([edition.edition_key], list(people)) if each.is_active]
        return sorted(people[user_id] for user_id in there), find_edition(edition.edition_key).is_hidden

    def test_each_leaves_at_their_own_end_and_comes_back_when_it_is_extended(self, session, host):
        end = session.closes_at
        assert self.enrolled(session, host, end - MOMENT) == (["ben", "lea"], False)
        assert Step.TOLD in advance(session, end)
        assert self.enrolled(session, host, end) == (["lea"], False)
        assert Step.TOLD in advance(session, end + 2 * DAY)
        assert self.enrolled(session, host, end + 2 * DAY) == ([], True)
        api.set_member_dates(session, ["ben"], extra_days=9, actor=SYSTEM, now=end + 2 * DAY)
        assert self.enrolled(session, host, end + 2 * DAY) == (["ben"], False)
        assert set(session.members.values_list("status", flat=True)) == {MemberStatus.ACTIVE.value}

    def test_what_was_learnt_stays(self, session, host, answer, stored):
        edition, lea = session.editions.get(), session.members.get(user__username="lea").user
        api.edit_session(session, closes_at=None, actor=SYSTEM, now=NOW)
        self.enrolled(session, host, NOW)
        assert answer(edition.edition_key, lea)
        before = stored(edition.edition_key, lea)
        api.edit_session(session, closes_at=NOW + DAY, actor=SYSTEM, now=NOW)
        assert self.enrolled(session, host, NOW + 9 * DAY) == ([], True)
        after = stored(edition.edition_key, lea)
        assert (after.is_enrolled, after.answers, after.score) == (False, before.answers, 1.0)
        api.edit_session(session, closes_at=None, actor=SYSTEM, now=NOW)
        assert self.enrolled(session, host, NOW + 9 * DAY) == (["ben", "lea"], False)
        assert stored(edition.edition_key, lea) == before
