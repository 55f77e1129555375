"""The guard, tried through the LMS's own doors: every state of a session, every way in, every kind of caller."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone
from edx_django_utils.cache import RequestCache
from edx_toggles.toggles.testutils import override_waffle_switch

from cohort_sessions import api
from cohort_sessions.data import SYSTEM
from cohort_sessions.edxapp.hooks import guard
from cohort_sessions.edxapp.hooks.editions import edition_of
from cohort_sessions.edxapp.toggles import DISABLE_GUARD
from cohort_sessions.models import Member
from tests.contract import Stored
from tests.platform import ccx, courses
from tests.platform.entrances import (
    DOORS,
    LOGIN,
    MEMBER,
    NOBODY,
    UNKNOWN,
    blocks,
    completion,
    handler,
    metadata,
    outcome,
    outcomes,
    page,
    unit,
)
from tests.platform.sessions import STATES, create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")


class TestStates:
    @pytest.mark.parametrize("state", STATES)
    def test_a_member_with_a_session_cookie(self, state, base_key, lea, signed_in):
        key = edition_key(create_session(base_key, members=[lea], **STATES[state]))
        assert outcomes(signed_in(lea), key) == MEMBER[state]

    @pytest.mark.parametrize("state", STATES)
    def test_a_member_with_a_token(self, state, base_key, lea, with_token):
        """The platform's own pages know no tokens: where the guard lets the person pass, they ask for signing in."""
        key = edition_key(create_session(base_key, members=[lea], **STATES[state]))
        pages = {"page": LOGIN, "unit": 404} if MEMBER[state]["page"] == 200 else {}
        assert outcomes(with_token(lea), key) == MEMBER[state] | pages

    @pytest.mark.parametrize("state", STATES)
    def test_people_without_a_relation_find_nothing(self, state, base_key, lea, make_user, signed_in, with_token):
        key = edition_key(create_session(base_key, members=[lea], **STATES[state]))
        stranger = make_user("stranger")
        assert outcomes(signed_in(stranger), key) == UNKNOWN
        assert outcomes(with_token(stranger), key) == UNKNOWN

    @pytest.mark.parametrize("state", ["full", "not started"])
    def test_nobody_is_asked_to_sign_in(self, state, base_key, lea):
        key = edition_key(create_session(base_key, members=[lea], **STATES[state]))
        assert outcomes(Client(), key) == NOBODY
        assert outcomes(Client(HTTP_AUTHORIZATION="JWT forged"), key) == NOBODY

    @pytest.mark.parametrize("state", STATES)
    def test_coaches_go_in_at_any_time(self, state, base_key, lea, make_user, signed_in):
        cora = make_user("cora")
        key = edition_key(create_session(base_key, members=[lea], coaches=[cora], **STATES[state]))
        seen = [outcome(door(signed_in(cora), key)) for door in (metadata, unit, page)]
        assert seen == [(200, None), 200, 200]

    def test_a_platform_administrator_goes_in(self, base_key, make_user, signed_in):
        key = edition_key(create_session(base_key, **STATES["not started"]))
        seen = outcomes(signed_in(make_user("root", is_staff=True)), key)
        assert seen["page"] == 200
        assert seen["metadata"] == (200, None)

    def test_the_person_is_decided_not_the_course(self, base_key, lea, make_user, signed_in, submit, stored):
        """One window per course is all the platform knows; here one member's own has closed while the session runs."""
        session = create_session(base_key, members=[lea, make_user("max")])
        key = edition_key(session)
        Member.objects.filter(user=lea).update(closes_at=timezone.now() - timedelta(hours=1))
        assert outcomes(signed_in(lea), key) == MEMBER["read only"]
        assert submit(key, make_user("max"), courses.RIGHT).status_code == 200
        assert stored(key, lea) == Stored(is_enrolled=True)

    def test_a_cancelled_session_says_so(self, base_key, lea, signed_in, committed):
        session = create_session(base_key, members=[lea])
        key = edition_key(session)
        with committed():
            api.cancel_session(session, reason="The harbour is closed.", actor=SYSTEM, now=timezone.now())
        assert outcome(blocks(signed_in(lea), key)) == (403, "session-cancelled")
        assert "This session was cancelled" in page(signed_in(lea), key).content.decode()

    def test_a_removed_member_is_a_stranger(self, base_key, lea, signed_in, committed):
        session = create_session(base_key, members=[lea])
        with committed():
            api.remove_members(session, ["lea"], actor=SYSTEM, now=timezone.now())
        assert outcomes(signed_in(lea), edition_key(session)) == UNKNOWN


class TestWhatIsSaid:
    def test_the_page_says_when_it_opens_in_the_readers_time_zone(self, base_key, lea, signed_in):
        from openedx.core.djangoapps.user_api.preferences.api import set_user_preference

        set_user_preference(lea, "time_zone", "Asia/Tokyo")
        opens = timezone.now().replace(hour=18, minute=30, second=0, microsecond=0) + timedelta(days=5)
        session = create_session(base_key, members=[lea], opens_at=opens, opens=None)
        response = page(signed_in(lea), edition_key(session))
        text = response.content.decode()
        assert response.status_code == 403
        assert "This session has not opened yet" in text
        assert "3:30 a.m. JST" in text
        assert reverse("cohort_sessions:session_home", args=[session.code]) in text

    def test_the_problem_is_whole(self, base_key, lea, signed_in):
        session = create_session(base_key, members=[lea], **STATES["read only"])
        key = edition_key(session)
        response = completion(signed_in(lea), key)
        problem = response.json()
        assert response["Content-Type"] == "application/problem+json"
        assert problem.pop("detail").startswith("This session has ended. It was open until ")
        assert problem == {
            "type": "urn:cohort-sessions:problem:session-read-only",
            "title": "Forbidden",
            "status": 403,
            "instance": "/api/completion/v1/completion-batch",
            "opens_at": _json_moment(session.opens_at),
            "closes_at": _json_moment(session.closes_at),
        }

    def test_the_learning_micro_frontend_is_led_to_the_page(self, base_key, lea, signed_in):
        key = edition_key(create_session(base_key, members=[lea], **STATES["not started"]))
        client = signed_in(lea)
        for address in (f"/api/course_home/course_metadata/{key}", f"/api/courseware/course/{key}"):
            access = client.get(address).json()["course_access"]
            assert (access["has_access"], access["error_code"]) == (False, "data_sharing_access_required")
            assert client.get(access["developer_message"]).status_code == 403

    def test_a_unit_in_a_frame_is_answered_in_the_frame(self, base_key, lea, signed_in):
        key = edition_key(create_session(base_key, members=[lea], **STATES["not started"]))
        assert "X-Frame-Options" not in unit(signed_in(lea), key)


class TestCost:
    def passes(self, request, user):
        """What the guard alone says to a request, everything before it done."""
        request.user = user
        request.resolver_match = match = resolve(request.path_info)
        return guard.GuardMiddleware(lambda request: None).process_view(request, match.func, match.args, match.kwargs)

    def requests(self, key):
        problem = key.make_usage_key("problem", "problem_1")
        rf = RequestFactory()
        return [
            rf.get(f"/api/course_home/course_metadata/{key}"),
            rf.get(f"/xblock/{problem}"),
            rf.post(f"/courses/{key}/xblock/{problem}/handler/xmodule_handler/problem_check", {"input": "a"}),
            rf.get("/api/courses/v2/blocks/", {"course_id": str(key)}),
            rf.post("/api/completion/v1/completion-batch", {"course_key": str(key)}, content_type="application/json"),
            rf.get("/dashboard"),
        ]

    def test_other_courses_cost_no_sql(self, base_key, lea, django_assert_num_queries):
        for request in self.requests(base_key):
            with django_assert_num_queries(0):
                assert self.passes(request, lea) is None

    def test_an_edition_costs_one_query(self, base_key, lea, django_assert_num_queries):
        key = edition_key(create_session(base_key, members=[lea]))
        DISABLE_GUARD.is_enabled()
        for request in self.requests(key)[:-1]:
            request._dont_enforce_csrf_checks = True
            with django_assert_num_queries(1):
                assert self.passes(request, lea) is None

    def test_other_peoples_ccx_courses_pass(self, base_key, make_user, signed_in, django_assert_num_queries):
        coach, ann = make_user("coach"), make_user("ann")
        rows = {ccx.COURSE: {"start": timezone.now() - timedelta(days=1)}}
        key = ccx.create_ccx(base_key, coach, rows, is_ours=False)
        DISABLE_GUARD.is_enabled()
        for request in self.requests(key)[:-1]:
            request._dont_enforce_csrf_checks = True
            RequestCache.clear_all_namespaces()
            with django_assert_num_queries(2):
                assert self.passes(request, ann) is None
            # The second is the platform's own, made earlier.
            with django_assert_num_queries(0):
                assert edition_of(key) is None
        guarded = {door.__name__: door(signed_in(ann), key).status_code for door in DOORS}
        with override_waffle_switch(DISABLE_GUARD, active=True):
            assert {door.__name__: door(signed_in(ann), key).status_code for door in DOORS} == guarded


class TestFailing:
    def test_closed_when_it_cannot_decide(self, base_key, lea, signed_in):
        key = edition_key(create_session(base_key, members=[lea]))
        client = signed_in(lea)
        with mock.patch.object(guard, "editions_of", side_effect=DatabaseError):
            assert outcome(blocks(client, key)) == (503, "undecided")
            assert page(client, key).status_code == 503

    def test_a_switch_turns_it_off(self, base_key, lea, make_user, signed_in):
        """As the toggle's warning says: whoever the platform lets in gets in."""
        key = edition_key(create_session(base_key, members=[lea, make_user("max")]))
        Member.objects.filter(user=lea).update(closes_at=timezone.now() - timedelta(hours=1))
        with override_waffle_switch(DISABLE_GUARD, active=True):
            assert handler(signed_in(lea), key).status_code == 200
        assert handler(signed_in(lea), key).status_code == 403


class TestFirstEntry:
    @pytest.fixture
    def session(self, base_key, lea):
        return create_session(base_key, members=[lea], opens=None, closes=None, duration_days=7)

    def test_going_in_starts_the_clock_once(self, session, lea, signed_in, committed):
        key, client = edition_key(session), signed_in(lea)
        with committed():
            assert page(client, key).status_code == 200
        first = Member.objects.get(user=lea).first_entered_at
        assert timezone.now() - first < timedelta(minutes=1)
        with committed():
            page(client, key)
        assert Member.objects.get(user=lea).first_entered_at == first

    def test_reading_about_it_does_not(self, session, lea, signed_in):
        assert signed_in(lea).get(f"/api/courses/v1/courses/{edition_key(session)}").status_code == 200
        assert Member.objects.get(user=lea).first_entered_at is None


def _json_moment(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
