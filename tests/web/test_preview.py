"""A session as its learners will see it, shown to those who plan it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.models import EditionResult
from cohort_sessions.queries.preview import Point, Visit, visits
from cohort_sessions.timeline import Schedule, Window
from tests.web.conftest import Page, signed_in
from tests.web.kit import address
from tests.web.matrix import tables

pytestmark = pytest.mark.django_db(databases="__all__")

OPENS, CLOSES = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
CARD = "//article[@class='cs-card']"
HOME = "//div[@class='cs-preview'][2]"
MARKING = "//main//div[contains(@class, 'cs-notice')][not(ancestor::div[@class='cs-preview'])]/*"
NOTICE = f"{HOME}//div[contains(@class, 'cs-notice')]/*"


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("greta", "ben", "cleo", "lea", "sam")}


@pytest.fixture
def make_crew(people, make_base_course, make_session):
    """``make_crew(…)``: a session of two courses, run by greta, taught by ben and cleo; lea learns in it."""
    tides, stars = make_base_course(title="Tides"), make_base_course(title="Stars")

    def make(title="Crew", **values):
        return make_session(
            title,
            courses=[tides, stars],
            members=[people["lea"]],
            administrators=[people["greta"]],
            session_coaches=[people["ben"]],
            coaches={stars: [people["cleo"]]},
            description="We sail.",
            **{"opens_at": OPENS, "closes_at": CLOSES} | values,
        )

    return make


def preview(session, user, at: str = "") -> Page:
    response = signed_in(user).get(address("preview", session), {"at": at} if at else {})
    assert response.status_code == 200
    return Page(response.content.decode())


def real(page: str, session, user) -> Page:
    response = signed_in(user).get(address(page, session) if page != "my_sessions" else "/cohort-sessions/")
    return Page(response.content.decode())


def test_before_it_starts(make_crew, people):
    page = preview(make_crew(), people["greta"], "before")
    assert page.words(MARKING) == [
        "This is a preview",
        "As a member without own dates sees it on Dec. 31, 2019, midnight UTC. Links lead nowhere; nothing is stored.",
    ]
    assert page.words("//div[@class='cs-preview'][1]/p") == ["On My sessions, under “Upcoming”"]
    assert page.words(CARD) == [
        "Crew Jan. 1, 2020 – Feb. 29, 2020 Opens tomorrow Coaches: ben T Tides S Stars Taught by cleo"
    ]
    assert page.words(NOTICE) == ["This session has not opened yet", "Its courses open on Jan. 1, 2020."]
    assert page.words(f"{HOME}//li[@class='cs-course']") == ["T Tides", "S Stars Taught by cleo"]
    assert page.words(f"{HOME}//li[@class='cs-person']") == [
        "G greta Session administrator",
        "B ben Session coach",
        "C cleo Course coach: Stars",
    ]
    assert page.words(f"{HOME}//dl/div") == [
        "Dates Jan. 1, 2020 – Feb. 29, 2020 Opens tomorrow",
        "Time zone UTC",
    ]


def test_while_it_runs(make_crew, people):
    page = preview(make_crew(), people["greta"], "during")
    assert page.words("//div[@class='cs-preview'][1]/p") == ["On My sessions, under “Current”"]
    assert page.words(CARD) == [
        (
            "Crew Jan. 1, 2020 – Feb. 29, 2020 Closes in 59 days Coaches: ben "
            "T Tides Start Tides S Stars Taught by cleo Start Stars"
        )
    ]
    assert page.words(NOTICE) == []
    assert page.words(f"{HOME}//li[@class='cs-course']") == [
        "T Tides Start Tides",
        "S Stars Taught by cleo Start Stars",
    ]


def test_after_its_end(make_crew, people):
    """Which is now, as it ended long ago."""
    session = make_crew()
    for at in ("after", "now", "nonsense", ""):
        page = preview(session, people["greta"], at)
        assert page.words("//div[@class='cs-preview'][1]/p") == ["On My sessions, under “Past”"]
        assert page.words(CARD) == [
            (
                "Crew Read only Jan. 1, 2020 – Feb. 29, 2020 Coaches: ben "
                "T Tides Look back Tides S Stars Taught by cleo Look back Stars"
            )
        ]
        assert page.words(NOTICE) == [
            "This session has ended",
            "It was open until Feb. 29, 2020. You can still look back at its courses, but not hand anything in.",
        ]


def test_a_session_that_is_hidden_after_its_end_shows_nothing(make_crew, people):
    session = make_crew(after_close="hidden")
    assert preview(session, people["greta"], "during").words(CARD) != []
    page = preview(session, people["greta"], "after")
    assert page.words("//div[@class='cs-preview']") == []
    assert "Learners are not shown the session then: neither its card nor its home page." in page.words("//main//p")


@pytest.mark.parametrize("phase", ["upcoming", "current", "past"])
def test_it_is_what_the_learner_is_shown(phase, make_crew, people, now):
    """Word for word, on My sessions and on the home page, for a learner who has nothing of their own yet."""
    opens = {"upcoming": now + 9 * DAY, "current": now - 9 * DAY, "past": now - 30 * DAY}[phase]
    session = make_crew(opens_at=opens, closes_at=opens + 18 * DAY)
    make_crew("Other")
    page = preview(session, people["greta"])
    home = real("session_home", session, people["lea"])
    listed = signed_in(people["lea"]).get("/cohort-sessions/", {"phase": phase}).content.decode()
    card = f"//article[@aria-labelledby='cs-session-{session.code}']"
    assert page.words(card) == Page(listed).words(card) != []
    shown = "//div[@class='cs-home']"
    assert page.words(shown) == home.words(shown) != []
    assert page.words(NOTICE) == home.words("//div[contains(@class, 'cs-notice')]/*")


def test_a_draft_is_shown_as_it_will_be_once_published(make_crew, people, now):
    draft = make_crew(is_published=False, opens_at=now - DAY, closes_at=now + DAY, joining="open")
    page = preview(draft, people["greta"])
    assert "once it is published" in page.words(MARKING)[1]
    assert page.words(NOTICE) == []
    assert page.words(f"{HOME}//ul[@class='cs-badges']/li") == []
    before = [page.words(CARD), page.words(HOME)]
    published = api.publish_session(draft, actor=api.SYSTEM, now=now)
    page = preview(published, people["greta"])
    assert [page.words(CARD), page.words(HOME)] == before
    assert "Leave this session" in page.words(f"{HOME}//a")


def test_what_was_cancelled_is_shown_as_cancelled(make_crew, people, now):
    session = api.cancel_session(make_crew(), reason="The slipway is closed.", actor=api.SYSTEM, now=now)
    page = preview(session, people["greta"], "during")
    assert page.words(NOTICE) == ["This session was cancelled", "The slipway is closed."]


def test_what_the_planner_is_in_the_session_does_not_show(make_crew, people, now):
    """She is a member too, with results and dates of her own, and coaches it."""
    session, greta = make_crew(), people["greta"]
    by_system = {"actor": api.SYSTEM, "now": now}
    before = preview(session, greta, "during").words(CARD)
    api.enrol_members(session, ["greta"], **by_system)
    place = session.members.get(user=greta)
    place.closes_at = CLOSES + 9 * DAY
    place.save()
    EditionResult.objects.create(member=place, edition=session.editions.first(), completed=1, completable=2, as_of=now)
    assert preview(session, greta, "during").words(CARD) == before


def test_days_from_the_first_entry_are_counted_from_now(make_crew, people, now):
    session = make_crew(opens_at=None, closes_at=None, duration_days=10)
    page = preview(session, people["greta"])
    assert page.words("//nav[@class='cs-tabs']//a") == ["Now", "While it runs", "After its end"]
    assert page.words(f"{HOME}//dl/div")[0] == "Dates 10 days from your first visit"
    assert "Closes in 10 days" in preview(session, people["greta"], "during").words(f"{HOME}//dl/div")[0]
    assert preview(session, people["greta"], "after").words(NOTICE)[0] == "This session has ended"


def test_its_links_lead_nowhere(make_crew, people, now):
    session = make_crew(joining="open", opens_at=now - DAY, closes_at=now + DAY)
    page = preview(session, people["greta"])
    links = page.tree.xpath("//div[@class='cs-preview']//a")
    assert page.words("//div[@class='cs-preview']//a") == [
        "Crew",
        "Start Tides",
        "Start Stars",
        "Start Tides",
        "Start Stars",
        "Leave this session",
    ]
    assert {(a.get("href"), a.get("role"), a.get("aria-disabled")) for a in links} == {(None, "link", "true")}
    assert page.tree.xpath("//div[@class='cs-preview']//form") == []


def test_nothing_is_stored_and_nobody_is_told(make_crew, people, mailoutbox, django_capture_on_commit_callbacks):
    session = make_crew(is_published=False)
    before = tables()
    with django_capture_on_commit_callbacks() as afterwards:
        for point in Point:
            preview(session, people["greta"], point)
    assert (tables(), afterwards, mailoutbox) == (before, [], [])


def test_only_those_who_manage_the_session(make_crew, people):
    session = make_crew()
    seen = {name: signed_in(user).get(address("preview", session)).status_code for name, user in people.items()}
    assert seen == {"greta": 200, "ben": 403, "cleo": 403, "lea": 403, "sam": 404}


def test_the_way_to_it_is_for_those_who_manage(make_crew, people):
    session = make_crew()
    for name, shown in (("greta", True), ("ben", False)):
        ways = real("session_home", session, people[name]).links("//nav[@class='cs-ways']")
        assert ("Preview as a learner" in ways) is shown


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (None, None, {"now": 0, "during": 0}),
        (5, None, {"now": 0, "before": 0, "during": 5}),
        (-5, None, {"now": 0, "before": -6, "during": 0}),
        (None, 5, {"now": 0, "during": 0, "after": 5}),
        (None, -5, {"now": 0, "during": -6, "after": 0}),
        (5, 9, {"now": 0, "before": 0, "during": 5, "after": 9}),
        (-5, 9, {"now": 0, "before": -6, "during": 0, "after": 9}),
        (-9, -5, {"now": 0, "before": -10, "during": -9, "after": 0}),
    ],
)
def test_the_moments_of_a_session(opens, closes, expected, now):
    """In days from now."""
    bounds = [None if days is None else now + days * DAY for days in (opens, closes)]
    found = visits(Schedule(status=api.SessionStatus.PUBLISHED, window=Window(*bounds)), now=now)
    assert found == {Point(point): Visit(now + days * DAY) for point, days in expected.items()}


@pytest.mark.parametrize("number", [1, 12])
def test_it_costs_the_same_with_one_course_and_with_many(
    number, people, make_base_course, make_session, make_user, django_assert_num_queries
):
    courses = [make_base_course() for _ in range(number)]
    coaches = [make_user(f"coach-{n}") for n in range(number)]
    session = make_session(
        courses=courses, administrators=[people["greta"]], coaches=dict.fromkeys(courses, coaches), members=coaches
    )
    make_session("Another", courses=courses, members=[people["lea"]])
    browser = signed_in(people["greta"])
    with django_assert_num_queries(13):
        page = Page(browser.get(address("preview", session)).content.decode())
    assert len(page.tree.xpath("//li[@class='cs-course']")) == 2 * number
    assert "Another" not in page.words()[0]
