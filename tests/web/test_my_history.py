"""*My history*: every session somebody took, as a page and in the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cohort_sessions import api
from cohort_sessions.data import AfterClose
from cohort_sessions.models import CohortSession, EditionResult
from tests.rows import copy_session
from tests.web.conftest import signed_in
from tests.web.kit import ROWS, address

pytestmark = pytest.mark.django_db(databases="__all__")

URL = reverse("cohort_sessions:my_history")
API = reverse("cohort_sessions:api-my-history-list")
DAY = timedelta(days=1)
OPENS, CLOSES = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 3, 1, tzinfo=UTC)
AS_OF = datetime(2020, 2, 1, tzinfo=UTC)


@pytest.fixture
def lea(make_user):
    user = make_user("lea")
    user.first_name = "Lea Brandt"
    user.save()
    return user


@pytest.fixture
def crew(lea, make_base_course, make_session):
    """A session of one course, passed for good, that is hidden by now."""
    session = make_session(
        "Crew",
        courses=[make_base_course(title="Tides")],
        members=[lea],
        organisation="Sea",
        opens_at=OPENS,
        closes_at=CLOSES,
        after_close=AfterClose.HIDDEN.value,
    )
    EditionResult.objects.create(
        member=session.members.get(),
        edition=session.editions.get(),
        grade=0.8,
        letter="B",
        passed=True,
        completed=1,
        completable=2,
        as_of=AS_OF,
        final_at=datetime(2020, 3, 31, 12, tzinfo=UTC),
    )
    return session


def test_what_was_taken_newest_first(crew, lea, visit, make_user, make_base_course, make_session, now):
    stars = make_base_course(title="Stars")
    make_session("Not hers", courses=[stars], members=[make_user("max")])
    make_session("Draft", courses=[stars], members=[lea], is_published=False)
    gone = make_session("Gone", courses=[stars], members=[lea], opens_at=now - 3 * DAY, closes_at=now + DAY)
    api.cancel_session(gone, reason="No wind.", actor=api.SYSTEM, now=now)
    left, there = (
        make_session(title, courses=[stars], members=members, opens_at=now - ago * DAY, closes_at=now + DAY)
        for title, ago, members in (("Left", 2, [lea]), ("There", 1, []))
    )
    api.move_members(left, there, ["lea"], reason="Works nights", actor=api.SYSTEM, now=now)

    page = visit(URL, lea)

    assert page.words("//h1 | //p[@class='cs-head__note']") == ["My history", "4 sessions · 1 course passed"]
    assert page.words("//article//h2") == ["There", "Left", "Gone", "Crew"]
    assert page.words("//article//div[@class='cs-card__top']//li") == ["Current", "Moved", "Cancelled"]
    assert page.links("//article//h2") == {
        "There": address("my_results", there),
        "Left": address("my_results", left),
        "Gone": address("my_results", gone),
        "Crew": address("my_results", crew),
    }
    (_heading, moved) = page.words("//article[.//h2='Left']//div[@class='cs-card__head']/*[self::div or self::p]")
    assert moved.startswith("Moved to There on ")
    assert page.words("//p[@class='cs-card__remark']") == ["No wind."]
    assert page.words("//article[.//h2='Left']/p") == ["Nothing was done in this session."]
    assert page.words(f"//article[.//h2='There']{ROWS}/*") == ["Stars", "Result Not started", "", "", ""]
    facts = "//article[.//h2='Crew']//ul[@class='cs-facts']/li"
    assert page.words(facts) == ["Jan. 1, 2020 – Feb. 29, 2020", "Sea"]
    assert page.words(f"//article[.//h2='Crew']{ROWS}/*") == [
        "Tides",
        "Result Passed",
        "Grade 80%",
        "Done 50%",
        "Final since March 31, 2020, noon UTC",
    ]


def test_dates_are_in_the_readers_zone(crew, lea, visit, reads_in):
    reads_in(lea, "Asia/Tokyo")
    page = visit(URL, lea)
    assert page.words(f"{ROWS}/td[last()]") == ["Final since March 31, 2020, 9 p.m. JST"]
    assert page.words("//p[@class='cs-zone']") == ["Dates are in the time zone Asia/Tokyo (JST, UTC+09:00)."]


def test_who_has_taken_nothing_is_told_what_comes_here(crew, make_user, visit):
    page = visit(URL, make_user("sam"))
    assert page.words("//main//*[self::h1 or self::h2]") == ["My history", "There is nothing here yet"]
    assert page.tree.xpath("//div[@data-print]") == []


def test_pages_of_fifty(crew, lea, visit):
    for number in range(1, 52):
        copy_session(crew, number)
    first, second = visit(URL, lea), visit(f"{URL}?page=2", lea)
    assert [len(page.words("//article")) for page in (first, second)] == [50, 2]
    notes = "//p[@class='cs-head__note']"
    assert first.words(notes) == second.words(notes) == ["52 sessions · 52 courses passed"]
    assert first.links("//nav[@class='cs-pages']") == {"Next page": f"{URL}?page=2"}
    assert second.links("//nav[@class='cs-pages']") == {"Previous page": f"{URL}?page=1"}
    assert visit(f"{URL}?page=nonsense", lea).words("//nav[@class='cs-pages']/span") == ["Page 1 of 2"]


def test_paper_says_whose_it_is(crew, lea, visit):
    page = visit(URL, lea)
    assert page.words("//dl[@class='cs-printed']/div")[0] == "Name Lea Brandt"
    assert page.words("//dl[@class='cs-printed']/div/dt") == ["Name", "Printed"]


def test_the_ways_here(crew, lea, visit, make_base_course, make_session):
    """From My sessions, whether or not anything is left there."""
    assert visit(reverse("cohort_sessions:my_sessions"), lea).links()["My history"] == URL
    session = make_session(courses=[make_base_course()], members=[lea])
    for name in ("my_sessions", "my_sessions_fragment"):
        page = visit(reverse(f"cohort_sessions:{name}"), lea)
        assert page.links("//p[@class='cs-more']")["My history"] == URL
        # Before the first result the card leads nowhere.
        assert "My results Spring" not in page.links("//article")
    EditionResult.objects.create(member=session.members.get(), edition=session.editions.get(), as_of=AS_OF)
    for url, where in (
        (reverse("cohort_sessions:my_sessions"), "//article"),
        (address("session_home", session), "//main"),
    ):
        assert visit(url, lea).links(where)["My results Spring"] == address("my_results", session)


@pytest.mark.parametrize("count", [1, 3])
def test_eight_queries_whatever_the_number_of_sessions(
    count, crew, lea, make_user, make_base_course, make_session, django_assert_num_queries
):
    """One each for the browser's session, the account and the time zone; five for the history."""
    make_session("Not hers", courses=[make_base_course()], members=[make_user("max")])
    for number in range(1, count):
        copy_session(crew, number)
    browser = signed_in(lea)
    with django_assert_num_queries(8):
        content = browser.get(URL).content.decode()
    assert (content.count("<article"), content.count("80%"), content.count("Not hers")) == (count, count, 0)


def course_of(crew) -> dict:
    """What the API says of the one course of `crew`."""
    edition = crew.editions.get()
    return {
        "uuid": str(edition.uuid),
        "edition_key": str(edition.edition_key),
        "base_key": str(edition.base_key),
        "course_title": "Tides",
        "is_withdrawn": False,
        "course_standing": "passed",
        "grade": 0.8,
        "letter": "B",
        "passed": True,
        "passed_at": None,
        "completed": 1,
        "completable": 2,
        "progress": 0.5,
        "first_activity_at": None,
        "last_activity_at": None,
        "as_of": "2020-02-01T00:00:00Z",
        "final_at": "2020-03-31T12:00:00Z",
        "becomes_final_at": None,
        "sections": [
            {"block_id": "quiz", "title": "Quiz", "assignment_type": "Homework", "earned": 1.5, "possible": 2.0}
        ],
    }


def test_the_api_tells_the_same(crew, lea, make_user, make_base_course, make_session):
    make_session("Not hers", courses=[make_base_course()], members=[make_user("max")])
    section = {"block_id": "quiz", "title": "Quiz", "assignment_type": "Homework", "earned": 1.5, "possible": 2.0}
    EditionResult.objects.update(sections=[section])
    moved_at = datetime(2020, 2, 10, tzinfo=UTC)
    there = make_session("There", courses=[make_base_course()], opens_at=OPENS - DAY, closes_at=None)
    api.move_members(crew, there, ["lea"], reason="Works nights", actor=api.SYSTEM, now=moved_at)
    api.remove_members(there, ["lea"], actor=api.SYSTEM, now=moved_at + DAY)
    step = {"moved_at": "2020-02-10T00:00:00Z", "reason": "Works nights"}
    about = {"status": "published", "cancel_reason": "", "duration_days": None, "is_shown": False}

    assert signed_in(lea).get(API).json() == {
        "count": 2,
        "num_pages": 1,
        "current_page": 1,
        "next": None,
        "previous": None,
        "passed": 1,
        "results": [
            {
                **about,
                "code": crew.code,
                "title": "Crew",
                "organisation": "Sea",
                "phase": "past",
                "window": {"opens_at": "2020-01-01T00:00:00Z", "closes_at": "2020-03-01T00:00:00Z"},
                "left_at": "2020-02-10T00:00:00Z",
                "moved_to": {"code": there.code, "title": "There", **step},
                "came_from": None,
                "courses": [course_of(crew)],
                "url": f"/cohort-sessions/sessions/{crew.code}/my-results/",
            },
            {
                **about,
                "code": there.code,
                "title": "There",
                "organisation": "",
                "phase": "current",
                "window": {"opens_at": "2019-12-31T00:00:00Z", "closes_at": None},
                "left_at": "2020-02-11T00:00:00Z",
                "moved_to": None,
                "came_from": {"code": crew.code, "title": "Crew", **step},
                "courses": [],
                "url": f"/cohort-sessions/sessions/{there.code}/my-results/",
            },
        ],
    }


def test_the_api_in_pages(crew, lea):
    for number in range(1, 52):
        copy_session(crew, number)
    browser = signed_in(lea)
    answer = browser.get(API, {"page": 7}).json()
    assert {name: value for name, value in answer.items() if name != "results"} == {
        "count": 52,
        "num_pages": 2,
        "current_page": 2,
        "next": None,
        "previous": f"http://testserver{API}?page=1",
        "passed": 52,
    }
    assert len(answer["results"]) == 2
    assert browser.get(API).json()["next"] == f"http://testserver{API}?page=2"
    assert browser.get(API, {"page": "0"}).json()["type"] == "urn:cohort-sessions:problem:invalid-input"


@pytest.mark.parametrize("count", [1, 3])
def test_seven_queries_for_the_api_whatever_the_number_of_sessions(
    count, crew, lea, make_user, make_base_course, make_session, django_assert_num_queries
):
    """One each for the browser's session and the account; five for the answer."""
    make_session("Not hers", courses=[make_base_course()], members=[make_user("max")])
    for number in range(1, count):
        copy_session(crew, number)
    browser = signed_in(lea)
    with django_assert_num_queries(7):
        answer = browser.get(API).json()
    assert [record["title"] for record in answer["results"]] == ["Crew"] * count


def test_a_draft_is_in_neither(crew, lea, visit):
    CohortSession.objects.update(status="draft")
    assert visit(URL, lea).words("//article") == []
    assert signed_in(lea).get(API).json()["results"] == []


def test_nobody_is_sent_to_sign_in_and_back(db):
    response = Client().get(f"{URL}?page=2")
    assert (response.status_code, response.url) == (302, f"{reverse('sandbox:sign_in')}?next={URL}%3Fpage%3D2")
