"""Forms that say what is wrong as each field is left: by keyboard, without taking the focus; saving says the same."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_planning import look, write
from tests.browser.test_walks import go, tab_to

NEW = "/cohort-sessions/manage/new/"
DATES = "/cohort-sessions/sessions/galley-nights/dates/"
REQUIRED = "This field is required."
TAKEN = "Cohort session with this Code already exists."
NO_ZONE = "There is no such time zone; write it like “Europe/Paris”."
CIRCLE = "A session cannot require itself, nor one that requires it in turn: nobody could join."
REVERSED = "The end must come after the beginning, which is on Oct. 28, 2029 at 02:30."
NO_CODE = "Give the code that people will type, or choose another way of joining."
TITLE_HELP = "Stands beside the title of each course, wherever learners see it."


def wrong(page: Page) -> list[str]:
    """The sentences beside fields, in the order of the page."""
    return page.locator(".cs-field__error").all_inner_texts()


def has_focus(page: Page, label: str) -> None:
    expect(page.get_by_label(label, exact=True)).to_be_focused()


def test_a_new_session_by_keyboard(open_page):
    page = open_page(NEW, person="Greta Lind")
    said = page.locator("[data-live-said]")
    tab_to(page, "Title")
    assert wrong(page) == []
    tab_to(page, "Code (optional)")
    expect(said).to_have_text(f"Title: {REQUIRED}")
    title = page.get_by_role("textbox", name="Title")
    expect(title).to_have_accessible_description(f"{REQUIRED} {TITLE_HELP}")
    expect(title).to_have_attribute("aria-invalid", "true")
    has_focus(page, "Code (optional)")
    page.keyboard.type("galley-nights")
    tab_to(page, "Organisation (optional)")
    expect(said).to_have_text(f"Code: {TAKEN}")
    assert wrong(page) == [REQUIRED, TAKEN]
    has_focus(page, "Organisation (optional)")
    look(page, "live-create")

    tab_to(page, "Code (optional)", key="Shift+Tab")
    page.keyboard.type("-in-winter")
    tab_to(page, "Title", key="Shift+Tab")
    expect(page.locator(".cs-field__error")).to_have_text([REQUIRED])
    page.keyboard.type("Galley nights in winter")
    tab_to(page, "Code (optional)")
    expect(page.locator(".cs-field__error")).to_have_count(0)
    expect(title).to_have_accessible_description(TITLE_HELP)
    expect(title).not_to_have_attribute("aria-invalid", "true")
    # Nothing was made by all that.
    page.goto("/cohort-sessions/manage/?search=winter")
    expect(page.get_by_role("link", name="Galley nights in winter")).to_have_count(0)


def test_dates_say_what_hangs_together(open_page):
    """A choice is looked at when it is made, and what only the operation knows is said as well."""
    page = open_page(DATES, person="Greta Lind")
    tab_to(page, "Archived after (optional)")
    tab_to(page, "Who may join")
    page.keyboard.type("Whoever")
    expect(page.get_by_label("Who may join")).to_have_value("code")
    has_focus(page, "Who may join")
    # It hangs on the code, which nobody has touched yet.
    page.wait_for_timeout(1000)
    assert wrong(page) == []
    tab_to(page, "Enrolment code (optional)")
    tab_to(page, "Make me a code")
    expect(page.locator(".cs-field__error")).to_have_text([NO_CODE])
    write(page, "Time zone of the calendar (optional)", "Mars/Base")
    page.keyboard.press("Tab")
    expect(page.locator(".cs-field__error")).to_have_text([NO_CODE, NO_ZONE])
    tab_to(page, "Session (optional)", key="Shift+Tab")
    page.keyboard.type("galley-nights")
    page.keyboard.press("Tab")
    expect(page.locator(".cs-field__error")).to_have_count(3)
    look(page, "live-dates")


def test_a_day_is_looked_at_when_its_whole_field_is_left(open_page):
    page = open_page(DATES, person="Greta Lind")
    page.locator("[name=team_opens_at_time]").focus()
    page.keyboard.type("1030AM")
    day = page.locator("[name=team_opens_at_day]")
    while not day.evaluate("element => element === document.activeElement"):
        page.keyboard.press("Shift+Tab")
    page.wait_for_timeout(1000)
    assert wrong(page) == []
    tab_to(page, "Archived after (optional)", key="Shift+Tab")
    expect(page.locator(".cs-field__error")).to_have_text(["Give the day as well as the time."])


def test_a_time_that_comes_twice_brings_the_choice_with_it(open_page):
    """In the night in which clocks are put back in Berlin, where Ada is."""
    page = open_page(DATES, person="Ada Winter")
    for name, text in (("day", "10282029"), ("time", "0230AM")):
        page.locator(f"[name=opens_at_{name}]").focus()
        page.keyboard.type(text)
    # Over the button of the clock and out of the field.
    time = page.locator("[name=opens_at_time]")
    while time.evaluate("element => element === document.activeElement"):
        page.keyboard.press("Tab")
    error = page.locator(".cs-field__error")
    expect(error).to_have_text(re.compile("Choose which of the two you mean."))
    which = page.get_by_role("group", name="Opens").get_by_label("Which of the two")
    expect(which).to_have_accessible_description(re.compile("Choose which of the two you mean."))
    look(page, "live-twice")
    while not which.evaluate("element => element === document.activeElement"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    expect(which).to_have_value("second")
    expect(error).to_have_text([REVERSED])
    expect(which).to_be_focused()


def test_what_is_wrong_with_the_whole_form_stands_above_its_button(open_page):
    page = open_page("/cohort-sessions/sessions/crew-a/dates/", person="Greta Lind")
    page.get_by_label("Session (optional)").first.focus()
    page.keyboard.type("second-season")
    page.keyboard.press("Tab")
    expect(page.get_by_role("heading", name="This cannot be saved yet")).to_be_visible()
    expect(page.locator("[data-live-said]")).to_have_text(CIRCLE)
    look(page, "live-circle")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    expect(page.get_by_role("heading", name="This cannot be saved yet")).to_be_hidden()


def test_an_answer_that_is_overtaken_is_not_shown(open_page):
    page = open_page(NEW, person="Greta Lind")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/manage/new/", hold_the_first)
    tab_to(page, "Title")
    with page.expect_request(lambda request: request.method == "POST"):
        page.keyboard.press("Tab")
    tab_to(page, "Title", key="Shift+Tab")
    page.keyboard.type("Winter")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press("Tab")
    held[0].abort()
    page.wait_for_timeout(500)
    assert wrong(page) == []


def test_it_works_where_the_platform_allows_no_inline_script(open_page):
    page = open_page(DATES, person="Greta Lind")

    def restrict(route: Route) -> None:
        response = route.fetch()
        headers = response.headers | {"content-security-policy": "default-src 'self'"}
        route.fulfill(response=response, headers=headers)

    page.route("**/dates/", restrict)
    page.reload()
    tab_to(page, "Archived after (optional)")
    page.keyboard.type("9999")
    page.keyboard.press("Tab")
    expect(page.locator(".cs-field__error")).to_have_text(["Ensure this value is less than or equal to 3650."])


@pytest.mark.parametrize("status", [403, 404, 500])
def test_where_the_server_does_not_answer_saving_says_it(status, open_page):
    page = open_page(NEW, person="Greta Lind")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.route("**/manage/new/", lambda route: route.fulfill(status=status, body="<p>No.</p>"), times=1)
    tab_to(page, "Title")
    with page.expect_response(re.compile("manage/new")):
        page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    assert (wrong(page), broken) == ([], [])
    go(page, "Create the draft")
    assert wrong(page) == [REQUIRED]


def test_without_a_script_saving_says_the_same(browser, base_url, signed_in):
    context = browser.new_context(base_url=base_url, storage_state=signed_in("Greta Lind"), java_script_enabled=False)
    page = context.new_page()
    page.goto(NEW)
    expect(page.get_by_text("This cannot be saved yet")).to_be_hidden()
    page.get_by_label("Code (optional)").fill("galley-nights")
    page.get_by_role("button", name="Create the draft").click()
    assert wrong(page) == [REQUIRED, TAKEN]
    context.close()
