"""*My results* and *My history*: on a phone and on a desk, in both directions of writing, by keyboard, and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SCREENSHOTS, accessibility_faults, photograph
from tests.browser.test_walks import go, tab_to

HOME = "/cohort-sessions/"
PAGES = {
    "history": ("Lea Brandt", f"{HOME}history/"),
    "history-moved": ("Tomás Vega", f"{HOME}history/"),
    "history-empty": ("Rosa Keller", f"{HOME}history/"),
    "my-results": ("Lea Brandt", f"{HOME}sessions/crew-b/my-results/"),
    "my-results-passed": ("Lea Brandt", f"{HOME}sessions/crew-a/my-results/"),
    "my-results-moved": ("Tomás Vega", f"{HOME}sessions/galley-nights/my-results/"),
    "my-results-moved-here": ("Tomás Vega", f"{HOME}sessions/crew-b/my-results/"),
}
# What stands on the screen alone: the frame of the host, and ways to go on.
NOT_ON_PAPER = ("header", "footer", ".cs-back", ".cs-print", ".cs-more")


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


@pytest.mark.parametrize("name", ["history", "my-results", "my-results-moved"])
def test_paper_has_the_record_and_whose_it_is_and_nothing_to_click(name, open_page):
    person, address = PAGES[name]
    page = open_page(address, person=person)
    expect(page.locator(".cs-printed")).to_be_hidden()
    page.emulate_media(media="print")
    photograph(page, f"{name}-print")
    page.pdf(path=SCREENSHOTS / f"{name}.pdf", format="A4")
    expect(page.locator(".cs-printed")).to_contain_text(person)
    expect(page.locator(".cs-printed")).to_contain_text("Printed")
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    for selector in NOT_ON_PAPER:
        for piece in page.locator(selector).all():
            expect(piece).to_be_hidden()


def test_no_address_is_printed_behind_a_link_whatever_the_host_s_styles_say(open_page):
    page = open_page(PAGES["history"][1], person="Lea Brandt")
    page.add_style_tag(content="@media print { a[href]::after { content: ' (' attr(href) ')' } }")
    page.emulate_media(media="print")
    behind = "link => getComputedStyle(link, '::after').content"
    links = page.locator(".cs article a").all()
    assert [link.evaluate(behind) for link in links] == ["none"] * len(links)
    assert links


def test_the_button_prints_and_is_not_there_without_a_script(open_page, browser, base_url, signed_in):
    page = open_page(PAGES["history"][1], person="Lea Brandt")
    page.evaluate("window.print = () => { window.printed = true }")
    tab_to(page, "Print")
    page.keyboard.press("Enter")
    assert page.evaluate("window.printed")
    context = browser.new_context(base_url=base_url, storage_state=signed_in("Lea Brandt"), java_script_enabled=False)
    plain = context.new_page()
    plain.goto(PAGES["history"][1])
    expect(plain.get_by_role("heading", name="My history")).to_be_visible()
    expect(plain.get_by_text("Print", exact=True)).to_be_hidden()
    context.close()


def test_a_learner_finds_what_they_earned(open_page):
    page = open_page(HOME, person="Lea Brandt")
    go(page, "My results Crew B")
    expect(page.get_by_role("heading", level=1)).to_have_text("My results in “Crew B”")
    go(page, "My history")
    expect(page.get_by_role("article")).to_have_count(4)
    go(page, "Crew A")
    expect(page.get_by_role("row", name="Under the keel")).to_contain_text("1 of 1")
