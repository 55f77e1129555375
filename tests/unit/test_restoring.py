"""What was cancelled or archived can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, SessionStatus
from cohort_sessions.errors import NotAllowed, WrongState
from cohort_sessions.models import CohortSession
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)


@pytest.fixture
def session(make_session, make_base_course):
    return make_session(courses=[make_base_course()])


def test_a_cancelled_session_is_what_it_was_and_its_reason_is_gone(session):
    api.cancel_session(session, reason="Too few.", actor=SYSTEM, now=NOW)
    restored = api.restore_session(session, actor=SYSTEM, now=NOW + DAY)
    assert (restored.status, restored.cancel_reason, restored.modified_at) == ("published", "", NOW + DAY)
    assert session.history.first().history_change_reason == "Restored."
    assert CohortSession.objects.get(pk=session.pk).status == SessionStatus.PUBLISHED


def test_a_draft_comes_back_as_a_draft(make_session):
    session = make_session()
    api.archive_session(session, actor=SYSTEM, now=NOW)
    assert api.restore_session(session, actor=SYSTEM, now=NOW).status == SessionStatus.DRAFT


def test_what_was_cancelled_and_archived_comes_back_step_by_step(session):
    api.cancel_session(session, reason="Too few.", actor=SYSTEM, now=NOW)
    api.archive_session(session, actor=SYSTEM, now=NOW)
    restored = api.restore_session(session, actor=SYSTEM, now=NOW)
    assert (restored.status, restored.cancel_reason) == ("cancelled", "Too few.")
    restored = api.restore_session(session, actor=SYSTEM, now=NOW)
    assert (restored.status, restored.cancel_reason) == ("published", "")


def test_members_enter_again(session, make_user, stored, django_capture_on_commit_callbacks):
    lea, key = make_user("lea"), session.editions.get().edition_key
    with django_capture_on_commit_callbacks(execute=True):
        api.enrol_members(session, ["lea"], actor=SYSTEM, now=NOW)
        api.archive_session(session, actor=SYSTEM, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        api.restore_session(session, actor=SYSTEM, now=NOW)
    edition = session.editions.get()
    assert edition.wanted_revision == edition.applied_revision
    assert stored(key, lea).is_enrolled


def test_what_would_be_archived_again_at_once_says_so(session):
    api.edit_session(session, closes_at=NOW - 9 * DAY, archive_after_days=5, actor=SYSTEM, now=NOW)
    api.archive_session(session, actor=SYSTEM, now=NOW)
    with pytest.raises(WrongState, match="archived again at once"):
        api.restore_session(session, actor=SYSTEM, now=NOW)
    api.edit_session(session, archive_after_days=None, actor=SYSTEM, now=NOW)
    assert api.restore_session(session, actor=SYSTEM, now=NOW).status == SessionStatus.PUBLISHED


def test_there_must_be_something_to_take_back(session):
    with pytest.raises(WrongState, match="cancelled or archived"):
        api.restore_session(session, actor=SYSTEM, now=NOW)


def test_coaches_restore_nothing(session, coach_of):
    api.archive_session(session, actor=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        api.restore_session(session, actor=coach_of(session), now=NOW)
