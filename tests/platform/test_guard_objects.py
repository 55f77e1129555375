"""Things inside an edition that are addressed by a number or a name of their own: threads, comments, teams, exams."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve
from edx_proctoring.models import ProctoredExam, ProctoredExamStudentAttempt
from forum.backends.mysql.models import Comment, CommentThread
from lms.djangoapps.teams.models import CourseTeam

from cohort_sessions.edxapp.hooks import guard
from tests.platform.entrances import outcome
from tests.platform.sessions import STATES, create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")

HIDDEN, CLOSED, READ_ONLY = (404, "not-found"), (403, "session-not-open-yet"), (403, "session-read-only")
READING = {"full": None, "not started": CLOSED, "read only": None, "hidden": HIDDEN}
WRITING = {"full": None, "not started": CLOSED, "read only": READ_ONLY, "hidden": HIDDEN}
# Mounted by feature flags that the platform's test settings leave off, so only the guard is asked.
DISCUSSIONS = "lms.djangoapps.discussion.rest_api.urls"
LEGACY = "lms.djangoapps.discussion.urls"


@pytest.fixture
def things(lea):
    """Make one thing of each kind in a course: their names in addresses."""

    def make(course_key):
        thread = CommentThread(title="Tides", body="Why?", course_id=str(course_key), author=lea, commentable_id="c")
        # In bulk no signal asks for a search index.
        (thread,) = CommentThread.objects.bulk_create([thread])
        thread = CommentThread.objects.get(course_id=str(course_key))
        Comment.objects.bulk_create(
            [Comment(body="Moon.", course_id=str(course_key), author=lea, comment_thread=thread)]
        )
        team = CourseTeam.create(name="Crew", course_id=course_key, description="")
        team.save()
        exam = ProctoredExam.objects.create(
            course_id=str(course_key), content_id="x", exam_name="Ebb", time_limit_mins=9, is_active=True
        )
        attempt = ProctoredExamStudentAttempt.objects.create(user=lea, proctored_exam=exam, attempt_code="a")
        return {
            "thread": thread.pk,
            "comment": Comment.objects.get(course_id=str(course_key)).pk,
            "team": team.team_id,
            "exam": exam.pk,
            "attempt": attempt.pk,
        }

    return make


def asked(method, address, user, body=None, urlconf=None):
    """What the guard says to this request; ``None`` where it lets it pass."""
    request = RequestFactory().generic(
        method, address if urlconf is None else f"/api{address}", body or "", content_type="application/json"
    )
    match = resolve(address.partition("?")[0], urlconf=urlconf)
    request.user, request.resolver_match, request._dont_enforce_csrf_checks = user, match, True
    answer = guard.GuardMiddleware(lambda request: None).process_view(request, match.func, (), match.kwargs)
    return None if answer is None else outcome(answer)


READ = (
    ("/v1/threads/{thread}/", DISCUSSIONS),
    ("/v1/comments/?thread_id={thread}", DISCUSSIONS),
    ("/v1/comments/{comment}/", DISCUSSIONS),
    ("/api/team/v0/teams/{team}", None),
    ("/api/team/v0/teams/{team}/assignments", None),
    ("/api/team/v0/team_membership/?team_id={team}", None),
    ("/api/team/v0/team_membership/{team},lea", None),
    ("/api/edx_proctoring/v1/proctored_exam/exam/exam_id/{exam}", None),
    ("/api/edx_proctoring/v1/proctored_exam/attempt/{attempt}", None),
)
WRITE = (
    ("PATCH", "/v1/threads/{thread}/", DISCUSSIONS, "{}"),
    ("POST", "/v1/comments/", DISCUSSIONS, '{"thread_id": "%(thread)s"}'),
    ("DELETE", "/v1/comments/{comment}/", DISCUSSIONS, ""),
    ("POST", "/api/team/v0/team_membership/", None, '{"team_id": "%(team)s", "username": "lea"}'),
    ("PUT", "/api/edx_proctoring/v1/proctored_exam/attempt/{attempt}", None, "{}"),
    ("POST", "/api/edx_proctoring/v1/proctored_exam/attempt", None, '{"exam_id": %(exam)s}'),
)


@pytest.mark.parametrize("state", STATES)
def test_a_member_reads_and_writes_them_like_the_edition(state, base_key, lea, things):
    key = edition_key(create_session(base_key, members=[lea], **STATES[state]))
    names = things(key)
    assert {address: asked("GET", address.format(**names), lea, urlconf=conf) for address, conf in READ} == {
        address: READING[state] for address, _ in READ
    }
    written = {
        address: asked(method, address.format(**names), lea, body % names, conf)
        for method, address, conf, body in WRITE
    }
    assert written == {address: WRITING[state] for _, address, _, _ in WRITE}


def test_a_stranger_finds_none_of_them(base_key, lea, make_user, things):
    names = things(edition_key(create_session(base_key, members=[lea])))
    stranger = make_user("stranger")
    assert {asked("GET", address.format(**names), stranger, urlconf=conf) for address, conf in READ} == {HIDDEN}


def test_another_course_in_the_address_opens_no_thread(base_key, lea, make_user, things):
    """The platform's forum asks about the course in the address, and shows whatever thread it is told."""
    names = things(edition_key(create_session(base_key, members=[lea], **STATES["hidden"])))
    address = "/topic/threads/{thread}".format(**names)
    for person in (lea, make_user("stranger")):
        assert asked("GET", address, person, urlconf=LEGACY) == HIDDEN


def test_the_forums_own_api_is_closed(base_key, lea, signed_in, things):
    """It lets anybody read, and post in anybody's name, elsewhere."""
    names = things(edition_key(create_session(base_key, members=[lea])))
    for address in ("/forum/api/v2/threads/{thread}", "/forum/api/v2/comments/{comment}"):
        assert outcome(Client().get(address.format(**names))) == (401, "not-authenticated")
        assert outcome(signed_in(lea).get(address.format(**names))) == (403, "managed-in-session")
    for address in ("/forum/api/v2/threads/{thread}/comments", "/forum/api/v2/users/1/subscriptions"):
        body = {"body": "Because.", "source_id": names["thread"]}
        assert outcome(signed_in(lea).post(address.format(**names), body)) == (403, "managed-in-session")


def test_in_other_courses_one_look_up_and_nothing_else(base_key, lea, things, django_assert_num_queries):
    names = things(base_key)
    for address, conf in READ:
        with django_assert_num_queries(1):
            assert asked("GET", address.format(**names), lea, urlconf=conf) is None


def test_a_name_that_nothing_can_have_is_left_to_the_view(lea):
    body = '{"exam_id": {"x": ["y"]}}'
    assert asked("POST", "/api/edx_proctoring/v1/proctored_exam/attempt", lea, body) is None
