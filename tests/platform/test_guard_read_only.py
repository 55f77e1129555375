"""In an edition that may only be read: looking and moving about pass, handing anything in does not."""

from __future__ import annotations

import json

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from cohort_sessions.edxapp.hooks import guard
from tests.contract import Stored
from tests.platform.entrances import handler, outcome
from tests.platform.sessions import STATES, create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")


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
