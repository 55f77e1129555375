"""A course is made a session's own by keyboard, and a learner sees it; a lock, and why."""

from __future__ import annotations

import pytest

from tests.browser.conftest import accessibility_faults, photograph

SESSIONS = "/cohort-sessions/sessions/"
CREW = f"{SESSIONS}crew-b/"


@pytest.fixture
def outline(open_page):
    """The outline of the first course of a session, as this person customises it."""

    def open_outline(person: str, **options):
        page = open_page(f"{CREW}customise/", person=person, **options)
        page.locator(".cs-move__title a").first.click()
        return page

    return open_outline


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages(width, direction, open_page, outline):
    page = open_page(f"{CREW}customise/", person="Greta Lind", width=width, direction=direction)
    _look_at(page, "customise-courses", width, direction)
    page = outline("Greta Lind", width=width, direction=direction)
    _look_at(page, "customise", width, direction)
    page.locator(".cs-tree__title").first.click()
    _look_at(page, "customise-block", width, direction)


def _look_at(page, name, width, direction):
    photograph(page, f"{name}-{width}-{direction}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert accessibility_faults(page) == []
