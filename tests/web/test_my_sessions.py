"""*My sessions*: page and fragment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cohort_sessions import api
from cohort_sessions.models import EditionResult, SessionCategory
from tests.rows import copy_session
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db(databases="__all__")

URL = reverse("cohort_sessions:my_sessions")
DAY = timedelta(days=1)


@pytest.fixture
def midnight(now) -> datetime:
    """The beginning of today, UTC: bounds at midnight are days."""
    return datetime(now.year, now.month, now.day, tzinfo=UTC)


def day(moment: datetime) -> str:
    """A date as an English page shows it."""
    months = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
    return f"{months[moment.month - 1]} {moment.day}, {moment.year}"


def test_a_card_with_a_course_under_way_and_one_not_begun(
    visit, make_user, make_base_course, make_session, midnight, now, host
):
    lea, ben, _cleo = make_user("lea"), make_user("ben"), make_user("cleo")
    ben.first_name = "Ben Shore"
    ben.save()
    tides, stars = make_base_course(title="Tides"), make_base_course(title="Stars")
    window = {"opens_at": midnight - 10 * DAY, "closes_at": midnight + 4 * DAY}
    session = make_session("Crew", courses=[tides, stars], members=[lea], session_coaches=[ben], **window)
    api.assign_course_coaches(session.editions.get(base_key=stars), ["cleo"], actor=api.SYSTEM, now=now)
    begun = session.editions.get(base_key=tides)
    EditionResult.objects.create(
        member=session.members.get(),
        edition=begun,
        grade=0.8,
        passed=True,
        letter="Pass",
        completed=1,
        completable=2,
        as_of=now,
    )

    page = visit(URL, lea)

    facts = [
        f"{day(midnight - 10 * DAY)} – {day(midnight + 3 * DAY)}",
        "Closes in 3 days",
        "Coaches: Ben Shore",
    ]
    assert page.words("//article//ul[@class='cs-facts']/li") == facts
    assert page.words("//article//li[@class='cs-course']") == [
        "T Tides 50% done Passed, 80% 50% Resume Tides",
        "S Stars Taught by cleo Start Stars",
    ]
    assert page.links("//article") == {
        "Crew": reverse("cohort_sessions:session_home", args=[session.code]),
        "Resume Tides": host.entry_urls([begun.edition_key])[begun.edition_key],
        "Start Stars": host.entry_urls(session.editions.values_list("edition_key", flat=True))[
            session.editions.get(base_key=stars).edition_key
        ],
        "My results Crew": reverse("cohort_sessions:my_results", args=[session.code]),
    }


def test_tabs_have_addresses_and_counts_and_what_is_not_mine_is_in_none(
    visit, make_user, make_base_course, make_session, now
):
    lea, tides = make_user("lea"), make_base_course()
    make_session("Now", courses=[tides], members=[lea])
    make_session("Later", courses=[tides], members=[lea], opens_at=now + DAY, closes_at=None)
    make_session("Before", courses=[tides], members=[lea], opens_at=None, closes_at=now - DAY)
    make_session("Somebody else's", courses=[tides], members=[make_user("max")])
    make_session("Draft", courses=[tides], members=[lea], is_published=False)

    page = visit(URL, lea)
    tabs = page.links("//nav[@class='cs-tabs']")

    assert tabs == {
        "Current 1 session": f"{URL}?phase=current",
        "Upcoming 1 session": f"{URL}?phase=upcoming",
        "Past 1 session": f"{URL}?phase=past",
    }
    assert {name: visit(url, lea).words("//article//h2") for name, url in tabs.items()} == {
        "Current 1 session": ["Now"],
        "Upcoming 1 session": ["Later"],
        "Past 1 session": ["Before"],
    }
    assert visit(f"{URL}?phase=past", lea).words("//nav//a[@aria-current='page']") == ["Past 1 session"]
    assert visit(f"{URL}?phase=nonsense", lea).words("//article//h2") == ["Now"]


def test_cards_stand_under_their_categories_and_the_others_come_last(
    visit, make_user, make_base_course, make_session, now
):
    lea, tides = make_user("lea"), make_base_course()
    term = SessionCategory.objects.create(name="Term 1")
    for title, category, closes in [("No heading", None, 1), ("Second", term, 3), ("First", term, 2)]:
        make_session(title, courses=[tides], members=[lea], category=category, closes_at=now + closes * DAY)
    page = visit(URL, lea)
    assert {
        title: page.words(f"//section[h2='{title}']//h3[@class='cs-card__title']")
        for title in page.words("//section/h2")
    } == {"Term 1": ["First", "Second"], "Other sessions": ["No heading"]}


def test_a_search_keeps_the_tab_counts_in_all_and_can_be_cleared(visit, make_user, make_base_course, make_session, now):
    lea, tides, stars = make_user("lea"), make_base_course(title="Tides"), make_base_course(title="Stars")
    make_session("Morning", courses=[tides], members=[lea])
    make_session("Evening", courses=[stars], members=[lea])
    make_session("Last year", courses=[stars], members=[lea], opens_at=None, closes_at=now - DAY)

    page = visit(f"{URL}?phase=current&search=stars", lea)

    assert page.words("//article//h2") == ["Evening"]
    assert page.links("//nav[@class='cs-tabs']") == {
        "Current 1 session": f"{URL}?phase=current&search=stars",
        "Upcoming 0 sessions": f"{URL}?phase=upcoming&search=stars",
        "Past 1 session": f"{URL}?phase=past&search=stars",
    }
    assert page.words("//*[@role='status']") == ["1 session matches “stars”. Clear search"]
    assert page.links("//*[@role='status']") == {"Clear search": f"{URL}?phase=current"}
    assert page.tree.xpath("//form[@role='search']//input/@value") == ["current", "stars"]


@pytest.mark.parametrize(
    ("query", "title", "ways"),
    [
        ("?phase=upcoming", "You have no upcoming session", {"Past (1)": f"{URL}?phase=past"}),
        ("?search=zzz", "Nothing matches “zzz”", {"Clear search": f"{URL}?phase=current"}),
        (
            "?phase=current&search=crew",
            "Nothing matches “crew”",
            {"Past (1)": f"{URL}?phase=past&search=crew", "Clear search": f"{URL}?phase=current"},
        ),
    ],
)
def test_an_empty_list_says_why_and_where_to_go(
    query, title, ways, visit, make_user, make_base_course, make_session, now
):
    lea = make_user("lea")
    make_session("Crew", courses=[make_base_course()], members=[lea], opens_at=None, closes_at=now - DAY)
    page = visit(URL + query, lea)
    empty = "//div[@class='cs-empty']"
    assert (page.words(f"{empty}/h2"), page.links(empty)) == ([title], ways)


def test_somebody_without_a_session_is_told_what_one_is_and_where_to_join_one(
    visit, make_user, make_base_course, make_session
):
    make_session("Not for Sam", courses=[make_base_course()], members=[make_user("lea")])
    page = visit(URL, make_user("sam"))
    assert page.words("//main//*[self::h1 or self::h2]") == ["My sessions", "You are not in a session yet"]
    assert page.links() == {
        "Available sessions": "/cohort-sessions/available/",
        "My history": "/cohort-sessions/history/",
    }
    assert page.tree.xpath("//main//form") == []


def test_dates_are_the_readers(visit, make_user, make_base_course, make_session, reads_in):
    lea = make_user("lea")
    reads_in(lea, "Asia/Tokyo")
    bounds = {"opens_at": datetime(2020, 1, 1, tzinfo=UTC), "closes_at": datetime(2020, 3, 31, 15, tzinfo=UTC)}
    make_session("Crew", courses=[make_base_course()], members=[lea], **bounds)
    page = visit(URL, lea)
    assert page.words("//article//ul[@class='cs-facts']/li/span") == ["Jan. 1, 2020 – March 31, 2020"]
    assert page.tree.xpath("//article//time/@datetime") == ["2020-01-01", "2020-03-31"]
    assert page.words("//p[@class='cs-zone']") == ["Dates are in the time zone Asia/Tokyo (JST, UTC+09:00)."]


def test_a_time_zone_nobody_knows_counts_as_none(visit, make_user, make_base_course, make_session, reads_in):
    lea = make_user("lea")
    reads_in(lea, "Mars/Olympus")
    make_session(courses=[make_base_course()], members=[lea])
    assert visit(URL, lea).words("//p[@class='cs-zone']") == ["Dates are in the time zone UTC."]


def test_hostile_words_stay_words(make_user, make_base_course, make_session, now):
    hostile = "<script>alert(1)</script>"
    lea = make_user("lea")
    session = make_session(
        hostile,
        courses=[make_base_course(title="T")],
        members=[lea],
        description=hostile,
        organisation=hostile,
        category=SessionCategory.objects.create(name=hostile),
    )
    api.cancel_session(session, reason=hostile, actor=api.SYSTEM, now=now)
    home = reverse("cohort_sessions:session_home", args=[session.code])
    for url in (URL, f"{URL}?search={hostile}", f"{URL}?search=zz{hostile}", home):
        content = signed_in(lea).get(url).content.decode()
        assert "<script" not in content
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content


@pytest.mark.parametrize("name", ["my_sessions", "my_sessions_fragment"])
def test_nobody_is_sent_to_sign_in_and_back(name, db):
    url = reverse(f"cohort_sessions:{name}")
    response = Client().get(f"{url}?phase=past")
    assert (response.status_code, response.url) == (302, f"{reverse('sandbox:sign_in')}?next={url}%3Fphase%3Dpast")


def test_the_page_stands_in_the_hosts_frame_and_the_fragment_does_not(visit, make_user):
    lea = make_user("lea")
    page, fragment = (
        visit(reverse(f"cohort_sessions:{name}"), lea) for name in ("my_sessions", "my_sessions_fragment")
    )
    assert [found.words("//h1") for found in (page, fragment)] == [["My sessions"], ["My sessions"]]
    assert [len(found.tree.xpath("//header")) for found in (page, fragment)] == [1, 0]
    styles = "//link[contains(@href, 'cohort_sessions/cohort_sessions')]"
    assert [len(found.tree.xpath(styles)) for found in (page, fragment)] == [1, 1]
    assert page.words("//title") == ["My sessions"]


@pytest.mark.parametrize("accept", ["application/json", "application/web-fragment+json"])
def test_the_fragment_as_json(accept, make_user, make_base_course, make_session):
    lea = make_user("lea")
    make_session("Crew", courses=[make_base_course()], members=[lea])
    browser = signed_in(lea)
    url = reverse("cohort_sessions:my_sessions_fragment")
    response = browser.get(url, headers={"accept": accept})
    fragment = response.json()
    assert response["Content-Type"] == "application/json"
    assert response["Vary"] == "Accept, Cookie, Accept-Language"
    assert fragment["content"] in browser.get(URL).content.decode()
    assert [resource["data"] for resource in fragment["resources"]] == ["/static/cohort_sessions/cohort_sessions.css"]
    assert fragment["js_init_fn"] is None


@pytest.mark.parametrize("count", [1, 50])
def test_seven_queries_whatever_the_number_of_sessions(
    count, make_user, make_base_course, make_session, now, django_assert_num_queries
):
    """One each for the browser's session, the account, the time zone and what is unread; three for all the rest."""
    lea, ben, cleo = make_user("lea"), make_user("ben"), make_user("cleo")
    courses = [make_base_course(title=title) for title in ("Tides", "Stars", "Bread")]
    make_session("Not hers", courses=courses, members=[make_user("max")])
    team = {"session_coaches": [ben], "coaches": {courses[0]: [cleo]}}
    session = make_session("Crew", courses=courses, members=[lea], **team)
    begun = session.editions.first()
    EditionResult.objects.create(member=session.members.get(), edition=begun, completed=1, completable=2, as_of=now)
    for number in range(1, count):
        copy_session(session, number)
    browser = signed_in(lea)
    with django_assert_num_queries(7):
        content = browser.get(URL).content.decode()
    assert (content.count("<article"), content.count('class="cs-course"')) == (count, 3 * count)
    assert content.count("50% done") == content.count("cleo") == count
    assert "Not hers" not in content
