"""
Everything that a page of a session does, for everybody, and with things of another session in the form.

Generated from the addresses and from the table. The one thing written by hand is what each page is sent when it is to
succeed (`DOES`): a page that is not in it fails.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cohort_sessions import permissions
from cohort_sessions.data import SessionStatus, TeamRole
from cohort_sessions.models import CohortSession, CourseEdition, EditionResult, ParallelGroup
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.urls import manage_patterns
from tests.web.conftest import Page, signed_in
from tests.web.kit import address, filled
from tests.web.matrix import (
    GROUP,
    NEWCOMER,
    OTHER_GROUP,
    OTHER_TITLE,
    PEOPLE,
    foreign_values,
    other_session,
    tables,
    undone,
)
from tests.web.test_permission_matrix import address_of, address_words, expected

pytestmark = pytest.mark.django_db(databases="__all__")

DOES = {
    "enrol": {"people": "stranger"},
    "own_dates": {"who": "member", "extra_days": "3"},
    "move": {"who": "member", "destination": "third", "reason": "Asked to."},
    "remove": {"who": "member"},
    "approve": {"who": "asker"},
    "decline": {"who": "asker"},
    "withdraw_invitations": {"who": NEWCOMER},
    "settings": {"description": "Bring a coat."},
    "publish": {},
    "restore": {},
    "cancel": {"reason": "No wind."},
    "archive": {},
    "add_courses": {"course": "{unused}"},
    "order_courses": {"order": ["{first}", "{second}"], "down": "{first}"},
    "remove_course": {},
    "dates": {"capacity": "12"},
    "edition_deadlines": {"policy": "none"},
    "customise": {"block": "{section}", "deed": "as_in_base"},
    "customise_block": {"title": "Week 1"},
    "customise_review": {"seen": "{drafted}"},
    "undo_customise": {},
    "customise_courses": {"title": "Ours"},
    "customise_templates": {"title": "Ours"},
    "use_template": {},
    "delete_template": {},
    "customise_tools": {"tools": []},
    "customise_grading": {"pass_line": "60"},
    "customise_elements": {"{text}+field@data": "Words of our own."},
    "customise_welcome": {"text": "Welcome."},
    "assign_team": {"people": "stranger"},
    "remove_team": {"who": "session-coach"},
    "assign_course_coaches": {"people": "stranger"},
    "remove_course_coaches": {"who": "course-coach"},
    "locks": {"locks": ["enrolment"], "reason": "Agreed."},
    "duplicate": {"title": "The next one"},
    "export_results": {"format": "csv"},
    "message_members": {
        "who": "member",
        "subject": "The tide",
        "text": "Comes at six.",
        "uuid": "6f0c6c0e-5f0f-4b0e-9d3b-3f6d3c6e7a11",
    },
    "new_announcement": {"course": "{first_uuid}", "title": "The tide", "text": "Comes at six."},
    "edit_announcement": {"course": "{first_uuid}", "title": "The tide", "text": "At seven.", "seen_at": "{announced}"},
    "delete_announcement": {},
    "add_link": {"course": "{first_uuid}", "title": "Tables", "url": "https://example.com/tables"},
    "add_file": {"course": "{first_uuid}", "title": "Chart", "file": "{chart}"},
    "edit_material": {"course": "{first_uuid}", "title": "Renamed", "url": "https://example.com/tables"},
    "move_material": {"up": "1"},
    "remove_material": {},
    "reopen_results": {"who": "member", "reason": "An appeal."},
    "give_certificates": {"who": "member"},
}
# Whose fields say what is wrong as they are left.
LIVE = {"settings", "dates", "duplicate"}
POSTS = [pattern.name for pattern in manage_patterns if hasattr(pattern.callback.view_class, "post")]
# How the session must stand; it is published otherwise.
FROM = {"publish": SessionStatus.DRAFT, "restore": SessionStatus.CANCELLED}
# What is not done any more once results are final.
BEFORE_FINAL = {"customise_grading"}
# Forms that are sent as whoever opens them finds them, but for what is changed.
FILLED_IN = {"settings", "dates", "locks", "customise_tools", "customise_grading"}
# Pages that take nothing from the form that could be another session's, so that sending it along changes nothing about
# what they do to their own; and those that take any account of the platform by its name.
DOES_ALL_THE_SAME = {
    "publish",
    "restore",
    "cancel",
    "archive",
    "remove_course",
    "edition_deadlines",
    "customise",
    "customise_block",
    "customise_review",
    "undo_customise",
    "customise_courses",
    "customise_templates",
    "use_template",
    "delete_template",
    "customise_tools",
    "customise_grading",
    "customise_elements",
    "customise_welcome",
    "locks",
    "duplicate",
    "enrol",
    "assign_team",
    "assign_course_coaches",
    "delete_announcement",
    "move_material",
    "remove_material",
}


def set_the_stage(session: CohortSession, page: str) -> None:
    """Have the session stand as the page needs it."""
    CohortSession.objects.filter(pk=session.pk).update(status=FROM.get(page, SessionStatus.PUBLISHED).value)
    if page in BEFORE_FINAL:
        EditionResult.objects.update(final_at=None)


@pytest.fixture
def posts(world, make_session, make_base_course, settings, now):
    """
    ``posts(page, name, **more)``: send what `DOES` says, and `more`, as this kind of person: the answer, and what
    `look` sees then, the tables by default; nothing of it stays.
    """
    session, users = world
    settings.COHORT_SESSIONS_EXPORT_AT_ONCE = 0  # a file that is sent at once leaves no row
    make_session("Third", code="third", organisation="Sea")
    unused = make_base_course(title="Unused")
    forms: dict[str, dict] = {}

    def send(page: str, name: str, *, url: str = "", look=tables, **more):
        set_the_stage(session, page)
        first, second = session.editions.order_by("position")
        keys = {
            "unused": unused,
            "first": first.base_key,
            "second": second.base_key,
            "section": first.base_key.make_usage_key("chapter", "section"),
            "text": first.base_key.make_usage_key("html", "text"),
            "drafted": first.draft.changed_at.isoformat(),
            "first_uuid": first.uuid,
            "announced": session.announcements.get().modified_at.isoformat(),
        }
        chart = SimpleUploadedFile("chart.txt", b"Here be dragons.")
        wanted = {
            field.format(**keys): [each.format(**keys) for each in value]
            if isinstance(value, list)
            else value.format(**keys)
            for field, value in DOES[page].items()
            if value != "{chart}"
        }
        wanted |= {field: chart for field, value in DOES[page].items() if value == "{chart}"}
        form = forms.get(page)
        if form is None:
            shown = signed_in(users["platform admin"]).get(address_of(page, session, first))
            form = forms[page] = filled(Page(shown.content.decode())) if page in FILLED_IN else {}
        data = {**form, **wanted, **more}
        if page == "dates" and "required" in more:
            data |= {"required-0-required": more["required"], "required-0-condition": "finished"}
        with undone():
            return signed_in(users[name]).post(url or address_of(page, session, first), data), look()

    return send


def test_every_page_that_does_something_is_here():
    assert set(DOES) == set(POSTS)


@pytest.mark.parametrize("page", POSTS)
def test_a_page_acts_for_exactly_those_the_table_names(page, world, posts, now):
    session, users = world
    edition = session.editions.order_by("position").first()
    told, seen = {}, {}
    set_the_stage(session, page)
    session.refresh_from_db()
    before = tables()
    for name in PEOPLE:
        actor = load_actor(users[name], now=now)
        told[name] = expected(page, actor, session, edition)
        if page == "locks" and told[name] is None and not permissions.allows(actor, permissions.SET_LOCK, session):
            told[name] = HTTPStatus.FORBIDDEN  # who reads of them does not set them
        response, after = posts(page, name)
        refused = response.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
        seen[name] = response.status_code if refused else None
        if refused:
            assert after == before, name
        if name == "platform admin":
            assert after != before, "what is sent here does nothing, so nobody's refusal would show"
    assert seen == told


@pytest.mark.parametrize("page", sorted(LIVE))
def test_a_page_that_is_only_asked_answers_the_same_people_and_writes_nothing(page, world, posts, now):
    session, users = world
    edition = session.editions.order_by("position").first()
    foreign, before = foreign_values(users), tables()
    told, seen = {}, {}
    for name in PEOPLE:
        actor = load_actor(users[name], now=now)
        told[name] = expected(page, actor, session, edition)
        sees_other = permissions.allows(actor, permissions.VIEW_SESSION, other_session())
        for more in ({}, {} if sees_other else foreign):
            response, after = posts(page, name, validate="1", **more)
            seen[name] = None if response.status_code == HTTPStatus.OK else response.status_code
            assert (seen[name], after) == (told[name], before), name
            assert OTHER_TITLE not in response.content.decode()
            if seen[name] is None:
                assert set(response.json()) == {"fields", "faults", "controls"}
    assert None in seen.values()


def test_every_page_whose_fields_complain_as_they_are_left_is_here(world):
    session, users = world
    edition = session.editions.order_by("position").first()
    asks = set()
    for page in POSTS:
        content = signed_in(users["platform admin"]).get(address_of(page, session, edition)).content.decode()
        if "data-live" in content:
            asks.add(page)
    assert asks == LIVE


@pytest.mark.parametrize("page", POSTS)
def test_things_of_another_session_in_the_form_do_nothing(page, world, posts, now):
    """As sent by each of those who have no part in that session."""
    session, users = world
    foreign = foreign_values(users)
    set_the_stage(session, page)
    other = other_session()
    look = partial(tables, of=other if page in DOES_ALL_THE_SAME else None)
    before = look()
    for name in PEOPLE:
        if permissions.allows(load_actor(users[name], now=now), permissions.VIEW_SESSION, other):
            continue
        response, after = posts(page, name, look=look, **foreign)
        assert after == before, name
        assert response.status_code != HTTPStatus.INTERNAL_SERVER_ERROR
        assert OTHER_TITLE not in response.content.decode()


@pytest.mark.parametrize("page", [page for page in POSTS if page in DOES_ALL_THE_SAME])
def test_what_a_page_does_does_not_hang_on_things_of_another_session(page, world, posts):
    """As many rows are written, and as many administrators made, as without them."""
    _session, users = world

    def sizes(**more) -> dict[str, tuple[int, int]]:
        _response, after = posts(page, "administrator of the session", **more)
        return {
            table: (len(rows), sum(TeamRole.ADMINISTRATOR.value in row for row in rows))
            for table, rows in after.items()
        }

    assert sizes(**foreign_values(users)) == sizes()


@pytest.mark.parametrize("page", [page for page in POSTS if "uuid" in address_words(page)])
def test_a_course_of_another_session_in_the_address_is_not_found(page, world, posts):
    session, _users = world
    foreign = CourseEdition.objects.get(session=other_session(), position=0)
    set_the_stage(session, page)
    before = tables()
    for name in ("administrator of the session", "administrator of the organisation"):
        response, after = posts(page, name, url=address_of(page, session, foreign))
        assert (response.status_code, after) == (HTTPStatus.NOT_FOUND, before)


def test_members_are_not_moved_into_a_session_of_others(world, posts):
    session, _users = world
    before = tables()
    for code in ("other", OTHER_TITLE):
        response, after = posts("move", "administrator of the session", destination=code)
        assert (response.status_code, after) == (HTTPStatus.OK, before)
        assert "There is no such session among those you may choose." in response.content.decode()
    assert response.request["PATH_INFO"] == address("move", session)


def test_nobody_joins_a_parallel_group_of_others_by_its_name(world, posts):
    """Its sessions would count their members among those who have a place elsewhere, and tell where."""
    before = tables()
    response, after = posts("dates", "administrator of the session", parallel_group=OTHER_GROUP)
    assert (response.status_code, after) == (HTTPStatus.OK, before)
    assert "This name is taken by sessions that you do not manage. Choose another." in response.content.decode()
    for name in ("administrator of all", "platform admin"):
        _response, after = posts("dates", name, parallel_group=OTHER_GROUP)
        assert after != before
    assert set(ParallelGroup.objects.values_list("name", flat=True)) == {OTHER_GROUP, GROUP}
