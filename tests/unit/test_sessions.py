"""What creating, editing and the steps of a session's life do, refuse, repeat and announce."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Actor, EditionState, SessionStatus
from cohort_sessions.errors import InvalidInput, NotAllowed, NotFound, WrongState
from cohort_sessions.events import CohortSessionData
from cohort_sessions.models import CohortSession
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

SEA_ADMINISTRATOR = Actor(user_id=None, organisations=frozenset({"Sea"}))
STRANGER = Actor(user_id=None)


class TestCreate:
    """Creating a session."""

    def test_a_draft_with_a_code_made_of_its_title(self, heard, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            session = api.create_session(
                title=" Tides, spring ", organisation="Sea", duration_days=30, actor=SEA_ADMINISTRATOR, now=NOW
            )
        stored = CohortSession.objects.get()
        assert (stored.pk, stored.title, stored.code, stored.status) == (
            session.pk,
            "Tides, spring",
            "tides-spring",
            SessionStatus.DRAFT,
        )
        assert (stored.created_at, stored.modified_at) == (NOW, NOW)
        assert heard == [
            ("session", NOW, CohortSessionData(str(session.uuid), "tides-spring", "Tides, spring", "draft", "created"))
        ]

    def test_two_sessions_of_one_title_get_two_codes(self):
        first, second = (api.create_session(title="Tides", actor=SYSTEM, now=NOW) for _ in range(2))
        assert first.code == "tides"
        assert second.code.startswith("tides-")

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"title": ""}, "title"),
            ({"title": "x" * 151}, "title"),
            ({"title": "T", "after_close": "sometimes"}, "after_close"),
            ({"title": "T", "opens_at": NOW, "closes_at": NOW}, "closes_at"),
            ({"title": "T", "team_opens_at": NOW, "team_closes_at": NOW - timedelta(1)}, "team_closes_at"),
            ({"title": "T", "opens_at": datetime(2026, 1, 1)}, "opens_at"),  # noqa: DTZ001 (the naive one is the case)
            ({"title": "T", "duration_days": 0}, "duration_days"),
            ({"title": "T", "duration_days": 5, "opens_at": NOW}, "duration_days"),
            ({"title": "T", "status": "published"}, "status"),
        ],
        ids=lambda case: case if isinstance(case, str) else "",
    )
    def test_bad_input_names_the_field_and_stores_nothing(self, values, field):
        with pytest.raises(InvalidInput) as refusal:
            api.create_session(actor=SYSTEM, now=NOW, **values)
        assert list(refusal.value.errors) == [field]
        assert not CohortSession.objects.exists()

    def test_only_where_one_administers(self):
        with pytest.raises(NotAllowed):
            api.create_session(title="Stars", organisation="Sky", actor=SEA_ADMINISTRATOR, now=NOW)
        assert not CohortSession.objects.exists()


class TestEdit:
    """Editing a session."""

    def test_the_editions_follow_a_new_title_and_new_dates(
        self, make_session, make_base_course, host, django_capture_on_commit_callbacks, title_of
    ):
        session = make_session(courses=[make_base_course(title="Tides")])
        edition = session.editions.get()
        assert title_of(edition.edition_key) == "Tides - Spring"
        with django_capture_on_commit_callbacks(execute=True):
            api.edit_session(session, title="Summer", actor=SYSTEM, now=NOW)
        edition.refresh_from_db()
        assert title_of(edition.edition_key) == "Tides - Summer"
        assert edition.state is EditionState.READY

    def test_says_in_the_history_what_changed_and_who(self, make_session, make_user):
        session, ada = make_session(), make_user("ada")
        actor = Actor(user_id=ada.pk, administers_all=True)
        api.edit_session(session, title="Summer", description="New", actor=actor, now=NOW)
        line = session.history.first()
        assert (line.history_user, line.history_date, line.history_change_reason) == (
            ada,
            NOW,
            "Changed: description, title.",
        )

    def test_nothing_changed_is_nothing_done(self, make_session):
        session = make_session()
        before = session.history.count()
        api.edit_session(session, title="Spring", actor=SYSTEM, now=NOW)
        assert session.history.count() == before

    def test_a_refusal_changes_nothing(self, make_session):
        session = make_session()
        with pytest.raises(InvalidInput):
            api.edit_session(session, title="Summer", closes_at=session.opens_at, actor=SYSTEM, now=NOW)
        session.refresh_from_db()
        assert session.title == "Spring"

    def test_a_stranger_cannot_tell_that_it_exists_and_a_coach_may_not(self, make_session, coach_of):
        session = make_session()
        with pytest.raises(NotFound):
            api.edit_session(session, title="Mine", actor=STRANGER, now=NOW)
        with pytest.raises(NotAllowed):
            api.edit_session(session, title="Mine", actor=coach_of(session), now=NOW)

    def test_not_into_an_organisation_one_does_not_administer(self, make_session):
        session = make_session(organisation="Sea")
        with pytest.raises(NotAllowed):
            api.edit_session(session, organisation="Sky", actor=SEA_ADMINISTRATOR, now=NOW)


class TestLife:
    """Publish, cancel, archive."""

    def test_publishing_asks_for_a_course(self, make_session):
        session = make_session(publish=False)
        with pytest.raises(InvalidInput) as refusal:
            api.publish_session(session, actor=SYSTEM, now=NOW)
        assert refusal.value.errors == {"courses": "Add at least one course before publishing."}

    def test_publishing_enrols_the_members_on_the_host(
        self, make_session, make_base_course, make_user, stored, django_capture_on_commit_callbacks
    ):
        lea = make_user("lea")
        session = make_session(courses=[make_base_course()], members=[lea], publish=False)
        key = session.editions.get().edition_key
        assert not stored(key, lea).is_enrolled
        with django_capture_on_commit_callbacks(execute=True):
            published = api.publish_session(session, actor=SYSTEM, now=NOW)
        assert published.status == SessionStatus.PUBLISHED
        assert stored(key, lea).is_enrolled

    def test_cancelling_keeps_the_reason_for_members(self, make_session, make_base_course):
        session = make_session(courses=[make_base_course()])
        with pytest.raises(InvalidInput):
            api.cancel_session(session, reason="  ", actor=SYSTEM, now=NOW)
        cancelled = api.cancel_session(session, reason="The ship sank.", actor=SYSTEM, now=NOW)
        assert (cancelled.status, cancelled.cancel_reason) == (SessionStatus.CANCELLED, "The ship sank.")

    def test_repeating_a_step_is_harmless_and_going_back_is_refused(self, make_session, make_base_course):
        session = make_session(courses=[make_base_course()])
        api.publish_session(session, actor=SYSTEM, now=NOW)
        for _ in range(2):
            assert api.archive_session(session, actor=SYSTEM, now=NOW).status == SessionStatus.ARCHIVED
        with pytest.raises(WrongState):
            api.publish_session(session, actor=SYSTEM, now=NOW)
        with pytest.raises(WrongState):
            api.cancel_session(session, reason="Late", actor=SYSTEM, now=NOW)
        assert [line.history_change_reason for line in session.history.all()] == ["Archived.", "Published.", "Created."]
