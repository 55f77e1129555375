"""*Available sessions*: finding one, joining it, waiting for it, and going again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cohort_sessions import api
from cohort_sessions.data import Joining, PrerequisiteCondition
from cohort_sessions.models import JoinRequest, Member, ParallelGroup, SessionCategory
from cohort_sessions.operations._codes import WRONG_CODES
from tests.web.conftest import Page, signed_in

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = reverse("cohort_sessions:available_sessions")
MY_SESSIONS = reverse("cohort_sessions:my_sessions")
DAY = timedelta(days=1)
OPENS, CLOSES = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 4, 1, tzinfo=UTC)
ACTION = "//div[@class='cs-act']"
TOLD = "//div[contains(@class, 'cs-told')]/p"


@pytest.fixture
def open_session(make_session, make_base_course):
    """``open_session("Crew D", members=[…], **values)``: a session that anybody may join."""

    def make(title: str = "Crew D", **values):
        defaults = {"joining": Joining.OPEN.value, "opens_at": OPENS, "closes_at": CLOSES}
        return make_session(title, courses=[make_base_course(title="Tides")], **defaults | values)

    return make


@pytest.fixture
def lea(make_user):
    return make_user("lea")


def page_of(session, name: str = "available_session") -> str:
    """The address of a page of one session."""
    return reverse(f"cohort_sessions:{name}", args=[session.code])


def post(user, url: str, **data) -> tuple[list[str], str]:
    """Send a form and follow: what the next page tells, and its address."""
    response = signed_in(user).post(url, data, follow=True)
    assert response.status_code == 200, response
    return Page(response.content.decode()).words(TOLD), response.redirect_chain[-1][0]


def join(session, *users, now) -> None:
    """Let them join, one after the other."""
    for user in users:
        api.join_session(session, actor=api.load_actor(user, now=now), now=now)


def test_a_session_is_shown_with_all_that_helps_to_decide(open_session, visit, lea, make_user, make_session, now):
    before = make_session("Crew A", members=[lea], opens_at=OPENS, closes_at=now - DAY, is_published=False)
    after = make_session("Crew C", is_published=False)
    session = open_session(
        members=[make_user("first")],
        capacity=12,
        description="We sail.",
        category=SessionCategory.objects.create(name="Sailing"),
        enrolment_closes_at=CLOSES,
    )
    required = {before: PrerequisiteCondition.FINISHED, after: PrerequisiteCondition.PASSED}
    api.set_prerequisites(session, required, actor=api.SYSTEM, now=now)
    page = visit(LIST, lea)
    card = "//article"
    assert page.words(f"{card}//h2") == ["Crew D"]
    assert page.words(f"{card}//ul[@class='cs-facts']/li") == [
        "Jan. 1, 2020 – March 31, 2100",
        "11 seats left",
        "Enrolment is open until March 31, 2100.",
    ]
    assert page.words(f"{card}//ul[@class='cs-shelf']/li") == ["T Tides"]
    assert page.words(f"{card}//ul[@class='cs-needs__list']/li") == [
        "Finish “Crew A” done",
        "Pass every course of “Crew C” missing",
    ]
    assert page.words(ACTION) == ["Something is required before this session that you do not have yet."]
    assert page.links(card) == {"Crew D": page_of(session)}
    assert page.links("//p[@class='cs-back']") == {"My sessions": MY_SESSIONS}
    one = visit(page_of(session), lea)
    assert one.words("//h1 | //section[contains(@class, 'cs-prose')]/p") == ["Crew D", "We sail."]
    assert one.words("//dl/div") == ["Dates Jan. 1, 2020 – March 31, 2100", "Time zone UTC", "Category Sailing"]
    assert one.links("//p[@class='cs-back']") == {"Available sessions": LIST}


def test_one_button_says_what_will_happen(open_session, visit, lea, make_user, now):
    first, second, third = (make_user(name) for name in ("first", "second", "third"))
    evenings = ParallelGroup.objects.create(name="Evenings")
    open_session("a: room")
    open_session("b: by approval", joining=Joining.APPROVAL.value)
    open_session("c: by code", joining=Joining.CODE.value, enrolment_code="mast")
    open_session("d: full", capacity=1, members=[first])
    join(open_session("e: one waits", capacity=1, members=[first]), second, now=now)
    join(open_session("f: two wait", capacity=1, members=[first]), second, third, now=now)
    open_session("g: later", enrolment_opens_at=CLOSES - DAY)
    join(open_session("h: hers", parallel_group=evenings), lea, now=now)
    open_session("i: beside hers", parallel_group=evenings)
    page = visit(LIST, lea)
    assert dict(zip(page.words("//article//h2"), page.words(ACTION), strict=True)) == {
        "a: room": "Join a: room",
        "b: by approval": "Ask for a place b: by approval The session's team answers, and you get a mail.",
        "c: by code": "Enrolment code The session's team gives it to you. Join c: by code",
        "d: full": "Join the waiting list (nobody before you) d: full You get a mail as soon as a seat is yours.",
        "e: one waits": (
            "Join the waiting list (1 person before you) e: one waits You get a mail as soon as a seat is yours."
        ),
        "f: two wait": (
            "Join the waiting list (2 people before you) f: two wait You get a mail as soon as a seat is yours."
        ),
        "g: later": "You can join from March 31, 2100 on.",
        "h: hers": "You have a place. Go to the session h: hers",
        "i: beside hers": (
            "You have a place, or are waiting, in the parallel session “h: hers”. "
            "Leave that one first, or ask its team to move you."
        ),
    }


def test_joining_gives_a_place_and_goes_to_the_session(open_session, lea, make_user):
    session = open_session()
    for _ in range(2):
        told, address = post(lea, page_of(session), promised="join")
        assert (told, address) == (["You have a place in “Crew D”."], page_of(session, "session_home"))
    assert list(session.members.values_list("user__username", "status")) == [("lea", "active")]


def test_waiting_asking_and_a_seat_that_went_meanwhile_say_so(open_session, lea, make_user, now):
    first, late = make_user("first"), make_user("late")
    full = open_session("Full", capacity=1, members=[first])
    line = "waiting list of “Full”"
    for _ in range(2):
        told, address = post(lea, page_of(full), promised="queue")
        assert address == page_of(full)
        assert told == [f"You are number 1 on the {line}. You get a mail as soon as a seat is yours."]
    assert post(late, page_of(full), promised="join")[0] == [
        f"The last seat was taken a moment before you. You are number 2 on the {line}."
    ]
    asked = open_session("Asked", joining=Joining.APPROVAL.value)
    assert post(lea, page_of(asked), promised="request") == (
        ["You have asked for a place in “Asked”. Its team will answer, and you get a mail."],
        page_of(asked),
    )
    assert sorted(JoinRequest.objects.values_list("user__username", "session__title", "status")) == [
        ("late", "Full", "waiting"),
        ("lea", "Asked", "requested"),
        ("lea", "Full", "waiting"),
    ]


def test_a_wrong_code_is_told_beside_its_field_and_guessing_ends(open_session, lea):
    cache.clear()
    session = open_session(joining=Joining.CODE.value, enrolment_code="Spring Tide")
    browser, field = signed_in(lea), f"id_code_{session.code}"

    def wrong(code: str) -> list[str]:
        response = browser.post(page_of(session), {"code": code})
        page = Page(response.content.decode())
        (control,) = page.tree.xpath(f"//input[@id='{field}']")
        described = control.get("aria-describedby").split()[0]
        assert (response.status_code, control.get("aria-invalid"), control.get("value", "")) == (400, "true", code)
        return page.words(f"//*[@id='{described}']")

    sentence = "This is not the enrolment code of the session. Ask its team for it."
    assert [wrong(code) for code in ["", *"123456789"]] == WRONG_CODES * [[sentence]]
    enough = ["Too many wrong codes. Try again in an hour, or ask the session's team for the code."]
    assert wrong("spring tide") == enough
    assert not Member.objects.filter(user=lea).exists()
    cache.clear()
    assert post(lea, page_of(session), code=" SPRING tide ", promised="join")[0] == ["You have a place in “Crew D”."]


def test_what_is_in_the_way_is_told_on_the_list(open_session, lea):
    session = open_session(enrolment_opens_at=CLOSES - DAY)
    assert post(lea, page_of(session)) == (["Enrolment has not begun yet."], LIST)
    assert not Member.objects.exists()


def test_who_waits_sees_it_on_my_sessions_and_can_take_it_back(open_session, visit, lea, make_user, now):
    first, second = make_user("first"), make_user("second")
    session = open_session(capacity=1, members=[first])
    join(session, second, lea, now=now)
    page = visit(MY_SESSIONS, lea)
    assert page.words("//section[@class='cs-wished']//li") == ["Crew D You are number 2 on the waiting list."]
    assert page.links("//section[@class='cs-wished']") == {"Crew D": page_of(session)}
    assert "Available sessions" in page.links()

    one = visit(page_of(session), lea)
    assert one.words(ACTION) == ["You are number 2 on the waiting list. Leave the waiting list Crew D"]
    question = visit(one.links(ACTION)["Leave the waiting list Crew D"], lea)
    ways = "//form[@class='cs-going__ways']/*[self::button or self::a]"
    assert question.words(f"//h1 | //ul[@class='cs-going']/li | {ways}") == [
        "Leave the waiting list?",
        "You lose your place in the line, and nothing else.",
        "This cannot be undone: if you join the waiting list again you stand at its end.",
        "Leave the waiting list",
        "Keep it",
    ]
    for _ in range(2):
        told = ["You do not wait for a place in “Crew D” any more."]
        assert post(lea, page_of(session, "withdraw")) == (told, LIST)
    assert list(JoinRequest.objects.values_list("user__username", flat=True)) == ["second"]
    assert signed_in(lea).get(page_of(session, "withdraw")).url == page_of(session)


def test_an_offered_seat_is_accepted_from_my_sessions(open_session, visit, lea, make_user, now, reads_in):
    reads_in(lea, "Asia/Tokyo")
    session = open_session(capacity=1, members=[make_user("first")], offer_days=3)
    join(session, lea, now=now)
    api.remove_members(session, ["first"], actor=api.SYSTEM, now=now)
    JoinRequest.objects.update(offer_expires_at=CLOSES - timedelta(hours=6))
    kept = "A seat is kept for you until April 1, 2100, 3 a.m. JST."
    assert visit(MY_SESSIONS, lea).words("//section[@class='cs-wished']//li") == [
        f"Crew D {kept} Accept the seat Crew D"
    ]
    one = visit(page_of(session), lea)
    assert one.words(ACTION) == [f"{kept} Accept the seat Crew D Decline the seat Crew D"]
    assert visit(page_of(session, "withdraw"), lea).words("//ul[@class='cs-going']/li") == [
        "The seat goes to the next person on the waiting list.",
        "This cannot be undone: to get a seat later you join the waiting list again, at its end.",
    ]
    (form,) = visit(MY_SESSIONS, lea).tree.xpath("//section[@class='cs-wished']//form")
    assert post(lea, form.get("action"))[0] == ["You have a place in “Crew D”."]
    assert visit(MY_SESSIONS, lea).words("//section[@class='cs-wished']") == []


def test_leaving_says_what_is_lost_and_frees_the_seat(open_session, visit, lea, make_user, now):
    second = make_user("second")
    session = open_session(capacity=1, members=[lea])
    join(session, second, now=now)
    leave = visit(page_of(session, "session_home"), lea).links("//aside")["Leave this session"]
    assert visit(leave, lea).words("//h1 | //ul[@class='cs-going']/li") == [
        "Leave this session?",
        "Nothing you have done is lost: work and results are kept, and are there if you come back.",
        "You cannot enter its courses until you have a place again.",
        "Your seat goes to the next person who wants it. To come back you need a free one.",
    ]
    for _ in range(2):
        told = ["You have left “Crew D”. Your work and your results are kept."]
        assert post(lea, leave) == (told, MY_SESSIONS)
    assert sorted(session.members.values_list("user__username", "status")) == [("lea", "removed"), ("second", "active")]


def test_whom_the_team_enrolled_only_the_team_lets_go(open_session, visit, lea):
    session = open_session(members=[lea], joining=Joining.CLOSED.value)
    assert "Leave this session" not in visit(page_of(session, "session_home"), lea).links("//aside")
    browser = signed_in(lea)
    for response in (browser.get(page_of(session, "leave")), browser.post(page_of(session, "leave"))):
        words = Page(response.content.decode()).words("//p[@class='cs-notice__text']")
        assert (response.status_code, words) == (409, ["You cannot leave this session by yourself. Ask its team."])
    assert session.members.get().status == "active"


def test_strangers_learn_nothing_from_any_of_these_pages(make_session, make_base_course, lea):
    hidden = make_session("Hidden", courses=[make_base_course()])
    browser = signed_in(lea)
    for name in ("available_session", "withdraw", "leave"):
        for method in (browser.get, browser.post):
            refused, missing = method(page_of(hidden, name)), method(page_of(hidden, name).replace(hidden.code, "none"))
            assert (refused.status_code, missing.status_code) == (404, 404), name
            assert Page(refused.content.decode()).words("//html") == Page(missing.content.decode()).words("//html")


@pytest.mark.parametrize("name", ["available_session", "withdraw", "leave"])
def test_nobody_is_sent_to_sign_in_and_forms_need_their_token(name, open_session, lea):
    url = page_of(open_session(), name)
    response = Client().post(url)
    assert (response.status_code, response.url) == (302, f"{reverse('sandbox:sign_in')}?next={url}")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lea)
    assert strict.post(url).status_code == 403


def test_a_search_and_its_pages_have_addresses(open_session, visit, lea):
    for number in range(21):
        open_session(f"Crew {number:02}")
    open_session("Other")
    first = visit(f"{LIST}?search=crew", lea)
    assert first.words("//*[@role='status']") == ["21 sessions match “crew”. Clear search"]
    assert first.words("//nav[@class='cs-pages']") == ["Page 1 of 2 Next page"]
    second = visit(first.links("//nav[@class='cs-pages']")["Next page"], lea)
    assert second.words("//article//h2") == ["Crew 20"]
    assert second.links("//nav[@class='cs-pages']") == {"Previous page": f"{LIST}?search=crew&page=1"}
    assert visit(f"{LIST}?page=-1", lea).words("//nav[@class='cs-pages']") == ["Page 1 of 2 Next page"]


@pytest.mark.parametrize(
    ("query", "title", "ways"),
    [
        ("", "No session can be joined at the moment", {}),
        ("?search=zzz", "Nothing matches “zzz”", {"Clear search": LIST}),
    ],
)
def test_an_empty_list_says_why(query, title, ways, visit, lea):
    page, empty = visit(LIST + query, lea), "//div[@class='cs-empty']"
    assert (page.words(f"{empty}/h2"), page.links(empty)) == ([title], ways)


def test_hostile_words_stay_words(open_session, lea, make_user):
    hostile = "<script>alert(1)</script>"
    session = open_session(hostile, description=hostile, organisation=hostile, capacity=1, members=[make_user("first")])
    browser = signed_in(lea)
    pages = [browser.get(LIST), browser.get(f"{LIST}?search={hostile}"), browser.get(page_of(session))]
    pages.append(browser.post(page_of(session), follow=True))
    pages += [browser.get(page_of(session, "withdraw")), browser.get(MY_SESSIONS)]
    for response in pages:
        content = response.content.decode()
        assert "<script" not in content
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(count, open_session, lea, make_user, now, django_assert_num_queries):
    """One each for the browser's session, the account and the time zone; the others are the catalogue's."""
    first = make_user("first")
    for number in range(count):
        join(open_session(f"S{number}", capacity=1, members=[first]), lea, now=now)
    open_session("Closed", joining=Joining.CLOSED.value)
    browser = signed_in(lea)
    with django_assert_num_queries(10):
        content = browser.get(LIST).content.decode()
    assert content.count("<article") == count
    assert "Closed" not in content
