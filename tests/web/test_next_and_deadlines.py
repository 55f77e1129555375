"""The next session like this one, and the deadlines inside its courses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.models import AdministratorScope, CohortSession
from cohort_sessions.timeline import Window
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, ROWS, address, errors, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("greta", "ben", "cleo", "dora", "lea", "sam")}


@pytest.fixture
def crew(people, make_base_course, make_session):
    """Cleo coaches the course, dora another one; both are in the same session."""
    tides, stars = make_base_course(title="Tides"), make_base_course(title="Stars")
    return make_session(
        "Crew",
        courses=[tides, stars],
        administrators=[people["greta"]],
        session_coaches=[people["ben"]],
        coaches={tides: [people["cleo"]], stars: [people["dora"]]},
        members=[people["lea"]],
        opens_at=datetime(2030, 1, 1, tzinfo=UTC),
        closes_at=datetime(2030, 3, 1, tzinfo=UTC),
    )


@pytest.fixture
def greta(people, now):
    """She administers every session, so she may make one."""
    AdministratorScope.objects.create(user=people["greta"], organisation="", assigned_at=now)
    return people["greta"]


def test_a_copy_opens_when_it_is_to_and_leads_to_its_home(crew, greta, visit):
    form = filled(visit(address("duplicate", crew), greta))
    assert form["title"] == "Crew"
    response, page = send(
        address("duplicate", crew), greta, **(form | {"title": "Next crew", "opens_at_day": "2031-01-01"})
    )
    copy = CohortSession.objects.get(title="Next crew")
    assert response.redirect_chain == [(address("session_home", copy), 302)]
    assert page.words("//h1") == ["Next crew"]
    assert page.words(NOTICE)[:2] == ["The session was duplicated", "This is the new one, still a draft."]
    assert (copy.opens_at, copy.closes_at) == (
        datetime(2031, 1, 1, tzinfo=UTC),
        datetime(2031, 3, 1, tzinfo=UTC),
    )
    assert (copy.status, copy.editions.count(), copy.members.count()) == ("draft", 2, 0)


def test_a_copy_needs_a_title(crew, greta):
    _response, page = send(address("duplicate", crew), greta, title=" ")
    assert errors(page) == {"title": "This field is required."}
    assert CohortSession.objects.count() == 1


def test_who_administers_this_session_alone_may_copy_it_and_administers_the_copy(crew, people, visit):
    page = visit(address("dates", crew), people["greta"])
    assert "Duplicate" in page.links("//nav[@class='cs-ways']")
    signed_in(people["greta"]).post(address("duplicate", crew), {"title": "Next"})
    copy = CohortSession.objects.get(title="Next")
    assert list(copy.team.filter(role="administrator").values_list("user", flat=True)) == [people["greta"].pk]


def test_courses_and_what_is_decided_of_their_deadlines(crew, people, visit):
    page = visit(address("deadlines", crew), people["cleo"])
    shift = "Shift Moved by the distance from the start of the base course to the opening of this session."
    assert page.words("//main//ul/li[contains(@class, 'cs-card')]") == [f"Tides {shift}", f"Stars {shift}"]
    assert list(page.links("//main//ul[contains(@class, 'cs-points')]")) == ["Tides"]


def of_edition(session, title: int) -> str:
    return address("edition_deadlines", session, uuid=session.editions.get(position=title).uuid)


def test_a_policy_is_seen_before_it_holds(crew, people, visit):
    url, greta = of_edition(crew, 0), people["greta"]
    page = visit(url, greta)
    assert page.words("//h1") == ["Deadlines in Tides"]
    assert page.words("//a[@aria-current='page' and contains(@class, 'cs-tabs__link')]") == ["Shift"]
    assert page.words("//form[@class='cs-decision']/span") == ["In force"]
    page = visit(f"{url}?policy=none", greta)
    assert page.words("//form[@class='cs-decision']/button") == ["Have it so"]
    assert crew.editions.get(position=0).deadlines == "shift"
    response, page = send(url, greta, policy="none")
    assert response.redirect_chain == [(url, 302)]
    assert page.words(NOTICE) == ["Decided", "The platform follows in a moment."]
    assert page.words("//form[@class='cs-decision']/*[not(self::input)]") == [
        "No deadlines but the closing of the session itself.",
        "In force",
    ]
    assert crew.editions.get(position=0).deadlines == "none"


@pytest.mark.parametrize(
    ("policy", "due"),
    [("shift", "Jan. 11, 2030, noon UTC"), ("keep", "Jan. 1, 2030, midnight UTC"), ("none", "None")],
)
def test_each_deadline_stands_beside_that_of_the_base_course(policy, due, greta, make_base_course, make_session, visit):
    """Kept, one of long ago is brought into the session's dates."""
    starts = datetime(2020, 1, 1, tzinfo=UTC)
    course = make_base_course(title="Knots", window=Window(starts, None), due=starts + timedelta(days=10, hours=12))
    opens = datetime(2030, 1, 1, tzinfo=UTC)
    session = make_session(courses=[course], opens_at=opens, closes_at=opens + timedelta(days=60))
    page = visit(f"{of_edition(session, 0)}?policy={policy}", greta)
    assert page.words(f"{ROWS}/td") == [
        "In the base course Jan. 11, 2020, noon UTC",
        f"In this session {due}",
    ]


def test_who_decides_about_deadlines(crew, people, now):
    def statuses(method: str) -> dict[str, int]:
        return {
            name: getattr(signed_in(user), method)(of_edition(crew, 0), {"policy": "keep"}).status_code
            for name, user in people.items()
        }

    assert statuses("get") == {"greta": 200, "ben": 200, "cleo": 200, "dora": 403, "lea": 403, "sam": 404}
    assert statuses("post") == {"greta": 302, "ben": 302, "cleo": 302, "dora": 403, "lea": 403, "sam": 404}
    api.set_locks(crew, {api.Lock.SCHEDULE}, actor=api.SYSTEM, now=now)
    assert statuses("post") == {"greta": 302, "ben": 403, "cleo": 403, "dora": 403, "lea": 403, "sam": 404}
    content = signed_in(people["ben"]).get(of_edition(crew, 0), {"policy": "none"}).content.decode()
    assert "Locked, or not yours to decide" in content
    assert "Have it so" not in content


def test_a_course_of_another_session_is_not_found(crew, people, make_session, make_base_course):
    other = make_session("Other", courses=[make_base_course()])
    url = address("edition_deadlines", crew, uuid=other.editions.get().uuid)
    assert signed_in(people["greta"]).get(url).status_code == 404


def test_nothing_is_decided_by_a_word_that_is_no_policy(crew, people):
    assert signed_in(people["greta"]).post(of_edition(crew, 0), {"policy": "sometimes"}).status_code == 409
    assert crew.editions.get(position=0).deadlines == "shift"
