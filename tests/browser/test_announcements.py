"""A coach announces something and gives a link by keyboard, a learner reads it; a lock, and why."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import accessibility_faults, photograph
from tests.browser.test_walks import go, tab_to

CREW = "/cohort-sessions/sessions/crew-b/"
BOARD = f"{CREW}announcements/"


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages(width, direction, open_page):
    for name, address, person in (
        ("announcements", BOARD, "Greta Lind"),
        ("announcement-new", f"{BOARD}new/", "Greta Lind"),
        ("material-file", f"{CREW}materials/file/", "Greta Lind"),
        ("announcements-home", CREW, "Yuki Tanaka"),
    ):
        page = open_page(address, person=person, width=width, direction=direction)
        photograph(page, f"{name}-{width}-{direction}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert accessibility_faults(page) == [], name


def test_a_coach_announces_by_keyboard_and_a_learner_marks_it_as_read(open_page):
    coach = open_page(BOARD, person="Nadia Petrova")
    try:
        _announce(coach)
        _read(open_page)
        _lock(open_page, coach)
    finally:
        coach.goto(BOARD)
        for name in ("Delete… High water on Saturday", "Remove… Chart of the harbour"):
            if coach.get_by_role("link", name=name).count():
                coach.get_by_role("link", name=name).click()
                coach.get_by_role("main").get_by_role("button").last.click()
    expect(coach.get_by_role("main")).not_to_contain_text("High water on Saturday at ten")


def _announce(coach):
    go(coach, "New announcement…")
    tab_to(coach, "Title")
    coach.keyboard.type("High water on Saturday")
    tab_to(coach, "Text")
    coach.keyboard.type("High water on Saturday at ten:\n\n- come *early*,\n- bring a coat.")
    go(coach, "Announce")
    expect(coach.get_by_role("main")).to_contain_text("Announced")

    go(coach, "Add a link…")
    tab_to(coach, "Title")
    coach.keyboard.type("Chart of the harbour")
    tab_to(coach, "Address")
    coach.keyboard.type("example.com")
    go(coach, "Add")
    expect(coach.get_by_role("main")).to_contain_text("Give the whole address of a page")
    photograph(coach, "material-link-wrong")
    assert accessibility_faults(coach) == []
    coach.get_by_label("Address").fill("https://example.com/chart")
    go(coach, "Add")
    expect(coach.get_by_role("main")).to_contain_text("“Chart of the harbour” was added")
    photograph(coach, "announcements-written")
    assert accessibility_faults(coach) == []


def _read(open_page):
    learner = open_page("/cohort-sessions/", person="Omar Haddad")
    card = learner.get_by_role("article", name="Crew B")
    expect(card).to_contain_text("2 new announcements")
    photograph(learner, "my-sessions-with-news")
    assert accessibility_faults(learner) == []
    card.get_by_role("link", name="Crew B", exact=True).click()
    news = learner.get_by_role("listitem").filter(has_text="High water on Saturday").first
    expect(news).to_contain_text("New")
    expect(learner.get_by_role("link", name="Chart of the harbour")).to_be_visible()
    photograph(learner, "announcements-unread")
    tab_to(learner, "Mark as read High water on Saturday")
    with learner.expect_navigation():
        learner.keyboard.press("Enter")
    expect(learner.get_by_role("button", name="Mark as read High water on Saturday")).to_have_count(0)
    expect(learner.get_by_role("button", name="Mark as read We meet at the slipway")).to_be_visible()
    photograph(learner, "announcements-read")
    assert accessibility_faults(learner) == []


def _lock(open_page, coach):
    administrator = open_page(f"{CREW}locks/", person="Greta Lind")
    administrator.get_by_label("Announcements").check()
    administrator.get_by_label("Reason").fill("The office announces.")
    administrator.get_by_role("button", name="Save").click()
    try:
        coach.goto(BOARD)
        expect(coach.get_by_role("button", name="New announcement…")).to_be_disabled()
        expect(coach.get_by_role("button", name="Edit… High water on Saturday")).to_be_disabled()
        expect(coach.get_by_role("main")).to_contain_text("Reason given: The office announces.")
        photograph(coach, "announcements-locked")
        assert accessibility_faults(coach) == []
    finally:
        administrator.get_by_label("Announcements").uncheck()
        administrator.get_by_role("button", name="Save").click()
