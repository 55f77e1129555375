"""Results are looked for, sorted and paged, and their columns chosen."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.web.conftest import Page, signed_in
from tests.web.kit import address
from tests.web.results.kit import HEADINGS, NAMES, PAGES, TABS, crowd, edition, of_course, told

pytestmark = pytest.mark.django_db(databases="__all__")


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
