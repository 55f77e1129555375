"""*Sessions* of a course in Studio: who sees which editions, and what a course team does about their coaches."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from cohort_sessions import api
from cohort_sessions.data import Lock
from tests.rows import copy_session
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, ROWS, errors, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")


def studio(page: str, base_key, **kwargs) -> str:
    """The address of a page of the course in Studio."""
    kwargs = {"base_key": str(base_key), **kwargs}
    return reverse(f"cohort_sessions:studio_{page}", urlconf="sandbox.urls.studio", kwargs=kwargs)


def moment(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


@pytest.fixture
def people(make_user):
    """Everybody, by username; pia runs the platform."""
    names = ("tom", "ida", "lea", "omar", "greta", "ben", "cleo", "dan", "sam")
    return {name: make_user(name) for name in names} | {"pia": make_user("pia", is_staff=True)}


@pytest.fixture
def tides(make_base_course):
    return make_base_course(title="Tides")


@pytest.fixture
def stars(make_base_course):
    return make_base_course(title="Stars")


@pytest.fixture
def crew(people, tides, stars, make_session, make_course_role):
    """A session of both courses: tom is staff of the one, ida instructor of the other."""
    make_course_role(tides, people["tom"], "staff")
    make_course_role(stars, people["ida"], "instructor")
    return make_session(
        "Crew",
        courses=[tides, stars],
        members=[people["lea"], people["omar"]],
        administrators=[people["greta"]],
        session_coaches=[people["ben"]],
        coaches={tides: [people["cleo"]], stars: [people["dan"]]},
        opens_at=moment(2020),
        closes_at=moment(2100),
    )


@pytest.fixture
def edition(crew, tides):
    return crew.editions.get(base_key=tides)


@pytest.fixture
def coaches_url(edition, tides):
    return studio("coaches", tides, uuid=edition.uuid)


@pytest.fixture
def remove_url(edition, tides):
    return studio("remove_coaches", tides, uuid=edition.uuid)


def coached_by(edition) -> list[str]:
    return list(edition.coaches.values_list("user__username", flat=True))


def test_the_editions_of_the_course_and_of_no_other(crew, people, tides, stars, make_session, visit, coaches_url, now):
    make_session("Pilots", courses=[tides], opens_at=moment(2090), is_published=False)
    make_session("Foreign", courses=[stars])
    gone = make_session("Bakers", courses=[tides], opens_at=moment(2010), closes_at=moment(2011))
    gone.editions.update(withdrawn_at=now)
    page = visit(studio("course", tides), people["tom"])
    assert page.words("//h1") == ["Sessions"]
    assert page.words(ROWS) == [
        (
            "Pilots pilots Dates From Jan. 1, 2090 Status Draft Members 0 Course coaches – Session coaches – "
            "In the LMS Done"
        ),
        (
            "Crew crew Dates Jan. 1, 2020 – Dec. 31, 2099 Status Published Members 2 Course coaches cleo "
            "Session coaches ben In the LMS Done"
        ),
        (
            "Bakers bakers Dates Jan. 1, 2010 – Dec. 31, 2010 Status Published Members 0 Course coaches – "
            "Session coaches – In the LMS Withdrawn"
        ),
    ]
    assert page.links(f"{ROWS}[2]") == {"Crew": coaches_url}
    assert page.links("//p[@class='cs-back']") == {"Tides": f"/studio/course/{tides}/"}


def test_a_course_in_no_session(people, tides, visit):
    page = visit(studio("course", tides), people["pia"])
    assert page.words("//h2") == ["This course is in no session yet"]


def test_the_way_from_the_course(crew, people, tides, visit):
    assert visit(f"/studio/course/{tides}/", people["tom"]).links()["Sessions"] == studio("course", tides)


def test_only_the_course_team_finds_the_pages(crew, people, tides, edition, coaches_url, remove_url, make_course_role):
    """Roles in the session or the edition open the LMS's pages, not Studio's."""
    make_course_role(edition.edition_key, people["sam"], "staff")
    for url in (studio("course", tides), coaches_url, f"{remove_url}?who=cleo"):
        status = {name: signed_in(user).get(url).status_code for name, user in people.items()}
        assert status == dict.fromkeys(people, 404) | {"tom": 200, "pia": 200}
        assert Client().get(url).url.startswith("/studio/sign-in/?next=/studio/cohort-sessions/")


def test_nobody_else_changes_anything(crew, people, edition, coaches_url, remove_url):
    for name in people.keys() - {"tom", "pia"}:
        sent = [send(coaches_url, people[name], people="sam"), send(remove_url, people[name], who="cleo")]
        assert [response.status_code for response, _page in sent] == [404, 404], name
    assert coached_by(edition) == ["cleo"]


def test_keys_that_are_none_of_theirs(crew, people, tides, stars, edition):
    """An edition of another course, one that does not exist, the key of an edition, and what is no key at all."""
    foreign = crew.editions.get(base_key=stars)
    urls = [
        studio("coaches", tides, uuid=foreign.uuid),
        studio("coaches", tides, uuid=uuid4()),
        studio("course", edition.edition_key),
        studio("course", "tides"),
        studio("course", "course-v1:Sea+None+1"),
    ]
    for name in ("tom", "pia"):
        assert [signed_in(people[name]).get(url).status_code for url in urls] == [404] * len(urls)
    assert send(urls[0], people["tom"], people="sam")[0].status_code == 404
    assert coached_by(foreign) == ["dan"]


def test_assigning_from_a_pasted_list(crew, people, tides, edition, coaches_url, committed, is_course_staff):
    with committed():
        _response, page = send(coaches_url, people["tom"], people="sam\ndan@example.com, ghost; cleo")
    assert coached_by(edition) == ["cleo", "sam", "dan"]
    assert page.words(NOTICE) == [
        "2 people were assigned",
        "1 line could not be done. The LMS follows by itself; until it has, the course is marked as pending here.",
        "ghost No active account has this username or e-mail address.",
        "cleo Nothing to change.",
    ]
    assert [is_course_staff(key, people["sam"]) for key in (edition.edition_key, tides)] == [True, False]
    assert edition.coaches.get(user=people["sam"]).history.get().history_user == people["tom"]


def test_lines_that_failed_come_back_once_to_be_mended(crew, people, coaches_url, visit):
    _response, page = send(coaches_url, people["tom"], people="ghost\nsam, gost@example.com")
    assert filled(page)["people"] == "ghost\ngost@example.com"
    _response, page = send(coaches_url, people["tom"], people="dan")
    assert filled(page)["people"] == ""
    send(coaches_url, people["tom"], people="ghost")
    assert [filled(visit(coaches_url, people["tom"]))["people"] for _visit in range(2)] == ["", ""]


def test_who_could_not_be_removed_is_not_put_up_to_be_assigned(crew, people, coaches_url, remove_url):
    _response, page = send(remove_url, people["tom"], who="ghost")
    assert page.words(NOTICE)[-1] == "ghost No active account has this username or e-mail address."
    assert filled(page)["people"] == ""


def test_pending_until_the_lms_has_followed(crew, people, tides, edition, coaches_url, visit):
    """Nothing is committed inside the test, so no task has run."""
    _response, page = send(coaches_url, people["tom"], people="sam")
    assert page.words("//main//span[contains(@class, 'cs-badge')]") == ["Published", "Pending"]
    assert visit(studio("course", tides), people["tom"]).words(f"{ROWS}/td[last()]") == ["In the LMS Pending"]


def test_nobody_named(crew, people, edition, coaches_url):
    _response, page = send(coaches_url, people["tom"], people=" ,\n")
    assert errors(page) == {"people": "This field is required."}
    assert coached_by(edition) == ["cleo"]


def test_removing_asks_first(crew, people, edition, coaches_url, remove_url, visit, committed, is_course_staff):
    page = visit(f"{remove_url}?who=cleo&who=sam", people["tom"])
    assert (page.words("//h1"), page.words("//li")) == (["Remove coaches"], ["C cleo cleo"])
    assert coached_by(edition) == ["cleo"]
    with committed():
        response, page = send(remove_url, people["tom"], who="cleo")
    assert response.redirect_chain == [(coaches_url, 302)]
    assert page.words(NOTICE)[0] == "1 person was removed"
    assert coached_by(edition) == []
    assert not is_course_staff(edition.edition_key, people["cleo"])


def test_nobody_ticked(crew, people, coaches_url, remove_url):
    response = signed_in(people["tom"]).get(remove_url, follow=True)
    assert response.redirect_chain == [(coaches_url, 302)]
    assert "Nobody was chosen" in response.content.decode()


def test_a_locked_team_says_whom_to_ask(crew, people, edition, coaches_url, remove_url, visit, now):
    api.set_locks(crew, {Lock.TEAM}, reason="Exam.", actor=api.SYSTEM, now=now)
    page = visit(coaches_url, people["tom"])
    (text,) = page.words("//p[@class='cs-notice__text']")
    assert text.endswith("Reason given: Exam. Ask the administrators of this session: greta.")
    assert page.tree.xpath("//main//button | //main//input | //main//textarea") == []
    assert page.words("//main//li") == ["C cleo cleo"]
    for url, data in ((coaches_url, {"people": "sam"}), (remove_url, {"who": "cleo"})):
        response, refused = send(url, people["tom"], **data)
        assert response.status_code == 403
        assert refused.words("//main//p[@class='cs-notice__text']") == [
            "This is locked in this session. Ask a session administrator. Reason given: Exam."
        ]
    assert coached_by(edition) == ["cleo"]
    assert "Assign" in visit(coaches_url, people["pia"]).words("//button")


@pytest.mark.parametrize("count", [1, 3, 100])
def test_ten_queries_whatever_the_number_of_editions(
    count, crew, people, tides, make_session, stars, django_assert_num_queries
):
    """Four to know who asks, one each for time zone and course, four for the page."""
    make_session("Foreign", courses=[stars])
    for number in range(1, count):
        copy_session(crew, number)
    browser = signed_in(people["tom"])
    with django_assert_num_queries(10):
        content = browser.get(studio("course", tides)).content.decode()
    assert content.count("Dec. 31, 2099") == min(count, 25)
    assert "Foreign" not in content


def test_pages_of_twenty_five(crew, people, tides, visit):
    for number in range(1, 27):
        copy_session(crew, number)
    page = visit(f"{studio('course', tides)}?page=2", people["tom"])
    assert (len(page.words(ROWS)), page.words("//nav[@class='cs-pages']/span")) == (2, ["Page 2 of 2"])
    assert page.links("//nav[@class='cs-pages']") == {"Previous page": f"{studio('course', tides)}?page=1"}


def test_every_length_follows_the_size_of_the_host_s_text():
    # Studio's root has 62.5 % of the size that browsers give it, so that a bare rem is too small there.
    sheet = Path(finders.find("cohort_sessions/cohort_sessions.css")).read_text(encoding="utf-8")
    bare = [
        line.strip()
        for line in sheet.splitlines()
        if re.search(r"[\d.]rem\b", line) and not line.lstrip().startswith(("@", "--cs-rem:"))
    ]
    assert bare == []
