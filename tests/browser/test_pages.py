"""Every page: accessible, and as wide as its window, on a phone and on a desk, in both directions of writing."""

from __future__ import annotations

import pytest

from tests.browser.conftest import accessibility_faults, photograph

HOME = "/cohort-sessions/"
PAGES = {
    "current": ("Lea Brandt", HOME),
    "upcoming": ("Lea Brandt", f"{HOME}?phase=upcoming"),
    "past": ("Lea Brandt", f"{HOME}?phase=past"),
    "found": ("Lea Brandt", f"{HOME}?search=bread"),
    "found-nothing": ("Lea Brandt", f"{HOME}?search=nothing+like+it"),
    "empty-tab": ("Inês Duarte", f"{HOME}?phase=upcoming"),
    "no-session": ("Sam Rivers", HOME),
    "coach": ("Nadia Petrova", HOME),
    "course-coach": ("Felix Oduya", HOME),
    "available": ("Sam Rivers", f"{HOME}available/"),
    "available-found": ("Lea Brandt", f"{HOME}available/?search=statistics"),
    "available-nothing": ("Sam Rivers", f"{HOME}available/?search=nothing+like+it"),
    "available-by-code": ("Sam Rivers", f"{HOME}available/lock-keepers/"),
    "available-required": ("Sam Rivers", f"{HOME}available/second-season/"),
    "waiting": ("Inês Duarte", HOME),
    "withdraw": ("Inês Duarte", f"{HOME}available/crew-d/withdraw/"),
    "leave": ("Omar Haddad", f"{HOME}sessions/crew-d/leave/"),
    "moved-here": ("Tomás Vega", f"{HOME}sessions/crew-b/"),
    "session": ("Lea Brandt", f"{HOME}sessions/crew-b/"),
    "session-to-come": ("Lea Brandt", f"{HOME}sessions/crew-c/"),
    "session-over": ("Lea Brandt", f"{HOME}sessions/crew-a/"),
    "session-of-coach": ("Nadia Petrova", f"{HOME}sessions/crew-c/"),
    "session-needs-attention": ("Nadia Petrova", f"{HOME}sessions/harbour-pilots/"),
    "session-of-course-coach": ("Felix Oduya", f"{HOME}sessions/crew-b/"),
    "session-of-administrator": ("Greta Lind", f"{HOME}sessions/crew-b/"),
}


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_page(name, width, direction, open_page):
    person, address = PAGES[name]
    page = open_page(address, person=person, width=width, direction=direction)
    photograph(page, f"{name}-{width}-{direction}")
    assert page.evaluate("getComputedStyle(document.querySelector('.cs')).direction") == direction
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert accessibility_faults(page) == []


def test_nothing_moves_for_those_who_ask_for_it(open_page):
    page = open_page(HOME, person="Lea Brandt")
    button = page.get_by_role("link", name="Resume")
    duration = "element => getComputedStyle(element).transitionDuration"
    assert button.evaluate(duration) != "0s"
    page.emulate_media(reduced_motion="reduce")
    assert button.evaluate(duration) == "0s"


def test_paper_shows_results_and_no_controls(open_page):
    page = open_page(HOME, person="Lea Brandt")
    page.emulate_media(media="print")
    photograph(page, "current-print")
    assert page.get_by_role("progressbar").first.is_visible()
    assert not page.get_by_role("search").is_visible()
    assert not page.get_by_role("link", name="Resume").is_visible()
