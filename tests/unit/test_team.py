"""What assigning people to a team does, refuses and announces."""

from __future__ import annotations

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, TeamRole
from cohort_sessions.errors import InvalidInput, NotAllowed
from cohort_sessions.events import CohortTeamData
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")


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
