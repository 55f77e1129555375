"""May this person go into this edition now: the one question of the guard."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, AfterClose, TeamRole
from cohort_sessions.models import AdministratorScope, Member
from cohort_sessions.queries.access import EditionAccess
from cohort_sessions.timeline import Access, Entry, Listing, Phase, Reason, Window
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
RUNNING = Window(NOW - 10 * DAY, NOW + 10 * DAY)


def decide(edition, user, *, now=NOW, is_platform_admin=False) -> EditionAccess | None:
    """The guard's question about one person."""
    return api.edition_access(
        edition.edition_key, user_id=user.pk if user else None, is_platform_admin=is_platform_admin, now=now
    )


class TestEditionAccess:
    """May this person go in now? One query, whoever asks."""

    def test_a_member(self, make_session, make_base_course, make_user, django_assert_num_queries):
        lea, tides = make_user("lea"), make_base_course()
        session = make_session(courses=[tides], members=[lea])
        edition = session.editions.get()
        with django_assert_num_queries(1):
            decision = decide(edition, lea)
        assert decision == EditionAccess(
            edition_id=edition.pk,
            session_code=session.code,
            session_title="Spring",
            edition_key=edition.edition_key,
            base_key=tides,
            access=Access(Phase.CURRENT, Listing.SHOWN, Entry.FULL, Reason.OPEN, RUNNING),
            after_close=AfterClose.READ_ONLY,
            on_team=False,
            is_member=True,
            awaits_first_entry=False,
        )

    def test_strangers_former_members_and_nobody_have_no_relation(
        self, make_session, make_base_course, make_user, django_assert_num_queries
    ):
        lea, gone = make_user("lea"), make_user("gone")
        session = make_session(courses=[make_base_course()], members=[gone])
        api.remove_members(session, ["gone"], actor=SYSTEM, now=NOW)
        edition = session.editions.get()
        for person in (lea, gone, None):
            with django_assert_num_queries(1):
                decision = decide(edition, person)
            assert (decision.access.reason, decision.access.entry) == (Reason.NO_RELATION, Entry.CLOSED)
            assert not decision.on_team
            assert not decision.is_member

    def test_a_members_own_bounds_and_days_count(self, make_session, make_base_course, make_user):
        lea, max_ = make_user("lea"), make_user("max")
        session = make_session(courses=[make_base_course()], members=[lea, max_])
        Member.objects.filter(user=lea).update(extra_days=5)
        edition, after = session.editions.get(), RUNNING.closes_at + DAY
        assert decide(edition, lea, now=after).access.entry is Entry.FULL
        assert decide(edition, max_, now=after).access.entry is Entry.READ_ONLY

    @pytest.mark.parametrize(
        "role", ["platform admin", "everywhere", "organisation", "administrator", "session coach", "course coach"]
    )
    def test_the_team_of_an_edition(self, role, make_session, make_base_course, make_user):
        ben = make_user("ben")
        session = make_session(courses=[make_base_course(), make_base_course()], organisation="Sea")
        edition, sibling = session.editions.all()
        by = {"actor": SYSTEM, "now": NOW}
        match role:
            case "everywhere" | "organisation":
                organisation = "Sea" if role == "organisation" else ""
                AdministratorScope.objects.create(user=ben, organisation=organisation, assigned_at=NOW)
            case "administrator":
                api.assign_session_team(session, TeamRole.ADMINISTRATOR, ["ben"], **by)
            case "session coach":
                api.assign_session_team(session, TeamRole.SESSION_COACH, ["ben"], **by)
            case "course coach":
                api.assign_course_coaches(edition, ["ben"], **by)
        before = RUNNING.opens_at - DAY
        is_admin = role == "platform admin"
        decision = decide(edition, ben, now=before, is_platform_admin=is_admin)
        assert (decision.on_team, decision.is_member, decision.access.entry) == (True, False, Entry.FULL)
        assert decide(sibling, ben, now=before, is_platform_admin=is_admin).on_team is (role != "course coach")

    def test_an_administrator_of_another_organisation_is_a_stranger(self, make_session, make_base_course, make_user):
        ben = make_user("ben")
        AdministratorScope.objects.create(user=ben, organisation="Sky", assigned_at=NOW)
        session = make_session(courses=[make_base_course()], organisation="Sea")
        assert decide(session.editions.get(), ben).access.reason is Reason.NO_RELATION

    def test_a_withdrawn_edition_is_closed_to_members_and_readable_for_the_team(
        self, make_session, make_base_course, make_user
    ):
        lea, ben = make_user("lea"), make_user("ben")
        session = make_session(courses=[make_base_course()], members=[lea])
        api.assign_session_team(session, TeamRole.SESSION_COACH, ["ben"], actor=SYSTEM, now=NOW)
        session.editions.update(withdrawn_at=NOW)
        edition = session.editions.get()
        assert [decide(edition, each).access.entry for each in (lea, ben)] == [Entry.CLOSED, Entry.READ_ONLY]

    def test_a_duration_waits_for_the_first_entry(self, make_session, make_base_course, make_user):
        lea = make_user("lea")
        session = make_session(
            courses=[make_base_course()], members=[lea], opens_at=None, closes_at=None, duration_days=7
        )
        edition = session.editions.get()
        assert decide(edition, lea).awaits_first_entry
        api.record_first_entry(edition.pk, user_id=lea.pk, now=NOW)
        assert not decide(edition, lea).awaits_first_entry
        assert decide(edition, lea, now=NOW + 7 * DAY).access.reason is Reason.ENDED

    def test_a_key_that_is_not_ours(self, make_base_course, make_user):
        user = make_user("lea")
        key = make_base_course()
        assert api.edition_access(key, user_id=user.pk, is_platform_admin=False, now=NOW) is None
