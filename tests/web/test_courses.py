"""The courses of a session, as its administrators choose and order them."""

from __future__ import annotations

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM
from cohort_sessions.models import AdministratorScope, CohortSession
from sandbox.models import CourseRole
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, ROWS, address, send

pytestmark = pytest.mark.django_db(databases="__all__")

FOUND = "//fieldset//label/bdi"


@pytest.fixture
def people(make_user, now):
    """Greta administers one session, olga all of an organisation, rita everything."""
    found = {name: make_user(name) for name in ("greta", "olga", "rita", "ben", "lea", "sam")}
    AdministratorScope.objects.create(user=found["rita"], organisation="", assigned_at=now)
    return found


@pytest.fixture
def courses(make_base_course):
    return {title: make_base_course(title=title) for title in ("Stars", "Tides", "Bread")}


@pytest.fixture
def crew(people, courses, make_session, now):
    """A session of no organisation, of two courses; another one of olga's organisation has none of them."""
    AdministratorScope.objects.create(user=people["olga"], organisation=courses["Stars"].org, assigned_at=now)
    return make_session(
        "Crew",
        courses=[courses["Stars"], courses["Tides"]],
        members=[people["lea"]],
        administrators=[people["greta"], people["olga"]],
        session_coaches=[people["ben"]],
    )


def order(session) -> list[str]:
    editions = CohortSession.objects.get(pk=session.pk).editions.filter(withdrawn_at=None)
    return [str(edition.base_key) for edition in editions]


@pytest.mark.parametrize(
    ("who", "found"),
    [("rita", ["Bread"]), ("olga", ["Bread"]), ("greta", [])],
)
def test_one_is_offered_what_one_may_use(who, found, crew, people, visit):
    page = visit(address("courses", crew), people[who])
    assert page.words(FOUND) == found
    assert [row.split(" course-v1")[0] for row in page.words(ROWS)] == ["Stars", "Tides"]


def test_a_course_team_may_use_its_course(crew, people, courses, visit):
    CourseRole.objects.create(course_key=courses["Bread"], user=people["greta"], role="staff")
    assert visit(address("courses", crew), people["greta"]).words(FOUND) == ["Bread"]


def test_the_sessions_own_organisation_counts(crew, people, courses, visit):
    CohortSession.objects.filter(pk=crew.pk).update(organisation=courses["Bread"].org)
    assert visit(address("courses", crew), people["greta"]).words(FOUND) == ["Bread"]


def test_search_finds_by_words(crew, people, visit):
    url = address("courses", crew)
    assert visit(f"{url}?search=BREA", people["rita"]).words(FOUND) == ["Bread"]
    nothing = visit(f"{url}?search=stars", people["rita"])
    assert nothing.words("//p[@role='status']") == [
        "No course that you may use, and that is not here yet, matches “stars”. Clear search"
    ]


def test_courses_are_added_at_the_end(crew, people, courses):
    _response, page = send(address("add_courses", crew), people["olga"], course=[str(courses["Bread"])])
    assert page.words(NOTICE) == ["1 course was added"]
    assert order(crew) == [str(courses[title]) for title in ("Stars", "Tides", "Bread")]
    _response, page = send(address("add_courses", crew), people["olga"], course=[str(courses["Bread"])])
    assert page.words(NOTICE)[0] == "Nothing has changed"


def test_what_one_may_not_use_is_refused_whatever_is_sent(crew, people, courses):
    _response, page = send(
        address("add_courses", crew), people["greta"], course=[str(courses["Bread"]), "course-v1:No+Such+1"]
    )
    assert page.words(NOTICE)[:2] == ["Nothing has changed", "2 lines could not be done."]
    assert len(order(crew)) == 2


def test_what_is_no_key_is_said(crew, people):
    response = signed_in(people["rita"]).post(address("add_courses", crew), {"course": ["bread"]})
    assert response.status_code == 409
    assert "This is not the key of a course: bread" in response.content.decode()


def test_none_chosen_is_said(crew, people):
    _response, page = send(address("add_courses", crew), people["greta"])
    assert page.words(NOTICE) == ["No course was chosen", "Tick the courses first, then add them."]


def test_up_and_down(crew, people, courses):
    stars, tides = str(courses["Stars"]), str(courses["Tides"])
    send(address("order_courses", crew), people["greta"], order=[stars, tides], up=tides)
    assert order(crew) == [tides, stars]
    send(address("order_courses", crew), people["greta"], order=[tides, stars], down=tides)
    assert order(crew) == [stars, tides]
    send(address("order_courses", crew), people["greta"], order=[stars, tides], up=stars)
    assert order(crew) == [stars, tides]


def test_an_order_of_other_courses_moves_nothing(crew, people, courses, now):
    stars, tides = str(courses["Stars"]), str(courses["Tides"])
    api.add_courses(crew, [courses["Bread"]], actor=SYSTEM, now=now)
    _response, page = send(address("order_courses", crew), people["greta"], order=[stars, tides], up=tides)
    assert page.words(NOTICE)[0] == "Nothing was moved"
    assert order(crew) == [stars, tides, str(courses["Bread"])]


def test_removing_asks_and_can_be_undone(crew, people, courses, visit):
    url = address("remove_course", crew, uuid=crew.editions.get(base_key=courses["Tides"]).uuid)
    page = visit(url, people["olga"])
    assert page.words("//h1 | //p[@class='cs-head__note']") == ["Remove a course", "Tides"]
    _response, page = send(url, people["olga"])
    assert page.words(NOTICE)[0] == "“Tides” was removed"
    assert order(crew) == [str(courses["Stars"])]
    send(address("add_courses", crew), people["olga"], course=[str(courses["Tides"])])
    assert order(crew) == [str(courses["Stars"]), str(courses["Tides"])]
    assert signed_in(people["olga"]).get(url).status_code == 404


def test_for_whom_it_is(crew, people, courses):
    edition = crew.editions.first()
    urls = {
        "list": address("courses", crew),
        "remove": address("remove_course", crew, uuid=edition.uuid),
    }
    doors = {"add": address("add_courses", crew), "order": address("order_courses", crew), "remove": urls["remove"]}
    for name, status in {"ben": 403, "lea": 403, "sam": 404}.items():
        browser = signed_in(people[name])
        assert {page: browser.get(url).status_code for page, url in urls.items()} == dict.fromkeys(urls, status)
        data = {"course": [str(courses["Bread"])], "order": order(crew)[::-1]}
        assert {page: browser.post(url, data).status_code for page, url in doors.items()} == dict.fromkeys(
            doors, status
        )
    assert order(crew) == [str(courses["Stars"]), str(courses["Tides"])]


@pytest.mark.parametrize("count", [1, 3])
def test_the_same_queries_whatever_the_number(count, people, make_base_course, make_session, django_assert_num_queries):
    chosen = [make_base_course(title=f"Course {number}") for number in range(count)]
    session = make_session("Draft", courses=chosen, administrators=[people["greta"]], is_published=False)
    browser = signed_in(people["greta"])
    with django_assert_num_queries(11):
        browser.get(address("courses", session))
