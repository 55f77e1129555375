"""Who runs a session, as its team sees it, and how roles are given and taken."""

from __future__ import annotations

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Lock
from cohort_sessions.models import CourseEdition, EditionCoach, SessionTeamMember
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, address, send

pytestmark = pytest.mark.django_db(databases="__all__")

SECTIONS = "//main//section"
TEXT = "They lose this role and what the platform gave them for it. Other roles of theirs stay."


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("greta", "ben", "cleo", "otto", "lea", "sam")}


@pytest.fixture
def crew(people, make_base_course, make_session):
    """Greta administers, ben coaches all, cleo the first of two courses; another session is otto's."""
    stars, tides = make_base_course(title="Stars"), make_base_course(title="Tides")
    make_session("Other", courses=[stars], administrators=[people["otto"]], coaches={stars: [people["otto"]]})
    return make_session(
        "Crew",
        courses=[stars, tides],
        members=[people["lea"]],
        administrators=[people["greta"]],
        session_coaches=[people["ben"]],
        coaches={stars: [people["cleo"]]},
    )


@pytest.fixture
def first(crew):
    return crew.editions.order_by("position")[0]


def team(session) -> set[tuple]:
    whole = SessionTeamMember.objects.filter(session=session).values_list("role", "user__username")
    return set(whole) | set(
        EditionCoach.objects.filter(edition__session=session).values_list("edition__position", "user__username")
    )


AS_MADE = {("administrator", "greta"), ("session_coach", "ben"), (0, "cleo")}


def test_an_administrator_sees_everybody_and_may_change_everything(crew, first, people, visit):
    page = visit(address("team", crew), people["greta"])
    meaning = "They teach this course in this session, and see its learners."
    ways = "Assign… {0} Remove those chosen… {0}"
    assert page.words(SECTIONS) == [
        "Session administrators They plan and run this session: its settings, people, team and locks. greta greta "
        + ways.format("Session administrators"),
        "Session coaches They teach in every course of this session and see all its learners. ben ben "
        + ways.format("Session coaches"),
        f"Stars {meaning} cleo cleo " + ways.format("Stars"),
        f"Tides {meaning} Nobody yet. Assign… Tides",
    ]
    assert page.links(SECTIONS)["Assign… Stars"] == address("assign_course_coaches", crew, uuid=first.uuid)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("ben", ["Assign… Stars", "Assign… Tides"]),
        ("cleo", []),
    ],
)
def test_coaches_see_it_and_are_offered_what_is_theirs(who, may, crew, people, visit):
    page = visit(address("team", crew), people[who])
    assert len(page.words(SECTIONS)) == 4
    assert list(page.links(SECTIONS)) == may


def test_a_lock_takes_the_course_coaches_out_of_coaches_hands(crew, first, people, visit, now):
    api.set_locks(crew, [Lock.TEAM], reason="The board decides.", actor=SYSTEM, now=now)
    page = visit(address("team", crew), people["ben"])
    title, text = page.words(NOTICE)
    assert title == "The team is locked"
    assert text.startswith("Locked by a session administrator on")
    assert text.endswith(
        "Reason given: The board decides. "
        "You can see who teaches here; to change anything, ask a session administrator."
    )
    assert page.links(SECTIONS) == {}
    for step in ("assign_course_coaches", "remove_course_coaches"):
        response = signed_in(people["ben"]).post(address(step, crew, uuid=first.uuid), {"people": "sam", "who": "cleo"})
        assert response.status_code == 403
    assert team(crew) == AS_MADE
    assert "notice" not in visit(address("team", crew), people["greta"]).words(NOTICE)


def test_a_pasted_list_is_answered_line_by_line(crew, first, people):
    url = address("assign_course_coaches", crew, uuid=first.uuid)
    response, page = send(url, people["greta"], people="sam\nnobody\ncleo")
    assert response.redirect_chain == [(url, 302)]
    assert page.words(NOTICE)[:2] == ["1 person was assigned", "1 line could not be done."]
    assert page.words("//main//textarea") == ["nobody"]
    assert team(crew) == AS_MADE | {(0, "sam")}
    response, page = send(url, people["greta"], people="otto@example.com")
    assert response.redirect_chain == [(address("team", crew), 302)]
    assert team(crew) == AS_MADE | {(0, "sam"), (0, "otto")}


@pytest.mark.parametrize("role", ["administrator", "session_coach"])
def test_roles_over_the_session_come_and_go(role, crew, people, visit):
    send(address("assign_team", crew, role=role), people["greta"], people="sam")
    assert team(crew) == AS_MADE | {(role, "sam")}
    url = address("remove_team", crew, role=role)
    page = visit(f"{url}?who=sam&who=lea", people["greta"])
    assert page.words("//li[@class='cs-person']") == ["S sam sam"]
    assert TEXT in page.words("//main//p")
    _, page = send(url, people["greta"], who=["sam"])
    assert page.words(NOTICE)[0] == "1 person was removed"
    assert team(crew) == AS_MADE


def test_who_removes_herself_is_warned(crew, people, visit):
    warning = "You are among them: you may not be able to undo this yourself."
    url = address("remove_team", crew, role="administrator")
    assert warning in visit(f"{url}?who=greta", people["greta"]).words("//strong")
    url = address("remove_team", crew, role="session_coach")
    assert warning not in visit(f"{url}?who=ben", people["greta"]).words("//strong")


def test_nobody_chosen_is_said(crew, people):
    url = address("remove_team", crew, role="session_coach")
    response = signed_in(people["greta"]).get(url, follow=True)
    assert response.redirect_chain == [(address("team", crew), 302)]
    assert "Nobody was chosen" in response.content.decode()


def test_an_empty_list_is_said_beside_the_field(crew, people):
    response, page = send(address("assign_team", crew, role="session_coach"), people["greta"], people=" \n")
    assert response.status_code == 200
    assert page.words("//p[@class='cs-field__error']") == ["This field is required."]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("ben", {"administrator": 403, "session_coach": 403, "course": 302}),
        ("cleo", dict.fromkeys(("administrator", "session_coach", "course"), 403)),
        ("lea", dict.fromkeys(("administrator", "session_coach", "course"), 403)),
        ("sam", dict.fromkeys(("administrator", "session_coach", "course"), 404)),
        ("otto", dict.fromkeys(("administrator", "session_coach", "course"), 404)),
    ],
)
@pytest.mark.parametrize("step", ["assign", "remove"])
def test_steps_are_for_those_the_table_names(step, who, status, crew, first, people):
    urls = {
        "administrator": address(f"{step}_team", crew, role="administrator"),
        "session_coach": address(f"{step}_team", crew, role="session_coach"),
        "course": address(f"{step}_course_coaches", crew, uuid=first.uuid),
    }
    browser, data = signed_in(people[who]), {"people": "lea", "who": ["lea"]}
    assert {name: browser.post(url, data).status_code for name, url in urls.items()} == status


def test_an_edition_of_another_session_is_not_found_here(crew, people):
    foreign = CourseEdition.objects.get(session__title="Other")
    for step in ("assign_course_coaches", "remove_course_coaches"):
        url = address(step, crew, uuid=foreign.uuid)
        response = signed_in(people["greta"]).post(url, {"people": "sam", "who": ["otto"]})
        assert response.status_code == 404
    assert EditionCoach.objects.filter(edition=foreign).count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_same_queries_whatever_the_number(count, crew, first, people, make_user, now, django_assert_num_queries):
    names = [make_user(f"coach{number}").username for number in range(count)]
    api.assign_course_coaches(first, names, actor=SYSTEM, now=now)
    browser = signed_in(people["ben"])
    with django_assert_num_queries(11):
        content = browser.get(address("team", crew)).content.decode()
    assert content.count('class="cs-person"') == count + 3
