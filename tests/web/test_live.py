"""What is wrong with a form, said before anything is saved: the same as on saving, and nothing is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import html

from cohort_sessions import api
from cohort_sessions.data import PrerequisiteCondition
from cohort_sessions.models import AdministratorScope, CohortSession, ParallelGroup, SessionCategory
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, address, errors, filled, send
from tests.web.matrix import tables

pytestmark = pytest.mark.django_db(databases="__all__")

CREATE = "/cohort-sessions/manage/new/"
CIRCLE = "A session cannot require itself, nor one that requires it in turn: nobody could join."
FOREIGN = "This name is taken by sessions that you do not manage. Choose another."


@pytest.fixture
def greta(make_user):
    return make_user("greta")


@pytest.fixture
def rita(make_user, now):
    """She administers everything."""
    rita = make_user("rita")
    AdministratorScope.objects.create(user=rita, organisation="", assigned_at=now)
    return rita


@pytest.fixture
def crew(greta, make_user, make_base_course, make_session):
    return make_session(
        "Crew",
        courses=[make_base_course()],
        members=[make_user("lea")],
        administrators=[greta],
        opens_at=datetime(2030, 1, 1, tzinfo=UTC),
        closes_at=datetime(2030, 3, 1, tzinfo=UTC),
    )


@pytest.fixture
def form_of(crew, greta, visit):
    """``form_of("dates")``: what the form of this page sends if nobody touches it."""
    return lambda page: filled(visit(address(page, crew), greta))


def ask(url: str, user, **data) -> dict:
    """The answer to a form that is only to be looked at; nothing is written by it."""
    before = tables()
    response = signed_in(user).post(url, data | {"validate": "1"})
    assert response.status_code == 200
    assert tables() == before
    return response.json()


def sentences(answer: dict) -> dict[str, str]:
    """What is said of each field, by its name."""
    return {name.removeprefix("id_"): said["sentence"] for name, said in answer["fields"].items()}


WRONG_DATES = {
    "unreadable": {"opens_at_day": "2030-02-30", "capacity": "none", "duration_days": "0"},
    "reversed": {"closes_at_day": "2029-12-24", "team_opens_at_day": "2030-05-01", "team_closes_at_day": "2030-04-01"},
    "the operation's": {
        "duration_days": "30",
        "joining": "code",
        "time_zone": "Mars/Base",
        "repeat_every_days": "7",
    },
    "both": {"capacity": "none", "joining": "code", "opens_at_day": "2030-02-30", "duration_days": "30"},
    "no such session": {"required-0-required": "no-such-session"},
}


@pytest.mark.parametrize("wrong", WRONG_DATES.values(), ids=WRONG_DATES)
def test_dates_say_the_same_as_on_saving(wrong, crew, greta, form_of):
    sent = form_of("dates") | wrong
    live = sentences(ask(address("dates", crew), greta, **sent))
    before = tables()
    _response, page = send(address("dates", crew), greta, **sent)
    assert live == errors(page)
    assert live != {}
    assert tables() == before


def test_what_could_not_be_read_is_not_held_against_other_fields(crew, greta, form_of):
    """The opening that is stored is not the one that was meant: the closing before it may be right."""
    sent = form_of("dates") | {"opens_at_day": "2029-02-30", "closes_at_day": "2029-12-24", "joining": "code"}
    assert sentences(ask(address("dates", crew), greta, **sent)) == {
        "opens_at": "Write the day like this: 2026-03-31.",
        "enrolment_code": "Give the code that people will type, or choose another way of joining.",
    }


def test_groups_that_are_of_others_or_have_the_same_people(crew, greta, form_of, make_session, make_user):
    make_session("Foreign", parallel_group=ParallelGroup.objects.create(name="Foreign crews"))
    lea = crew.members.get().user
    make_session(
        "Pilots", administrators=[greta], members=[lea], parallel_group=ParallelGroup.objects.create(name="Her crews")
    )
    said = {
        name: sentences(ask(address("dates", crew), greta, **form_of("dates") | {"parallel_group": name}))
        for name in ("Foreign crews", "Her crews", "New crews")
    }
    doubled = "1 person has a place, or waits, in another session of this group as well."
    assert said == {
        "Foreign crews": {"parallel_group": FOREIGN},
        "Her crews": {"parallel_group": doubled},
        "New crews": {},
    }


def test_a_circle_is_said_of_the_form_as_a_whole(crew, greta, form_of, make_session, now):
    basics = make_session("Basics", administrators=[greta])
    api.set_prerequisites(basics, {crew: PrerequisiteCondition.FINISHED}, actor=api.SYSTEM, now=now)
    sent = form_of("dates") | {"required-0-required": "basics", "capacity": "none"}
    answer = ask(address("dates", crew), greta, **sent)
    assert (answer["faults"], sentences(answer)) == ([CIRCLE], {"capacity": "Enter a whole number."})
    _response, page = send(address("dates", crew), greta, **sent)
    assert page.words(NOTICE) == ["Nothing was saved", CIRCLE]


def test_what_is_said_to_those_who_are_elsewhere_by_now(crew, greta, form_of):
    answer = ask(address("settings", crew), greta, **form_of("settings") | {"title": " "})
    assert answer == {
        "fields": {"id_title": {"sentence": "This field is required.", "said": "Title: This field is required."}},
        "faults": [],
        "controls": {},
    }


def test_settings_say_the_same_as_on_saving_and_make_no_category(crew, greta, form_of):
    sent = form_of("settings") | {"title": "", "organisation": "Sky", "category": "x" * 101}
    live = sentences(ask(address("settings", crew), greta, **sent))
    _response, page = send(address("settings", crew), greta, **sent)
    assert live == errors(page)
    assert set(live) == {"title", "organisation", "category"}
    assert ask(address("settings", crew), greta, **form_of("settings") | {"category": "New"})["fields"] == {}
    assert SessionCategory.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"title": "", "code": "crew"}, {"title", "code"}),
        ({"title": "T", "code": "no spaces"}, {"code"}),
        ({"title": "T" * 151}, {"title"}),
    ],
)
def test_a_new_session_says_what_is_wrong_and_is_not_made(sent, wrong, crew, rita):
    live = sentences(ask(CREATE, rita, **sent))
    _response, page = send(CREATE, rita, **sent)
    assert (live, set(live)) == (errors(page), wrong)
    assert ask(CREATE, rita, title="T", category="New")["fields"] == {}
    assert CohortSession.objects.count() == 1


def test_a_copy_is_not_made_either(crew, greta):
    said = ask(address("duplicate", crew), greta, title="", opens_at_day="2031-13-01")
    assert sentences(said) == {
        "title": "This field is required.",
        "opens_at": "Write the day like this: 2026-03-31.",
    }
    assert ask(address("duplicate", crew), greta, title="Next")["fields"] == {}


def test_an_hour_that_comes_twice_brings_the_choice_between_the_two(crew, greta, reads_in, visit):
    reads_in(greta, "Europe/Paris")
    url = address("dates", crew)
    form = filled(visit(url, greta)) | {"opens_at_day": "2029-10-28"}

    def offered(clock: str) -> list[str]:
        inputs = html.fromstring(
            f"<p>{ask(url, greta, **form | {'opens_at_time': clock})['controls']['id_opens_at']}</p>"
        )
        return inputs.xpath("//*[@name]/@name")

    assert offered("02:30") == ["opens_at_day", "opens_at_time", "opens_at_which"]
    assert offered("04:30") == ["opens_at_day", "opens_at_time"]


def test_somebody_else_s_change_is_told_on_saving_only(crew, greta, form_of, now):
    sent = form_of("settings") | {"title": "Mine"}
    api.edit_session(crew, title="Theirs", actor=api.SYSTEM, now=now)
    assert ask(address("settings", crew), greta, **sent) == {"fields": {}, "faults": [], "controls": {}}


@pytest.mark.parametrize("count", [1, 3])
def test_asking_costs_the_same_whatever_there_is(
    count, crew, greta, rita, form_of, make_session, make_user, now, django_assert_num_queries
):
    group = ParallelGroup.objects.create(name="Crews")
    required = {}
    for number in range(count):
        people = [make_user(f"omar-{number}")]
        other = make_session(f"S{number}", administrators=[greta], members=people, parallel_group=group)
        required[other] = PrerequisiteCondition.PASSED
        SessionCategory.objects.create(name=f"Term {number}")
    api.set_prerequisites(crew, required, actor=api.SYSTEM, now=now)
    dates = form_of("dates") | {"parallel_group": "Crews", "capacity": "5", "validate": "1"}
    settings = form_of("settings") | {"title": "New", "category": "Term 0", "validate": "1"}
    hers, ritas = signed_in(greta), signed_in(rita)
    for browser, url, sent, number in (
        (hers, address("dates", crew), dates, 19),
        (hers, address("settings", crew), settings, 8),
        (hers, address("duplicate", crew), {"title": "T", "validate": "1"}, 6),
        (ritas, CREATE, {"title": "T", "code": "t", "category": "Term 0", "validate": "1"}, 7),
    ):
        with django_assert_num_queries(number):
            assert browser.post(url, sent).json()["fields"] == {}
