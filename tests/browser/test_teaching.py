"""From a number on *My sessions* to the learner behind it, by keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.test_walks import go


def test_a_coach_finds_who_is_behind(open_page):
    page = open_page("/cohort-sessions/", person="Nadia Petrova")
    go(page, "2 behind, Reading the tides")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour pilots")
    attention = page.get_by_role("region", name="Who needs attention")
    behind = attention.get_by_role("heading", name="Behind 2 learners", exact=True)
    expect(behind).to_be_in_viewport()
    expect(behind.locator("..").get_by_role("listitem")).to_have_text(
        [re.compile(r"Bilal Aziz\s+60% done, 8\d% of the time over"), re.compile(r"Célia Fonseca\s+\d+% done, ")]
    )
    go(page, "and 8 more: Closing soon, Reading the tides")
    expect(attention.get_by_role("link", name="Nia Owens")).to_have_count(1)
    go(page, "Nia Owens")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nia Owens")


def test_a_course_coach_finds_the_learners_of_their_course_alone(open_page):
    page = open_page("/cohort-sessions/", person="Felix Oduya")
    go(page, "3 not started, Bread from scratch")
    attention = page.get_by_role("region", name="Who needs attention")
    expect(attention.get_by_role("heading", level=3)).to_have_text(["Bread from scratch"])
    expect(attention.get_by_role("listitem")).to_have_text(["Lea Brandt", "Tomás Vega", "Yuki Tanaka"])
