"""A new session, by those who may have one."""

from __future__ import annotations

import pytest

from cohort_sessions.models import AdministratorScope, CohortSession
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, address, errors, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")

URL = "/cohort-sessions/manage/new/"


@pytest.fixture
def people(make_user, make_session, now):
    """Rita administers everything, olga the organisation Sea, greta one session, ben coaches it; sam is a stranger."""
    found = {name: make_user(name) for name in ("rita", "olga", "greta", "ben", "lea", "sam")}
    found["root"] = make_user("root", is_staff=True)
    AdministratorScope.objects.create(user=found["rita"], organisation="", assigned_at=now)
    AdministratorScope.objects.create(user=found["olga"], organisation="Sea", assigned_at=now)
    make_session(
        "Crew", administrators=[found["greta"]], session_coaches=[found["ben"]], members=[found["lea"]], code="crew"
    )
    return found


def test_a_draft_is_made_and_its_courses_come_next(people):
    response, page = send(
        URL, people["rita"], title="Spring term", organisation="Sky", description="Bring a rope.", category=""
    )
    assert response.redirect_chain == [("/cohort-sessions/sessions/spring-term/courses/", 302)]
    assert page.words(NOTICE)[0] == "The session was created"
    session = CohortSession.objects.get(code="spring-term")
    assert (session.title, session.organisation, session.description, session.status, session.category) == (
        "Spring term",
        "Sky",
        "Bring a rope.",
        "draft",
        None,
    )
    assert session.history.get().history_user == people["rita"]


def test_an_administrator_of_one_organisation_creates_there(people, visit):
    form = filled(visit(URL, people["olga"]))
    assert form["organisation"] == "Sea"
    _response, page = send(URL, people["olga"], **form | {"title": "Tides", "organisation": "Sky"})
    assert errors(page) == {"organisation": "Choose an organisation whose sessions you administer."}
    send(URL, people["olga"], **form | {"title": "Tides"})
    assert CohortSession.objects.get(title="Tides").organisation == "Sea"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"title": " "}, {"title": "This field is required."}),
        (
            {"title": "T", "code": "no spaces"},
            {"code": "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."},
        ),
        ({"title": "T", "code": "crew"}, {"code": "Cohort session with this Code already exists."}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_made(sent, said, people):
    _response, page = send(URL, people["rita"], **sent)
    assert errors(page) == said
    assert CohortSession.objects.count() == 1


def test_who_may(people):
    get = {name: signed_in(user).get(URL).status_code for name, user in people.items()}
    post = {
        name: signed_in(user).post(URL, {"title": "T", "organisation": "Sea"}).status_code
        for name, user in people.items()
    }
    allowed = {"rita": 200, "olga": 200, "root": 200}
    assert get == {"greta": 403, "ben": 403, "lea": 404, "sam": 404} | allowed
    assert post == {"greta": 403, "ben": 403, "lea": 404, "sam": 404} | dict.fromkeys(allowed, 302)


def test_the_way_is_shown_to_those_who_may(people, visit):
    manage = "/cohort-sessions/manage/"
    shown = {name: visit(manage, people[name]).links().get("New session") for name in ("rita", "olga", "root", "greta")}
    assert shown == {"rita": URL, "olga": URL, "root": URL, "greta": None}


def test_the_next_step_is_open_to_whoever_created_it(people, visit):
    send(URL, people["olga"], title="Tides", organisation="Sea")
    session = CohortSession.objects.get(title="Tides")
    for page in ("courses", "settings", "dates", "people", "team", "locks"):
        visit(address(page, session), people["olga"])
