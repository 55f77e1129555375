"""What the team does for people: each step asks, acts, and answers every line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.models import CohortSession, JoinRequest, Member
from tests.web.conftest import Page, signed_in
from tests.web.kit import NOTICE, address, errors, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
LINES = "//ul[@class='cs-report__lines']/li"


@pytest.fixture
def greta(make_user):
    return make_user("greta")


@pytest.fixture
def crew(greta, make_user, make_base_course, make_session):
    """A session of lea and omar."""
    return make_session(
        "Crew", courses=[make_base_course()], members=[make_user("lea"), make_user("omar")], administrators=[greta]
    )


@pytest.fixture
def watch(greta, make_base_course, make_session):
    """Another session of the same administrator, with one seat."""
    return make_session("Watch", courses=[make_base_course()], administrators=[greta], capacity=1)


def members(session) -> list[str]:
    """Who has a place."""
    active = session.members.filter(status="active").order_by("user__username")
    return list(active.values_list("user__username", flat=True))


def test_a_pasted_list_is_answered_line_by_line(crew, greta, make_user):
    for name in ("yuki", "ines"):
        make_user(name)
    response, page = send(address("enrol", crew), greta, people="yuki, ines@example.com\n\nnobody\nlea\n")
    assert response.redirect_chain == [(address("enrol", crew), 302)]
    assert page.words(NOTICE) == [
        "2 people were enrolled",
        "1 line could not be done.",
        "nobody No active account has this username or e-mail address.",
        "lea Is a member already.",
    ]
    assert page.words("//details/p") == ["yuki, ines@example.com"]
    # What failed is there to be mended.
    assert filled(page)["people"] == "nobody"
    assert members(crew) == ["ines", "lea", "omar", "yuki"]


def test_enrolling_without_a_fault_leads_to_the_members(crew, greta, make_user):
    make_user("yuki")
    response, page = send(address("enrol", crew), greta, people="yuki")
    assert response.redirect_chain == [(address("people", crew), 302)]
    assert page.words(NOTICE) == ["1 person was enrolled"]
    # Told once.
    assert Page(signed_in(greta).get(address("people", crew)).content.decode()).words(NOTICE) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (" \n, ", "This field is required."),
        ("x\n" * 2001, "Give at most 2000 people at a time; these are 2001."),
    ],
)
def test_a_list_that_is_none(given, sentence, crew, greta):
    _response, page = send(address("enrol", crew), greta, people=given)
    assert errors(page) == {"people": sentence}


def test_removing_asks_and_loses_nothing(crew, greta, visit):
    page = visit(f"{address('remove', crew)}?who=lea", greta)
    assert page.words("//section/p") == [
        "They cannot enter the session any more.",
        "Nothing they have done is lost: enrol them again, and it is all there.",
    ]
    assert page.words("//li[@class='cs-person']") == ["L lea lea"]
    assert members(crew) == ["lea", "omar"]
    response, page = send(address("remove", crew), greta, **filled(page))
    assert response.redirect_chain == [(f"{address('people', crew)}?list=members", 302)]
    assert page.words(NOTICE) == ["1 member was removed"]
    assert members(crew) == ["omar"]


def test_nobody_chosen(crew, greta):
    response = signed_in(greta).get(address("remove", crew), follow=True)
    assert Page(response.content.decode()).words(NOTICE) == [
        "Nobody was chosen",
        "Tick the people first, then choose what to do.",
    ]


def test_own_dates_of_one_member(crew, greta, visit, reads_in):
    reads_in(greta, "Europe/Paris")
    page = visit(f"{address('own_dates', crew)}?who=lea", greta)
    form = filled(page) | {"closes_at_day": "2100-03-31", "extra_days": "3", "reason": "Was ill."}
    _response, page = send(address("own_dates", crew), greta, **form)
    assert page.words(NOTICE) == ["1 member has new dates"]
    lea = crew.members.get(user__username="lea")
    # To the end of the last of March, in Paris; the opening stays the session's.
    assert (lea.opens_at, lea.closes_at, lea.extra_days) == (None, datetime(2100, 3, 31, 22, tzinfo=UTC), 3)
    assert lea.history.first().history_change_reason == "Was ill."
    page = visit(f"{address('own_dates', crew)}?who=lea", greta)
    shown = filled(page)
    assert (shown["closes_at_day"], shown["closes_at_time"], shown["extra_days"]) == ("2100-03-31", "", "3")
    send(address("own_dates", crew), greta, **(shown | {"resets": "on"}))
    lea.refresh_from_db()
    assert (lea.opens_at, lea.closes_at, lea.extra_days) == (None, None, 0)


def test_what_is_left_as_it_stands_stays_for_each_of_several(crew, greta, now, visit):
    api.set_member_dates(crew, ["lea"], closes_at=now + 90 * DAY, extra_days=4, actor=api.SYSTEM, now=now)
    page = visit(f"{address('own_dates', crew)}?who=lea&who=omar", greta)
    form = filled(page)
    assert (form["closes_at_day"], form.get("extra_days", "")) == ("", "")
    _response, page = send(
        address("own_dates", crew), greta, **(form | {"who": ["lea", "omar"], "opens_at_day": "2020-01-01"})
    )
    assert page.words(NOTICE) == ["2 members have new dates"]
    opening = datetime(2020, 1, 1, tzinfo=UTC)
    values = crew.members.order_by("user__username").values_list("opens_at", "closes_at", "extra_days")
    assert list(values) == [(opening, now + 90 * DAY, 4), (opening, None, 0)]


def test_own_dates_that_cannot_be_stand_beside_their_fields(crew, greta):
    form = {"who": "lea", "opens_at_day": "2030-02-01", "closes_at_day": "2030-01-01", "extra_days": "-1"}
    response, page = send(address("own_dates", crew), greta, **form)
    assert response.status_code == 200
    assert errors(page) == {
        "closes_at": "The end must come after the beginning, which is on Feb. 1, 2030 at 00:00.",
        "extra_days": "Ensure this value is greater than or equal to 0.",
    }
    assert filled(page)["opens_at_day"] == "2030-02-01"


def test_moving_answers_each_line_and_is_recorded_on_both_sides(crew, watch, greta, visit):
    page = visit(f"{address('move', crew)}?who=lea&who=omar", greta)
    assert page.tree.xpath("//datalist/option/@value") == [watch.code]
    form = filled(page) | {"who": ["lea", "omar"], "destination": "watch", "reason": "Works nights."}
    _response, page = send(address("move", crew), greta, **form)
    assert page.words(NOTICE) == [
        "1 member was moved",
        "1 line could not be done.",
        "omar No seat is free in the other session.",
    ]
    assert (members(crew), members(watch)) == (["omar"], ["lea"])


def test_a_move_that_cannot_be_says_so_beside_its_field(crew, watch, greta, make_session, make_user):
    hidden = make_session("Secret", members=[make_user("sam")])
    for named in (hidden.code, "Secret", crew.code, "no-such-session"):
        _response, page = send(address("move", crew), greta, who="lea", destination=named, reason=" ")
        assert errors(page) == {
            "destination": "There is no such session among those you may choose. Give its code.",
            "reason": "This field is required.",
        }
    assert members(crew) == ["lea", "omar"]


def test_approving_and_declining(greta, make_user, make_base_course, make_session, now, visit):
    session = make_session("Crew", courses=[make_base_course()], administrators=[greta], joining="approval", capacity=1)
    people = [make_user(name) for name in ("yuki", "rosa", "felix")]
    for user in people:
        JoinRequest.objects.create(session=session, user=user, status="requested", requested_at=now)
    url = f"{address('approve', session)}?list=requests&who=yuki&who=rosa"
    page = visit(url, greta)
    assert page.words("//section/p")[0] == "0 of 1 seat is taken."
    _response, page = send(address("approve", session), greta, list="requests", who=["yuki", "rosa"])
    assert page.words(NOTICE) == [
        "2 requests were approved",
        "yuki Has a place now.rosa No seat is free: on the waiting list now.",
    ]
    response, page = send(address("decline", session), greta, list="requests", who="felix", reason="Too late.")
    assert response.redirect_chain == [(f"{address('people', session)}?list=requests", 302)]
    assert page.words(NOTICE) == ["1 person was told no"]
    assert session.notices.get(user__username="felix").words == "Too late."
    assert list(session.requests.values_list("user__username", "status")) == [("rosa", "waiting")]


@pytest.mark.parametrize("step", ["enrol", "own_dates", "move", "remove", "approve", "decline"])
def test_who_may_not_act_changes_nothing(step, crew, watch, make_user, now, django_user_model):
    ben = make_user("ben")
    api.assign_session_team(crew, api.TeamRole.SESSION_COACH, ["ben"], actor=api.SYSTEM, now=now)
    api.set_locks(crew, {api.Lock.ENROLMENT}, actor=api.SYSTEM, now=now)
    make_user("yuki")
    before = list(Member.history.values_list("pk", flat=True))
    form = {"who": "lea", "people": "yuki", "destination": "watch", "reason": "Why.", "extra_days": "3"}
    lea, sam = django_user_model.objects.get(username="lea"), make_user("sam")
    statuses = [signed_in(user).post(address(step, crew), form).status_code for user in (ben, lea, sam)]
    assert statuses == [403, 403, 404]
    assert list(Member.history.values_list("pk", flat=True)) == before


def test_a_coach_moves_only_where_she_may_enrol_on_both_sides(crew, watch, make_user, now):
    ben = make_user("ben")
    api.assign_session_team(crew, api.TeamRole.SESSION_COACH, ["ben"], actor=api.SYSTEM, now=now)
    _response, page = send(address("move", crew), ben, who="lea", destination=watch.code, reason="Why.")
    assert errors(page) == {"destination": "There is no such session among those you may choose. Give its code."}


def test_forms_are_protected_against_forgery(crew, greta):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(greta)
    assert browser.post(address("remove", crew), {"who": "lea"}).status_code == 403
    assert CohortSession.objects.get(pk=crew.pk).members.filter(status="active").count() == 2
