"""The results of a session as its coaches see them: members by courses, one course, one member, and opening again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from cohort_sessions import api, permissions
from cohort_sessions.data import Actor
from cohort_sessions.models import ActiveDay, EditionDay, EditionResult, Member
from cohort_sessions.queries.changes import ChangeFilter, ChangeKind, session_changes
from cohort_sessions.web.manage import change_words
from tests.web.conftest import Page, signed_in
from tests.web.kit import NOTICE, address, errors, send
from tests.web.matrix import PEOPLE

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
THEN = datetime(2026, 1, 10, 9, tzinfo=UTC)
OPENS, CLOSES = datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
POLICY = {
    "letters": [["A", 0.8], ["Pass", 0.5]],
    "assignments": [
        {"assignment_type": "Homework", "weight": 0.4, "dropped": 1},
        {"assignment_type": "Exam", "weight": 0.6, "dropped": 0},
    ],
}

GRID = "//div[@aria-label='Table of results']"
ROWS = f"{GRID}//tbody/tr"
NAMES = f"{ROWS}/th"
HEADINGS = f"{GRID}//thead/tr/th[not(contains(@class, 'cs-grid__tick'))]"
TABS = "//nav[@aria-label='Results by course']"
ACTIONS = "//div[@class='cs-actions']//button"
TILES = "//dl[@class='cs-totals']/div"
PAGES = "//nav[@class='cs-pages']"


def told(page) -> list[str]:
    """What stands in each row, but for the box to tick."""
    return [line.partition(" ")[2].partition(" ")[2] for line in page.words(ROWS)]


@pytest.fixture
def people(make_user) -> dict:
    """Learners Ana, Dan and Eve, coaches Ben and Cleo (of a course), administrator Greta; Tom was there, Sam never."""
    return {name: make_user(name) for name in ("ana", "dan", "eve", "tom", "ben", "cleo", "greta", "sam")}


@pytest.fixture
def crew(people, make_base_course, make_session):
    """
    In Tides Ana has passed, finally, and Dan is at work; in Stars Ana is at work. Eve has done nothing. Tom, who has no
    place any more, had done all of Tides.
    """
    tides, stars = make_base_course(title="Tides"), make_base_course(title="Stars")
    session = make_session(
        "Crew",
        courses=[tides, stars],
        members=[people[name] for name in ("ana", "dan", "eve")],
        session_coaches=[people["ben"]],
        coaches={stars: [people["cleo"]]},
        administrators=[people["greta"]],
        opens_at=OPENS,
        closes_at=CLOSES,
        results_final_after_days=3,
    )
    Member.objects.create(session=session, user=people["tom"], status="removed", enrolled_at=OPENS, removed_at=THEN)
    other = make_session("Another", courses=[tides, stars], members=[people["sam"]])
    work(other, "sam", 0, grade=1.0, passed=True, completed=4, as_of=THEN + 9 * DAY)
    work(
        session,
        "ana",
        0,
        grade=0.8,
        letter="A",
        passed=True,
        passed_at=THEN - DAY,
        completed=3,
        first_activity_at=THEN - 5 * DAY,
        last_activity_at=THEN - DAY,
        final_at=THEN,
        grading_policy=POLICY,
        version="v1",
        sections=SECTIONS,
    )
    work(session, "dan", 0, grade=0.25, completed=1, first_activity_at=THEN, last_activity_at=THEN)
    work(session, "ana", 1, completed=2, first_activity_at=THEN, last_activity_at=THEN + DAY, as_of=THEN + 2 * DAY)
    work(session, "tom", 0, grade=0.9, passed=True, completed=4, last_activity_at=THEN - 2 * DAY)
    return session


SECTIONS = [
    {"block_id": "a", "title": "Ebb", "assignment_type": "Homework", "earned": 1.5, "possible": 2.0},
    {"block_id": "b", "title": "Moon", "assignment_type": "Exam", "earned": 5.0, "possible": 5.0},
    {"block_id": "c", "title": "Flow", "assignment_type": "Homework", "earned": 1.0, "possible": 2.0},
]


def work(session, username: str, position: int, **values) -> EditionResult:
    """A result of a member in the course at this place, of four parts."""
    row = EditionResult(
        member=session.members.get(user__username=username),
        edition=session.editions.get(position=position),
        **{"completable": 4, "as_of": THEN, **values},
    )
    EditionResult.objects.bulk_create([row])
    return row


def edition(session, position: int = 0):
    return session.editions.get(position=position)


def of_course(session, position: int = 0, page: str = "edition_results") -> str:
    return address(page, session, uuid=edition(session, position).uuid)


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


class TestLookingFor:
    """Search, filters, order, pages and columns."""

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("search=AN", ["ana", "dan"]),
            ("search=eve@example", ["eve"]),
            ("search=nobody", []),
            ("standing=active", ["ana", "dan"]),
            ("standing=passed", ["ana"]),
            ("final=yes", ["ana"]),
            ("final=no", ["dan", "eve"]),
            ("standing=passed&former=on", ["ana", "tom"]),
            ("standing=nonsense&final=perhaps&former=&search=%00&sort=x&page=x", ["ana", "dan", "eve"]),
            (f"search={'a' * 151}&page=-1", ["ana", "dan", "eve"]),
        ],
    )
    def test_who_is_found(self, query, names, crew, people, visit):
        page = visit(f"{address('results', crew)}?{query}", people["ben"])
        assert [line.split()[0] for line in page.words(NAMES)] == names

    @pytest.mark.parametrize(
        ("sort", "names"),
        [
            ("", ["ana", "dan", "eve"]),
            ("-name", ["eve", "dan", "ana"]),
            ("progress", ["eve", "dan", "ana"]),
            ("-progress", ["ana", "dan", "eve"]),
            ("activity", ["dan", "ana", "eve"]),
            ("-activity", ["ana", "dan", "eve"]),
            ("grade.{tides}", ["dan", "ana", "eve"]),
            ("-grade.{tides}", ["ana", "dan", "eve"]),
            ("-standing.{tides}", ["ana", "dan", "eve"]),
            ("progress.{stars}", ["dan", "eve", "ana"]),
            # What there is not, or not here, leaves the order of names.
            ("-letter", ["ana", "dan", "eve"]),
            ("-letter.{tides}", ["ana", "dan", "eve"]),
            ("-grade.{unknown}", ["ana", "dan", "eve"]),
            ("-grade.nonsense", ["ana", "dan", "eve"]),
            ("--grade", ["ana", "dan", "eve"]),
        ],
    )
    def test_the_overview_in_every_order(self, sort, names, crew, people, visit):
        uuids = {"tides": edition(crew, 0).uuid, "stars": edition(crew, 1).uuid, "unknown": uuid4()}
        page = visit(f"{address('results', crew)}?sort={sort.format(**uuids)}", people["ben"])
        assert [line.split()[0] for line in page.words(NAMES)] == names

    @pytest.mark.parametrize(
        ("sort", "names"),
        [
            ("standing", ["eve", "dan", "ana"]),
            ("grade", ["dan", "ana", "eve"]),
            ("-grade", ["ana", "dan", "eve"]),
            ("letter", ["ana", "dan", "eve"]),
            ("progress", ["eve", "dan", "ana"]),
            ("first_activity", ["ana", "dan", "eve"]),
            ("-first_activity", ["dan", "ana", "eve"]),
            ("-activity", ["dan", "ana", "eve"]),
            ("-final", ["ana", "dan", "eve"]),
        ],
    )
    def test_a_course_in_every_order(self, sort, names, crew, people, visit):
        page = visit(f"{of_course(crew)}?sort={sort}", people["ben"])
        assert [line.split()[0] for line in page.words(NAMES)] == names
        direction = "descending" if sort.startswith("-") else "ascending"
        assert page.tree.xpath(f"{HEADINGS}/@aria-sort") == [direction]

    def test_headings_sort_and_turn_round(self, crew, people, visit):
        tides = edition(crew).uuid
        url = address("results", crew)
        page = visit(f"{url}?search=a&final=no", people["ben"])
        assert page.tree.xpath(f"{HEADINGS}/@aria-sort") == ["ascending"]
        assert page.links(HEADINGS)["Name"] == f"{url}?search=a&final=no&sort=-name"
        assert page.links(HEADINGS)["Grade, Tides"] == f"{url}?search=a&final=no&sort=grade.{tides}"
        page = visit(f"{url}?sort=grade.{tides}", people["ben"])
        assert page.words(f"{HEADINGS}[@aria-sort='ascending']//a[@aria-current]") == ["Grade, Tides"]
        assert page.links(HEADINGS)["Grade, Tides"] == f"{url}?sort=-grade.{tides}"
        assert page.links(HEADINGS)["Name"] == url

    def test_what_is_looked_for_is_kept_and_taken_away(self, crew, people, visit):
        url = address("results", crew)
        page = visit(f"{url}?search=a&standing=active&former=on&sort=-activity", people["ben"])
        kept = "search=a&standing=active&former=on&sort=-activity"
        (form,) = page.tree.xpath("//form[@role='search']")
        assert dict(form.form_values()) == {
            "search": "a",
            "standing": "active",
            "final": "",
            "former": "on",
            "sort": "-activity",
        }
        assert page.links(TABS)["Tides"] == f"{of_course(crew)}?{kept}"
        assert page.links("//form[@role='search']") == {"Clear all": url}
        assert page.words("//p[@role='status']") == ["2 members match."]
        assert visit(url, people["ben"]).links("//form[@role='search']") == {}

    def test_an_order_of_one_course_is_not_taken_to_another(self, crew, people, visit):
        page = visit(f"{address('results', crew)}?search=a&sort=grade.{edition(crew).uuid}", people["ben"])
        assert page.links(TABS)["Stars"] == f"{of_course(crew, 1)}?search=a"

    def test_pages_of_fifty(self, people, make_session, make_base_course, visit, now):
        session = crowd(make_session(courses=[make_base_course()], session_coaches=[people["ben"]]), 120, now)
        url = address("results", session)
        page = visit(f"{url}?search=user&sort=-name&page=2", people["ben"])
        assert (page.words(NAMES)[0], len(told(page))) == ("user069 user069", 50)
        assert page.words(f"{PAGES}/span") == ["Page 2 of 3"]
        assert page.links(PAGES) == {
            "Previous page": f"{url}?search=user&sort=-name&page=1",
            "Next page": f"{url}?search=user&sort=-name&page=3",
        }
        assert visit(f"{url}?page=99999999", people["ben"]).words(f"{PAGES}/span") == ["Page 3 of 3"]

    def test_columns_are_chosen_and_remembered(self, crew, people):
        browser = signed_in(people["ben"])
        url = of_course(crew)

        def shown(address: str) -> list[str]:
            page = Page(browser.get(address).content.decode())
            (form,) = page.tree.xpath("//form[@class='cs-columns__form']")
            ticked = [value for name, value in form.form_values() if name == "columns" and value]
            return [page.words(HEADINGS), ticked]

        two = [["Name", "Grade", "Final since"], ["grade", "final"]]
        assert shown(f"{url}?columns=&columns=final&columns=grade&columns=nonsense") == two
        assert shown(url) == two
        cookie = browser.cookies["cohort_sessions_results_course"]
        assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["path"]) == (
            "grade.final",
            True,
            "Lax",
            "/cohort-sessions/",
        )
        # The other page has columns of its own; and none is a choice as well.
        overview = Page(browser.get(f"{address('results', crew)}?columns=").content.decode())
        assert overview.words(HEADINGS) == ["Name"]
        assert told(overview) == ["ana ana", "dan dan", "eve eve"]
        assert shown(url) == two
        browser.cookies["cohort_sessions_results_course"] = "x.y"
        assert shown(url) == [["Name"], []]

    def test_what_is_looked_for_outlives_a_choice_of_columns(self, crew, people, visit):
        page = visit(f"{of_course(crew)}?search=a&sort=-grade", people["ben"])
        (form,) = page.tree.xpath("//form[@class='cs-columns__form']")
        kept = [pair for pair in form.form_values() if pair[0] != "columns"]
        assert (form.action, kept) == (of_course(crew), [("search", "a"), ("sort", "-grade")])

    def test_parts_of_a_course_are_columns_too(self, crew, people, visit):
        page = visit(f"{address('results', crew)}?columns=grade", people["ben"])
        assert page.words(HEADINGS) == ["Name", "Tides Grade, Tides", "Stars Grade, Stars"]
        assert told(page)[0] == "ana ana 80%"


class TestPictures:
    """Numbers of all together, drawn and as tables."""

    def test_every_picture_says_what_it_shows_and_has_its_numbers(self, crew, people, visit):
        days(crew, 0, 3)
        days(crew, 1, 2)
        page = visit(address("results", crew), people["ben"])
        assert page.words("//figcaption") == [
            "Standing",
            "Grades",
            "Progress over time",
            "Learners at work each day, by course",
        ]
        assert page.tree.xpath("//figure//*[@role='img']/@aria-label") == [
            f"How many learners stand how, by course. {STANDINGS_TOLD}",
            "How many learners have which grade, by course. Tides: 2 are graded, mean 52%. Stars: nobody is graded.",
            "From Jan. 10, 2026 to Jan. 12, 2026. At its end: 50% done, 33% passed, mean grade 60%.",
            "Learners at work each day, from Jan. 10, 2026 to Jan. 12, 2026: 4 at most.",
        ]
        assert numbers(page, 1) == [
            ["Course", "Not started", "Active", "Behind", "Passed", "Not passed", "Final"],
            ["Tides", "1", "1", "0", "1", "0", "1"],
            ["Stars", "2", "1", "0", "0", "0", "0"],
        ]
        assert [row for row in numbers(page, 2) if row[1:] != ["0", "0"]] == [
            ["Grade", "Tides", "Stars"],
            ["20% to below 30%", "1", "0"],
            ["80% to below 90%", "1", "0"],
        ]
        assert numbers(page, 3) == [
            ["Day", "Done", "Passed", "Mean grade"],
            ["Jan. 10, 2026", "0%", "0%", "–"],
            ["Jan. 11, 2026", "25%", "17%", "60%"],
            ["Jan. 12, 2026", "50%", "33%", "60%"],
        ]
        assert numbers(page, 4) == [
            ["Day", "Learners at work"],
            ["Jan. 10, 2026", "2"],
            ["Jan. 11, 2026", "4"],
            ["Jan. 12, 2026", "3"],
        ]

    def test_of_one_course_its_own_alone(self, crew, people, visit):
        days(crew, 0, 3)
        page = visit(of_course(crew, 1), people["cleo"])
        assert page.words("//figcaption") == ["Standing", "Grades"]
        assert numbers(page, 1)[1:] == [["Stars", "2", "1", "0", "0", "0", "0"]]

    def test_a_single_day_is_a_dot(self, crew, people, visit):
        days(crew, 0, 1)
        page = visit(of_course(crew), people["ben"])
        assert page.tree.xpath("//figure[3]//polyline/@points") == ["0,100 0,100", "0,100 0,100", ""]

    def test_nobody_is_graded(self, people, make_session, make_base_course, visit, now):
        session = make_session(courses=[make_base_course()], members=[people["ana"]], session_coaches=[people["ben"]])
        page = visit(address("results", session), people["ben"])
        assert page.tree.xpath("//figure[2]//rect") == []
        assert page.words(TILES)[4] == "Mean grade – of 0 graded"

    def test_a_year_is_thinned_and_what_is_older_is_left_out(self, crew, people, visit, now):
        place = edition(crew)
        EditionDay.objects.bulk_create(
            EditionDay(
                edition=place,
                day=(now - back * DAY).date(),
                learners=3,
                active=1,
                passed=0,
                graded=0,
                grades=0,
                completed=1,
                completable=12,
            )
            for back in range(500)
        )
        page = visit(of_course(crew), people["ben"])
        thinned, recent = numbers(page, 3), numbers(page, 4)
        assert (len(thinned) - 1, len(recent) - 1) == (53, 60)
        assert page.tree.xpath("//figure[3]//tbody/tr[last()]//time/@datetime") == [now.date().isoformat()]


STANDINGS_TOLD = "Tides: 1 Not started, 1 Active, 1 Passed. Stars: 2 Not started, 1 Active."


def numbers(page: Page, number: int) -> list[list[str]]:
    """The table beneath a picture."""
    rows = page.tree.xpath(f"(//figure)[{number}]//details//tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def days(session, position: int, count: int) -> None:
    """So many days until January 12; of the first nothing is done yet."""
    last = (THEN + 2 * DAY).date()
    EditionDay.objects.bulk_create(
        EditionDay(
            edition=edition(session, position),
            day=last - (2 - number) * DAY if count > 1 else last,
            learners=3,
            active=(2, 3, 1)[number] if position == 0 else (1, 2)[number - 1],
            passed=min(number, 1) if position == 0 else number - 1,
            graded=number,
            grades=0.6 * number,
            completed=3 * number,
            completable=12,
        )
        for number in range(3 - count if position else 0, 3 if count > 1 else 1)
    )


class TestReopening:
    """Opening final results again."""

    def test_asks_first_and_says_who(self, crew, people, visit):
        page = visit(f"{of_course(crew, page='reopen_results')}?who=ana&who=dan&search=a", people["greta"])
        assert page.words("//h1") == ["Reopen final results"]
        assert page.words("//section[1]/p") == [
            "Their results in “Tides” follow the platform again, from what it says now.",
            "They become final anew in 3 days, or so long after the member's end where that is still to come.",
            "What they were stays in the history.",
        ]
        assert page.words("//ul[@class='cs-people']/li") == ["A ana ana", "D dan dan"]
        (form,) = page.tree.xpath("//form[@method='post' and contains(@class, 'cs-form')]")
        sent = [pair for pair in form.form_values() if pair[0] != "csrfmiddlewaretoken"]
        assert sent == [("search", "a"), ("who", "ana"), ("who", "dan"), ("reason", "\n")]
        assert page.links(PAGE_WAYS) == {"Back without changes": f"{of_course(crew)}?search=a"}
        assert EditionResult.objects.filter(edition=edition(crew), final_at=None).count() == 2

    def test_does_it_and_answers_every_line(self, crew, people):
        url = of_course(crew, page="reopen_results")
        response, page = send(url, people["greta"], who=["ana", "dan", "eve"], reason="An appeal.", final="yes")
        assert response.redirect_chain == [(f"{of_course(crew)}?final=yes", 302)]
        assert page.words(NOTICE)[:2] == ["1 result was opened again", "1 line could not be done."]
        assert page.words("//ul[@class='cs-report__lines']/li") == [
            "eve Has no result in this course.",
            "dan Is not final.",
        ]
        row = EditionResult.objects.get(edition=edition(crew), member__user=people["ana"])
        assert (row.final_at, row.grading_policy) == (None, {})

    def test_takes_a_reason(self, crew, people):
        url = of_course(crew, page="reopen_results")
        _response, page = send(url, people["greta"], who="ana", reason="")
        assert errors(page) == {"reason": "This field is required."}
        assert EditionResult.objects.filter(edition=edition(crew), final_at=THEN).count() == 1

    def test_nobody_was_chosen(self, crew, people):
        response = signed_in(people["greta"]).get(of_course(crew, page="reopen_results"), {"sort": "-grade"})
        assert response.url == f"{of_course(crew)}?sort=-grade"

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_who_may(self, method, crew, people):
        url, sent = of_course(crew, page="reopen_results"), {"who": "ana", "reason": "Why not."}
        names = ("ben", "cleo", "ana", "sam")
        statuses = [getattr(signed_in(people[name]), method)(url, sent).status_code for name in names]
        assert statuses == [403, 403, 403, 404]
        elsewhere = address("reopen_results", crew, uuid=uuid4())
        assert getattr(signed_in(people["greta"]), method)(elsewhere, sent).status_code == 404
        assert EditionResult.objects.filter(edition=edition(crew), final_at=THEN).count() == 1

    @pytest.mark.parametrize(
        ("days", "sentence"),
        [
            (None, "They stay open: results of this session do not become final by themselves."),
            (0, "They become final anew at once, or with the member's end where that is still to come."),
        ],
    )
    def test_when_they_become_final_anew(self, days, sentence, crew, people, visit):
        type(crew).objects.filter(pk=crew.pk).update(results_final_after_days=days)
        page = visit(f"{of_course(crew, page='reopen_results')}?who=ana", people["greta"])
        assert page.words("//section[1]/p")[1] == sentence


PAGE_WAYS = "//p[@class='cs-form__ways']"


@pytest.fixture
def decided(people, make_base_course, make_session, now):
    """A session that ended: Ana's result in Tides became final, was opened again by Greta, and became final anew."""
    tides = make_base_course(title="Tides")
    session = make_session(
        courses=[tides],
        members=[people["ana"]],
        administrators=[people["greta"]],
        opens_at=now - 30 * DAY,
        closes_at=now - 10 * DAY,
        results_final_after_days=1,
    )
    work(session, "ana", 0, grade=0.4, completed=2)
    greta = api.load_actor(people["greta"], now=now)
    with_now = [now - 9 * DAY, now - 8 * DAY, now - 7 * DAY]
    from cohort_sessions.operations.results import finalise_results, reopen_results

    finalise_results(session, actor=api.SYSTEM, now=with_now[0])
    reopen_results(session.editions.get(), ["ana"], reason="An appeal.", actor=greta, now=with_now[1])
    finalise_results(session, actor=api.SYSTEM, now=with_now[2])
    return session


class TestChanges:
    """Becoming final and being opened again stand in the history of the session."""

    def test_in_words(self, decided):
        lines = session_changes(decided, ChangeFilter(kind=ChangeKind.RESULTS), page=1)
        told = [
            (
                change.by.username if change.by else None,
                change_words.deed(change),
                str(change_words.concerned(change)),
                [detail.split(":")[0] for detail in change_words.details(change)],
                change.why,
            )
            for change in lines
        ]
        final = "Final: so many days after the end as the session gives."
        assert told == [
            (None, "Result made final", "<bdi>ana, Tides</bdi>", ["Final since"], final),
            ("greta", "Result opened again", "<bdi>ana, Tides</bdi>", ["Final since"], "An appeal."),
            (None, "Result made final", "<bdi>ana, Tides</bdi>", ["Final since"], final),
        ]

    def test_on_the_page_and_by_person(self, decided, people, visit):
        page = visit(f"{address('changes', decided)}?kind=results&person=ana", people["greta"])
        assert [line.split(" Final since")[0] for line in page.words("//tbody/tr/th")] == [
            "Result made final",
            "Result opened again",
            "Result made final",
        ]
        assert page.words("//option[@value='results']") == ["Results"]

    def test_nothing_else_of_results_is_told(self, crew, now):
        """Not that they came about, nor what else is written to a final one."""
        row = EditionResult.objects.get(edition=edition(crew), member__user__username="ana")
        row.certified_at = now
        row.save()
        assert list(session_changes(crew, ChangeFilter(kind=ChangeKind.RESULTS), page=1)) == []


class TestMember:
    """One member's results."""

    @pytest.fixture
    def told(self, crew):
        """What the platform says since of Ana's result in Tides, a certificate, and the days on which she worked."""
        row = EditionResult.objects.filter(edition=edition(crew), member__user__username="ana")
        later = {"grade": 0.9, "letter": "", "completed": 4, "passed": False, "as_of": THEN.isoformat()}
        row.update(later=later, certified_at=THEN + DAY)
        place = crew.members.get(user__username="ana")
        for back in (0, 3, 100):
            day = (datetime.now(UTC) - back * DAY).date()
            ActiveDay.objects.create(member=place, edition=edition(crew), day=day)
        return crew

    def test_each_course_with_all_there_is(self, told, people, visit):
        page = visit(address("member_results", told, username="ana"), people["ben"])
        assert page.words("//h1") == ["Results of ana"]
        assert page.words("//h2") == ["Tides", "Stars"]
        tides = "//section[h2='Tides' or .//h2='Tides']"
        assert page.words(f"{tides}//ul[@class='cs-badges']/li") == ["Passed", "Final"]
        assert page.words(f"{tides}//dl/div") == [
            "Grade 80%",
            "Letter A",
            "Passed Jan. 9, 2026, 9 a.m. UTC",
            "Done 3 of 4 parts",
            "First activity Jan. 5, 2026, 9 a.m. UTC",
            "Last activity Jan. 9, 2026, 9 a.m. UTC",
            "Active days 3",
            "Final since Jan. 10, 2026, 9 a.m. UTC",
            "Certificate Jan. 11, 2026, 9 a.m. UTC",
            "As of Jan. 10, 2026, 9 a.m. UTC",
        ]
        assert page.words(f"{tides}//div[@class='cs-record__later']/p") == [
            "Grade 90%. No letter. Not passed. 100% done. As of Jan. 10, 2026, 9 a.m. UTC.",
            "The final result above stays as it is.",
        ]
        assert page.words(f"{tides}//div[@role='region']//tr") == [
            "SectionPointsShare",
            "Homework2.5 of 4",
            "Ebb1.5 of 275%",
            "Flow1 of 250%",
            "Exam5 of 5",
            "Moon5 of 5100%",
        ]
        assert page.words(f"{tides}//div[@class='cs-record__policy']//tbody/tr") == [
            "Homework40%1",
            "Exam60%0",
            "A80% and more",
            "Pass50% and more",
        ]
        stars = "//section[h2='Stars' or .//h2='Stars']"
        assert page.words(f"{stars}//ul[@class='cs-badges']/li") == ["Active"]
        assert page.words(f"{stars}//dl/div") == [
            "Grade Nothing is graded",
            "Passed No",
            "Done 2 of 4 parts",
            "First activity Jan. 10, 2026, 9 a.m. UTC",
            "Last activity Jan. 11, 2026, 9 a.m. UTC",
            "Final since Not final",
            "As of Jan. 12, 2026, 9 a.m. UTC",
        ]
        assert page.words(f"{stars}//h3") == []

    def test_the_strip_of_the_last_twelve_weeks(self, told, people, visit):
        page = visit(address("member_results", told, username="ana"), people["ben"])
        (strip,) = page.tree.xpath("//div[@class='cs-strip__weeks']")
        assert (strip.get("role"), strip.get("aria-label")) == ("img", "Active on 2 days of the last 12 weeks.")
        assert [len(week) for week in strip] == [7] * 12
        looks = [day.get("class").rpartition("--")[2] for week in strip for day in week]
        today = len(looks) - looks[::-1].index("active") - 1
        assert [place for place, look in enumerate(looks) if look == "active"] == [today - 3, today]
        assert set(looks[today + 1 :]) <= {"ahead"}
        assert "ahead" not in looks[:today]
        assert len(page.words("//ul[@class='cs-strip__days']/li")) == 3

    def test_who_did_nothing(self, crew, people, visit):
        page = visit(address("member_results", crew, username="eve"), people["ben"])
        assert page.words("//section/p[@class='cs-record__none']") == ["They have not worked in this course."] * 2

    def test_a_former_member(self, crew, people, visit):
        page = visit(address("member_results", crew, username="tom"), people["ben"])
        assert page.words("//ul[@class='cs-badges']/li") == ["Former member", "Passed", "Not started"]

    def test_a_course_coach_sees_their_own_course_alone(self, told, people, visit):
        page = visit(address("member_results", told, username="ana"), people["cleo"])
        assert page.words("//h2") == ["Stars"]

    def test_when_it_became_final_and_was_opened_again(self, decided, people, visit, now):
        page = visit(address("member_results", decided, username="ana"), people["greta"])
        assert [line.split(", by ")[-1] for line in page.words("//ol/li")] == ["itself", "greta", "itself"]
        assert page.words("//ol/li//p[@class='cs-history__what']") == ["Made final", "Opened again", "Made final"]
        assert page.words("//ol/li[2]//p[@class='cs-history__why']") == ["An appeal."]

    @pytest.mark.parametrize("username", ["sam", "nobody", "ben"])
    def test_who_never_had_a_place_is_not_found(self, username, crew, people):
        assert signed_in(people["ben"]).get(address("member_results", crew, username=username)).status_code == 404

    def test_there_and_back(self, crew, people, visit):
        results, member = (address(page, crew, username="ana") for page in ("member_results", "member"))
        assert visit(results, people["ben"]).links("//p[contains(@class, 'cs-actions')]") == {
            "Their dates and history": member,
            "Results of everybody": address("results", crew),
        }
        assert visit(member, people["ben"]).links("//section[@aria-labelledby='cs-results']") == {
            "All about their results": results
        }

    def test_pages_of_the_platform(self, crew, people, visit, monkeypatch):
        from cohort_sessions.host import LearnerPage
        from sandbox.host import SandboxHost

        found = {LearnerPage.GRADEBOOK: "/gradebook", LearnerPage.STUDENT_ADMIN: "/dashboard#view-student_admin"}
        monkeypatch.setattr(SandboxHost, "learner_pages", lambda _host, _key, _person: found)
        page = visit(address("member_results", crew, username="ana"), people["cleo"])
        assert page.links("//ul[@class='cs-record__pages']") == {
            "Gradebook, Stars": "/gradebook",
            "Reset or rescore their work, Stars": "/dashboard#view-student_admin",
        }


def test_who_sees_the_roster_sees_results_of_something_and_nobody_else_does(world, now):
    """Which is why the page is offered, and refused, by the former."""
    session, users = world
    for name in PEOPLE:
        actor: Actor = api.load_actor(users[name], now=now)
        sees = permissions.rows(actor, permissions.VIEW_RESULT, session.editions.all()).exists()
        assert sees == permissions.allows(actor, permissions.VIEW_ROSTER, session), name


def crowd(session, count: int, now, *, results: bool = False):
    """So many more members of the session, with a result in each course or without any."""
    from django.contrib.auth import get_user_model

    users = get_user_model().objects.bulk_create(
        get_user_model()(username=f"user{number:03}") for number in range(count)
    )
    members = Member.objects.bulk_create(Member(session=session, user=user, enrolled_at=now) for user in users)
    if results:
        EditionResult.objects.bulk_create(
            EditionResult(member=member, edition=each, grade=0.5, completed=3, completable=4, as_of=now)
            for each in session.editions.all()
            for member in members
        )
    return session


@pytest.fixture
def watched(people, make_session, make_base_course, now):
    """A session of four courses, and one like it with a member who must not appear."""
    courses = [make_base_course(title=title) for title in ("Tides", "Stars", "Bread", "Ropes")]
    session = make_session("Watch", courses=courses, administrators=[people["greta"]], results_final_after_days=3)
    planted = make_session("Planted", courses=courses, members=[people["sam"]])
    work(planted, "sam", 0, grade=1.0, as_of=now)
    for each in (*session.editions.all(), *planted.editions.all()):
        EditionDay.objects.create(
            edition=each,
            day=now.date(),
            learners=1,
            active=0,
            passed=0,
            graded=0,
            grades=0,
            completed=0,
            completable=1,
        )
    return session


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"),
    [("results", 10), ("edition_results", 10), ("searched", 11), ("reopen_results", 9), ("member_results", 12)],
)
def test_a_fixed_number_of_queries(page, queries, count, watched, people, django_assert_num_queries, now):
    """
    Four to know who asks, one for the session and one for the time zone; then the courses with their days, their
    titles, all numbers, and the names on the page.
    """
    crowd(watched, count, now, results=True)
    query = {"searched": {"search": "user"}, "reopen_results": {"who": [f"user{n:03}" for n in range(count)]}}
    url = {
        "results": address("results", watched),
        "searched": address("results", watched),
        "member_results": address("member_results", watched, username="user000"),
    }.get(page) or of_course(watched, page=page)
    browser = signed_in(people["greta"])
    with django_assert_num_queries(queries):
        content = browser.get(url, query.get(page, {})).content.decode()
    assert len({n for n in range(5) if f"user{n:03}" in content}) == (1 if page == "member_results" else count)
    assert "sam" not in Page(content).words()[0].replace("same", "").split()


def test_five_thousand_members_in_four_courses(watched, people, django_assert_max_num_queries, now):
    crowd(watched, 5000, now, results=True)
    browser = signed_in(people["greta"])
    with django_assert_max_num_queries(10):
        page = Page(browser.get(address("results", watched)).content.decode())
    assert page.words(f"{PAGES}/span") == ["Page 1 of 100"]
    assert told(page)[0] == "user000 user000 " + "50% Active 75% done " * 4 + "75% done –"
    assert page.words(TILES)[0] == "Learners 5000"
