"""The results of a session as its coaches see them: members by courses, and one course."""

from __future__ import annotations

from uuid import uuid4

import pytest

from cohort_sessions import api, permissions
from cohort_sessions.data import Actor
from tests.web.conftest import signed_in
from tests.web.kit import address
from tests.web.matrix import PEOPLE
from tests.web.results.kit import (
    ACTIONS,
    GRID,
    HEADINGS,
    NAMES,
    ROWS,
    TABS,
    THEN,
    TILES,
    edition,
    of_course,
    told,
    work,
)

pytestmark = pytest.mark.django_db(databases="__all__")


class TestOverview:
    """Members by courses."""

    def test_what_a_session_coach_sees(self, crew, people, visit):
        page = visit(address("results", crew), people["ben"])
        assert page.words("//h1") == ["Results"]
        assert page.words("//p[@class='cs-head__note']") == [
            "As of Jan. 12, 2026, 9 a.m. UTC, when the last of them changed."
        ]
        assert page.words(HEADINGS) == [
            "Name",
            "Tides Standing, Tides Grade, Tides Progress, Tides",
            "Stars Standing, Stars Grade, Stars Progress, Stars",
            "Overall progress",
            "Last activity",
        ]
        assert told(page) == [
            "ana ana 80% Passed Final 75% done Active 50% done 62% done Jan. 11, 2026",
            "dan dan 25% Active 25% done Not started 0% done 12% done Jan. 10, 2026",
            "eve eve Not started 0% done Not started 0% done 0% done –",
        ]
        assert page.words(f"{GRID}//tfoot/tr") == ["Mean of 3 learners 52% 33% done – 16% done 25% done"]
        assert page.words(TILES) == [
            "Learners 3",
            "Passed 1 of 6, each course counted",
            "Behind 0 of 6, each course counted",
            "Final 1 of 6, each course counted",
            "Mean grade 52% of 2 graded",
            "Mean progress 25%",
        ]
        assert page.words(ACTIONS) == ["Export…", "Write to…"]
        assert len(page.tree.xpath("//input[@name='who']")) == 3

    def test_each_member_and_each_course_has_a_page_of_its_own(self, crew, people, visit):
        page = visit(address("results", crew), people["ben"])
        assert page.links(NAMES) == {
            name: address("member_results", crew, username=name) for name in ("ana", "dan", "eve")
        }
        assert page.links(TABS) == {
            "All courses": address("results", crew),
            "Tides": of_course(crew, 0),
            "Stars": of_course(crew, 1),
        }
        assert page.words(f"{TABS}//a[@aria-current='page']") == ["All courses"]
        assert page.words("//nav[@class='cs-ways']//a[@aria-current='page']") == ["Results"]

    def test_a_course_coach_sees_their_own_course_alone(self, crew, people, visit):
        page = visit(address("results", crew), people["cleo"])
        assert told(page) == [
            "ana ana Active 50% done 50% done Jan. 11, 2026",
            "dan dan Not started 0% done 0% done –",
            "eve eve Not started 0% done 0% done –",
        ]
        assert list(page.links(TABS)) == ["All courses", "Stars"]
        assert "Tides" not in page.words()[0]

    def test_former_members_too(self, crew, people, visit):
        page = visit(f"{address('results', crew)}?former=on", people["ben"])
        assert told(page)[-1] == (
            "tom tom Former member 90% Passed 100% done Not started 0% done 50% done Jan. 8, 2026"
        )
        # What is told of all together is of those who have a place.
        assert page.words(TILES)[0] == "Learners 3"

    def test_nobody_has_a_place_yet(self, people, make_session, make_base_course, visit):
        session = make_session(courses=[make_base_course()], administrators=[people["greta"]])
        for url in (address("results", session), of_course(session)):
            page = visit(url, people["greta"])
            assert page.words("//h2") == ["Nobody has a place yet"]
            assert page.tree.xpath("//figure | //table | //form[@role='search']") == []

    def test_no_course_yet(self, people, make_session, visit):
        session = make_session(administrators=[people["greta"]], session_coaches=[people["ben"]])
        page = visit(address("results", session), people["greta"])
        assert page.words("//h2") == ["There are no courses yet"]
        assert page.links("//p[@class='cs-empty__ways']") == {"Courses": address("courses", session)}
        assert visit(address("results", session), people["ben"]).links("//p[@class='cs-empty__ways']") == {}


class TestCourse:
    """One course, with all there is of it."""

    def test_every_column(self, crew, people, visit):
        page = visit(of_course(crew), people["ben"])
        assert page.words("//h1") == ["Results in Tides"]
        assert page.words(HEADINGS) == [
            "Name",
            "Standing",
            "Grade",
            "Letter",
            "Progress",
            "First activity",
            "Last activity",
            "Final since",
        ]
        assert told(page) == [
            "ana ana Passed 80% A 75% done Jan. 5, 2026 Jan. 9, 2026 Jan. 10, 2026",
            "dan dan Active 25% – 25% done Jan. 10, 2026 Jan. 10, 2026 –",
            "eve eve Not started – – 0% done – – –",
        ]
        assert page.words(f"{GRID}//tfoot/tr") == ["Mean of 3 learners 52% 33% done"]
        assert page.words(TILES)[1] == "Passed 1 of 3"
        assert page.words(f"{TABS}//a[@aria-current='page']") == ["Tides"]

    def test_days_are_those_of_the_reader(self, crew, people, visit, reads_in):
        reads_in(people["ben"], "Pacific/Auckland")
        work(crew, "eve", 0, first_activity_at=THEN.replace(hour=23), last_activity_at=THEN.replace(hour=23))
        page = visit(of_course(crew), people["ben"])
        assert page.words(f"{ROWS}[3]//time") == ["Jan. 11, 2026", "Jan. 11, 2026"]

    def test_who_may_open_it(self, crew, people):
        names = ("greta", "ben", "cleo", "ana", "sam")

        def statuses(url: str) -> list[int]:
            return [signed_in(people[name]).get(url).status_code for name in names]

        assert statuses(of_course(crew, 0)) == [200, 200, 403, 403, 404]
        assert statuses(of_course(crew, 1)) == [200, 200, 200, 403, 404]
        assert statuses(address("results", crew)) == [200, 200, 200, 403, 404]
        assert statuses(address("member_results", crew, username="ana")) == [200, 200, 200, 403, 404]
        assert statuses(address("edition_results", crew, uuid=uuid4())) == [404, 404, 404, 403, 404]

    def test_what_is_done_for_those_who_are_chosen(self, crew, people, visit, settings):
        page = visit(f"{of_course(crew)}?search=a&final=yes&sort=-grade", people["greta"])
        assert {button.text_content(): button.get("formaction") for button in page.tree.xpath(ACTIONS)} == {
            "Export…": address("export_results", crew),
            "Write to…": address("message_members", crew),
            "Reopen…": of_course(crew, page="reopen_results"),
        }
        assert told(page)[0].startswith("ana ana ")
        (form,) = page.tree.xpath("//form[.//input[@name='who']]")
        assert (form.method, dict(form.form_values())) == (
            "GET",
            {"search": "a", "final": "yes", "sort": "-grade", "course": str(edition(crew).uuid)},
        )
        for name, page in (("ben", of_course(crew)), ("greta", address("results", crew))):
            assert visit(page, people[name]).words(ACTIONS) == ["Export…", "Write to…"]
        settings.COHORT_SESSIONS_CERTIFICATES = True
        assert visit(of_course(crew), people["greta"]).words(ACTIONS)[2:] == ["Give certificate…", "Reopen…"]
        assert visit(of_course(crew), people["ben"]).words(ACTIONS) == ["Export…", "Write to…"]


def test_who_sees_the_roster_sees_results_of_something_and_nobody_else_does(world, now):
    """Which is why the page is offered, and refused, by the former."""
    session, users = world
    for name in PEOPLE:
        actor: Actor = api.load_actor(users[name], now=now)
        sees = permissions.rows(actor, permissions.VIEW_RESULT, session.editions.all()).exists()
        assert sees == permissions.allows(actor, permissions.VIEW_ROSTER, session), name
