"""What locking takes out of the coaches' hands."""

from __future__ import annotations

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Lock
from cohort_sessions.errors import NotAllowed
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")


class TestLocks:
    """Setting locks."""

    def test_the_locks_become_what_is_asked_and_standing_ones_keep_their_reason(self, make_session):
        session = make_session()
        api.set_locks(session, {Lock.TEAM, Lock.SCHEDULE}, reason="Exam.", actor=SYSTEM, now=NOW)
        changed = api.set_locks(session, {Lock.TEAM, Lock.ENROLMENT}, reason="Later.", actor=SYSTEM, now=NOW)
        assert changed == {Lock.SCHEDULE, Lock.ENROLMENT}
        assert set(session.locks.values_list("name", "reason")) == {("team", "Exam."), ("enrolment", "Later.")}

    def test_coaches_set_none(self, make_session, coach_of):
        session = make_session()
        with pytest.raises(NotAllowed):
            api.set_locks(session, {Lock.TEAM}, actor=coach_of(session), now=NOW)


def test_locks_are_named_to_coaches(make_session):
    """A lock of the session is a row that pages can show."""
    session = make_session()
    api.set_locks(session, {Lock.GRADING_POLICY}, reason="Accreditation.", actor=SYSTEM, now=NOW)
    assert [(lock.name, lock.reason) for lock in session.locks.all()] == [("grading_policy", "Accreditation.")]


def test_the_operator_s_locks_are_in_every_new_session(make_session, settings):
    settings.COHORT_SESSIONS_DEFAULT_LOCKS = ["team", "tool_visibility"]
    session = make_session()
    assert list(session.locks.order_by("name").values_list("name", "reason", "locked_by")) == [
        ("team", "Locked in every new session of this platform.", None),
        ("tool_visibility", "Locked in every new session of this platform.", None),
    ]
    api.set_locks(session, set(), actor=SYSTEM, now=NOW)
    assert not session.locks.exists()
