"""*Sessions* of a course in Studio, served by a process of its own: coaches assigned and removed by keyboard."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_planning import look, press, reported, write
from tests.browser.test_walks import go, tab_to

TIDES = "course-v1:Harbourside+NAV101+2026"
COURSE = f"/studio/cohort-sessions/studio/courses/{TIDES}/"
SESSION = "Second season"
TEAM_LOCK = "Course coaches Assign and remove the coaches of courses."


@pytest.fixture
def author(open_page, studio_url) -> Page:
    """Rosa, of the course's team, before its sessions."""
    return open_page(f"{studio_url}{COURSE}", person="Rosa Keller")


@pytest.fixture
def team_locked(open_page):
    """As long as the test lasts, by Greta in the LMS."""
    page = open_page("/cohort-sessions/sessions/second-season/locks/", person="Greta Lind")
    press(page, TEAM_LOCK)
    write(page, "Reason (optional)", "Agreed with the harbour.")
    go(page, "Save")
    reported(page, "1 lock was set.")
    yield
    box = page.get_by_role("checkbox", checked=True)
    tab_to(page, " ".join(box.locator("..").inner_text().split()))
    page.keyboard.press("Space")
    go(page, "Save")
    reported(page, "1 lock was released.")


@pytest.mark.skipif("STUDIO_URL" not in os.environ, reason="no Studio of its own was named")
def test_studio_serves_nothing_of_the_lms(author, studio_url):
    answers = {path: author.request.get(f"{studio_url}{path}").status for path in ("/", "/cohort-sessions/", COURSE)}
    assert answers == {"/": 404, "/cohort-sessions/": 404, COURSE: 200}


def test_a_course_team_assigns_and_removes_a_coach_by_keyboard(browser, open_page, studio_url):
    context = browser.new_context(base_url=studio_url, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto("/studio/sign-in/")
    go(page, "Sign in as Rosa Keller")
    go(page, "Reading the tides")
    go(page, "Sessions")
    look(page, "studio-sessions")
    go(page, SESSION)
    write(page, "Usernames or e-mail addresses", "sam@example.com, samm")
    go(page, "Assign")
    reported(page, "1 person was assigned", "samm No active account has this username or e-mail address.")
    expect(page.get_by_role("region", name="Course coaches")).to_contain_text("Sam Rivers")
    expect(page.get_by_role("textbox", name="Usernames or e-mail addresses")).to_have_value("samm")
    look(page, "studio-assigned")

    coach = open_page("/cohort-sessions/?phase=upcoming", person="Sam Rivers")
    expect(coach.get_by_role("heading", level=3)).to_have_text([SESSION])
    expect(coach.get_by_role("listitem").filter(has_text="Reading the tides")).to_have_count(1)

    press(page, "Sam Rivers sam")
    go(page, "Remove those chosen…")
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove coaches")
    look(page, "studio-remove")
    go(page, "Remove")
    reported(page, "1 person was removed")
    expect(page.get_by_role("region", name="Course coaches")).to_contain_text("Nobody yet.")
    coach.reload()
    expect(coach.get_by_role("heading", level=3)).to_have_count(0)
    context.close()


def test_nothing_is_sent_without_a_name(author):
    go(author, SESSION)
    go(author, "Assign")
    expect(author.get_by_role("textbox")).to_have_accessible_description(re.compile("^This field is required."))
    look(author, "studio-nobody-named")


def test_a_locked_team_says_whom_to_ask(author, team_locked):
    go(author, SESSION)
    expect(author.get_by_role("main")).to_contain_text("Reason given: Agreed with the harbour.")
    expect(author.get_by_role("main")).to_contain_text("Ask the administrators of this session: Greta Lind.")
    expect(author.get_by_role("main").get_by_role("button")).to_have_count(0)
    look(author, "studio-locked")
