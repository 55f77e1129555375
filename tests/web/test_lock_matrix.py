"""
Every lock, for every role, at every control it takes away: the page and the API refuse alike, with the same sentence.

Generated from `Lock` and the table of permissions. By hand stands what each control is sent when it is to do something,
on the page and, where there is one, in the API; a lock without a control fails.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import pytest
from django.urls import reverse

from cohort_sessions import permissions
from cohort_sessions.data import Lock
from cohort_sessions.models import EditionResult, SessionLock
from cohort_sessions.queries.actors import load_actor
from tests.web.conftest import Page, signed_in
from tests.web.matrix import PEOPLE, tables, undone

pytestmark = pytest.mark.django_db(databases="__all__")

# What the form calls the one type of assignment of the sandbox.
EXERCISE = hashlib.sha256(b"Exercise").hexdigest()[:8]
REASON = "Agreed with the ministry."
SENTENCE = f"This is locked in this session. Ask a session administrator. Reason given: {REASON}"
# Who has a role in the session, or above it.
ROLES = tuple(
    name
    for name in PEOPLE
    if name in {"platform admin", "administrator of all", "administrator of the session", "session coach"}
    or name in {"administrator of the organisation", "course coach", "member", "stranger"}
)


@dataclass(frozen=True)
class Control:
    """
    Something that a lock takes away.

    Attributes:
        permission: that it takes.
        page, sent: the page's name and what is sent to it.
        api, method, body: the same of the API; empty where the API does not do it.
        shown_on: the page that shows the control and says why it is locked; the page itself unless it says otherwise.
    """

    lock: Lock
    permission: str
    page: str
    sent: dict
    api: str = ""
    method: str = "patch"
    body: dict | None = None
    shown_on: str = ""
    words: Callable = lambda _edition: {}


def _block(edition) -> dict:
    return {"block": str(edition.base_key.make_usage_key("chapter", "section"))}


def _unit(edition) -> dict:
    return {"block": str(edition.base_key.make_usage_key("vertical", "unit"))}


def _draft(field: str, value: object) -> dict:
    return {"changes": [{"usage_key": "{section}", "field": field, "value": value}]}


CONTROLS = {
    "policy of deadlines": Control(
        Lock.SCHEDULE, permissions.RESCHEDULE_EDITION, "edition_deadlines", {"policy": "none"}
    ),
    "opening of a section": Control(
        Lock.SCHEDULE,
        permissions.RESCHEDULE_EDITION,
        "customise_block",
        {"title": "First of all", "hidden": "on", "opens_at_day": "2027-03-01", "opens_at_time": "08:00"},
        api="api-outline-draft",
        body=_draft("opens_at", "2027-03-01T08:00:00Z"),
        words=_block,
    ),
    "shifting": Control(
        Lock.SCHEDULE,
        permissions.RESCHEDULE_EDITION,
        "customise",
        {"block": "{section}", "deed": "shift", "days": "7"},
        api="api-outline-draft",
        body={"deed": "shift", "blocks": ["{section}"], "days": 7},
    ),
    "hiding": Control(
        Lock.CONTENT_VISIBILITY,
        permissions.HIDE_CONTENT,
        "customise",
        {"block": "{subsection}", "deed": "hide"},
        api="api-outline-draft",
        body={"deed": "hide", "blocks": ["{subsection}"]},
    ),
    "name of a section": Control(
        Lock.CONTENT_EDITS,
        permissions.EDIT_CONTENT,
        "customise_block",
        {"title": "Another name", "hidden": "on"},
        api="api-outline-draft",
        body=_draft("title", "Another name"),
        words=_block,
    ),
    "words of a text": Control(
        Lock.CONTENT_EDITS,
        permissions.EDIT_CONTENT,
        "customise_elements",
        {"{text}+field@data": "Words of our own."},
        api="api-elements",
        body={"changes": [{"usage_key": "{text}", "field": "data", "value": "Words of our own."}]},
        words=_unit,
    ),
    "welcome": Control(
        Lock.CONTENT_EDITS,
        permissions.EDIT_CONTENT,
        "customise_welcome",
        {"text": "Welcome."},
        api="api-welcome",
        method="put",
        body={"text": "Welcome."},
    ),
    "tools": Control(
        Lock.TOOL_VISIBILITY,
        permissions.SHOW_TOOL,
        "customise_tools",
        {"tools": [], "seen": ["progress"], "had": ["progress"]},
        api="api-tools",
        body={"tools": [{"tool": "progress", "is_shown": False}]},
    ),
    "grading": Control(
        Lock.GRADING_POLICY,
        permissions.GRADE_EDITION,
        "customise_grading",
        {"pass_line": "60", f"weight_{EXERCISE}": "100", f"dropped_{EXERCISE}": "0"},
        api="api-grading",
        method="put",
        body={"pass_line": 0.6, "assignments": []},
    ),
    "enrolling": Control(Lock.ENROLMENT, permissions.ENROL_MEMBER, "enrol", {"people": "stranger"}),
    "course coaches": Control(
        Lock.TEAM, permissions.ASSIGN_COURSE_COACH, "assign_course_coaches", {"people": "stranger"}
    ),
}


@pytest.fixture
def edition(world):
    session, _users = world
    EditionResult.objects.update(final_at=None)  # its grading may still be decided
    return session.editions.select_related("session").get(position=0)


@pytest.fixture
def lock_up(edition, now):
    """Lock this, and nothing else."""

    def lock(name: Lock | None) -> None:
        SessionLock.objects.filter(session=edition.session).delete()
        if name is not None:
            SessionLock.objects.create(session=edition.session, name=name.value, reason=REASON, locked_at=now)

    return lock


def _filled(value, edition):
    names = {"section": "chapter", "subsection": "sequential", "text": "html"}
    if isinstance(value, dict):
        return {_filled(key, edition): _filled(each, edition) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, edition) for each in value]
    if isinstance(value, str):
        for name, block_type in names.items():
            value = value.replace(f"{{{name}}}", str(edition.base_key.make_usage_key(block_type, name)))
    return value


def at_the_page(client, control: Control, edition):
    needs_course = control.page != "enrol"
    named = {"uuid": edition.uuid} if needs_course else {}
    url = reverse(
        f"cohort_sessions:{control.page}", kwargs={"code": edition.session.code, **named, **control.words(edition)}
    )
    return url, client.post(url, _filled(control.sent, edition))


def at_the_api(client, control: Control, edition):
    url = reverse(f"cohort_sessions:{control.api}", kwargs={"code": edition.session.code, "uuid": edition.uuid})
    return getattr(client, control.method)(url, _filled(control.body, edition), content_type="application/json")


def test_every_lock_has_a_control():
    assert {control.lock for control in CONTROLS.values()} | {Lock.ANNOUNCEMENTS} == set(Lock)


@pytest.mark.parametrize("locked", [None, *Lock], ids=lambda lock: lock.value if lock else "nothing locked")
@pytest.mark.parametrize("name", CONTROLS)
def test_what_is_locked_is_done_by_exactly_those_above_the_lock(name, locked, world, edition, lock_up, now):
    _session, users = world
    control = CONTROLS[name]
    lock_up(locked)
    before = tables()
    for role in ROLES:
        actor = load_actor(users[role], now=now)
        may = permissions.allows(actor, control.permission, edition)
        sees = permissions.allows(actor, permissions.VIEW_SESSION, edition)
        keeps_out = permissions.lock_in_the_way(actor, control.permission, edition) is not None
        client = signed_in(users[role])
        with undone():
            _url, response = at_the_page(client, control, edition)
            assert (tables() != before) == may, (role, "page")
            if not may:
                assert response.status_code == (HTTPStatus.FORBIDDEN if sees else HTTPStatus.NOT_FOUND), role
            if keeps_out:
                assert SENTENCE in " ".join(Page(response.content.decode()).words()), (role, "page")
        if control.api:
            with undone():
                response = at_the_api(client, control, edition)
                assert (tables() != before) == may, (role, "API")
                if not may:
                    assert response.status_code == (HTTPStatus.FORBIDDEN if sees else HTTPStatus.NOT_FOUND), role
                if keeps_out:
                    assert response.json()["detail"] == SENTENCE, (role, "API")


def test_words_of_a_lock_without_a_reason(world, edition, lock_up):
    _session, users = world
    lock_up(Lock.TOOL_VISIBILITY)
    SessionLock.objects.update(reason="")
    control = next(control for control in CONTROLS.values() if control.lock == Lock.TOOL_VISIBILITY)
    _url, response = at_the_page(signed_in(users["course coach"]), control, edition)
    said = " ".join(Page(response.content.decode()).words())
    assert "This is locked in this session. Ask a session administrator." in said
    assert "Reason given" not in said


@pytest.mark.parametrize("name", [name for name, control in CONTROLS.items() if control.page.startswith("customise")])
def test_a_locked_control_is_there_disabled_and_says_why(name, world, edition, lock_up):
    _session, users = world
    control = CONTROLS[name]
    url = reverse(
        f"cohort_sessions:{control.page}",
        kwargs={"code": edition.session.code, "uuid": edition.uuid, **control.words(edition)},
    )
    lock_up(None)
    open_page = Page(signed_in(users["session coach"]).get(url).content.decode())
    lock_up(control.lock)
    for role in ("session coach", "course coach"):
        page = Page(signed_in(users[role]).get(url).content.decode())
        assert REASON in " ".join(page.words())
        inputs = {each.get("name") for each in page.tree.xpath("//main//form//*[@name and not(@type='hidden')]")}
        wanted = {each.get("name") for each in open_page.tree.xpath("//main//form//*[@name and not(@type='hidden')]")}
        assert inputs >= wanted - {"keep", "take"}, "what is locked is still there"
        disabled = page.tree.xpath("//main//form//*[@disabled]")
        assert len(disabled) > len(open_page.tree.xpath("//main//form//*[@disabled]"))
    lock_up(control.lock)
    administrator = Page(signed_in(users["administrator of the session"]).get(url).content.decode())
    assert REASON not in " ".join(administrator.words())
