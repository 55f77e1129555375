"""Joining, waiting and leaving through the REST API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from cohort_sessions import api
from cohort_sessions.data import Joining, PrerequisiteCondition
from cohort_sessions.operations._codes import WRONG_CODES
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = reverse("cohort_sessions:api-available-sessions-list")
OPENS, CLOSES = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def open_session(make_session, make_base_course):
    """A session of one course that anybody may join."""

    def make(title: str = "Crew D", **values):
        defaults = {"joining": Joining.OPEN.value, "opens_at": OPENS, "closes_at": CLOSES}
        return make_session(title, courses=[make_base_course(title="Tides")], **defaults | values)

    return make


@pytest.fixture
def lea(make_user):
    return make_user("lea")


def address(session, name: str) -> str:
    """Where to act on one session."""
    viewset = "sessions" if name == "leave" else "available-sessions"
    return reverse(f"cohort_sessions:api-{viewset}-{name}", args=[session.code])


def test_the_list_is_that_of_the_page(open_session, make_session, lea, make_user, now):
    before = make_session("Crew A", is_published=False)
    session = open_session(capacity=1, members=[make_user("first")], description="We sail.", organisation="Sea")
    api.join_session(session, actor=api.load_actor(lea, now=now), now=now)
    api.set_prerequisites(session, {before: PrerequisiteCondition.FINISHED}, actor=api.SYSTEM, now=now)
    entry = {
        "code": session.code,
        "title": "Crew D",
        "description": "We sail.",
        "category": "",
        "organisation": "Sea",
        "period": {"opens_at": "2020-01-01T00:00:00Z", "closes_at": "2100-01-01T00:00:00Z"},
        "duration_days": None,
        "enrolment": {"opens_at": None, "closes_at": None},
        "joining": "open",
        "courses": [{"base_key": str(session.editions.get().base_key), "title": "Tides", "image_url": ""}],
        "seats": {"capacity": 1, "free": 0, "waiting": 1},
        "standing": "waiting",
        "wish": {"standing": "waiting", "position": 1, "offer_expires_at": None},
        "prerequisites": [{"code": before.code, "title": "Crew A", "condition": "finished", "is_met": False}],
        "parallel": "",
        "decision": {"action": "nothing", "obstacle": "already_waiting", "needs_code": False},
        "url": f"/cohort-sessions/available/{session.code}/",
    }
    browser = signed_in(lea)
    assert browser.get(LIST, {"search": " tides "}).json() == {
        "count": 1,
        "num_pages": 1,
        "current_page": 1,
        "next": None,
        "previous": None,
        "search": "tides",
        "results": [entry],
    }
    assert browser.get(address(session, "detail")).json() == entry
    assert browser.get(reverse("cohort_sessions:api-my-sessions-list")).json()["wished"] == [
        {"code": session.code, "title": "Crew D", "wish": entry["wish"]}
    ]


def test_pages(open_session, lea):
    for number in range(21):
        open_session(f"Crew {number:02}")
    browser = signed_in(lea)
    first = browser.get(LIST, {"search": "crew"}).json()
    second = browser.get(first["next"]).json()
    assert [entry["title"] for entry in second["results"]] == ["Crew 20"]
    assert (first["num_pages"], first["previous"], second["current_page"], second["next"]) == (2, None, 2, None)
    assert second["previous"] == f"http://testserver{LIST}?page=1&search=crew"
    refused = browser.get(LIST, {"page": "0"})
    assert (refused.status_code, refused.json()["type"]) == (400, "urn:cohort-sessions:problem:invalid-input")


def test_join_wait_withdraw_and_leave(open_session, lea, make_user):
    session, sam = open_session(capacity=1), make_user("sam")

    def done(user, name: str) -> dict:
        response = signed_in(user).post(address(session, name), content_type="application/json")
        assert response.status_code == 200, response.content
        return response.json()

    assert [done(lea, "join") for _ in range(2)] == 2 * [{"standing": "member", "position": None}]
    assert [done(sam, "join") for _ in range(2)] == 2 * [{"standing": "waiting", "position": 1}]
    assert [done(lea, "leave") for _ in range(2)] == [{"changed": True}, {"changed": False}]
    assert done(sam, "join") == {"standing": "member", "position": None}
    assert done(lea, "join") == {"standing": "waiting", "position": 1}
    assert [done(lea, "withdraw") for _ in range(2)] == [{"changed": True}, {"changed": False}]
    assert list(session.members.filter(status="active").values_list("user__username", flat=True)) == ["sam"]


def test_refusals_are_problems(open_session, make_session, make_base_course, lea):
    cache.clear()
    by_code = open_session("Code", joining=Joining.CODE.value, enrolment_code="mast")
    early = open_session("Early", enrolment_opens_at=CLOSES - timedelta(days=1))
    hidden = make_session("Hidden", courses=[make_base_course()])
    given = make_session("Given", courses=[make_base_course()], members=[lea])
    browser = signed_in(lea)

    def problem(session, name: str, **data) -> tuple:
        response = browser.post(address(session, name), data, content_type="application/json")
        assert response["Content-Type"] == "application/problem+json"
        answer = response.json()
        return response.status_code, answer["type"].rpartition(":")[2], answer["detail"], answer.get("errors")

    wrong = "This is not the enrolment code of the session. Ask its team for it."
    assert [problem(by_code, "join", code="x") for _ in range(WRONG_CODES)] == WRONG_CODES * [
        (400, "invalid-input", wrong, {"code": [wrong]})
    ]
    enough = "Too many wrong codes. Try again in an hour, or ask the session's team for the code."
    assert problem(by_code, "join", code="mast") == (429, "too-many-attempts", enough, None)
    assert problem(early, "join") == (409, "cannot-join", "Enrolment has not begun yet.", None)
    stay = "You cannot leave this session by yourself. Ask its team."
    assert problem(given, "leave") == (409, "cannot-join", stay, None)
    for name in ("join", "withdraw", "leave"):
        assert problem(hidden, name) == (404, "not-found", "There is no such session.", None)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(count, open_session, lea, django_assert_num_queries):
    """One each for the browser's session and the account; the others are the catalogue's."""
    for number in range(count):
        open_session(f"S{number}")
    open_session("Closed", joining=Joining.CLOSED.value)
    browser = signed_in(lea)
    with django_assert_num_queries(9):
        answer = browser.get(LIST).json()
    assert [entry["title"] for entry in answer["results"]] == [f"S{number}" for number in range(count)]
