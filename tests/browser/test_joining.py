"""Finding a session, joining it, waiting for its one seat, and getting it when somebody leaves."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import accessibility_faults, photograph
from tests.browser.test_walks import go, tab_to

HOME = "/cohort-sessions/"
LAMPLIGHT = "Statistics by lamplight"


def told(page: Page) -> Locator:
    """What the last action came to."""
    return page.get_by_role("status")


def test_the_seat_of_who_leaves_goes_to_who_waits(open_page: Callable[..., Page]):
    """By keyboard; at the end everything is as it was."""
    sam = open_page(f"{HOME}available/?search=lamplight", person="Sam Rivers")
    go(sam, f"Join {LAMPLIGHT}")
    expect(told(sam)).to_have_text(f"You have a place in “{LAMPLIGHT}”.")
    expect(sam.get_by_role("heading", level=1)).to_have_text(LAMPLIGHT)
    photograph(sam, "joined")

    felix = open_page(HOME, person="Felix Oduya", width=320)
    go(felix, "Available sessions")
    go(felix, f"Join the waiting list (nobody before you) {LAMPLIGHT}")
    expect(told(felix)).to_contain_text(f"You are number 1 on the waiting list of “{LAMPLIGHT}”.")
    photograph(felix, "on-the-waiting-list")
    assert accessibility_faults(felix) == []
    felix.goto(HOME)
    waiting = felix.get_by_role("region", name="You are waiting for")
    expect(waiting).to_contain_text(f"{LAMPLIGHT} You are the first on the waiting list.")

    go(sam, "Leave this session")
    expect(sam.get_by_role("heading", level=1)).to_have_text("Leave this session?")
    go(sam, "Leave this session")
    expect(told(sam)).to_have_text(f"You have left “{LAMPLIGHT}”. Your work and your results are kept.")

    felix.goto(f"{HOME}?phase=upcoming")
    expect(waiting).not_to_contain_text(LAMPLIGHT)
    expect(felix.get_by_role("heading", level=3)).to_have_text([LAMPLIGHT])
    felix.goto(f"{HOME}sessions/statistics-by-lamplight/leave/")
    felix.get_by_role("button", name="Leave this session").click()
    expect(told(felix)).to_contain_text("You have left")


def test_a_wrong_code_is_told_where_it_was_typed(open_page: Callable[..., Page]):
    page = open_page(f"{HOME}available/?search=keepers", person="Sam Rivers", width=320)
    tab_to(page, "Enrolment code")
    page.keyboard.type("neap tide")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Enrolment code")
    expect(field).to_have_accessible_description(
        "This is not the enrolment code of the session. Ask its team for it. The session's team gives it to you."
    )
    expect(field).to_have_value("neap tide")
    photograph(page, "wrong-code")
    assert accessibility_faults(page) == []


def test_joining_needs_no_script(browser, base_url, signed_in):
    context = browser.new_context(base_url=base_url, storage_state=signed_in("Yuki Tanaka"), java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{HOME}available/statistics-before-breakfast/")
    page.get_by_role("button", name="Join").click()
    expect(told(page)).to_have_text("You have a place in “Statistics before breakfast”.")
    page.goto(f"{HOME}available/?search=lamplight")
    expect(page.get_by_role("article")).to_contain_text("in the parallel session “Statistics before breakfast”")
    page.goto(f"{HOME}sessions/statistics-before-breakfast/leave/")
    page.get_by_role("button", name="Leave this session").click()
    context.close()
