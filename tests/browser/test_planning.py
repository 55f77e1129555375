"""Planning a session by keyboard alone, from signing in to the copy of next year; each page on the way looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.demo.cast import CLASS
from tests.browser.conftest import accessibility_faults, photograph
from tests.browser.test_walks import go, tab_to

REASON = "Decided by the harbour office."
TITLE, NEXT_TITLE = "Night watch", "Night watch, next year"
NOBODY = "No active account has this username or e-mail address."
BAD_LINES = {
    "anio": NOBODY,
    "Hana Kimura of the harbour": NOBODY,
    "gwen@": "This is no valid e-mail address. Correct it, or give the username.",
}
TOOLS = "Tools Turn the tools of a course, such as its wiki, on or off."


@pytest.fixture
def new_page(browser: Browser, base_url: str) -> Iterator:
    """``new_page()``: a page of a browser in which nobody is signed in."""
    contexts = []

    def begin() -> Page:
        contexts.append(browser.new_context(base_url=base_url, viewport={"width": 1280, "height": 800}))
        page = contexts[-1].new_page()
        page.goto("/sign-in/")
        return page

    yield begin
    for context in contexts:
        context.close()


def look(page: Page, name: str) -> None:
    """
    The page as it stands, what it has just reported included: on a phone and a desk, in both directions of writing.

    Asking for it anew in another language would lose the report, so it is turned round where it is.
    """
    size = page.viewport_size
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for direction in ("rtl", "ltr"):
            page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
            photograph(page, f"{name}-{width}-{direction}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width, direction)
            assert accessibility_faults(page) == [], (name, width, direction)
    page.set_viewport_size(size)


def write(page: Page, label: str, text: str) -> None:
    """Tab to a field and type into it."""
    tab_to(page, label)
    page.keyboard.type(text)


def press(page: Page, label: str) -> None:
    """Tab to a box and tick it, or take the tick away."""
    tab_to(page, label)
    page.keyboard.press("Space")


def paste(page: Page, text: str) -> None:
    """Put a text into the field that has the focus, as from the clipboard."""
    page.keyboard.insert_text(text)


def reported(page: Page, *said: str) -> None:
    for each in said:
        expect(page.get_by_role("status")).to_contain_text(each)


def test_a_session_is_planned_by_keyboard(new_page):
    page = new_page()
    she_signs_in_and_creates_it(page)
    she_adds_two_courses(page)
    she_enrols_thirty_people(page)
    she_assigns_coaches(page)
    she_locks_the_tools(page)
    she_publishes(page)
    she_duplicates_it(page)
    a_member_sees(new_page())
    the_coaches_see(new_page(), new_page())


def she_signs_in_and_creates_it(page: Page) -> None:
    """The form refuses to go without a title, and leads to the courses with one."""
    go(page, "Sign in as Greta Lind")
    go(page, "Manage sessions")
    go(page, "New session")
    go(page, "Create the draft")
    expect(page.get_by_role("textbox", name="Title")).to_have_accessible_description(
        "This field is required. Stands beside the title of each course, wherever learners see it."
    )
    look(page, "planning-create-without-title")
    write(page, "Title", TITLE)
    write(page, "Organisation (optional)", "Harbourside")
    write(page, "Category (optional)", "Night school")
    write(page, "Description (optional)", "From dusk to dawn.")
    go(page, "Create the draft")
    expect(page.get_by_role("heading", level=1)).to_have_text("Courses")
    reported(page, "The session was created", "It is a draft.")
    look(page, "planning-created")


def she_adds_two_courses(page: Page) -> None:
    """And puts the second one first."""
    press(page, "Bread from scratch course-v1:Harbourside+BAKE110+2026")
    press(page, "Reading the tides course-v1:Harbourside+NAV101+2026")
    go(page, "Add those chosen")
    reported(page, "2 courses were added")
    rows = page.get_by_role("table").get_by_role("rowheader")
    expect(rows).to_contain_text(["Bread from scratch", "Reading the tides"])
    go(page, "Up: Reading the tides")
    reported(page, "The order is saved")
    expect(rows).to_contain_text(["Reading the tides", "Bread from scratch"])
    look(page, "planning-two-courses")


def she_enrols_thirty_people(page: Page) -> None:
    """Thirty-three lines, each answered; those that failed are there to be mended."""
    go(page, "People")
    go(page, "Enrol people")
    tab_to(page, "Usernames or e-mail addresses")
    # By address, by username, and what somebody mistyped in between.
    lines = [f"{username}@example.com" if number % 2 else username for number, (username, _name) in enumerate(CLASS)]
    for place, wrong in zip((20, 9, 2), BAD_LINES, strict=True):
        lines.insert(place, wrong)
    assert len(lines) == 33
    paste(page, "\n".join(lines))
    go(page, "Enrol")
    reported(
        page,
        "30 people were enrolled",
        "3 lines could not be done.",
        *(f"{line} {why}" for line, why in BAD_LINES.items()),
    )
    expect(page.get_by_role("textbox", name="Usernames or e-mail addresses")).to_have_value(
        "\n".join(reversed(BAD_LINES))
    )
    look(page, "planning-enrolled")
    tab_to(page, "Back without changes")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Members 30 people")).to_be_visible()
    look(page, "planning-people")


def she_assigns_coaches(page: Page) -> None:
    """One of the whole session, one of a course; a name that is nobody is told."""
    go(page, "Team")
    go(page, "Assign… Session coaches")
    write(page, "Usernames or e-mail addresses", "nadia@example.com")
    go(page, "Assign")
    reported(page, "1 person was assigned")
    go(page, "Assign… Bread from scratch")
    expect(page.get_by_role("heading", level=1)).to_have_text("Assign: Bread from scratch")
    write(page, "Usernames or e-mail addresses", "felix, felicks")
    go(page, "Assign")
    reported(page, "1 person was assigned", f"felicks {NOBODY}")
    look(page, "planning-assigned-with-a-fault")
    go(page, "Team")
    look(page, "planning-team")
    expect(page.get_by_role("region", name="Session coaches")).to_contain_text("Nadia Petrova")
    expect(page.get_by_role("region", name="Bread from scratch")).to_contain_text("Felix Oduya")
    expect(page.get_by_role("region", name="Reading the tides")).to_contain_text("Nobody yet.")


def she_locks_the_tools(page: Page) -> None:
    """With a reason, which stands beside the lock."""
    go(page, "Locks")
    press(page, TOOLS)
    write(page, "Reason (optional)", REASON)
    # Back to the box, and over to the button again: it is still ticked.
    tab_to(page, TOOLS, key="Shift+Tab")
    go(page, "Save")
    reported(page, "1 lock was set.")
    expect(page.get_by_role("checkbox", checked=True)).to_have_accessible_name(
        re.compile(f"^{TOOLS} Locked by Greta Lind on .* Reason given: {REASON}$")
    )
    look(page, "planning-locked")


def she_publishes(page: Page) -> None:
    """After a list of what she may have forgotten."""
    go(page, "Settings")
    look(page, "planning-settings-of-a-draft")
    go(page, "Publish…")
    expect(page.get_by_role("main").get_by_role("listitem").filter(has_text="please look")).to_have_count(1)
    look(page, "planning-publish")
    go(page, "Publish")
    reported(page, "The session is published")
    expect(page.get_by_role("region", name="How it stands")).to_contain_text("Published")


def she_duplicates_it(page: Page) -> None:
    """The copy has courses, team and locks, and no members."""
    go(page, "Duplicate")
    tab_to(page, "Title")
    page.keyboard.press("Control+A")
    page.keyboard.type(NEXT_TITLE)
    look(page, "planning-duplicate")
    go(page, "Duplicate")
    expect(page.get_by_role("heading", level=1)).to_have_text(NEXT_TITLE)
    reported(page, "The session was duplicated", "This is the new one, still a draft.")
    courses = page.get_by_role("region", name="Courses").get_by_role("heading", level=3)
    expect(courses).to_have_text(["Reading the tides", "Bread from scratch"])
    look(page, "planning-duplicated")
    go(page, "Locks")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    go(page, "People")
    expect(page.get_by_role("link", name="Members 0 people")).to_be_visible()


def a_member_sees(page: Page) -> None:
    """The session with both courses, in their order, and its team; not the copy, which is a draft."""
    write(page, "Anybody else, by username", "aino")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=3)).to_have_text([TITLE])
    look(page, "planning-member")
    go(page, TITLE)
    courses = page.get_by_role("region", name="Courses").get_by_role("heading", level=3)
    expect(courses).to_have_text(["Reading the tides", "Bread from scratch"])
    expect(page.get_by_role("region", name="Team").get_by_role("listitem")).to_have_text(
        [re.compile("Nadia Petrova"), re.compile(r"Felix Oduya\s+Course coach: Bread from scratch")]
    )
    expect(page.get_by_role("navigation", name="Run this session")).to_have_count(0)
    look(page, "planning-session-of-member")
    go(page, "Start Reading the tides")
    expect(page.get_by_role("main")).to_contain_text(TITLE)
    assert "ccx-v1:" in page.url


def the_coaches_see(whole: Page, one: Page) -> None:
    """Their learners, and what is locked and why; the coach of a course does not enrol."""
    for page, name in ((whole, "Nadia Petrova"), (one, "Felix Oduya")):
        go(page, f"Sign in as {name}")
        go(page, TITLE)
        go(page, "Locks")
        row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=TOOLS))
        expect(row).to_contain_text("Locked")
        expect(row).to_contain_text(f"Reason given: {REASON}")
        expect(page.get_by_role("checkbox")).to_have_count(0)
        go(page, "People")
        expect(page.get_by_role("link", name="Members 30 people")).to_be_visible()
        expect(page.get_by_role("link", name="Enrol people")).to_have_count(int(page is whole))
    look(whole, "planning-people-of-coach")
