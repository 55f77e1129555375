"""Editions in the platform's own listings: there for those who belong to the session, absent for everybody else."""

from __future__ import annotations

import pytest
from crum import set_current_request
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lms.djangoapps import branding
from openedx.core.djangoapps.oauth_dispatch.jwt import create_jwt_for_user

from cohort_sessions import api
from cohort_sessions.data import SYSTEM
from cohort_sessions.models import AdministratorScope
from tests.platform import ccx
from tests.platform.sessions import STATES, create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def base_key(make_base_course):
    return make_base_course()


def listed(client, user=None):
    """The keys of the catalogue API, which the mobile apps and catalogue front ends read."""
    response = client.get("/api/courses/v1/courses/", {"username": user.username if user else "", "page_size": 100})
    assert response.status_code == 200
    return {course["id"] for course in response.json()["results"]}


def shown(client, address):
    """What a page of the LMS says."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("state", STATES)
def test_people_without_a_relation(state, base_key, lea, make_user, signed_in):
    key = edition_key(create_session(base_key, members=[lea], **STATES[state]))
    stranger = make_user("stranger")
    for client, user in ((signed_in(stranger), stranger), (Client(), None)):
        assert listed(client, user) == {str(base_key)}
        for address in ("/courses", "/"):
            assert str(key) not in client.get(address).content.decode()


@pytest.mark.parametrize("state", ["full", "read only"])
def test_a_learner_of_the_session_still_sees_hers(state, base_key, lea, signed_in):
    session = create_session(base_key, members=[lea], **STATES[state])
    other = create_session(base_key, title="Autumn")
    assert listed(signed_in(lea), lea) == {str(base_key), str(edition_key(session))}
    assert str(edition_key(other)) not in listed(signed_in(lea), lea)


def test_a_program_with_a_token_is_known(base_key, lea):
    key = edition_key(create_session(base_key, members=[lea]))
    assert listed(Client(HTTP_AUTHORIZATION=f"JWT {create_jwt_for_user(lea)}"), lea) == {str(base_key), str(key)}


def test_what_is_hidden_from_its_members_is_not_listed_to_them(base_key, lea, signed_in):
    create_session(base_key, members=[lea], **STATES["hidden"])
    create_session(base_key, members=[lea], title="Draft", publish=False)
    assert listed(signed_in(lea), lea) == {str(base_key)}


def test_the_team_and_administrators_see_theirs(base_key, make_user, signed_in):
    cora, ada, root = make_user("cora"), make_user("ada"), make_user("root", is_staff=True)
    spring = str(edition_key(create_session(base_key, coaches=[cora], organisation="Sea")))
    autumn = str(edition_key(create_session(base_key, title="Autumn", organisation="Land")))
    AdministratorScope.objects.create(user=ada, organisation="Land", assigned_at=timezone.now())
    assert listed(signed_in(cora), cora) == {str(base_key), spring}
    assert listed(signed_in(ada), ada) == {str(base_key), autumn}
    assert listed(signed_in(root), root) == {str(base_key), spring, autumn}


def test_other_peoples_ccx_courses_are_listed_as_ever(base_key, make_user, signed_in):
    rows = {ccx.COURSE: {"start": timezone.now()}}
    key = ccx.create_ccx(base_key, make_user("coach"), rows, is_ours=False)
    assert listed(Client()) == {str(base_key), str(key)}


@pytest.mark.parametrize("state", STATES)
def test_about_one_course(state, base_key, lea, make_user, signed_in):
    key = edition_key(create_session(base_key, members=[lea], **STATES[state]))
    stranger = make_user("stranger")
    # The platform itself tells nobody of a course that has not started and that nobody can enrol in.
    expected = {"full": (302, 200), "not started": (403, 404), "read only": (302, 200), "hidden": (404, 404)}[state]

    def answers(client):
        return tuple(
            client.get(address).status_code for address in (f"/courses/{key}/about", f"/api/courses/v1/courses/{key}")
        )

    assert answers(signed_in(stranger)) == (404, 404)
    assert answers(Client()) == (302, 401)
    assert answers(signed_in(lea)) == expected


def test_the_platforms_search_never_held_them(base_key, lea, signed_in):
    create_session(base_key, members=[lea])
    response = signed_in(lea).post("/search/course_discovery/", {"search_string": "Spring"})
    assert [result["data"]["id"] for result in response.json()["results"]] == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_listing_costs_three_queries_more_whatever_it_holds(count, base_key, lea, django_assert_num_queries):
    for number in range(count):
        create_session(base_key, members=[lea], title=f"Spring {number}")
    request = RequestFactory().get("/courses")
    request.user = lea
    set_current_request(request)
    try:
        with CaptureQueriesContext(connection) as stock:
            branding.get_visible_courses.__wrapped__()
        with django_assert_num_queries(len(stock) + 3):
            branding.get_visible_courses()
    finally:
        set_current_request(None)


def test_withdrawn_editions_are_listed_to_nobody_but_the_team(
    base_key, make_base_course, lea, make_user, signed_in, committed, answer
):
    cora = make_user("cora")
    session = create_session(base_key, members=[lea], coaches=[cora])
    key = edition_key(session)
    assert answer(key, lea)
    with committed():
        api.remove_courses(session, [base_key], actor=SYSTEM, now=timezone.now())
    assert str(key) not in listed(signed_in(lea), lea)
    assert str(key) in listed(signed_in(cora), cora)
