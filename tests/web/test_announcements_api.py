"""Announcements and materials in the API: the same data, and the same sentences, as on the pages."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cohort_sessions import api
from cohort_sessions.data import SYSTEM
from cohort_sessions.models import Announcement, Material
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db(databases="__all__")

HOUR = timedelta(hours=1)
PDF = b"%PDF-1.7 Here be dragons."
MISSING = str(uuid4())


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("ben", "cleo", "lea", "sam")}


@pytest.fixture
def crew(people, make_base_course, make_session):
    """Coached by ben, its course Stars by cleo; lea is a member."""
    stars = make_base_course(title="Stars")
    return make_session(
        "Crew",
        courses=[stars, make_base_course(title="Tides")],
        members=[people["lea"]],
        session_coaches=[people["ben"]],
        coaches={stars: [people["cleo"]]},
    )


@pytest.fixture
def ask(crew, people):
    """``ask("lea", "get", "announcements-list")``: the status and what was answered."""

    def send(name, method, door, data=None, **kwargs):
        url = reverse(f"cohort_sessions:api-{door}", kwargs={"code": crew.code, **kwargs})
        content = {} if data is None else {"data": data, "content_type": "application/json"}
        response = getattr(signed_in(people[name]), method)(url, **content)
        return response.status_code, response.json() if response.content else None

    return send


def test_what_a_member_sees_and_reads(crew, ask, now):
    stars = crew.editions.get(position=0)
    made = api.create_announcement(
        crew, title="The tide", text="At **six**.", course=stars.uuid, is_pinned=True, actor=SYSTEM, now=now
    )
    api.create_announcement(crew, title="Later", text="Wait.", published_from=now + HOUR, actor=SYSTEM, now=now)
    begins, changed = (at.isoformat().replace("+00:00", "Z") for at in (now.replace(microsecond=0), now))
    shown = {
        "uuid": str(made.uuid),
        "title": "The tide",
        "course": str(stars.uuid),
        "course_title": "Stars",
        "may_change": False,
        "text": "At **six**.",
        "html": "<p>At <strong>six</strong>.</p>",
        "is_pinned": True,
        "published_from": begins,
        "published_to": None,
        "publication": "published",
        "mails": False,
        "mailed_at": None,
        "modified_at": changed,
        "is_unread": True,
    }
    assert ask("lea", "get", "announcements-list") == (HTTPStatus.OK, {"announcements": [shown], "unread": 1})
    assert ask("lea", "post", "announcements-read", uuid=made.uuid) == (HTTPStatus.OK, {"changed": 1})
    assert ask("lea", "post", "announcements-read-all") == (HTTPStatus.OK, {"changed": 0})
    read = {"announcements": [{**shown, "is_unread": False}], "unread": 0}
    assert ask("lea", "get", "announcements-list") == (HTTPStatus.OK, read)
    _status, of_team = ask("ben", "get", "announcements-list")
    assert [(each["title"], each["publication"], each["may_change"]) for each in of_team["announcements"]] == [
        ("The tide", "published", True),
        ("Later", "planned", True),
    ]
    _status, of_coach = ask("cleo", "get", "announcements-list")
    assert [(each["title"], each["may_change"]) for each in of_coach["announcements"]] == [
        ("The tide", True),
        ("Later", False),
    ]


def test_an_announcement_is_written_changed_and_deleted(ask):
    uuid = str(uuid4())
    words = {"title": "The tide", "text": "At six.", "uuid": uuid, "published_to": "2100-01-01T00:00:00Z"}
    for _each in range(2):
        status, made = ask("ben", "post", "announcements-list", words)
        assert (status, made["uuid"], made["published_to"]) == (HTTPStatus.CREATED, uuid, "2100-01-01T00:00:00Z")
    assert Announcement.objects.count() == 1
    seen = {"seen_at": made["modified_at"]}
    status, changed = ask("ben", "patch", "announcements-detail", {"title": "High water", **seen}, uuid=uuid)
    assert (status, changed["title"], changed["text"]) == (HTTPStatus.OK, "High water", "At six.")
    status, problem = ask("ben", "patch", "announcements-detail", {"title": "Low water", **seen}, uuid=uuid)
    assert (status, problem["type"]) == (HTTPStatus.CONFLICT, "urn:cohort-sessions:problem:changed-meanwhile")
    assert ask("ben", "delete", "announcements-detail", uuid=uuid) == (HTTPStatus.NO_CONTENT, None)
    assert ask("ben", "delete", "announcements-detail", uuid=uuid)[0] == HTTPStatus.NOT_FOUND


def test_what_cannot_stand_is_told_as_on_the_page(ask):
    words = {"title": " ", "text": "", "published_from": "2026-01-02T00:00:00Z", "published_to": "2026-01-01T00:00:00Z"}
    status, problem = ask("ben", "post", "announcements-list", words)
    assert (status, problem["type"]) == (HTTPStatus.BAD_REQUEST, "urn:cohort-sessions:problem:invalid-input")
    assert problem["errors"] == {
        "title": ["Write a title."],
        "text": ["Write what you want to say."],
        "published_to": ["It must end after it begins. Give a later end, or none."],
    }


@pytest.mark.parametrize(("name", "status"), [("lea", HTTPStatus.FORBIDDEN), ("sam", HTTPStatus.NOT_FOUND)])
def test_nobody_else_writes(name, status, crew, ask, now):
    made = api.create_announcement(crew, title="The tide", text="At six.", actor=SYSTEM, now=now)
    words = {"title": "Mine", "text": "Mine."}
    assert ask(name, "post", "announcements-list", words)[0] == status
    assert ask(name, "patch", "announcements-detail", words, uuid=made.uuid)[0] == status
    assert ask(name, "delete", "announcements-detail", uuid=made.uuid)[0] == status
    assert ask(name, "post", "materials-list", {"title": "A", "url": "https://example.com/"})[0] == status
    assert ask(name, "delete", "announcements-detail", uuid=MISSING)[0] == HTTPStatus.NOT_FOUND


def test_links_are_added_changed_moved_and_removed(crew, ask):
    stars = crew.editions.get(position=0)
    status, first = ask("ben", "post", "materials-list", {"title": "Tables", "url": "https://example.com/t"})
    assert (status, first) == (
        HTTPStatus.CREATED,
        {
            "uuid": first["uuid"],
            "title": "Tables",
            "course": None,
            "course_title": "",
            "may_change": True,
            "kind": "link",
            "url": "https://example.com/t",
            "file_name": "",
            "size": 0,
        },
    )
    ask("ben", "post", "materials-list", {"title": "Charts", "url": "https://example.com/c"})
    assert ask("ben", "post", "materials-move", {"is_up": False}, uuid=first["uuid"]) == (200, {"changed": True})
    assert ask("ben", "post", "materials-move", {"is_up": False}, uuid=first["uuid"]) == (200, {"changed": False})
    _status, found = ask("lea", "get", "materials-list")
    assert [each["title"] for each in found["materials"]] == ["Charts", "Tables"]
    _status, changed = ask("ben", "patch", "materials-detail", {"course": str(stars.uuid)}, uuid=first["uuid"])
    assert (changed["course_title"], changed["title"]) == ("Stars", "Tables")
    assert ask("cleo", "delete", "materials-detail", uuid=first["uuid"])[0] == HTTPStatus.NO_CONTENT
    assert Material.objects.get().title == "Charts"


@pytest.mark.parametrize("data", [{"title": "A"}, {"title": "A", "url": "javascript:alert(1)"}])
def test_what_is_no_link(data, ask):
    status, problem = ask("ben", "post", "materials-list", data)
    assert (status, [*problem["errors"].values()]) == (
        HTTPStatus.BAD_REQUEST,
        [["Give the whole address of a page, beginning with https:// or http://."]]
        if "url" in data
        else [["Give either the address of a link, or a file."]],
    )


def test_files_are_sent_as_part_of_a_form(crew, people, ask):
    browser = signed_in(people["ben"])
    url = reverse("cohort_sessions:api-materials-list", args=[crew.code])
    response = browser.post(url, {"title": "Chart", "file": SimpleUploadedFile("chart.pdf", PDF)})
    made = response.json()
    assert (response.status_code, made["kind"], made["file_name"], made["size"]) == (201, "file", "chart.pdf", len(PDF))
    fetched = signed_in(people["lea"]).get(made["url"])
    assert (fetched.status_code, b"".join(fetched)) == (HTTPStatus.OK, PDF)
    for name, content, sentence in (
        ("page.html", b"<script>", "Files of this kind are not allowed: “page.html”."),
        ("chart.pdf", b"", "This file is empty. Choose another."),
    ):
        problem = browser.post(url, {"file": SimpleUploadedFile(name, content)}).json()
        assert problem["errors"]["file"][0].startswith(sentence)
    assert ask("ben", "delete", "materials-detail", uuid=made["uuid"])[0] == HTTPStatus.NO_CONTENT


def test_who_may_not_go_in_has_no_materials(crew, ask, now):
    api.add_link(crew, title="Tables", url="https://example.com/", actor=SYSTEM, now=now)
    api.cancel_session(crew, reason="No wind.", actor=SYSTEM, now=now)
    assert ask("lea", "get", "materials-list") == (HTTPStatus.OK, {"materials": []})
    assert len(ask("ben", "get", "materials-list")[1]["materials"]) == 1


def test_a_name_of_something_else_is_refused_in_a_sentence(crew, ask, now):
    stars, tides = crew.editions.order_by("position")
    told = api.create_announcement(
        crew, title="A", text="A.", course=tides.uuid, published_from=now + HOUR, actor=SYSTEM, now=now
    )
    link = api.add_link(crew, title="A", url="https://example.com/", course=tides.uuid, actor=SYSTEM, now=now)
    sentence = ["Something else has this name. Please begin anew, or give another."]

    def refused(name, course) -> None:
        for door, words, uuid in (
            ("announcements-list", {"title": "B", "text": "B."}, told.uuid),
            ("materials-list", {"title": "B", "url": "https://example.com/b"}, link.uuid),
        ):
            status, problem = ask(name, "post", door, {**words, "uuid": str(uuid), "course": course})
            assert (status, problem["errors"]) == (HTTPStatus.BAD_REQUEST, {"uuid": sentence})

    refused("cleo", str(stars.uuid))
    type(tides).objects.filter(pk=tides.pk).update(withdrawn_at=now)
    refused("ben", None)


def test_who_may_not_change_it_is_told_so_before_what_they_sent_is_looked_at(crew, ask, now):
    published = api.create_announcement(crew, title="A", text="A.", actor=SYSTEM, now=now)
    planned = api.create_announcement(crew, title="B", text="B.", published_from=now + HOUR, actor=SYSTEM, now=now)
    link = api.add_link(crew, title="A", url="https://example.com/", actor=SYSTEM, now=now)
    for name, door, uuid, status in (
        ("lea", "announcements-detail", published.uuid, HTTPStatus.FORBIDDEN),
        ("lea", "announcements-detail", planned.uuid, HTTPStatus.NOT_FOUND),
        ("cleo", "announcements-detail", planned.uuid, HTTPStatus.FORBIDDEN),
        ("ben", "announcements-detail", MISSING, HTTPStatus.NOT_FOUND),
        ("ben", "announcements-detail", planned.uuid, HTTPStatus.BAD_REQUEST),
        ("lea", "materials-detail", link.uuid, HTTPStatus.FORBIDDEN),
        ("ben", "materials-detail", MISSING, HTTPStatus.NOT_FOUND),
        ("ben", "materials-detail", link.uuid, HTTPStatus.BAD_REQUEST),
    ):
        assert ask(name, "patch", door, {"title": ["no text"]}, uuid=uuid)[0] == status, (name, door)
    for uuid, status in ((planned.uuid, HTTPStatus.NOT_FOUND), (published.uuid, HTTPStatus.FORBIDDEN)):
        assert ask("lea", "delete", "announcements-detail", uuid=uuid)[0] == status


def test_what_members_may_not_have_is_not_there_to_be_changed(crew, ask, now):
    link = api.add_link(crew, title="A", url="https://example.com/", actor=SYSTEM, now=now)
    type(crew).objects.filter(pk=crew.pk).update(opens_at=now + HOUR)
    assert ask("lea", "patch", "materials-detail", {"title": "B"}, uuid=link.uuid)[0] == HTTPStatus.NOT_FOUND
    assert ask("lea", "delete", "materials-detail", uuid=link.uuid)[0] == HTTPStatus.NOT_FOUND
