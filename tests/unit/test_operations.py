"""What each operation does, refuses, repeats and announces."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Actor, EditionState, LineOutcome, Lock, MemberStatus, SessionStatus, TeamRole
from cohort_sessions.errors import InvalidInput, Locked, NotAllowed, NotFound, WrongState
from cohort_sessions.events import (
    COHORT_MEMBERSHIP_CHANGED,
    COHORT_SESSION_CHANGED,
    COHORT_TEAM_CHANGED,
    CohortMembershipData,
    CohortSessionData,
    CohortTeamData,
)
from cohort_sessions.models import CohortSession, CourseEdition, Member
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

NOWHERE = CourseKey.from_string("course-v1:No+Such+Course")
SEA_ADMINISTRATOR = Actor(user_id=None, organisations=frozenset({"Sea"}))
STRANGER = Actor(user_id=None)


@pytest.fixture
def heard():
    """Everything our events said, as (event type, payload)."""
    said = []
    signals = (COHORT_SESSION_CHANGED, COHORT_MEMBERSHIP_CHANGED, COHORT_TEAM_CHANGED)

    def hear(signal, metadata, **payload):
        subject = signal.event_type.split(".")[3]
        said.append((subject, metadata.time, payload[subject]))

    for signal in signals:
        signal.connect(hear)
    yield said
    for signal in signals:
        signal.disconnect(hear)


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
            ("session", NOW, CohortSessionData(str(session.uuid), "tides-spring", "Tides, spring", "draft"))
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


class TestCourses:
    """Adding, ordering and removing courses."""

    def test_every_line_is_answered_and_the_good_ones_are_added(self, make_session, make_base_course):
        tides, stars = make_base_course(title="Tides"), make_base_course(title="Stars")
        session = make_session(courses=[tides])
        outcomes = api.add_courses(session, [tides, NOWHERE, stars, stars], actor=SYSTEM, now=NOW)
        assert [(line.given, line.ok, line.changed) for line in outcomes] == [
            (str(tides), True, False),
            (str(NOWHERE), False, False),
            (str(stars), True, True),
            (str(stars), True, False),
        ]
        assert outcomes[1].message
        assert [edition.base_key for edition in session.editions.all()] == [tides, stars]

    def test_the_request_reserves_and_the_task_prepares(
        self, make_session, make_base_course, django_capture_on_commit_callbacks
    ):
        session = make_session()
        with django_capture_on_commit_callbacks() as waiting:
            api.add_courses(session, [make_base_course()], actor=SYSTEM, now=NOW)
        edition = session.editions.get()
        assert (edition.state, edition.wanted_revision, edition.applied_revision) == (EditionState.PREPARING, 1, 0)
        for callback in waiting:
            callback()
        edition.refresh_from_db()
        assert (edition.state, edition.applied_revision, edition.apply_error) == (EditionState.READY, 1, "")

    def test_a_rolled_back_request_leaves_nothing(self, make_session, make_base_course):
        session, tides = make_session(), make_base_course()
        with transaction.atomic():
            api.add_courses(session, [tides], actor=SYSTEM, now=NOW)
            transaction.set_rollback(True)
        assert not CourseEdition.objects.exists()

    def test_order(self, make_session, make_base_course):
        tides, stars = make_base_course(), make_base_course()
        session = make_session(courses=[tides, stars])
        api.order_courses(session, [stars, tides], actor=SYSTEM, now=NOW)
        assert [edition.base_key for edition in session.editions.all()] == [stars, tides]
        for wrong in ([stars], [stars, stars], [stars, tides, NOWHERE]):
            with pytest.raises(InvalidInput):
                api.order_courses(session, wrong, actor=SYSTEM, now=NOW)

    def test_an_untouched_course_goes_and_a_worked_one_is_withdrawn_and_comes_back(
        self, make_session, make_base_course, make_user, answer, stored, django_capture_on_commit_callbacks
    ):
        lea, tides, stars = make_user("lea"), make_base_course(), make_base_course()
        session = make_session(courses=[tides, stars], members=[lea], opens_at=None, closes_at=None)
        worked = session.editions.get(base_key=tides)
        assert answer(worked.edition_key, lea)
        with django_capture_on_commit_callbacks(execute=True):
            outcomes = api.remove_courses(session, [tides, stars, NOWHERE], actor=SYSTEM, now=NOW)
        assert [(line.ok, line.changed, bool(line.message)) for line in outcomes] == [
            (True, True, True),
            (True, True, False),
            (True, False, True),
        ]
        worked.refresh_from_db()
        assert worked.state is EditionState.WITHDRAWN
        assert list(session.editions.all()) == [worked]
        assert stored(worked.edition_key, lea).score == 1
        with django_capture_on_commit_callbacks(execute=True):
            api.add_courses(session, [tides], actor=SYSTEM, now=NOW)
        worked.refresh_from_db()
        assert worked.state is EditionState.READY

    def test_what_the_host_will_not_forget_is_withdrawn(
        self, make_session, make_base_course, make_user, make_foreign_enrolment
    ):
        tides = make_base_course()
        session = make_session(courses=[tides])
        make_foreign_enrolment(session.editions.get().edition_key, make_user("eve"))
        outcome = api.remove_courses(session, [tides], actor=SYSTEM, now=NOW)[0]
        assert (outcome.changed, outcome.message.partition(":")[0]) == (True, "Withdrawn, not deleted")
        assert session.editions.get().state is EditionState.WITHDRAWN


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


class TestTeam:
    """Assigning and removing those who run a session."""

    def test_roles_over_the_session_reach_every_edition_on_the_host(
        self, make_session, make_base_course, make_user, is_course_staff, heard, django_capture_on_commit_callbacks
    ):
        ben, tides = make_user("ben"), make_base_course()
        session = make_session(courses=[tides, make_base_course()])
        keys = [edition.edition_key for edition in session.editions.all()]
        with django_capture_on_commit_callbacks(execute=True):
            outcomes = api.assign_session_team(
                session, TeamRole.SESSION_COACH, ["ben", "ghost", "ben"], actor=SYSTEM, now=NOW
            )
        assert [(line.ok, line.changed) for line in outcomes] == [(True, True), (False, False), (True, False)]
        assert [is_course_staff(key, ben) for key in [*keys, tides]] == [True, True, False]
        with django_capture_on_commit_callbacks(execute=True):
            api.remove_session_team(session, TeamRole.SESSION_COACH, ["ben"], actor=SYSTEM, now=NOW)
        assert [is_course_staff(key, ben) for key in keys] == [False, False]
        assert [said for said in heard if said[0] == "team"] == [
            ("team", NOW, CohortTeamData(str(session.uuid), "", ben.pk, "session_coach", is_active))
            for is_active in (True, False)
        ]

    def test_a_course_coach_has_one_edition(
        self, make_session, make_base_course, make_user, is_course_staff, django_capture_on_commit_callbacks
    ):
        cleo = make_user("cleo")
        session = make_session(courses=[make_base_course(), make_base_course()])
        first, second = session.editions.all()
        with django_capture_on_commit_callbacks(execute=True):
            api.assign_course_coaches(first, ["cleo"], actor=SYSTEM, now=NOW)
        assert [is_course_staff(each.edition_key, cleo) for each in (first, second)] == [True, False]
        with django_capture_on_commit_callbacks(execute=True):
            api.remove_course_coaches(first, ["cleo"], actor=SYSTEM, now=NOW)
        assert not is_course_staff(first.edition_key, cleo)

    def test_a_course_coach_is_no_role_of_a_session(self, make_session):
        with pytest.raises(InvalidInput):
            api.assign_session_team(make_session(), TeamRole.COURSE_COACH, ["ben"], actor=SYSTEM, now=NOW)

    def test_session_coaches_assign_course_coaches_but_no_peers(
        self, make_session, make_base_course, make_user, coach_of
    ):
        make_user("cleo")
        session = make_session(courses=[make_base_course()])
        edition, coach = session.editions.get(), coach_of(session)
        assert api.assign_course_coaches(edition, ["cleo"], actor=coach, now=NOW)[0].changed
        with pytest.raises(NotAllowed):
            api.assign_session_team(session, TeamRole.SESSION_COACH, ["cleo"], actor=coach, now=NOW)


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
