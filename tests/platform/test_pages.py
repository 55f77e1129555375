"""My sessions, the session home and the API inside the LMS: its frame, its sign-in, its preferences."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohort_sessions.models import EditionResult
from tests.rows import copy_session

pytestmark = pytest.mark.django_db(databases="__all__")

MY_SESSIONS = reverse("cohort_sessions:my_sessions")


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def crew(lea, make_base_course, make_session):
    """A running session of one course, with Lea in it."""
    return make_session(
        "Crew",
        courses=[make_base_course(title="Tides")],
        members=[lea],
        opens_at=datetime(2020, 1, 1, tzinfo=UTC),
        closes_at=datetime(2100, 4, 1, tzinfo=UTC),
    )


def test_pages_stand_in_the_frame_of_the_lms(crew, lea, signed_in):
    browser = signed_in(lea)
    home = reverse("cohort_sessions:session_home", args=[crew.code])
    for url, words in ((MY_SESSIONS, "<title>My sessions</title>"), (home, "<title>Crew</title>")):
        content = browser.get(url).content.decode()
        assert words in content
        # The LMS's own header and footer, our page between them, and in it the way into the course.
        positions = [content.index(piece) for piece in ("global-header", '<main id="main"', "Start", "wrapper-footer")]
        assert positions == sorted(positions)
        assert 'href="/dashboard"' in content.partition('<main id="main"')[0]
        assert str(crew.editions.get().edition_key).partition(":")[2] in content.replace("%3A", ":").replace("%2B", "+")


def test_dates_are_in_the_time_zone_of_the_account(crew, lea, signed_in):
    from openedx.core.djangoapps.user_api.preferences.api import set_user_preference

    set_user_preference(lea, "time_zone", "America/New_York")
    content = signed_in(lea).get(MY_SESSIONS).content.decode()
    assert "March 31, 2100, 8 p.m. EDT" in content
    assert "America/New York (E" in content


def test_strangers_and_nobody(crew, make_user, signed_in):
    home = reverse("cohort_sessions:session_home", args=[crew.code])
    assert signed_in(make_user("sam")).get(home).status_code == 404
    response = Client().get(home)
    assert (response.status_code, response.url) == (302, f"{settings.LOGIN_URL}?next={home}")


def test_the_api_signs_in_as_the_platforms_own_does(crew, lea, make_user, signed_in):
    """By the classes that the platform sets for every API; refusals are problems all the same."""
    url = reverse("cohort_sessions:api-sessions-detail", args=[crew.code])
    assert signed_in(lea).get(url).json()["session"]["title"] == "Crew"
    refused = signed_in(make_user("sam")).get(url)
    assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json")
    nobody = Client().get(url)
    assert (nobody.status_code, nobody.json()["type"]) == (401, "urn:cohort-sessions:problem:not-authenticated")
    assert nobody["WWW-Authenticate"].startswith("JWT")


@pytest.mark.parametrize("count", [1, 50])
def test_the_number_of_queries_does_not_grow(count, lea, make_user, make_base_course, make_session, signed_in):
    """
    Warm, as the second request of a visit, with a team to name. Three of the statements are ours, on the page a fourth
    for what is unread; the others are the platform's own for any page, or any answer to somebody signed in.
    """
    courses = [make_base_course() for _ in range(3)]
    ben, cleo = make_user("ben"), make_user("cleo")
    team = {"session_coaches": [ben], "coaches": {base_key: [cleo] for base_key in courses}}
    session = make_session("Crew", courses=courses, members=[lea], **team)
    for number in range(1, count):
        copy_session(session, number)
    make_session("Another crew", courses=courses, members=[make_user("max")], **team)
    browser = signed_in(lea)
    api = reverse("cohort_sessions:api-my-sessions-list")
    sessions = browser.get(api).json()["sessions"]
    coaches = [[each["username"] for each in row["coaches"]] for row in (sessions[0], *sessions[0]["editions"])]
    assert (len(sessions), coaches) == (count, [["ben"], ["cleo"], ["cleo"], ["cleo"]])
    found = {}
    for address in (MY_SESSIONS, api):
        browser.get(address)
        with CaptureQueriesContext(connection) as statements:
            assert "Another crew" not in browser.get(address).content.decode()
        found[address] = [line["sql"] for line in statements if "SAVEPOINT" not in line["sql"]]
    assert [len(found[address]) for address in (MY_SESSIONS, api)] == [13, 10]


@pytest.mark.parametrize("count", [1, 3])
def test_results_and_history_in_the_frame_of_the_lms(
    count, lea, make_user, make_base_course, make_session, signed_in, now
):
    """The number of statements does not grow, and another learner's result is in none of them."""
    base_key = make_base_course(title="Tides")
    session = make_session("Crew", courses=[base_key], members=[lea, make_user("max")])
    for username, grade in (("lea", 0.8), ("max", 0.99)):
        EditionResult.objects.create(
            member=session.members.get(user__username=username), edition=session.editions.get(), grade=grade, as_of=now
        )
    for number in range(1, count):
        copy_session(session, number)
    browser = signed_in(lea)
    history = reverse("cohort_sessions:my_history")
    results = reverse("cohort_sessions:my_results", args=[session.code])
    numbers = []
    for url in (history, results, reverse("cohort_sessions:api-my-history-list")):
        browser.get(url)
        with CaptureQueriesContext(connection) as statements:
            content = browser.get(url).content.decode()
        assert "Tides" in content
        assert "99" not in content.partition('<main id="main"')[2]
        numbers.append(len([line for line in statements if "SAVEPOINT" not in line["sql"]]))
    # Five, four and five are ours; the others are the platform's own.
    assert numbers == [14, 13, 12]
    content = browser.get(results).content.decode()
    positions = [content.index(piece) for piece in ("global-header", '<main id="main"', "80%", "wrapper-footer")]
    assert positions == sorted(positions)


@pytest.mark.parametrize("count", [1, 3])
def test_what_a_coach_sees_costs_three_statements_more(
    count, lea, make_user, make_base_course, make_session, signed_in, now
):
    """Than the twelve of a learner; and the session home names who is behind those numbers."""
    ben, cleo, base_key = make_user("ben"), make_user("cleo"), make_base_course(title="Tides")
    session = make_session("Crew", courses=[base_key], members=[lea, cleo], session_coaches=[ben])
    EditionResult.objects.create(
        member=session.members.get(user=lea), edition=session.editions.get(), completed=1, completable=4, as_of=now
    )
    for number in range(1, count):
        copy_session(session, number)
    make_session("Another crew", courses=[base_key], members=[make_user("max")])
    browser = signed_in(ben)
    browser.get(MY_SESSIONS)
    with CaptureQueriesContext(connection) as statements:
        content = browser.get(MY_SESSIONS).content.decode()
    assert len([line for line in statements if "SAVEPOINT" not in line["sql"]]) == 15
    said = ("2 learners", "1 not started", "1 behind", "Another crew")
    assert [content.count(words) for words in said] == [count, count, count, 0]
    home = browser.get(reverse("cohort_sessions:session_home", args=[session.code])).content.decode()
    names = home.partition("Who needs attention")[2]
    assert [names.count(f"/people/{user.username}/") for user in (lea, cleo, ben)] == [1, 1, 0]
