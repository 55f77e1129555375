"""Who is asking, where a view recognises a session and checks for forged requests: the instructor dashboard's API."""

from __future__ import annotations

import json

import pytest

from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def coach(make_user):
    return make_user("carla")


@pytest.fixture
def address(make_base_course, coach):
    key = edition_key(create_session(make_base_course(), coaches=[coach]))
    return f"/courses/{key}/instructor/api/list_instructor_tasks"


@pytest.fixture
def browser(coach, signed_in):
    """The coach's browser, which sends the token against forged requests, at a server that asks for it."""
    client = signed_in(coach)
    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = "t" * 32
    return client


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("unit=1", "application/x-www-form-urlencoded"),
        ('--x\r\nContent-Disposition: form-data; name="unit"\r\n\r\n1\r\n--x--\r\n', "multipart/form-data; boundary=x"),
        (json.dumps({"unit": 1}), "application/json"),
    ],
    ids=["form", "multipart", "json"],
)
def test_a_signed_in_coach_is_known_whatever_they_send(body, content_type, browser, address):
    response = browser.post(address, body, content_type=content_type, headers={"X-CSRFToken": "t" * 32})
    assert (response.status_code, list(response.json())) == (200, ["tasks"])


def test_a_forged_request_is_from_nobody(browser, address):
    assert browser.post(address, {"unit": 1}).status_code == 401
