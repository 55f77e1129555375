"""Finding the base courses of a host."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def tides_and_stars(make_base_course):
    """Three courses, found in the order of their titles."""
    return {title: make_base_course(title=title) for title in ("Tides of stars", "Bread", "Tides")}


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("", ["Bread", "Tides", "Tides of stars"]),
        ("tides", ["Tides", "Tides of stars"]),
        ("STARS tid", ["Tides of stars"]),
        ("tides of bread", []),
        ("%", []),
    ],
)
def test_by_words_of_the_title(words, titles, host, tides_and_stars, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = host.search_courses(words, limit=10)
    assert [(course.title, course.base_key) for course in found] == [(name, tides_and_stars[name]) for name in titles]


def test_by_a_part_of_the_key(host, tides_and_stars):
    key = tides_and_stars["Bread"]
    assert [course.base_key for course in host.search_courses(str(key), limit=10)] == [key]


def test_what_is_found_is_what_a_look_at_the_course_shows(host, tides_and_stars):
    key = tides_and_stars["Bread"]
    assert host.search_courses("bread", limit=10) == [host.base_courses([key])[key]]


def test_no_more_than_are_wanted(host, tides_and_stars):
    assert [course.title for course in host.search_courses("", limit=2)] == ["Bread", "Tides"]


def test_editions_are_not_among_them(host, make_edition, base_key):
    make_edition()
    assert [course.base_key for course in host.search_courses("", limit=10)] == [base_key]


def test_only_of_some_organisations_and_some_by_key(host, tides_and_stars):
    key = tides_and_stars["Bread"]
    narrow = {"limit": 10, "organisations": []}
    assert list(host.search_courses("", **narrow)) == []
    assert [course.title for course in host.search_courses("", **narrow, base_keys=[key])] == ["Bread"]
    assert [course.title for course in host.search_courses("tides", **narrow, base_keys=[key])] == []
    assert len(host.search_courses("", limit=10, organisations=[key.org])) == 3
