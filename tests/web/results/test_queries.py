"""A page of results costs a fixed number of queries."""

from __future__ import annotations

import pytest

from cohort_sessions.models import EditionDay
from tests.web.conftest import Page, signed_in
from tests.web.kit import address
from tests.web.results.kit import PAGES, TILES, crowd, of_course, told, work

pytestmark = pytest.mark.django_db(databases="__all__")


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
