"""What enrolling, removing and entering does, refuses, repeats and announces."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, LineOutcome, Lock, MemberStatus
from cohort_sessions.errors import Locked
from cohort_sessions.events import CohortMembershipData
from cohort_sessions.models import Member
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")


class TestMembers:
    """Enrolling and removing."""

    def test_every_line_is_answered(self, make_session, make_user):
        lea, max_ = make_user("lea"), make_user("max")
        gone = make_user("gone")
        gone.is_active = False
        gone.save()
        session = make_session(members=[lea])
        lines = ["lea", max_.email.upper(), "max", "gone", "ghost", " "]
        outcomes = api.enrol_members(session, lines, actor=SYSTEM, now=NOW)
        unknown = "No active account has this username or e-mail address."
        assert outcomes[:1] + outcomes[2:] == [
            LineOutcome("lea", ok=True, changed=False, message="Is a member already."),
            LineOutcome("max", ok=True, changed=False, message="Is a member already."),
            LineOutcome("gone", ok=False, changed=False, message=unknown),
            LineOutcome("ghost", ok=False, changed=False, message=unknown),
            LineOutcome(" ", ok=False, changed=False, message="The line is empty."),
        ]
        assert outcomes[1] == LineOutcome(max_.email.upper(), ok=True, changed=True)
        assert set(session.members.values_list("user__username", flat=True)) == {"lea", "max"}

    def test_the_host_enrols_and_unenrols_and_the_row_stays(
        self, make_session, make_base_course, make_user, stored, heard, django_capture_on_commit_callbacks
    ):
        lea = make_user("lea")
        session = make_session(courses=[make_base_course()], members=[lea])
        key, uuid = session.editions.get().edition_key, str(session.uuid)
        assert stored(key, lea).is_enrolled
        with django_capture_on_commit_callbacks(execute=True):
            api.remove_members(session, ["lea"], actor=SYSTEM, now=NOW)
            again = api.remove_members(session, ["lea"], actor=SYSTEM, now=NOW)
        member = Member.objects.get()
        assert (member.status, member.removed_at) == (MemberStatus.REMOVED, NOW)
        assert again == [LineOutcome("lea", ok=True, changed=False, message="Is not a member.")]
        assert not stored(key, lea).is_enrolled
        with django_capture_on_commit_callbacks(execute=True):
            api.enrol_members(session, ["lea"], actor=SYSTEM, now=NOW)
        member.refresh_from_db()
        assert (member.status, member.removed_at) == (MemberStatus.ACTIVE, None)
        assert stored(key, lea).is_enrolled
        assert [said for said in heard if said[0] == "membership"] == [
            ("membership", NOW, CohortMembershipData(uuid, lea.pk, is_active)) for is_active in (True, False, True)
        ]

    @pytest.mark.parametrize("count", [1, 30])
    def test_a_fixed_number_of_queries_whatever_the_number_of_lines(
        self, count, make_session, make_base_course, make_user, django_assert_num_queries
    ):
        names = [make_user(f"learner{number}").username for number in range(count)]
        session = make_session(courses=[make_base_course()])
        # Session, stale wishes, members and line counted, accounts, members, offers, rows, history, wishes that end,
        # agenda, editions found, bumped and read; the rest are savepoints.
        with django_assert_num_queries(17):
            api.enrol_members(session, names, actor=SYSTEM, now=NOW)

    def test_a_coach_enrols_until_it_is_locked(self, make_session, make_user, coach_of):
        make_user("lea")
        session = make_session()
        assert api.enrol_members(session, ["lea"], actor=coach_of(session), now=NOW)[0].changed
        api.set_locks(session, {Lock.ENROLMENT}, reason="Full up.", actor=SYSTEM, now=NOW)
        with pytest.raises(Locked, match="Full up"):
            api.remove_members(session, ["lea"], actor=coach_of(session), now=NOW)
        assert api.remove_members(session, ["lea"], actor=SYSTEM, now=NOW)[0].changed

    def test_the_first_entry_is_recorded_once(self, make_session, make_base_course, make_user):
        lea, max_ = make_user("lea"), make_user("max")
        session = make_session(
            courses=[make_base_course()], members=[lea], opens_at=None, closes_at=None, duration_days=7
        )
        edition = session.editions.get()
        later = NOW + timedelta(days=3)
        assert api.record_first_entry(edition.pk, user_id=lea.pk, now=NOW) is True
        assert api.record_first_entry(edition.pk, user_id=lea.pk, now=later) is False
        assert api.record_first_entry(edition.pk, user_id=max_.pk, now=NOW) is False
        assert list(session.members.values_list("user_id", "first_entered_at")) == [(lea.pk, NOW)]

    def test_a_dated_session_has_no_first_entry_to_record(self, make_session, make_base_course, make_user):
        lea = make_user("lea")
        session = make_session(courses=[make_base_course()], members=[lea])
        assert api.record_first_entry(session.editions.get().pk, user_id=lea.pk, now=NOW) is False
