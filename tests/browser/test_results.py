"""Results with nobody, three and three hundred members: every page looked at, and a result reopened by keyboard."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import accessibility_faults, photograph
from tests.browser.test_walks import go, tab_to

SESSIONS = "/cohort-sessions/sessions/"
PAGES = {
    "results-nobody": ("Greta Lind", f"{SESSIONS}ghost-ship/results/"),
    "results-three": ("Nadia Petrova", f"{SESSIONS}crew-b/results/"),
    "results-many": ("Greta Lind", f"{SESSIONS}lighthouse/results/"),
    "results-found-nothing": ("Greta Lind", f"{SESSIONS}lighthouse/results/?search=nobody+like+it&final=no"),
    "results-of-course-coach": ("Felix Oduya", f"{SESSIONS}crew-b/results/?former=on"),
    "results-of-member": ("Greta Lind", f"{SESSIONS}lighthouse/people/keeper000/results/"),
    "results-of-idle-member": ("Nadia Petrova", f"{SESSIONS}crew-b/people/yuki/results/"),
    "results-in-changes": ("Greta Lind", f"{SESSIONS}lighthouse/changes/?kind=results"),
}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", autouse=True)
def crowd(base_url) -> Iterator[None]:
    """The sessions of `tests.browser.crowd`, in the sandbox that was served for this run."""
    if "SANDBOX_DB" not in os.environ:
        pytest.skip("The sandbox at BASE_URL is somebody else's; nobody is planted there")
    _run("plant")
    yield
    _run("uproot")


def _run(step: str) -> None:
    code = f"from tests.browser.crowd import {step}; {step}()"
    subprocess.run([sys.executable, "manage.py", "shell", "-c", code], cwd=ROOT, check=True, capture_output=True)


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true })")


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_page(name, width, direction, open_page):
    person, address = PAGES[name]
    page = open_page(address, person=person, width=width, direction=direction)
    look(page, f"{name}-{width}-{direction}", width)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_course_and_what_is_done_in_it(width, direction, open_page):
    page = open_page(f"{SESSIONS}lighthouse/results/", person="Greta Lind", width=width, direction=direction)
    page.get_by_role("navigation", name="Results by course").get_by_role("link", name="Reading the tides").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Results in Reading the tides")
    look(page, f"results-of-course-{width}-{direction}", width)
    page.get_by_role("checkbox", name="Choose ").first.check()
    page.get_by_role("button", name="Reopen…").click()
    look(page, f"results-reopen-{width}-{direction}", width)


def look(page: Page, name: str, width: int) -> None:
    """Photographed folded and unfolded; no wider than the window, and without faults."""
    photograph(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    unfold(page)
    photograph(page, f"{name}-unfolded")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_headings_and_names_stay_while_the_table_scrolls(direction, open_page):
    page = open_page(f"{SESSIONS}lighthouse/results/", person="Greta Lind", width=320, direction=direction)
    region = page.get_by_role("region", name="Table of results")
    region.focus()
    frame, corner = region.bounding_box(), page.get_by_role("columnheader", name="Name")
    before = corner.bounding_box()
    for key in ("ArrowDown", "ArrowLeft" if direction == "rtl" else "ArrowRight"):
        for _press in range(4):
            page.keyboard.press(key)
    page.wait_for_function("document.querySelector('.cs-scroll').scrollTop > 40")
    page.wait_for_function("Math.abs(document.querySelector('.cs-scroll').scrollLeft) > 40")
    page.wait_for_timeout(300)
    name = page.get_by_role("rowheader").nth(3).bounding_box()
    assert corner.bounding_box()["y"] == before["y"]
    edge = frame["x"] + frame["width"] - name["width"] if direction == "rtl" else frame["x"]
    assert abs(name["x"] - edge) <= 2
    photograph(page, f"results-scrolled-320-{direction}")


def test_sorting_choosing_and_reopening_by_keyboard(open_page):
    page = open_page(f"{SESSIONS}lighthouse/results/", person="Greta Lind")
    go(page, "Reading the tides")
    go(page, "Grade")
    expect(page.get_by_role("columnheader", name="Grade")).to_have_attribute("aria-sort", "ascending")
    go(page, "Grade")
    expect(page.get_by_role("columnheader", name="Grade")).to_have_attribute("aria-sort", "descending")
    tab_to(page, "Name, username or e-mail (optional)")
    page.keyboard.type("keeper09")
    tab_to(page, "Final (optional)")
    page.keyboard.press("ArrowDown")
    go(page, "Show")
    expect(page.get_by_role("status")).to_have_text("2 members match.")
    expect(page.get_by_role("columnheader", name="Grade")).to_have_attribute("aria-sort", "descending")
    name = page.get_by_role("rowheader").first.get_by_role("link").inner_text()
    tab_to(page, f"Choose {name}")
    page.keyboard.press("Space")
    go(page, "Reopen…")
    expect(page.get_by_role("heading", level=1)).to_have_text("Reopen final results")
    tab_to(page, "Reason")
    page.keyboard.type("An appeal.")
    go(page, "Reopen")
    expect(page.get_by_role("status").first).to_contain_text("1 result was opened again")
    expect(page.get_by_role("columnheader", name="Grade")).to_have_attribute("aria-sort", "descending")
    photograph(page, "results-reopened")
    assert accessibility_faults(page) == []
    go(page, "Changes")
    expect(page.get_by_role("rowheader").first).to_contain_text("Result opened again")


def test_columns_are_remembered(open_page):
    page = open_page(f"{SESSIONS}crew-b/results/", person="Nadia Petrova")
    headings = page.get_by_role("region", name="Table of results").get_by_role("columnheader")
    expect(headings).to_have_count(6)
    page.get_by_text("Choose columns").click()
    page.get_by_role("checkbox", name="Last activity").uncheck()
    page.get_by_role("button", name="Show these columns").click()
    expect(headings).to_have_count(5)
    page.goto(f"{SESSIONS}crew-b/results/")
    expect(headings).to_have_count(5)


def test_colours_that_the_system_forces(open_page):
    page = open_page(f"{SESSIONS}lighthouse/results/", person="Greta Lind")
    page.emulate_media(forced_colors="active")
    photograph(page, "results-forced-colours")
    assert accessibility_faults(page) == []
