"""The pictures over the table of results."""

from __future__ import annotations

import pytest

from cohort_sessions.models import EditionDay
from tests.web.conftest import Page
from tests.web.kit import address
from tests.web.results.kit import DAY, THEN, TILES, edition, of_course

pytestmark = pytest.mark.django_db(databases="__all__")

STANDINGS_TOLD = "Tides: 1 Not started, 1 Active, 1 Passed. Stars: 2 Not started, 1 Active."


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
