"""The REST API: the same data as the pages, and problems where something is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from cohort_sessions import api
from cohort_sessions.models import EditionResult
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db(databases="__all__")

MY_SESSIONS = reverse("cohort_sessions:api-my-sessions-list")
DAY = timedelta(days=1)


def session_url(code: str) -> str:
    """The address of one session."""
    return reverse("cohort_sessions:api-sessions-detail", args=[code])


@pytest.fixture
def crew(make_user, make_base_course, make_session, now):
    """A running session of one course, begun by its learner, with a session coach."""
    session = make_session(
        "Crew",
        courses=[make_base_course(title="Tides")],
        members=[make_user("lea")],
        session_coaches=[make_user("ben")],
        description="We sail.",
        organisation="Sea",
        opens_at=datetime(2020, 1, 1, tzinfo=UTC),
        closes_at=datetime(2100, 1, 1, tzinfo=UTC),
    )
    EditionResult.objects.create(
        member=session.members.get(),
        edition=session.editions.get(),
        grade=0.4,
        completed=1,
        completable=2,
        as_of=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return session


def card_of(session, host) -> dict:
    """What the API says of `crew` to its learner."""
    edition = session.editions.get()
    return {
        "code": session.code,
        "title": "Crew",
        "description": "We sail.",
        "category": "",
        "organisation": "Sea",
        "status": "published",
        "cancel_reason": "",
        "access": {
            "phase": "current",
            "entry": "full",
            "reason": "open",
            "window": {"opens_at": "2020-01-01T00:00:00Z", "closes_at": "2100-01-01T00:00:00Z"},
        },
        "duration_days": None,
        "roles": ["member"],
        "url": f"/cohort-sessions/sessions/{session.code}/",
        "coaches": [{"username": "ben", "name": "ben"}],
        "editions": [
            {
                "uuid": str(edition.uuid),
                "edition_key": str(edition.edition_key),
                "base_key": str(edition.base_key),
                "course_title": "Tides",
                "image_url": "",
                "url": host.entry_urls([edition.edition_key])[edition.edition_key],
                "state": edition.state.value,
                "error": "",
                "started": True,
                "progress": 0.5,
                "grade": 0.4,
                "passed": False,
                "as_of": "2026-01-01T00:00:00Z",
                "coaches": [],
            }
        ],
    }


def test_my_sessions(crew, make_session, make_user, make_base_course, host, django_user_model):
    make_session("Not hers", courses=[make_base_course()], members=[make_user("max")])
    response = signed_in(django_user_model.objects.get(username="lea")).get(MY_SESSIONS)
    assert response.json() == {
        "counts": {"current": 1, "upcoming": 0, "past": 0},
        "total": 1,
        "phase": "current",
        "search": "",
        "sessions": [card_of(crew, host)],
        "wished": [],
    }


def test_a_list_and_a_search_are_those_of_the_page(crew, django_user_model):
    lea = django_user_model.objects.get(username="lea")
    answer = signed_in(lea).get(MY_SESSIONS, {"phase": "past", "search": " tides "}).json()
    assert answer == {
        "counts": {"current": 1, "upcoming": 0, "past": 0},
        "total": 1,
        "phase": "past",
        "search": "tides",
        "sessions": [],
        "wished": [],
    }


def test_a_session(crew, host, django_user_model):
    response = signed_in(django_user_model.objects.get(username="lea")).get(session_url(crew.code))
    assert response.json() == {
        "session": card_of(crew, host),
        "team": [{"person": {"username": "ben", "name": "ben"}, "role": "session_coach", "course_title": ""}],
        "member_count": None,
        "may_manage": False,
        "may_leave": False,
        "earlier": [],
        "welcomes": [],
    }


def test_the_api_shows_what_the_page_shows(crew, visit, django_user_model):
    lea = django_user_model.objects.get(username="lea")
    (session,) = signed_in(lea).get(MY_SESSIONS).json()["sessions"]
    (course,) = session["editions"]
    page = visit(reverse("cohort_sessions:my_sessions"), lea)
    assert page.links("//article") == {
        session["title"]: session["url"],
        f"Resume {course['course_title']}": course["url"],
        f"My results {session['title']}": f"{session['url']}my-results/",
    }
    assert page.tree.xpath("//progress/@value") == [f"{course['progress']:.0%}".rstrip("%")]


def test_strangers_get_the_problem_of_a_missing_session(crew, make_user):
    browser = signed_in(make_user("sam"))
    for code in (crew.code, "no-such-session"):
        response = browser.get(session_url(code))
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
        assert response.json() == {
            "type": "urn:cohort-sessions:problem:not-found",
            "title": "Not Found",
            "status": 404,
            "detail": "There is no such session.",
            "instance": session_url(code),
        }


def test_nobody_gets_a_problem(db):
    response = Client().get(MY_SESSIONS)
    assert (response.status_code, response["Content-Type"]) == (403, "application/problem+json")
    assert response.json() == {
        "type": "urn:cohort-sessions:problem:not-authenticated",
        "title": "Forbidden",
        "status": 403,
        "detail": "Authentication credentials were not provided.",
        "instance": MY_SESSIONS,
    }


def test_a_phase_that_is_none_is_a_problem_of_that_field(make_user):
    response = signed_in(make_user("lea")).get(MY_SESSIONS, {"phase": "soon"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json() == {
        "type": "urn:cohort-sessions:problem:invalid-input",
        "title": "Bad Request",
        "status": 400,
        "detail": '"soon" is not a valid choice.',
        "instance": MY_SESSIONS,
        "errors": {"phase": ['"soon" is not a valid choice.']},
    }


def test_what_may_only_be_read_may_only_be_read(crew, django_user_model):
    response = signed_in(django_user_model.objects.get(username="lea")).delete(session_url(crew.code))
    assert (response.status_code, response["Allow"], response.json()["type"]) == (
        405,
        "GET, HEAD, OPTIONS",
        "urn:cohort-sessions:problem:method-not-allowed",
    )


@pytest.mark.parametrize("count", [1, 3])
def test_five_queries_whatever_the_number_of_sessions(
    count, make_user, make_base_course, make_session, django_assert_num_queries
):
    """One each for the browser's session and the account; three for the answer."""
    lea, ben, courses = make_user("lea"), make_user("ben"), [make_base_course(), make_base_course()]
    make_session("Not hers", courses=courses, members=[make_user("max")])
    for number in range(count):
        make_session(f"S{number}", courses=courses, members=[lea], session_coaches=[ben])
    browser = signed_in(lea)
    with django_assert_num_queries(5):
        answer = browser.get(MY_SESSIONS).json()
    assert sorted(session["title"] for session in answer["sessions"]) == [f"S{number}" for number in range(count)]


def test_the_description_of_the_api_is_whole(capsys):
    """Valid OpenAPI, without a warning, and every field explained."""
    from cohort_sessions.rest_api import urls

    schema = SchemaGenerator(patterns=urls.urlpatterns).get_schema(request=None, public=True)
    validate_schema(schema)
    assert capsys.readouterr().err == ""
    assert sorted(schema["paths"]) == [
        "/v1/available-sessions/",
        "/v1/available-sessions/{code}/",
        "/v1/available-sessions/{code}/join/",
        "/v1/available-sessions/{code}/withdraw/",
        "/v1/my-history/",
        "/v1/my-sessions/",
        "/v1/sessions/{code}/",
        "/v1/sessions/{code}/announcements/",
        "/v1/sessions/{code}/announcements/read/",
        "/v1/sessions/{code}/announcements/{uuid}/",
        "/v1/sessions/{code}/announcements/{uuid}/read/",
        "/v1/sessions/{code}/courses/{uuid}/elements/",
        "/v1/sessions/{code}/courses/{uuid}/grading/",
        "/v1/sessions/{code}/courses/{uuid}/outline/",
        "/v1/sessions/{code}/courses/{uuid}/outline/draft/",
        "/v1/sessions/{code}/courses/{uuid}/outline/draft/apply/",
        "/v1/sessions/{code}/courses/{uuid}/outline/undo/",
        "/v1/sessions/{code}/courses/{uuid}/reset/",
        "/v1/sessions/{code}/courses/{uuid}/templates/",
        "/v1/sessions/{code}/courses/{uuid}/templates/{template}/",
        "/v1/sessions/{code}/courses/{uuid}/tools/",
        "/v1/sessions/{code}/courses/{uuid}/welcome/",
        "/v1/sessions/{code}/leave/",
        "/v1/sessions/{code}/materials/",
        "/v1/sessions/{code}/materials/{uuid}/",
        "/v1/sessions/{code}/materials/{uuid}/move/",
    ]
    undescribed = [
        f"{name}.{field}"
        for name, component in schema["components"]["schemas"].items()
        for field, facts in component.get("properties", {}).items()
        if "description" not in facts and "$ref" not in facts
    ]
    assert undescribed == []


def test_every_error_of_ours_has_a_code_of_its_own():
    from cohort_sessions import errors

    def family(kind):
        return [kind, *(member for child in kind.__subclasses__() for member in family(child))]

    codes = [kind.code for kind in family(errors.CohortSessionError)]
    assert sorted(set(codes)) == sorted(codes)
    assert api.CohortSessionError is errors.CohortSessionError
