"""
Every page of a session for everybody: exactly who the table of permissions names is let in.

Generated from the addresses and from the table, so a new page or a new grant is in it by itself; what the table itself
must say stands in ``tests/unit/test_permissions.py``.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from cohort_sessions import permissions
from cohort_sessions.models import CustomisationTemplate
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.urls import manage_patterns
from tests.web.conftest import signed_in
from tests.web.matrix import OTHER_TITLE, OUTSIDERS, PEOPLE, TITLE, other_session

pytestmark = pytest.mark.django_db(databases="__all__")

LET_IN = {HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.METHOD_NOT_ALLOWED}

# Pages about a part of the session ask a second question, about that part.
SECOND_QUESTION = {
    "edition_deadlines": permissions.CUSTOMISE_EDITION,
    "customise": permissions.CUSTOMISE_EDITION,
    "customise_block": permissions.CUSTOMISE_EDITION,
    "customise_review": permissions.CUSTOMISE_EDITION,
    "customise_elements": permissions.CUSTOMISE_EDITION,
    "customise_welcome": permissions.CUSTOMISE_EDITION,
    "undo_customise": permissions.CUSTOMISE_EDITION,
    "customise_templates": permissions.CUSTOMISE_EDITION,
    "use_template": permissions.RESET_EDITION,
    "delete_template": permissions.RESET_EDITION,
    "customise_tools": permissions.CUSTOMISE_EDITION,
    "customise_grading": permissions.CUSTOMISE_EDITION,
    "assign_course_coaches": permissions.ASSIGN_COURSE_COACH,
    "remove_course_coaches": permissions.ASSIGN_COURSE_COACH,
    "assign_team": permissions.ASSIGN_SESSION_COACH,
    "remove_team": permissions.ASSIGN_SESSION_COACH,
    "edition_results": permissions.VIEW_RESULT,
    "reopen_results": permissions.REOPEN_RESULT,
    "give_certificates": permissions.GIVE_CERTIFICATE,
    **dict.fromkeys(("new_announcement", "add_link", "add_file"), permissions.ANNOUNCE),
    **dict.fromkeys(("edit_announcement", "delete_announcement"), permissions.ANNOUNCE),
    **dict.fromkeys(("edit_material", "move_material", "remove_material"), permissions.ANNOUNCE),
}
# That part is the first course, whether or not the address names it: what is written there is about it.
ABOUT_A_COURSE = {"new_announcement", "add_link", "add_file"}
PAGES = {pattern.name: pattern.callback.view_class.permission for pattern in manage_patterns}


def address_of(page: str, session, edition) -> str:
    """The address of a page of the session, whatever else its address names."""
    block = ("vertical", "unit") if page == "customise_elements" else ("chapter", "section")
    names = {
        "code": session.code,
        "username": "member",
        "role": "session_coach",
        "uuid": edition.uuid,
        "block": str(edition.base_key.make_usage_key(*block)),
        "announcement": session.announcements.get().uuid,
        "material": session.materials.last().uuid,
        "template": CustomisationTemplate.objects.get(organisation=session.organisation).uuid,
    }
    wanted = next(pattern for pattern in manage_patterns if pattern.name == page).pattern.converters
    return reverse(f"cohort_sessions:{page}", kwargs={name: names[name] for name in ("code", *wanted)})


def expected(page: str, actor, session, edition) -> int | None:
    """What the table says: ``None`` for being let in."""
    is_about_course = page in ABOUT_A_COURSE or address_words(page) & {"uuid", "announcement", "material"}
    about = edition if is_about_course else session
    allowed = permissions.allows(actor, PAGES[page], session) and (
        page not in SECOND_QUESTION or permissions.allows(actor, SECOND_QUESTION[page], about)
    )
    if allowed:
        return None
    return 403 if permissions.allows(actor, permissions.VIEW_SESSION, session) else 404


def address_words(page: str) -> set[str]:
    return set(next(pattern for pattern in manage_patterns if pattern.name == page).pattern.converters)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_lets_in_exactly_those_the_table_names(page, world, now):
    session, users = world
    edition = session.editions.order_by("position").first()
    url = address_of(page, session, edition)
    other = other_session()
    told, seen = {}, {}
    for name in PEOPLE:
        actor = load_actor(users[name], now=now)
        response = signed_in(users[name]).get(url)
        seen[name] = None if response.status_code in LET_IN else response.status_code
        told[name] = expected(page, actor, session, edition)
        if response.status_code == HTTPStatus.NOT_FOUND:
            assert TITLE not in response.content.decode()
        if not permissions.allows(actor, permissions.VIEW_SESSION, other):
            assert OTHER_TITLE not in b"".join(response).decode()
    assert seen == told
    assert seen["administrator of the session"] is None
    assert {seen[name] for name in OUTSIDERS} == {404}


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_not_signed_in_or_not_active_signs_in_first(page, world, settings):
    """As Django's own backend has it, which ends the visit of an account that is not active any more."""
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    session, users = world
    url = address_of(page, session, session.editions.first())
    administrator = users["administrator of the session"]
    browser = signed_in(administrator)
    get_user_model().objects.filter(pk=administrator.pk).update(is_active=False)
    for client in (Client(), browser):
        response = client.get(url)
        assert response.status_code == HTTPStatus.FOUND
        assert response.url == f"{reverse('sandbox:sign_in')}?next={quote(url)}"


@pytest.mark.parametrize("page", [page for page in PAGES if "uuid" in address_words(page)])
def test_a_course_of_another_session_is_not_found_by_its_id(page, world):
    session, users = world
    foreign = other_session().editions.first()
    browser = signed_in(users["administrator of the session"])
    view = next(pattern for pattern in manage_patterns if pattern.name == page).callback.view_class
    for method in (browser.get, browser.post) if hasattr(view, "post") else (browser.get,):
        assert method(address_of(page, session, foreign)).status_code == HTTPStatus.NOT_FOUND
