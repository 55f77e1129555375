"""From signing in to sitting in a course, by keyboard alone, and without a script."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import photograph

FAR_ENOUGH = 40
FOCUSED = """() => {
    const element = document.activeElement;
    if (element === document.body) return {label: "(round again)", seen: true};
    const label = element.labels?.[0]?.textContent ?? element.textContent;
    const style = getComputedStyle(element);
    const seen = style.boxShadow !== "none" || (style.outlineStyle !== "none" && style.outlineWidth !== "0px");
    return {label: label.replace(/\\s+/g, " ").trim(), seen};
}"""


def tab_to(page: Page, label: str, *, key: str = "Tab") -> None:
    """
    Press Tab, or another `key`, until what is called `label` has the focus; every stop on the way must be seen to
    have it.
    """
    stops = []
    for _ in range(FAR_ENOUGH):
        page.keyboard.press(key)
        focus = page.evaluate(FOCUSED)
        stops.append(focus["label"])
        assert focus["seen"], f"nothing shows that {focus['label']!r} has the focus"
        if focus["label"] == label:
            return
    raise AssertionError(f"{label!r} is not among {stops}")


def go(page: Page, label: str) -> None:
    """Tab to a link or button and follow it."""
    tab_to(page, label)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_learner_finds_her_course_by_keyboard(browser, base_url):
    page = browser.new_context(base_url=base_url).new_page()
    page.goto("/sign-in/")
    go(page, "Sign in as Lea Brandt")
    go(page, "My sessions")
    expect(page).to_have_title("My sessions")

    tab_to(page, "Search my sessions")
    page.keyboard.type("tides")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 session matches “tides”.")
    expect(page.get_by_role("heading", level=3)).to_have_text(["Crew B"])

    go(page, "Past 1 session")
    expect(page.get_by_role("heading", level=3)).to_have_text(["Crew A"])
    go(page, "Crew A")
    expect(page.get_by_role("heading", level=1)).to_have_text("Crew A")
    go(page, "Look back Reading the tides")
    expect(page.get_by_role("main")).to_contain_text("Crew A")
    assert "ccx-v1:" in page.url
    photograph(page, "in-the-course")


def test_the_same_course_in_two_sessions_has_two_results(open_page):
    page = open_page("/cohort-sessions/?search=tides", person="Lea Brandt")
    results = {}
    for tab in ("Current", "Past"):
        page.get_by_role("link", name=tab).click()
        row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Reading the tides"))
        results[tab] = (
            page.get_by_role("heading", level=3).first.inner_text(),
            row.locator("p").first.inner_text().split("\n"),
        )
    assert results == {
        "Current": ("Crew B", ["60% done", "Grade 40%"]),
        "Past": ("Crew A", ["100% done", "Passed, 100%"]),
    }


def test_everything_works_without_a_script(browser, base_url, signed_in):
    context = browser.new_context(base_url=base_url, storage_state=signed_in("Lea Brandt"), java_script_enabled=False)
    page = context.new_page()
    page.goto("/cohort-sessions/")
    page.get_by_role("searchbox").fill("bread")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Upcoming").click()
    expect(page.get_by_role("heading", level=3)).to_have_text(["Crew C"])
    page.get_by_role("link", name="Clear search").click()
    page.get_by_role("link", name="Current").click()
    page.get_by_role("link", name="Resume Reading the tides").click()
    assert "ccx-v1:" in page.url
    context.close()
