"""The list of the sessions that somebody manages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cohort_sessions import timeline
from cohort_sessions.data import SessionStatus
from cohort_sessions.models import AdministratorScope, CohortSession, SessionCategory
from cohort_sessions.queries.managed_sessions import in_phase
from cohort_sessions.timeline import Membership, Phase
from tests.rows import copy_session
from tests.web.conftest import signed_in
from tests.web.kit import ROWS, address

pytestmark = pytest.mark.django_db(databases="__all__")

URL = "/cohort-sessions/manage/"
TITLES = f"{ROWS}/th//a"
TABS = "//nav[@class='cs-tabs']//a"


def day(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


@pytest.fixture
def people(make_user):
    """Everybody, by username."""
    return {name: make_user(name) for name in ("lea", "omar", "greta", "olga", "ben", "cleo", "sam", "otto")}


@pytest.fixture
def planned(people, make_base_course, make_session, now):
    """Three sessions of greta's, of which olga administers the organisation of one; and another that is neither's."""
    stars, tides = make_base_course(title="Stars"), make_base_course(title="Tides")
    AdministratorScope.objects.create(user=people["olga"], organisation="Sea", assigned_at=now)
    term = SessionCategory.objects.create(name="Term")
    hers = {"administrators": [people["greta"]]}
    return {
        "crew": make_session(
            "Crew",
            courses=[tides, stars],
            members=[people["lea"], people["omar"]],
            session_coaches=[people["ben"]],
            coaches={stars: [people["cleo"], people["ben"]]},
            opens_at=day(2020),
            closes_at=day(2100),
            capacity=5,
            category=term,
            organisation="Sea",
            **hers,
        ),
        "pilots": make_session("pilots", courses=[stars], members=[people["lea"]], opens_at=day(2090), **hers),
        "bakers": make_session("Bakers", opens_at=day(2010), closes_at=day(2011), **hers),
        "foreign": make_session(
            "Foreign crew",
            courses=[make_base_course(title="Secrets")],
            session_coaches=[people["otto"]],
            category=SessionCategory.objects.create(name="Hidden"),
            organisation="Elsewhere",
        ),
    }


def test_what_an_administrator_sees(planned, people, visit):
    page = visit(URL, people["greta"])
    assert page.words("//h1") == ["Manage sessions"]
    assert page.words(ROWS) == [
        "pilots pilots Dates From Jan. 1, 2090 Status Published Members 1 Courses Stars Coaches –",
        (
            "Crew crew Dates Jan. 1, 2020 – Dec. 31, 2099 Status Published Members 2 of 5 Courses Tides, Stars "
            "Coaches ben, cleo"
        ),
        "Bakers bakers Dates Jan. 1, 2010 – Dec. 31, 2010 Status Draft Members 0 Courses – Coaches –",
    ]
    assert page.links(ROWS + "/th") == {
        name.title() if name != "pilots" else name: address("people", planned[name])
        for name in ("pilots", "crew", "bakers")
    }
    assert page.words(TABS) == ["All 3 sessions", "Draft 1 session", "Published 2 sessions"]
    assert {name: page.words(f"//select[@name='{name}']/option") for name in ("category", "organisation")} == {
        "category": ["All", "Term"],
        "organisation": ["All", "Sea"],
    }
    assert page.words("//select[@name='course']/option") == ["All", "Stars", "Tides"]
    assert page.words("//select[@name='coach']/option") == ["All", "ben", "cleo"]


def test_who_administers_an_organisation_sees_its_sessions(planned, people, visit):
    assert visit(URL, people["olga"]).words(TITLES) == ["Crew"]


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("search=CREW", ["Crew"]),
        ("search=pilots+crew", []),
        ("search=akers", ["Bakers"]),
        ("phase=past", ["Bakers"]),
        ("phase=current", ["Crew"]),
        ("phase=upcoming", ["pilots"]),
        ("status=draft", ["Bakers"]),
        ("status=archived", []),
        ("organisation=Sea", ["Crew"]),
        ("coach=ben", ["Crew"]),
        ("coach=cleo&status=published", ["Crew"]),
        ("order=title", ["Bakers", "Crew", "pilots"]),
        ("order=-title", ["pilots", "Crew", "Bakers"]),
        ("order=opening", ["Bakers", "Crew", "pilots"]),
        ("order=-members", ["Crew", "pilots", "Bakers"]),
        ("order=members", ["Bakers", "pilots", "Crew"]),
        ("order=status", ["Bakers", "Crew", "pilots"]),
        ("order=-status", ["Crew", "pilots", "Bakers"]),
    ],
)
def test_search_filters_and_order(asked, titles, planned, people, visit):
    assert visit(f"{URL}?{asked}", people["greta"]).words(TITLES) == titles


def test_by_course_and_category(planned, people, visit):
    def found(**asked) -> list[str]:
        response = signed_in(people["greta"]).get(URL, asked)
        return [line.title for line in response.context["lines"]]

    tides = planned["crew"].editions.get(position=0).base_key
    assert found(course=str(tides)) == ["Crew"]
    assert found(category=planned["crew"].category_id) == ["Crew"]


@pytest.mark.parametrize("asked", ["phase=x", "status=x", "category=x", "course=x", "coach=otto", "order=x", "page=x"])
def test_what_does_not_occur_is_not_asked(asked, planned, people, visit):
    page = visit(f"{URL}?{asked}", people["greta"])
    assert page.words(TITLES) == ["pilots", "Crew", "Bakers"]
    assert page.words("//main//*[@class='cs-found' or @class='cs-field__error']") == []


def test_the_form_and_the_tabs_keep_what_is_asked(planned, people, visit):
    page = visit(f"{URL}?coach=ben&order=title&status=published&search=cr", people["greta"])
    (form,) = page.tree.xpath("//main//form")
    assert dict(form.form_values()) == {
        "search": "cr",
        "phase": "",
        "category": "",
        "organisation": "",
        "course": "",
        "coach": "ben",
        "order": "title",
        "status": "published",
    }
    assert page.words("//*[@class='cs-found']") == ["1 session matches."]
    assert page.links("//nav[@class='cs-tabs']") == {
        "All 1 session": f"{URL}?search=cr&coach=ben&order=title",
        "Published 1 session": f"{URL}?search=cr&coach=ben&order=title&status=published",
    }


def test_nothing_found_says_so_and_can_be_cleared(planned, people, visit):
    page = visit(f"{URL}?search=nowhere", people["greta"])
    assert page.words("//h2") == ["No session matches all of this"]
    assert page.links("//p[@class='cs-empty__ways']") == {"Clear all": URL}


def test_a_course_that_was_withdrawn_is_not_told(planned, people, visit, now):
    planned["crew"].editions.filter(position=1).update(withdrawn_at=now)
    page = visit(f"{URL}?search=crew", people["greta"])
    assert page.words(f"{ROWS}/td")[-2:] == ["Courses Tides", "Coaches ben"]
    assert visit(f"{URL}?coach=cleo", people["greta"]).words("//select[@name='coach']/option") == ["All", "ben"]


def test_who_may_open_it(planned, people):
    status = {name: signed_in(people[name]).get(URL).status_code for name in ("greta", "olga", "ben", "lea", "sam")}
    assert status == {"greta": 200, "olga": 200, "ben": 403, "lea": 403, "sam": 404}
    assert Client().get(URL).url == f"{reverse('sandbox:sign_in')}?next={URL}"


def test_only_who_manages_is_shown_the_way(planned, people, visit):
    mine = reverse("cohort_sessions:my_sessions")
    shown = {name: visit(mine, people[name]).links().get("Manage sessions") for name in ("greta", "olga", "ben", "sam")}
    assert shown == {"greta": URL, "olga": URL, "ben": None, "sam": None}


def test_the_way_is_shown_whatever_the_own_sessions_are(planned, people, visit, now):
    """Lea learns in sessions of other organisations than that which she administers."""
    AdministratorScope.objects.create(user=people["lea"], organisation="Sky", assigned_at=now)
    assert visit(reverse("cohort_sessions:my_sessions"), people["lea"]).links()["Manage sessions"] == URL


def test_an_administrator_of_everything_where_there_is_no_session(make_user, visit, now):
    AdministratorScope.objects.create(user=(greta := make_user("greta")), organisation="", assigned_at=now)
    assert visit(URL, greta).words("//h2") == ["There is no session yet"]


@pytest.mark.parametrize("status", SessionStatus)
def test_phases_are_those_of_the_timeline(status, now):
    """Every window around now, its bounds included, in every status."""
    moments = [None, now - timedelta(days=1), now, now + timedelta(days=1)]
    windows = [(a, b) for a in moments for b in moments if None in (a, b) or a < b]
    CohortSession.objects.bulk_create(
        CohortSession(title="S", code=f"s{n}", status=status, opens_at=a, closes_at=b, created_at=now, modified_at=now)
        for n, (a, b) in enumerate(windows)
    )

    def decided(session: CohortSession) -> Phase:
        return timeline.access(session.schedule, membership=Membership(), on_team=False, now=now).phase

    for phase in Phase:
        found = set(CohortSession.objects.filter(in_phase(phase, now)))
        assert found == {session for session in CohortSession.objects.all() if decided(session) == phase}


@pytest.mark.parametrize("count", [1, 100])
def test_thirteen_queries_whatever_the_number_of_sessions(
    count, planned, people, django_assert_num_queries, django_user_model
):
    """Four to know who asks, one for the time zone, four for what can be chosen and four for the page."""
    for number in range(1, count):
        copy_session(planned["crew"], number)
    browser = signed_in(people["greta"])
    with django_assert_num_queries(13):
        content = browser.get(URL, {"search": "crew", "coach": "cleo", "phase": "current"}).content.decode()
    assert content.count("Dec. 31, 2099") == min(count, 25)
    assert "Foreign" not in content


def test_pages_of_twenty_five(planned, people, visit):
    for number in range(1, 26):
        copy_session(planned["crew"], number)
    page = visit(f"{URL}?coach=ben&page=2", people["greta"])
    assert (len(page.words(ROWS)), page.words("//nav[@class='cs-pages']/span")) == (1, ["Page 2 of 2"])
    assert page.links("//nav[@class='cs-pages']") == {"Previous page": f"{URL}?coach=ben&page=1"}
    assert len(visit(f"{URL}?page=99", people["greta"]).words(ROWS)) == 3
