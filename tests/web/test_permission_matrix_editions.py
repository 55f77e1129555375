"""
The API about one course of a session, for everybody: who may customise it, and nobody else.

Generated from the addresses; what each request is sent when it is to do something is written by hand, and an address or
a method that is not in `REQUESTS` fails.
"""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from cohort_sessions import permissions
from cohort_sessions.models import CustomisationTemplate, EditionResult
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.rest_api.v1.urls import edition_patterns
from tests.web.conftest import signed_in
from tests.web.matrix import OTHER_TITLE, PEOPLE, TITLE, other_session, tables, undone

pytestmark = pytest.mark.django_db(databases="__all__")

OF_A_COURSE = {pattern.name: pattern.callback.view_class for pattern in edition_patterns}
DENIED, MISSING = HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND
DONE = {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT}
NOT_ACTIVE = {"inactive", "retired"}
# (address, method): what is sent.
REQUESTS: dict[tuple[str, str], dict] = {
    ("api-outline", "get"): {},
    ("api-outline-draft", "patch"): {"changes": [{"usage_key": "{section}", "field": "title", "value": "Week 1"}]},
    ("api-outline-draft", "delete"): {},
    ("api-outline-apply", "post"): {"drafted_at": "{drafted}"},
    ("api-outline-undo", "post"): {},
    ("api-tools", "get"): {},
    ("api-tools", "patch"): {"tools": [{"tool": "progress", "is_shown": False}]},
    ("api-grading", "get"): {},
    ("api-grading", "put"): {"pass_line": 0.6, "assignments": []},
    ("api-elements", "get"): {"unit": "{unit}"},
    ("api-elements", "patch"): {"changes": [{"usage_key": "{text}", "field": "data", "value": "Words of our own."}]},
    ("api-templates", "get"): {},
    ("api-templates", "post"): {"title": "Ours"},
    ("api-template", "post"): {},
    ("api-template", "delete"): {},
    ("api-reset", "post"): {},
    ("api-welcome", "get"): {},
    ("api-welcome", "put"): {"text": "Welcome."},
}

# What more is asked than whether they may customise the course.
ALSO_NEEDED = {
    ("api-reset", "post"): permissions.RESET_EDITION,
    ("api-template", "delete"): permissions.RESET_EDITION,
}


@pytest.fixture
def ask(world, now):
    """``ask(address, method, user, edition)``: the answer to what `REQUESTS` says."""
    session, _users = world
    EditionResult.objects.update(final_at=None)  # its grading may still be decided
    template = CustomisationTemplate.objects.create(
        title="Theirs",
        base_key=session.editions.get(position=0).base_key,
        organisation=session.organisation,
        content={"welcome": [{"text": "Welcome."}]},
        size=1,
        created_at=now,
    )

    def send(address: str, method: str, client, edition=None):
        edition = edition or session.editions.get(position=0)
        words = {
            "{section}": str(edition.base_key.make_usage_key("chapter", "section")),
            "{unit}": str(edition.base_key.make_usage_key("vertical", "unit")),
            "{text}": str(edition.base_key.make_usage_key("html", "text")),
            "{drafted}": edition.draft.changed_at.isoformat() if hasattr(edition, "draft") else "",
        }
        body = _filled(REQUESTS[address, method], words)
        named = {"template": template.uuid} if address == "api-template" else {}
        url = reverse(f"cohort_sessions:{address}", kwargs={"code": session.code, "uuid": edition.uuid, **named})
        return getattr(client, method)(url, body, **({} if method == "get" else {"content_type": "application/json"}))

    return send


def _filled(body, words):
    if isinstance(body, dict):
        return {name: _filled(value, words) for name, value in body.items()}
    if isinstance(body, list):
        return [_filled(value, words) for value in body]
    return words.get(body, body) if isinstance(body, str) else body


def test_every_method_of_every_address_is_here():
    methods = {
        (name, method)
        for name, view in OF_A_COURSE.items()
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(view, method)
    }
    assert methods == set(REQUESTS)


@pytest.mark.parametrize(("address", "method"), REQUESTS)
def test_it_answers_exactly_those_who_may_customise_the_course(address, method, world, ask, now):
    session, users = world
    edition = session.editions.get(position=0)
    needed = {permissions.CUSTOMISE_EDITION, ALSO_NEEDED.get((address, method), permissions.CUSTOMISE_EDITION)}
    told, seen, before = {}, {}, tables()
    for name in PEOPLE:
        actor = load_actor(users[name], now=now)
        if name in NOT_ACTIVE:
            told[name] = DENIED
        elif all(permissions.allows(actor, each, edition) for each in needed):
            told[name] = None
        else:
            told[name] = DENIED if permissions.allows(actor, permissions.VIEW_SESSION, session) else MISSING
        with undone():
            response = ask(address, method, signed_in(users[name]))
            refused = response.status_code in {DENIED, MISSING}
            seen[name] = response.status_code if refused else None
            if refused:
                assert tables() == before, name
                assert TITLE not in response.content.decode()
            else:
                assert response.status_code in DONE, response.content
                assert (tables() != before) == (method != "get"), name
    assert seen == told


@pytest.mark.parametrize(("address", "method"), REQUESTS)
def test_a_course_of_another_session_is_not_found(address, method, world, ask):
    _session, users = world
    foreign, before = other_session().editions.get(position=0), tables()
    for name in ("administrator of the session", "session coach", "platform admin"):
        response = ask(address, method, signed_in(users[name]), foreign)
        assert (response.status_code, tables()) == (MISSING, before)
        assert OTHER_TITLE not in response.content.decode()


@pytest.mark.parametrize(("address", "method"), REQUESTS)
def test_nobody_is_let_in_who_is_not_signed_in_or_not_active(address, method, world, ask):
    _session, users = world
    before = tables()
    assert ask(address, method, Client()).status_code in {HTTPStatus.UNAUTHORIZED, DENIED}
    for name in NOT_ACTIVE:
        client = APIClient()
        client.force_authenticate(users[name])
        send = getattr(client, method)
        setattr(client, method, lambda url, body, content_type=None, send=send: send(url, body, format="json"))
        assert ask(address, method, client).status_code == DENIED
    assert tables() == before
