"""One person in one session, as its team sees them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.models import EditionResult
from tests.web.conftest import signed_in
from tests.web.kit import address

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
THEN = datetime(2026, 1, 1, 9, tzinfo=UTC)
FACTS = "//dl/div"
HISTORY = "//ol[@class='cs-history']/li"
RESULT = "Tides Last seen at work Jan. 3, 2026, 9 a.m. UTC 50% done Grade 40% 50% As of Jan. 4, 2026, 9 a.m. UTC"
MOVES = "//div[contains(@class, 'cs-move')]"


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("lea", "greta", "nora", "ben", "cleo", "sam")}


@pytest.fixture
def moved(people, make_base_course, make_session, now):
    """Lea asked for a place in A, had it, got more days, half of its course done, and was moved to B by greta."""
    tides, stars = make_base_course(title="Tides"), make_base_course(title="Stars")
    by_system = {"actor": api.SYSTEM}
    first = make_session(
        "A", courses=[tides], administrators=[people["greta"], people["nora"]], joining="approval", capacity=9
    )
    second = make_session(
        "B",
        courses=[stars],
        administrators=[people["greta"]],
        session_coaches=[people["ben"]],
        coaches={stars: [people["cleo"]]},
        opens_at=datetime(2020, 1, 1, tzinfo=UTC),
        closes_at=datetime(2100, 1, 1, tzinfo=UTC),
    )
    greta = api.load_actor(people["greta"], now=now)
    api.join_session(first, actor=api.load_actor(people["lea"], now=now), now=THEN)
    api.approve_requests(first, ["lea"], actor=greta, now=THEN + DAY)
    api.set_member_dates(first, ["lea"], extra_days=3, reason="Was ill.", now=THEN + 2 * DAY, **by_system)
    EditionResult.objects.create(
        member=first.members.get(),
        edition=first.editions.get(),
        grade=0.4,
        completed=1,
        completable=2,
        last_activity_at=THEN + 2 * DAY,
        as_of=THEN + 3 * DAY,
    )
    api.move_members(first, second, ["lea"], reason="Works nights.", actor=greta, now=THEN + 3 * DAY)
    return first, second


def test_where_they_came_from_with_what_they_had_done_there(moved, people, visit):
    first, second = moved
    page = visit(address("member", second, username="lea"), people["greta"])
    assert page.words("//h1") == ["lea"]
    assert page.words("//ul[@class='cs-badges']/li") == ["Has a place", "Current"]
    assert page.words(FACTS) == [
        "Period Jan. 1, 2020 – Dec. 31, 2099",
        "Enrolled Jan. 4, 2026, 9 a.m. UTC",
    ]
    assert page.words(MOVES) == [f"Came from A Works nights. Jan. 4, 2026, 9 a.m. UTC, by greta Results there {RESULT}"]
    assert page.links(MOVES) == {"A": address("people", first)}
    assert page.words(HISTORY) == ["Has a place Moved from “A”: Works nights. Jan. 4, 2026, 9 a.m. UTC, by greta"]


def test_all_that_was_done_stays_readable_where_they_were(moved, people, visit):
    first, _second = moved
    page = visit(address("member", first, username="lea"), people["greta"])
    assert page.words("//ul[@class='cs-badges']/li") == ["Has no place any more"]
    assert page.words("//ul[@class='cs-results']/li") == [RESULT]
    assert page.words(MOVES) == ["Went to B Works nights. Jan. 4, 2026, 9 a.m. UTC, by greta"]
    assert page.words(HISTORY) == [
        "Has no place any more Moved to “B”: Works nights. Jan. 4, 2026, 9 a.m. UTC, by greta",
        "Extra days: 3 Was ill. Jan. 3, 2026, 9 a.m. UTC, by itself",
        "Has a place Approved. Jan. 2, 2026, 9 a.m. UTC, by greta",
        "Request ended Approved. Jan. 2, 2026, 9 a.m. UTC, by greta",
        "Asked for a place Asked for a place. Jan. 1, 2026, 9 a.m. UTC, by lea",
    ]
    assert page.links("//p[contains(@class, 'cs-actions')]") == {
        "Enrol again…": f"{address('enrol', first)}?who=lea&list=former"
    }


def test_who_sees_what(moved, people, visit):
    """The link only where they see the other session; results brought along by who sees the results of all here."""
    _first, second = moved

    def seen(name: str) -> tuple:
        page = visit(address("member", second, username="lea"), people[name])
        links, brought = page.links(MOVES), page.words(f"{MOVES}//strong")
        return list(links), brought, page.words("//p[contains(@class, 'cs-actions')]/a") != []

    assert {name: seen(name) for name in ("greta", "ben", "cleo")} == {
        "greta": (["A"], ["Tides"], True),
        "ben": ([], ["Tides"], True),
        "cleo": ([], [], False),
    }


def test_who_is_not_told(moved, people):
    first, second = moved
    asked = [("nora", second, "lea"), ("lea", second, "lea"), ("sam", second, "lea"), ("greta", second, "sam")]
    statuses = [
        signed_in(people[name]).get(address("member", session, username=whom)).status_code
        for name, session, whom in (*asked, ("greta", first, "nobody"))
    ]
    assert statuses == [404, 403, 404, 404, 404]


def test_somebody_who_only_asks(people, make_session, make_base_course, visit, now):
    session = make_session(courses=[make_base_course()], administrators=[people["greta"]], joining="approval")
    api.join_session(session, actor=api.load_actor(people["lea"], now=now), now=THEN)
    page = visit(address("member", session, username="lea"), people["greta"])
    assert page.words("//ul[@class='cs-badges']/li") == ["Asked for a place"]
    assert page.words(FACTS) == []
    assert list(page.links("//p[contains(@class, 'cs-actions')]")) == ["Approve…", "Decline…"]


def test_a_duration_member_says_when_the_clock_began(people, make_session, make_base_course, visit, now):
    session = make_session(
        courses=[make_base_course()], administrators=[people["greta"]], members=[people["lea"]], duration_days=30
    )
    page = visit(address("member", session, username="lea"), people["greta"])
    assert page.words(FACTS)[:2] == ["Period 30 days from your first visit", "First entry Not yet"]
    api.record_first_entry(session.editions.get().pk, user_id=people["lea"].pk, now=THEN)
    page = visit(address("member", session, username="lea"), people["greta"])
    assert page.words(FACTS)[:2] == ["Period Until Jan. 31, 2026", "First entry Jan. 1, 2026, 9 a.m. UTC"]


@pytest.mark.parametrize("count", [1, 20])
def test_the_number_of_queries_does_not_grow(count, moved, people, django_assert_num_queries, now):
    _first, second = moved
    for number in range(count):
        api.set_member_dates(second, ["lea"], extra_days=number + 1, actor=api.SYSTEM, now=now)
    browser = signed_in(people["greta"])
    with django_assert_num_queries(15):
        content = browser.get(address("member", second, username="lea")).content.decode()
    assert content.count('class="cs-history__line"') == count + 1
