"""Dates and places of a session, in one form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.data import PrerequisiteCondition
from cohort_sessions.models import ParallelGroup
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, address, errors, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
OPENS, CLOSES = datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 3, 1, tzinfo=UTC)


@pytest.fixture
def greta(make_user):
    return make_user("greta")


@pytest.fixture
def crew(greta, make_user, make_base_course, make_session):
    """A session from the first of January to the last of February 2030, with two members."""
    people = [make_user("lea"), make_user("omar")]
    return make_session(
        "Crew",
        courses=[make_base_course()],
        members=people,
        administrators=[greta],
        opens_at=OPENS,
        closes_at=CLOSES,
    )


@pytest.fixture
def form(crew, greta, visit):
    """What the form sends if nobody touches it."""
    return filled(visit(address("dates", crew), greta))


def test_what_nobody_touches_stays_as_it_is(crew, greta, form):
    before = crew.history.count()
    assert (form["opens_at_day"], form["closes_at_day"], form["after_close"], form["joining"]) == (
        "2030-01-01",
        "2030-02-28",
        "read_only",
        "closed",
    )
    response, page = send(address("dates", crew), greta, **form)
    assert response.redirect_chain == [(address("dates", crew), 302)]
    assert page.words(NOTICE) == ["Saved"]
    assert crew.history.count() == before


def test_everything_at_once(crew, greta, form, make_session, reads_in, visit):
    reads_in(greta, "Europe/Paris")
    basics = make_session("Basics", administrators=[greta])
    form = filled(visit(address("dates", crew), greta)) | {
        "closes_at_day": "2030-04-30",
        "closes_at_time": "18:30",
        "team_opens_at_day": "2029-12-01",
        "after_close": "full",
        "archive_after_days": "30",
        "results_final_after_days": "14",
        "joining": "code",
        "enrolment_code": "HARBOUR",
        "enrolment_closes_at_day": "2029-12-31",
        "capacity": "12",
        "offer_days": "3",
        "parallel_group": "Spring crews",
        "repeat_every_days": "90",
        "repeat_lead_days": "14",
        "time_zone": "Europe/Paris",
        "required-0-required": "Basics",
        "required-0-condition": "passed",
    }
    _response, page = send(address("dates", crew), greta, **form)
    assert page.words(NOTICE) == ["Saved"]
    crew.refresh_from_db()
    stored = {
        name: getattr(crew, name)
        for name in sorted(api_fields())
        if name not in ("code", "title", "description", "category", "organisation")
    }
    assert stored == {
        "after_close": "full",
        "archive_after_days": 30,
        "capacity": 12,
        "closes_at": datetime(2030, 4, 30, 16, 30, tzinfo=UTC),
        "duration_days": None,
        "enrolment_closes_at": datetime(2029, 12, 31, 23, tzinfo=UTC),
        "enrolment_code": "HARBOUR",
        "enrolment_opens_at": None,
        "joining": "code",
        "offer_days": 3,
        "opens_at": OPENS,
        "parallel_group": ParallelGroup.objects.get(name="Spring crews"),
        "repeat_every_days": 90,
        "repeat_lead_days": 14,
        "results_final_after_days": 14,
        "team_closes_at": None,
        "team_opens_at": datetime(2029, 11, 30, 23, tzinfo=UTC),
        "time_zone": "Europe/Paris",
    }
    assert prerequisites(crew) == {basics.code: PrerequisiteCondition.PASSED}


def api_fields() -> frozenset[str]:
    from cohort_sessions.queries.session_drafts import EDITABLE_FIELDS

    return EDITABLE_FIELDS


def prerequisites(session) -> dict[str, str]:
    return dict(session.prerequisites.values_list("required__code", "condition"))


def test_everything_wrong_is_told_beside_its_field(crew, greta, form):
    wrong = form | {
        "closes_at_day": "2029-12-24",
        "duration_days": "0",
        "enrolment_opens_at_day": "2030-02-30",
        "capacity": "none",
        "required-0-required": "no-such-session",
    }
    response, page = send(address("dates", crew), greta, **wrong)
    assert response.status_code == 200
    assert page.words(NOTICE)[0] == "Nothing was saved"
    assert errors(page) == {
        "closes_at": "The end must come after the beginning, which is on Jan. 1, 2030 at 00:00.",
        "duration_days": "Ensure this value is greater than or equal to 1.",
        "enrolment_opens_at": "Write the day like this: 2026-03-31.",
        "capacity": "Enter a whole number.",
        "required-0-required": "There is no such session among those you may choose. Give its code.",
    }
    assert filled(page)["closes_at_day"] == "2029-12-24"


def test_what_the_operation_refuses_stands_beside_its_field_too(crew, greta, form):
    wrong = form | {"duration_days": "30", "joining": "code", "time_zone": "Mars/Base", "repeat_every_days": "7"}
    _response, page = send(address("dates", crew), greta, **wrong)
    assert errors(page) == {
        "duration_days": "Give either dates or a duration, not both.",
        "enrolment_code": "Give the code that people will type, or choose another way of joining.",
        "time_zone": "There is no such time zone; write it like “Europe/Paris”.",
        "repeat_lead_days": "Say how many days before the end the next one is made.",
    }


def test_a_circle_of_requirements_saves_nothing_at_all(crew, greta, form, make_session, now):
    basics = make_session("Basics", administrators=[greta])
    api.set_prerequisites(basics, {crew: PrerequisiteCondition.FINISHED}, actor=api.SYSTEM, now=now)
    _response, page = send(address("dates", crew), greta, **(form | {"capacity": "9", "required-0-required": "basics"}))
    assert page.words(NOTICE) == [
        "Nothing was saved",
        "A session cannot require itself, nor one that requires it in turn: nobody could join.",
    ]
    crew.refresh_from_db()
    assert (crew.capacity, prerequisites(crew)) == (None, {})


def test_requirements_are_changed_and_taken_away(crew, greta, make_session, visit, now):
    basics, knots = (make_session(title, administrators=[greta]) for title in ("Basics", "Knots"))
    finished = PrerequisiteCondition.FINISHED
    api.set_prerequisites(crew, {basics: finished, knots: finished}, actor=api.SYSTEM, now=now)
    form = filled(visit(address("dates", crew), greta))
    send(address("dates", crew), greta, **(form | {"required-0-DELETE": "on", "required-1-condition": "passed"}))
    assert prerequisites(crew) == {"knots": "passed"}


def test_a_required_session_that_she_does_not_see_stays_required(crew, greta, make_session, visit, now):
    foreign = make_session("Foreign")
    api.set_prerequisites(crew, {foreign: PrerequisiteCondition.PASSED}, actor=api.SYSTEM, now=now)
    form = filled(visit(address("dates", crew), greta))
    _response, page = send(address("dates", crew), greta, **(form | {"capacity": "9"}))
    assert page.words(NOTICE) == ["Saved"]
    assert prerequisites(crew) == {"foreign": "passed"}


def test_two_people_editing(crew, greta, form, make_user, visit):
    ada = make_user("ada", is_staff=True)
    other = filled(visit(address("dates", crew), ada))
    send(address("dates", crew), ada, **(other | {"capacity": "5"}))
    mine = form | {"offer_days": "2"}
    response, page = send(address("dates", crew), greta, **mine)
    assert response.status_code == 200
    title, text, _way = page.words(NOTICE)
    assert title == "This session was changed while you were editing"
    assert text.startswith("ada changed it on ")
    assert text.endswith(
        " UTC. Nothing of yours was saved, and nothing of theirs overwritten. Your form differs from what is stored "
        "now in: Seats, Days to accept a freed seat. Save once more to have it as it stands in your form."
    )
    crew.refresh_from_db()
    assert (crew.capacity, crew.offer_days) == (5, None)
    # Having seen that, greta decides; the form on the page is what she sends.
    again = filled(page)
    assert (again.get("capacity", ""), again["offer_days"]) == ("", "2")
    send(address("dates", crew), greta, **(again | {"capacity": "5"}))
    crew.refresh_from_db()
    assert (crew.capacity, crew.offer_days) == (5, 2)


def test_requirements_count_as_a_change_as_well(crew, greta, form, make_session, now):
    basics = make_session("Basics", administrators=[greta])
    api.set_prerequisites(crew, {basics: PrerequisiteCondition.PASSED}, actor=api.SYSTEM, now=now + DAY)
    _response, page = send(address("dates", crew), greta, **(form | {"capacity": "5"}))
    assert page.words(NOTICE)[0] == "This session was changed while you were editing"
    assert prerequisites(crew) == {"basics": "passed"}


@pytest.mark.parametrize("seen_at", ["", "yesterday"])
def test_a_form_from_nowhere_overwrites_nothing(seen_at, crew, greta, form):
    send(address("dates", crew), greta, **(form | {"seen_at": seen_at, "capacity": "5"}))
    crew.refresh_from_db()
    assert crew.capacity is None


def test_fewer_seats_than_members_throw_nobody_out(crew, greta, form):
    _response, page = send(address("dates", crew), greta, **(form | {"capacity": "1"}))
    assert page.words(NOTICE) == [
        "Saved",
        "1 more seat is taken than there are. Nobody is thrown out; the next is given when one is free.",
    ]
    assert crew.members.filter(status="active").count() == 2


def test_a_code_is_made_and_nothing_saved_yet(crew, greta, form):
    _response, page = send(
        address("dates", crew), greta, **(form | {"make_code": "1", "capacity": "0", "joining": "code"})
    )
    shown = filled(page)
    assert (len(shown["enrolment_code"]), shown["capacity"], shown["joining"], errors(page)) == (8, "0", "code", {})
    crew.refresh_from_db()
    assert (crew.enrolment_code, crew.joining) == ("", "closed")


def test_groups_are_suggested_to_those_who_manage_one(crew, greta, make_session, visit):
    for name, administrators in (("Hers", [greta]), ("Foreign", [])):
        group = ParallelGroup.objects.create(name=name)
        make_session(name, administrators=administrators, parallel_group=group)
    page = visit(address("dates", crew), greta)
    assert page.tree.xpath("//datalist[@id='cs-groups']/option/@value") == ["Hers"]
    assert page.tree.xpath("//datalist[@id='cs-sessions']/option/@value") == ["hers"]


def test_leaving_a_group(crew, greta, now, visit):
    group = ParallelGroup.objects.create(name="Spring crews")
    api.edit_session(crew, parallel_group=group, actor=api.SYSTEM, now=now)
    form = filled(visit(address("dates", crew), greta))
    assert form["parallel_group"] == "Spring crews"
    send(address("dates", crew), greta, **(form | {"parallel_group": ""}))
    crew.refresh_from_db()
    assert crew.parallel_group is None


@pytest.mark.parametrize("count", [1, 10])
def test_the_number_of_queries_does_not_grow(count, crew, greta, make_session, django_assert_num_queries, now):
    required = {make_session(f"S{n}", administrators=[greta]): PrerequisiteCondition.PASSED for n in range(count)}
    api.set_prerequisites(crew, required, actor=api.SYSTEM, now=now)
    make_session("planted")
    browser = signed_in(greta)
    with django_assert_num_queries(11):
        content = browser.get(address("dates", crew)).content.decode()
    assert content.count('<option value="s') == count
    assert "planted" not in content
