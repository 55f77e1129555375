"""The guard, tried through the LMS's own doors: every state of a session, every way in, every kind of caller."""

from __future__ import annotations

import json
from datetime import timedelta
from unittest import mock

import pytest
from ccx_keys.locator import CCXLocator
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone
from edx_toggles.toggles.testutils import override_waffle_switch
from openedx.core.djangoapps.oauth_dispatch.jwt import create_jwt_for_user

from cohort_sessions import api
from cohort_sessions.data import SYSTEM
from cohort_sessions.edxapp.hooks import guard
from cohort_sessions.edxapp.toggles import DISABLE_GUARD
from cohort_sessions.models import Member
from tests.contract import Stored
from tests.platform import ccx, courses
from tests.platform.sessions import STATES, create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")

LOGIN = "login"


@pytest.fixture
def base_key(make_base_course):
    return make_base_course()


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def with_token():
    """A program that acts for this person with a JWT in the header and without a cookie."""
    return lambda user: Client(HTTP_AUTHORIZATION=f"JWT {create_jwt_for_user(user)}")


def metadata(client, key):
    return client.get(f"/api/course_home/course_metadata/{key}")


def unit(client, key):
    return client.get(f"/xblock/{key.make_usage_key('vertical', 'unit_1')}")


def handler(client, key, name="xmodule_handler", suffix="problem_check", block=("problem", "problem_1"), method="post"):
    problem = key.make_usage_key(*block)
    names = {"course_id": str(key), "usage_id": str(problem), "handler": name, "suffix": suffix}
    return getattr(client, method)(
        reverse("xblock_handler", kwargs=names), {f"input_{problem.html_id()}_2_1": courses.RIGHT}
    )


def page(client, key):
    return client.get(f"/courses/{key}/progress")


def blocks(client, key):
    return client.get("/api/courses/v2/blocks/", {"course_id": str(key), "username": "lea", "depth": "all"})


def completion(client, key):
    body = {"username": "lea", "course_key": str(key), "blocks": {str(key.make_usage_key("html", "text_1")): 1.0}}
    return client.post("/api/completion/v1/completion-batch", json.dumps(body), content_type="application/json")


DOORS = (metadata, unit, handler, page, blocks, completion)


def outcome(response):
    """The status, with where one is sent, which problem it is, or what the micro-frontend is told."""
    if response.status_code == 302:
        return LOGIN if response.url.startswith("/login?next=") else response.url
    answer = json.loads(response.content) if "json" in response.get("Content-Type", "") else {}
    if "course_access" in answer:
        return response.status_code, answer["course_access"]["error_code"]
    if "problem+json" in response.get("Content-Type", ""):
        return response.status_code, answer["type"].rpartition(":")[2]
    return response.status_code


def outcomes(client, key):
    return {door.__name__: outcome(door(client, key)) for door in DOORS}


CLOSED = {
    "metadata": (200, "data_sharing_access_required"),
    "unit": 403,
    "handler": (403, "session-not-open-yet"),
    "page": 403,
    "blocks": (403, "session-not-open-yet"),
    "completion": (403, "session-not-open-yet"),
}
UNKNOWN = {
    "metadata": (404, "not-found"),
    "unit": 404,
    "handler": (404, "not-found"),
    "page": 404,
    "blocks": (404, "not-found"),
    "completion": (404, "not-found"),
}
NOBODY = {
    "metadata": (401, "not-authenticated"),
    "unit": LOGIN,
    "handler": (401, "not-authenticated"),
    "page": LOGIN,
    "blocks": (401, "not-authenticated"),
    "completion": (401, "not-authenticated"),
}
OPEN = {"metadata": (200, None), "unit": 200, "handler": 200, "page": 200, "blocks": 200, "completion": 200}
MEMBER = {
    "full": OPEN,
    "not started": CLOSED,
    "read only": OPEN | {"handler": (403, "session-read-only"), "completion": (403, "session-read-only")},
    "hidden": UNKNOWN,
}


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


class TestReadOnly:
    @pytest.fixture
    def key(self, base_key, lea):
        return edition_key(create_session(base_key, members=[lea], **STATES["read only"]))

    @pytest.mark.parametrize(
        ("name", "suffix", "block"),
        [
            ("goto_position", "", ("sequential", "subsection_1")),
            ("xmodule_handler", "goto_position", ("sequential", "subsection_1")),
            ("xmodule_handler", "problem_get", ("problem", "problem_1")),
        ],
    )
    def test_navigation_and_looking_pass(self, name, suffix, block, key, lea, signed_in):
        names = {"course_id": str(key), "usage_id": str(key.make_usage_key(*block)), "handler": name, "suffix": suffix}
        address = reverse("xblock_handler", kwargs=names)
        if name == "xmodule_handler":
            response = signed_in(lea).post(address, {"position": 1})
        else:
            response = signed_in(lea).post(address, '{"position": 1}', content_type="application/json")
        assert response.status_code == 200

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("action", ["problem_check", "problem_save", "problem_reset"])
    def test_nothing_is_handed_in_by_any_method(self, method, action, key, lea, signed_in, stored):
        assert outcome(handler(signed_in(lea), key, suffix=action, method=method)) == (403, "session-read-only")
        assert stored(key, lea) == Stored(is_enrolled=True)

    @pytest.mark.parametrize(
        ("method", "address", "body", "expected"),
        [
            ("post", "/api/course_home/save_course_goal", {"course_id": "{key}"}, (403, "session-read-only")),
            ("post", "/api/team/v0/teams/", {"course_id": "{key}", "name": "Crew"}, (403, "session-read-only")),
            ("post", "/api/completion/v1/completion-batch", {"course_key": " {key} "}, (403, "session-read-only")),
            ("get", "/courses/{key}/edxnotes/token/", None, 403),
            ("post", "/courses/{key}/generate_user_cert", {}, 403),
        ],
    )
    def test_no_score_completion_post_or_note_by_other_doors(
        self, method, address, body, expected, key, lea, signed_in
    ):
        body = json.dumps(body).replace("{key}", str(key))
        address = address.format(key=key)
        response = signed_in(lea).generic(method.upper(), address, body, content_type="application/json")
        assert outcome(response) == expected

    def test_a_bookmark_is_navigation(self, key, lea, signed_in):
        body = {"usage_id": str(key.make_usage_key("vertical", "unit_1"))}
        response = signed_in(lea).post(
            "/api/bookmarks/v1/bookmarks/", json.dumps(body), content_type="application/json"
        )
        assert response.status_code == 201

    def test_a_thing_that_is_named_without_its_course(self, key, lea, signed_in):
        from lms.djangoapps.teams.models import CourseTeam

        team = CourseTeam.create(name="Crew", course_id=key, description="")
        team.save()
        body = {"team_id": team.team_id, "username": "lea"}
        for encoded in ({"data": json.dumps(body), "content_type": "application/json"}, {"data": body}):
            response = signed_in(lea).post("/api/team/v0/team_membership/", **encoded)
            assert outcome(response) == (403, "session-read-only")

    def test_a_thread_and_a_comment_on_one(self, key, lea, signed_in):
        from forum.backends.mysql.models import CommentThread

        thread = CommentThread(title="Tides", body="Why?", course_id=str(key), author=lea, commentable_id="course")
        CommentThread.objects.bulk_create([thread])  # in bulk no signal asks for a search index
        thread = CommentThread.objects.get()
        body = {"thread_id": str(thread.pk), "raw_body": "Because."}
        for address, sent in (("/v1/comments/", body), ("/v1/threads/", {"course_id": str(key), "raw_body": "Hello"})):
            # The platform's test settings do not mount its discussion API, so only the guard is asked.
            match = resolve(address, urlconf="lms.djangoapps.discussion.rest_api.urls")
            request = RequestFactory().post(f"/api/discussion{address}", sent, content_type="application/json")
            request.user, request.resolver_match, request._dont_enforce_csrf_checks = lea, match, True
            middleware = guard.GuardMiddleware(lambda request: None)
            assert outcome(middleware.process_view(request, match.func, (), {})) == (403, "session-read-only")
        # The forum's own API lets anybody post in anybody's name, elsewhere.
        address = f"/forum/api/v2/threads/{thread.pk}/comments"
        assert outcome(Client().post(address, body)) == (401, "not-authenticated")
        assert outcome(signed_in(lea).post(address, body)) == (403, "managed-in-session")

    def test_naming_an_open_edition_besides_opens_nothing(self, base_key, key, lea, signed_in):
        from lms.djangoapps.teams.models import CourseTeam

        is_open = edition_key(create_session(base_key, title="Autumn", members=[lea]))
        team = CourseTeam.create(name="Crew", course_id=key, description="")
        team.save()
        address = f"/api/team/v0/team_membership/?course_id={is_open}"
        response = signed_in(lea).post(address, {"team_id": team.team_id, "username": "lea"})
        assert outcome(response) == (403, "session-read-only")


class TestWaysOfNamingAnEdition:
    @pytest.fixture
    def key(self, base_key, lea):
        return edition_key(create_session(base_key, members=[lea]))

    @pytest.fixture
    def stranger(self, make_user, signed_in):
        return signed_in(make_user("stranger"))

    @pytest.mark.parametrize(
        "body",
        [
            '{"course_key": "{key}", "blocks": {}}',
            '{"course_key": " {key}\\t", "blocks": {}}',
            '{"course_key": "\\u0063cx-v1:{rest}", "blocks": {}}',
            '{"course_key": "x", "blocks": {"{block}": 1}}',
            '{"course_key": "x", "more": [{"deep": ["{block}"]}]}',
        ],
    )
    def test_in_json_however_written(self, body, key, stranger):
        text = body.replace("{key}", str(key)).replace("{rest}", str(key).partition(":")[2])
        text = text.replace("{block}", str(key.make_usage_key("html", "text_1")))
        for encoding in ("utf-8", "utf-16"):
            response = stranger.generic(
                "POST",
                "/api/completion/v1/completion-batch",
                text.encode(encoding),
                content_type=f"application/json; charset={encoding}",
            )
            assert outcome(response) == (404, "not-found")

    def test_in_a_form(self, key, stranger):
        assert outcome(stranger.post("/change_enrollment", {"course_id": str(key)})) == 404
        assert outcome(stranger.post("/certificates/generate", {"course_key": str(key)})) == 404

    @pytest.mark.parametrize("spelling", [str, lambda key: str(key).replace("+", " ")])
    def test_in_a_query(self, spelling, key, stranger):
        address = "/api/courses/v1/blocks/"
        assert outcome(stranger.get(address, {"course_id": spelling(key)})) == (404, "not-found")
        usage_key = spelling(key.make_usage_key("html", "text_1"))
        assert outcome(stranger.get("/api/bookmarks/v1/bookmarks/", {"course_id": "x", "usage": usage_key})) == (
            404,
            "not-found",
        )

    def test_in_a_path_that_hands_no_key_to_its_view(self, key):
        request = RequestFactory().get(f"/courses/{key}/wiki/")
        assert guard.named_ccx_keys(request) == [key]

    @pytest.mark.parametrize("prefix", ["0", "00", "\N{ARABIC-INDIC DIGIT ZERO}"])
    def test_under_another_spelling_it_does_not_exist(self, prefix, key, lea, signed_in):
        """The platform would serve the same content, and file answers where no session finds them."""
        alias = CCXLocator(org=key.org, course=key.course, run=key.run, ccx=prefix + key.ccx)
        assert outcomes(signed_in(lea), alias) == UNKNOWN

    def test_with_a_branch_it_does_not_exist(self, key, lea, signed_in):
        draft = key.for_branch("draft-branch")
        assert outcome(unit(signed_in(lea), draft)) == 404

    def test_signing_in_on_the_way_to_an_edition(self, key):
        assert Client().get("/login", {"course_id": str(key), "enrollment_action": "enroll"}).status_code == 200
        assert Client().get("/login", {"next": f"/courses/{key}/progress"}).status_code == 200

    def test_a_link_in_other_text_names_nothing(self, key):
        request = RequestFactory().post("/x", {"raw_body": f"See /courses/{key}/ and {key} there"})
        assert guard.named_ccx_keys(request) == []


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
            with django_assert_num_queries(1):
                assert self.passes(request, ann) is None
        guarded = {door.__name__: door(signed_in(ann), key).status_code for door in DOORS}
        with override_waffle_switch(DISABLE_GUARD, active=True):
            assert {door.__name__: door(signed_in(ann), key).status_code for door in DOORS} == guarded


class TestFailing:
    def test_closed_when_it_cannot_decide(self, base_key, lea, signed_in):
        key = edition_key(create_session(base_key, members=[lea]))
        client = signed_in(lea)
        with mock.patch.object(guard, "edition_access", side_effect=DatabaseError):
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
