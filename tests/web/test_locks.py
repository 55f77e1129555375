"""What an administrator takes out of the coaches' hands, and what coaches read of it."""

from __future__ import annotations

import pytest

from cohort_sessions import api
from cohort_sessions.data import Lock
from cohort_sessions.models import SessionLock
from cohort_sessions.web.manage.locks import LOCKS
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, ROWS, address, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")

STANDING = "//span[@class='cs-lock__why']"


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("greta", "ben", "cleo", "lea", "sam")}


@pytest.fixture
def crew(people, make_base_course, make_session):
    """Greta administers, ben coaches all of it, cleo one course."""
    stars = make_base_course(title="Stars")
    return make_session(
        "Crew",
        courses=[stars],
        members=[people["lea"]],
        administrators=[people["greta"]],
        session_coaches=[people["ben"]],
        coaches={stars: [people["cleo"]]},
    )


def lock(session, *locks, reason, by, now):
    api.set_locks(session, locks, reason=reason, actor=api.Actor(user_id=by.pk, administers_all=True), now=now)


def standing(session) -> list[tuple]:
    return list(SessionLock.objects.filter(session=session).values_list("name", "reason", "locked_by__username"))


def test_every_lock_has_a_name_and_says_what_it_takes_away():
    assert set(LOCKS) == set(Lock)


def test_an_administrator_sets_and_releases_them(crew, people, visit):
    url = address("locks", crew)
    data = filled(visit(url, people["greta"])) | {"locks": ["team", "tool_visibility"], "reason": "Same everywhere."}
    response, page = send(url, people["greta"], **data)
    assert response.redirect_chain == [(url, 302)]
    assert page.words(NOTICE) == ["Saved", "2 locks were set."]
    assert standing(crew) == [
        ("team", "Same everywhere.", "greta"),
        ("tool_visibility", "Same everywhere.", "greta"),
    ]
    assert [said.split(" on ")[0] for said in page.words(STANDING)] == ["Locked by greta", "Locked by greta"]
    assert page.tree.xpath("//input[@name='locks' and @checked]/@value") == ["tool_visibility", "team"]
    data = {"locks": ["team", "schedule"], "seen": ["team", "tool_visibility"], "reason": "Exams."}
    _, page = send(url, people["greta"], **data)
    assert page.words(NOTICE) == ["Saved", "1 lock was set. 1 lock was released."]
    assert standing(crew) == [("schedule", "Exams.", "greta"), ("team", "Same everywhere.", "greta")]
    _, page = send(url, people["greta"], locks=["team", "schedule"], seen=["team", "schedule"], reason="Again.")
    assert page.words(NOTICE) == ["Nothing has changed"]


def test_whoever_saves_second_is_told(crew, people, visit, now):
    url = address("locks", crew)
    data = filled(visit(url, people["greta"])) | {"locks": ["team"], "reason": "Mine."}
    lock(crew, Lock.SCHEDULE, reason="Theirs.", by=people["sam"], now=now)
    response, page = send(url, people["greta"], **data)
    assert response.status_code == 200
    assert page.words("//div[@role='alert']/h2") == ["The locks were changed while you were editing"]
    assert standing(crew) == [("schedule", "Theirs.", "sam")]
    assert page.tree.xpath("//input[@name='locks' and @checked]/@value") == ["team"]
    _, page = send(url, people["greta"], locks=["team"], seen=["schedule"], reason="Mine.")
    assert standing(crew) == [("team", "Mine.", "greta")]


def test_coaches_read_why(crew, people, visit, now):
    lock(crew, Lock.TEAM, reason="The board decides.", by=people["greta"], now=now)
    for coach in ("ben", "cleo"):
        page = visit(address("locks", crew), people[coach])
        rows = page.words(ROWS)
        assert len(rows) == len(Lock)
        (locked,) = [row for row in rows if "Now Locked" in row]
        assert locked.startswith(
            "Course coaches Assign and remove the coaches of courses. Now Locked Locked by greta on"
        )
        assert locked.endswith("Reason given: The board decides.")
        assert page.tree.xpath("//main//form") == []


@pytest.mark.parametrize("name", ["ben", "cleo"])
def test_coaches_set_none(name, crew, people, now):
    lock(crew, Lock.TEAM, reason="", by=people["greta"], now=now)
    response = signed_in(people[name]).post(address("locks", crew), {"locks": [], "seen": ["team"]})
    assert response.status_code == 403
    assert standing(crew) == [("team", "", "greta")]


def test_others_find_nothing_or_are_refused(crew, people):
    seen = {name: signed_in(people[name]).get(address("locks", crew)).status_code for name in ("lea", "sam")}
    assert seen == {"lea": 403, "sam": 404}


def test_what_is_no_lock_is_said(crew, people):
    response, page = send(address("locks", crew), people["greta"], locks=["gravity"])
    assert response.status_code == 200
    assert "gravity" in page.words("//p[@class='cs-field__error']")[0]
    assert standing(crew) == []


@pytest.mark.parametrize("locks", [(), tuple(Lock)])
def test_the_same_queries_with_no_lock_and_with_all(locks, crew, people, now, django_assert_num_queries):
    lock(crew, *locks, reason="", by=people["greta"], now=now)
    browser = signed_in(people["greta"])
    with django_assert_num_queries(7):
        browser.get(address("locks", crew))
