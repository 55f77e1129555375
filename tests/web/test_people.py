"""Who is in a session, who asked, who waits, and what the team may do about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cohort_sessions import api
from cohort_sessions.models import AdministratorScope, JoinRequest, Member
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, ROWS, address

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
OPENS, CLOSES = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
ASK = "You can see who is here; to change anything, ask a session administrator."
ACTIONS = "//div[@class='cs-actions']//button"


@pytest.fixture
def people(make_user):
    """Everybody, by username."""
    names = ("lea", "omar", "yuki", "rosa", "tom", "greta", "ben", "cleo", "sam")
    return {name: make_user(name) for name in names}


@pytest.fixture
def crew(people, make_base_course, make_session, now):
    """Two seats for lea (with five extra days) and omar; rosa waits, yuki asks, tom was here."""
    stars = make_base_course(title="Stars")
    AdministratorScope.objects.create(user=people["greta"], organisation="", assigned_at=now)
    session = make_session(
        "Crew",
        courses=[stars],
        members=[people["lea"], people["omar"]],
        session_coaches=[people["ben"]],
        coaches={stars: [people["cleo"]]},
        opens_at=OPENS,
        closes_at=CLOSES,
        capacity=2,
        joining="approval",
    )
    make_session("Another", courses=[stars], members=[people["sam"]])
    api.set_member_dates(session, ["lea"], extra_days=5, actor=api.SYSTEM, now=now)
    asked = datetime(2026, 3, 1, 12, tzinfo=UTC)
    JoinRequest.objects.create(session=session, user=people["yuki"], status="requested", requested_at=asked)
    JoinRequest.objects.create(
        session=session, user=people["rosa"], status="waiting", queue_number=7, requested_at=asked
    )
    Member.objects.create(
        session=session, user=people["tom"], status="removed", enrolled_at=OPENS, removed_at=OPENS + DAY
    )
    return session


def test_what_an_administrator_sees(crew, people, visit):
    page = visit(address("people", crew), people["greta"])
    assert page.words("//h1") == ["People"]
    assert page.words("//p[@class='cs-head__note']") == ["2 of 2 seats are taken."]
    assert page.words("//nav[@class='cs-tabs']//a") == [
        "Members 2 people",
        "Requests 1 person",
        "Waiting list 1 person",
        "Former members 1 person",
    ]
    assert page.words(ROWS) == [
        "Choose lea lea lea Period Jan. 1, 2020 – Jan. 5, 2100 5 extra days Now Current",
        "Choose omar omar omar Period Jan. 1, 2020 – Dec. 31, 2099 Now Current",
    ]
    assert page.words(ACTIONS) == ["Give own dates…", "Move to another session…", "Remove…"]
    assert page.links("//nav[@class='cs-ways']") == {
        "People": address("people", crew),
        "Results": address("results", crew),
        "Settings": address("settings", crew),
        "Courses": address("courses", crew),
        "Dates and places": address("dates", crew),
        "Deadlines": address("deadlines", crew),
        "Customise": address("customise_courses", crew),
        "Announcements": address("announcements", crew),
        "Team": address("team", crew),
        "Locks": address("locks", crew),
        "Changes": address("changes", crew),
        "Preview as a learner": address("preview", crew),
        "Duplicate": address("duplicate", crew),
    }


@pytest.mark.parametrize(
    ("listed", "rows", "actions"),
    [
        ("requests", ["Choose yuki yuki yuki Asked March 1, 2026, noon UTC"], ["Approve…", "Decline…"]),
        ("waiting", ["Choose rosa rosa rosa Place in line 1 Asked March 1, 2026, noon UTC"], ["Take off the list…"]),
        ("former", ["Choose tom tom tom Had a place Jan. 1, 2020 – Jan. 2, 2020"], ["Enrol again…"]),
        ("nonsense", None, ["Give own dates…", "Move to another session…", "Remove…"]),
    ],
)
def test_every_list(listed, rows, actions, crew, people, visit):
    page = visit(f"{address('people', crew)}?list={listed}", people["greta"])
    assert page.words(ACTIONS) == actions
    if rows is not None:
        assert page.words(ROWS) == rows


def test_an_offered_seat_is_held_and_says_until_when(crew, people, visit):
    crew.requests.filter(user=people["rosa"]).update(status="offered", offer_expires_at=CLOSES)
    page = visit(f"{address('people', crew)}?list=waiting", people["greta"])
    assert page.words("//p[@class='cs-head__note']") == ["3 of 2 seats are taken, 1 of them is held for an offer."]
    assert page.words(f"{ROWS}/td[2]") == ["Place in line A seat is offered until Jan. 1, 2100, midnight UTC"]


@pytest.mark.parametrize("search", ["OMA", "omar@example.com"])
def test_search(search, crew, people, visit):
    page = visit(f"{address('people', crew)}?search={search}", people["greta"])
    assert page.words(f"{ROWS}/th") == ["omar omar"]
    assert page.words("//p[@class='cs-found']") == [f"1 person matches “{search}”. Clear search"]


def test_a_session_coach_acts_unless_enrolment_is_locked(crew, people, visit, now):
    assert visit(address("people", crew), people["ben"]).words(ACTIONS) != []
    moment = datetime(2026, 2, 1, 9, tzinfo=UTC)
    greta = api.load_actor(people["greta"], now=now)
    api.set_locks(crew, {api.Lock.ENROLMENT}, reason="Places are paid for.", actor=greta, now=moment)
    page = visit(address("people", crew), people["ben"])
    assert page.words(NOTICE) == [
        "Enrolment is locked",
        f"Locked by greta on Feb. 1, 2026, 9 a.m. UTC. Reason given: Places are paid for. {ASK}",
    ]
    assert page.words(ACTIONS) == []
    assert page.words(ROWS)[1] == "omar omar Period Jan. 1, 2020 – Dec. 31, 2099 Now Current"
    assert visit(address("people", crew), people["greta"]).words(ACTIONS) != []


def test_a_course_coach_looks_and_does_nothing(crew, people, visit):
    page = visit(address("people", crew), people["cleo"])
    assert (len(page.words(ROWS)), page.words(ACTIONS), page.words(NOTICE)) == (2, [], [])
    assert list(page.links("//nav[@class='cs-ways']")) == [
        "People",
        "Results",
        "Deadlines",
        "Customise",
        "Announcements",
        "Team",
        "Locks",
    ]


PAGES = (
    "people",
    "enrol",
    "own_dates",
    "move",
    "remove",
    "approve",
    "decline",
    "withdraw_invitations",
    "dates",
    "deadlines",
    "duplicate",
)
MANAGED = {"dates", "duplicate"}
SEEN = {"people", "deadlines"}


@pytest.mark.parametrize("page", PAGES)
def test_who_may_open_what(page, crew, people, now):
    def status(name: str) -> int:
        return signed_in(people[name]).get(address(page, crew), {"who": "lea"}).status_code

    expected = {
        "greta": 200,
        "ben": 403 if page in MANAGED else 200,
        "cleo": 200 if page in SEEN else 403,
        "lea": 403,
        "sam": 404,
    }
    assert {name: status(name) for name in expected} == expected
    api.set_locks(crew, {api.Lock.ENROLMENT}, actor=api.SYSTEM, now=now)
    assert status("ben") == (200 if page in SEEN else 403)


def test_nobody_is_sent_to_sign_in(crew):
    response = Client().get(address("people", crew))
    assert response.url == f"{reverse('sandbox:sign_in')}?next={address('people', crew)}"


@pytest.mark.parametrize("listed", ["members", "requests", "waiting", "former"])
@pytest.mark.parametrize("count", [1, 100])
def test_twelve_queries_whatever_the_number_of_people(
    count, listed, make_user, make_session, make_base_course, django_assert_num_queries, django_user_model, now
):
    """Four to know who asks, one for the session and one for the time zone, six for people and the lock in the way."""
    ben = make_user("ben")
    session = make_session("Crew", courses=[make_base_course()], session_coaches=[ben])
    users = django_user_model.objects.bulk_create(django_user_model(username=f"user{n:03}") for n in range(count))
    if listed in ("members", "former"):
        gone = {"status": "removed", "removed_at": now} if listed == "former" else {}
        Member.objects.bulk_create(Member(session=session, user=user, enrolled_at=now, **gone) for user in users)
    else:
        status = {"status": "requested"} if listed == "requests" else {"status": "waiting"}
        JoinRequest.objects.bulk_create(
            JoinRequest(
                session=session, user=user, requested_at=now, queue_number=0 if listed == "requests" else n, **status
            )
            for n, user in enumerate(users, start=1)
        )
    make_session("Another", courses=[make_base_course()], members=[make_user("planted")])
    ada = api.load_actor(make_user("ada", is_staff=True), now=now)
    api.set_locks(session, {api.Lock.ENROLMENT}, actor=ada, now=now)
    browser = signed_in(ben)
    with django_assert_num_queries(12):
        content = browser.get(address("people", session), {"list": listed}).content.decode()
    assert content.count('role="row"') - 1 == min(count, 50)
    assert "planted" not in content


def test_pages_of_fifty(make_user, make_session, make_base_course, visit, django_user_model, now):
    greta = make_user("greta")
    session = make_session("Crew", courses=[make_base_course()], administrators=[greta])
    users = django_user_model.objects.bulk_create(django_user_model(username=f"user{n:03}") for n in range(120))
    Member.objects.bulk_create(Member(session=session, user=user, enrolled_at=now) for user in users)
    page = visit(f"{address('people', session)}?page=2", greta)
    assert (page.words(f"{ROWS}/th")[0], len(page.words(ROWS))) == ("user050 user050", 50)
    assert page.words("//nav[@class='cs-pages']/span") == ["Page 2 of 3"]
    assert page.links("//nav[@class='cs-pages']") == {
        "Previous page": f"{address('people', session)}?list=members&page=1",
        "Next page": f"{address('people', session)}?list=members&page=3",
    }
    # A page that is not there is the nearest that is.
    assert visit(f"{address('people', session)}?page=99", greta).words("//nav/span") == ["Page 3 of 3"]
