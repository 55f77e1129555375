"""A course is made a session's own by keyboard, and a learner sees it; a lock, and why."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import accessibility_faults, photograph
from tests.browser.test_walks import go, tab_to

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
    page = outline("Greta Lind", width=width, direction=direction)
    for part in ("Welcome", "Tools", "Grading", "Templates"):
        page.get_by_role("link", name=part, exact=True).click()
        _look_at(page, f"customise-{part.lower()}", width, direction)
    page.get_by_role("link", name="As in the base course", exact=True).click()
    _look_at(page, "customise-put-back", width, direction)


def test_a_coach_hides_a_tool_and_changes_the_passing_line_by_keyboard(open_page, outline):
    """What cannot be is said where it is; what is done a learner finds; a template keeps it; and it is put back."""
    coach = outline("Felix Oduya")
    go(coach, "Tools")
    coach.get_by_role("checkbox", name="Progress").focus()
    coach.keyboard.press("Space")
    go(coach, "Save")
    expect(coach.get_by_role("main")).to_contain_text("1 tool is changed.")
    go(coach, "Grading")
    tab_to(coach, "Passing line, in percent (optional)")
    coach.keyboard.press("Control+A")
    coach.keyboard.type("150")
    go(coach, "Save")
    expect(coach.get_by_role("main")).to_contain_text("is at most 100 percent")
    photograph(coach, "customise-grading-wrong")
    assert accessibility_faults(coach) == []
    tab_to(coach, "Passing line, in percent (optional)")
    coach.keyboard.press("Control+A")
    coach.keyboard.type("60")
    go(coach, "Save")
    expect(coach.get_by_role("main")).to_contain_text("This session grades otherwise than the base course.")

    learner = open_page(f"{CREW}", person="Omar Haddad")
    learner.get_by_role("link", name=re.compile("Bread from scratch")).first.click()
    key = re.search(r"ccx-v1:[^/]+", unquote(learner.url))[0]
    learner.goto(f"/courses/{key}/course/")
    expect(learner.get_by_role("main")).to_be_visible()
    assert learner.get_by_role("link", name="Progress", exact=True).count() == 0
    assert learner.goto(f"/courses/{key}/progress/").status == 404

    go(coach, "Templates")
    tab_to(coach, "Name")
    coach.keyboard.type("Strict")
    go(coach, "Keep as a template")
    expect(coach.get_by_role("main")).to_contain_text("Strict")
    photograph(coach, "customise-templates-kept")
    assert accessibility_faults(coach) == []
    coach.get_by_role("link", name=re.compile("^Delete… ?: Strict$")).click()
    photograph(coach, "customise-template-delete")
    assert accessibility_faults(coach) == []
    go(coach, "Delete")
    expect(coach.get_by_role("main")).to_contain_text("“Strict” was deleted")

    administrator = open_page(f"{CREW}customise/", person="Greta Lind")
    go(administrator, "Bread from scratch")
    go(administrator, "Templates")
    go(administrator, "As in the base course")
    go(administrator, "Put it back")
    expect(administrator.get_by_role("main")).to_contain_text("things have changed.")
    learner.goto(f"/courses/{key}/course/")
    assert learner.get_by_role("link", name="Progress", exact=True).count() == 1


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
def test_texts_and_problems_of_a_unit(width, direction, outline):
    """As the base course has them; then with a text of the session's own beside it, and something wrong."""
    page = outline("Greta Lind", width=width, direction=direction)
    page.goto(page.url + "?fold=none")
    unit = page.locator(".cs-tree__line").filter(has=page.locator(".cs-tree__kind", has_text=re.compile("^Unit$")))
    unit.first.get_by_role("link").click()
    page.get_by_role("link", name="Change the texts and problems in this unit").click()
    _look_at(page, "customise-elements", width, direction)
    page.locator("textarea").first.fill(f"<p>Words of our own, {width} wide, {direction}.</p>")
    page.locator(".cs-form button[type=submit]").click()
    expect(page.get_by_role("main")).to_contain_text("is changed")
    _look_at(page, "customise-elements-own", width, direction)
    page.locator("input[name$=display_name]").first.fill(" ")
    page.locator(".cs-form button[type=submit]").click()
    expect(page.get_by_role("main")).to_contain_text("Give it a name")
    _look_at(page, "customise-elements-wrong", width, direction)


def _look_at(page, name, width, direction):
    photograph(page, f"{name}-{width}-{direction}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert accessibility_faults(page) == []


def test_a_coach_customises_by_keyboard_and_a_learner_sees_it(open_page):
    """Hide a part, shift deadlines by a week, rename a section, apply; then an administrator locks, and why is said."""
    coach = open_page(f"{CREW}customise/", person="Felix Oduya")
    go(coach, "Bread from scratch")
    for tick in ("Time and warmth (Section)", "Letting it rise (Subsection)", "A recipe is a ratio (Subsection)"):
        coach.get_by_role("checkbox", name=f"Choose {tick}").focus()
        coach.keyboard.press("Space")
    tab_to(coach, "Shift openings and deadlines")
    with coach.expect_navigation():
        coach.keyboard.press("Enter")
    expect(coach.get_by_role("main")).to_contain_text("2 blocks are prepared")

    coach.get_by_role("checkbox", name="Choose Into the oven (Subsection)").focus()
    coach.keyboard.press("Space")
    tab_to(coach, "Hide")
    with coach.expect_navigation():
        coach.keyboard.press("Enter")

    coach.get_by_role("link", name="Understanding dough").focus()
    with coach.expect_navigation():
        coach.keyboard.press("Enter")
    tab_to(coach, "Name (optional)")
    coach.keyboard.type("Week 1: dough")
    go(coach, "Prepare")

    go(coach, "Look through and apply")
    photograph(coach, "customise-review")
    assert accessibility_faults(coach) == []
    go(coach, "Apply")
    expect(coach.get_by_role("main")).to_contain_text("4 changes are applied")

    learner = open_page(f"{CREW}", person="Omar Haddad")
    learner.get_by_role("link", name=re.compile("Bread from scratch")).first.click()
    expect(learner.get_by_role("main")).to_be_visible()
    key = re.search(r"ccx-v1:[^/]+", unquote(learner.url))[0]
    learner.goto(f"/courses/{key}/course/")
    expect(learner.get_by_role("main")).to_contain_text("Week 1: dough")
    expect(learner.get_by_role("main")).not_to_contain_text("Into the oven")
    photograph(learner, "customised-course")

    administrator = open_page(f"{CREW}locks/", person="Greta Lind")
    administrator.get_by_label("What is shown of a course").check()
    administrator.get_by_label("Reason").fill("The same for every crew.")
    administrator.get_by_role("button", name="Save").click()
    try:
        coach.reload()
        expect(coach.get_by_role("button", name="Hide", exact=True)).to_be_disabled()
        expect(coach.get_by_role("main")).to_contain_text("Reason given: The same for every crew.")
        photograph(coach, "customise-locked")
        assert accessibility_faults(coach) == []
    finally:
        administrator.get_by_label("What is shown of a course").uncheck()
        administrator.get_by_role("button", name="Save").click()
        coach.reload()
        coach.get_by_role("button", name="Undo what was applied last").click()
    expect(coach.get_by_role("main")).to_contain_text("4 changes were taken back.")
