"""Who has a place in an edition, and how it runs, is changed in its session; and the team's doors are the team's."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from cohort_sessions import api
from cohort_sessions.data import SYSTEM
from tests.contract import Stored
from tests.platform.entrances import outcome
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")


class TestManagement:
    @pytest.fixture
    def key(self, base_key, lea, make_user):
        return edition_key(create_session(base_key, members=[lea], coaches=[make_user("cora")]))

    def enrol(self, client, key, **more):
        body = {"course_details": {"course_id": str(key)}} | more
        return client.post("/api/enrollment/v1/enrollment", json.dumps(body), content_type="application/json")

    def test_strangers_cannot_enrol_themselves(self, key, make_user, signed_in, stored):
        stranger = make_user("stranger")
        assert outcome(self.enrol(signed_in(stranger), key)) == (404, "not-found")
        assert stored(key, stranger) == Stored()

    def test_nobody_enrols_or_leaves_past_the_session(self, key, lea, make_user, signed_in, stored):
        for client in (signed_in(lea), signed_in(make_user("cora")), signed_in(make_user("root", is_staff=True))):
            assert outcome(self.enrol(client, key, user="lea", is_active=False)) == (403, "managed-in-session")
            assert (
                client.post("/change_enrollment", {"course_id": str(key), "enrollment_action": "unenroll"}).status_code
                == 403
            )
        assert stored(key, lea) == Stored(is_enrolled=True)

    def test_a_former_member_cannot_come_back_alone(self, base_key, lea, signed_in, committed, stored):
        session = create_session(base_key, members=[lea])
        with committed():
            api.remove_members(session, ["lea"], actor=SYSTEM, now=timezone.now())
        assert outcome(self.enrol(signed_in(lea), edition_key(session))) == (404, "not-found")
        assert stored(edition_key(session), lea) == Stored()

    def test_enrolment_is_refused_below_the_doors_too(self, key, make_user):
        from common.djangoapps.student.models import CourseEnrollment, EnrollmentNotAllowed

        with pytest.raises(EnrollmentNotAllowed, match="belongs to a session"):
            CourseEnrollment.enroll(make_user("stranger"), key)

    @pytest.mark.parametrize("method", ["get", "patch", "delete"])
    def test_the_ccx_api_leaves_editions_alone(self, method, base_key, key, make_user, signed_in):
        from common.djangoapps.student.roles import CourseStaffRole

        author, root = make_user("author"), make_user("root", is_staff=True)
        CourseStaffRole(base_key).add_users(author, root)
        answers = [outcome(getattr(signed_in(user), method)(f"/api/ccx/v0/ccx/{key}/")) for user in (author, root)]
        assert answers == [(404, "not-found"), (403, "managed-in-session")]

    @pytest.mark.parametrize("door", ["ccx_coach", "ccx_schedule", "ccx_gradebook", "ccx-manage-students"])
    def test_the_ccx_coach_dashboard_is_closed(self, door, key, make_user, signed_in):
        assert signed_in(make_user("cora")).get(f"/courses/{key}/{door}").status_code == 403

    def test_the_teams_doors_are_the_teams(self, key, lea, make_user, signed_in):
        address = f"/courses/{key}/instructor"
        assert signed_in(lea).get(address).status_code == 404
        assert signed_in(make_user("cora")).get(address).status_code == 200
