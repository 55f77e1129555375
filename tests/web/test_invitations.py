"""Who is invited and has no account yet, as the team meets them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cohort_sessions import api
from cohort_sessions.models import CohortSession, Invitation
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, ROWS, address, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANN, BOB = "ann@example.com", "bob@example.com"
TABS = "//nav[@class='cs-tabs']//a"
ACTIONS = "//div[@class='cs-actions']//button"
INVITED = "Nobody has this e-mail address yet: invited by mail."


@pytest.fixture
def greta(make_user):
    return make_user("greta")


@pytest.fixture
def crew(greta, make_user, make_base_course, make_session):
    """A session of Lea, coached by Ben; Cleo coaches its only course."""
    stars = make_base_course()
    return make_session(
        "Crew",
        courses=[stars],
        members=[make_user("lea")],
        administrators=[greta],
        session_coaches=[make_user("ben")],
        coaches={stars: [make_user("cleo")]},
    )


@pytest.fixture
def invited(crew, greta, make_session, make_base_course, now):
    """Ann, whose letter has left, and Bob, whose letter has not; somebody else elsewhere."""
    api.enrol_members(crew, [BOB, ANN], actor=api.load_actor(greta, now=now), now=now)
    other = make_session("Other", courses=[make_base_course()])
    api.enrol_members(other, ["planted@example.com"], actor=api.SYSTEM, now=now)
    crew.invitations.update(invited_at=NOON, expires_at=datetime(2100, 1, 1, tzinfo=UTC))
    crew.invitations.filter(email=ANN).update(sent_at=NOON)
    CohortSession.objects.filter(pk=crew.pk).update(closes_at=None)
    return crew


def listed(session) -> str:
    return f"{address('people', session)}?list=invited"


def test_a_line_without_an_account_is_told_as_invited(crew, greta, make_user):
    make_user("yuki")
    response, page = send(address("enrol", crew), greta, people=f"yuki\n{ANN.upper()}\nbob@\nlea")
    assert response.redirect_chain == [(address("enrol", crew), 302)]
    assert page.words(NOTICE) == [
        "1 person was enrolled; 1 person was invited",
        "1 line could not be done.",
        "bob@ This is no valid e-mail address. Correct it, or give the username.",
        f"ANN@EXAMPLE.COM {INVITED}lea Is a member already.",
    ]
    assert filled(page)["people"] == "bob@"


def test_where_all_were_invited_nobody_is_said_to_be_enrolled(crew, greta):
    response, page = send(address("enrol", crew), greta, people=f"{ANN}\n{BOB}")
    assert response.redirect_chain == [(address("people", crew), 302)]
    assert page.words(NOTICE)[0] == "2 people were invited"
    assert page.words(TABS) == ["Members 1 person", "Invited 2 people"]


def test_the_list_of_those_who_are_invited(invited, greta, visit):
    page = visit(listed(invited), greta)
    assert page.words("//thead//th") == [
        "Choose",
        "E-mail address",
        "Invited",
        "By",
        "Letter sent",
        "Good until",
    ]
    moment, end = "March 1, 2026, noon UTC", "Jan. 1, 2100, midnight UTC"
    assert page.words(ROWS) == [
        f"Choose {ANN} {ANN} Invited {moment} By greta Letter sent {moment} Good until {end}",
        f"Choose {BOB} {BOB} Invited {moment} By greta Letter sent Not sent yet Good until {end}",
    ]
    assert page.words(ACTIONS) == ["Withdraw…"]
    assert visit(f"{listed(invited)}&search=BOB", greta).words(f"{ROWS}/th") == [BOB]


def test_it_ends_with_the_session_and_what_ran_out_is_not_shown(invited, greta, visit, now):
    CohortSession.objects.filter(pk=invited.pk).update(closes_at=datetime(2099, 1, 1, tzinfo=UTC))
    invited.invitations.filter(email=BOB).update(expires_at=now)
    assert [row.split("Good until ")[1] for row in visit(listed(invited), greta).words(ROWS)] == [
        "Jan. 1, 2099, midnight UTC"
    ]


def test_whoever_may_not_invite_sees_no_address(invited, greta, make_user, django_user_model, visit, now):
    """A course coach reads the roster; a session coach as well, where enrolment is locked."""

    def sees(name: str) -> bool:
        user = django_user_model.objects.get(username=name)
        pages = [signed_in(user).get(url).content.decode() for url in (address("people", invited), listed(invited))]
        assert all("Members" in page for page in pages)
        assert len({"Invited" in page for page in pages}) == 1
        assert (ANN in pages[1]) is ("Invited" in pages[1])
        return ANN in pages[1]

    assert [sees(name) for name in ("greta", "ben", "cleo")] == [True, True, False]
    api.set_locks(invited, {api.Lock.ENROLMENT}, actor=api.SYSTEM, now=now)
    assert [sees(name) for name in ("greta", "ben", "cleo")] == [True, False, False]


def test_withdrawing_asks_first_and_says_what_is_lost(invited, greta, visit):
    url = address("withdraw_invitations", invited)
    page = visit(f"{url}?list=invited&who={ANN}&who=planted@example.com&who=lea", greta)
    assert page.words("//ul[@class='cs-people']/li") == [f"A {ANN}"]
    assert page.words("//form//section/p") == [
        "Whoever registers with such an address gets no place by that any more. They are not told.",
        "The addresses are deleted here. You can invite them again.",
    ]
    assert Invitation.objects.filter(email=ANN).exists()
    response, page = send(url, greta, list="invited", who=[ANN, "planted@example.com"])
    assert response.redirect_chain == [(listed(invited), 302)]
    assert page.words(NOTICE) == ["1 invitation was withdrawn", "planted@example.com Is not invited."]
    assert page.words(f"{ROWS}/th") == [BOB]
    assert Invitation.objects.filter(email="planted@example.com").exists()


@pytest.mark.parametrize("count", [1, 50])
def test_the_same_queries_whatever_the_number(count, crew, greta, make_session, django_assert_num_queries, now):
    api.enrol_members(crew, [f"user{n:02}@example.com" for n in range(count)], actor=api.SYSTEM, now=now)
    api.enrol_members(make_session("Other"), ["planted@example.com"], actor=api.SYSTEM, now=now)
    browser = signed_in(greta)
    with django_assert_num_queries(10):
        content = browser.get(listed(crew)).content.decode()
    assert content.count('role="row"') - 1 == count
    assert "planted" not in content
