"""The page on which a coach says which tools learners of a session have."""

from __future__ import annotations

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Lock
from cohort_sessions.models import ToolChoice
from cohort_sessions.operations.tools import show_tools
from tests.web.conftest import Page, signed_in
from tests.web.kit import address, filled

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def coach(make_user):
    return make_user("carla")


@pytest.fixture
def session(make_session, make_base_course, coach):
    base_key = make_base_course(title="Tides")
    return make_session(courses=[base_key], coaches={base_key: [coach]})


@pytest.fixture
def url(session):
    return address("customise_tools", session, uuid=session.editions.get().uuid)


def said(page: Page) -> str:
    return " ".join(page.words())


def shown(client, url) -> Page:
    response = client.get(url)
    assert response.status_code == 200
    return Page(response.content.decode())


def test_hide_a_tool_and_show_it_again(coach, url):
    client = signed_in(coach)
    form = filled(shown(client, url))
    assert form == {"tools": "progress", "seen": "progress", "had": "progress"} | {
        "csrfmiddlewaretoken": form["csrfmiddlewaretoken"]
    }
    client.post(url, form | {"tools": []})
    assert list(ToolChoice.objects.values_list("tool", "is_shown")) == [("progress", False)]
    page = shown(client, url)
    assert "1 tool is changed." in said(page)
    assert filled(page).get("tools", []) == []
    client.post(url, filled(page) | {"tools": "progress"})
    assert ToolChoice.objects.count() == 0


def test_a_list_of_ticks_is_not_called_optional(coach, url):
    assert shown(signed_in(coach), url).words("//main//legend") == ["Learners have"]


def test_sent_again_nothing_has_changed(coach, url):
    client = signed_in(coach)
    client.post(url, filled(shown(client, url)))
    assert "Nothing has changed" in said(shown(client, url))


def test_what_somebody_else_decided_meanwhile_stays(coach, url, session, now):
    """The form says of a tool what it was when it was made, and nothing was made otherwise."""
    client = signed_in(coach)
    form = filled(shown(client, url))
    show_tools(session.editions.get(), {"progress": False}, actor=SYSTEM, now=now)
    client.post(url, form)
    assert list(ToolChoice.objects.values_list("tool", "is_shown")) == [("progress", False)]


def test_a_tool_that_the_form_did_not_show_is_left_alone(coach, url):
    client = signed_in(coach)
    client.post(url, {"tools": []})
    assert ToolChoice.objects.count() == 0


def test_locked_it_is_there_and_says_why(coach, session, url, now):
    api.set_locks(session, {Lock.TOOL_VISIBILITY}, reason="One look for all.", actor=SYSTEM, now=now)
    client = signed_in(coach)
    response = client.get(url)
    page = Page(response.content.decode())
    assert "Locked: Tools" in said(page)
    assert "Reason given: One look for all." in said(page)
    assert response.context["form"].fields["tools"].disabled
    assert client.post(url, {"tools": [], "seen": ["progress"]}).status_code == 403
    assert ToolChoice.objects.count() == 0
