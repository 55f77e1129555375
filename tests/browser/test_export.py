"""Results as a file, and a message to members: by keyboard, and every page looked at."""

from __future__ import annotations

import csv
import os
import sqlite3
from contextlib import closing
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import accessibility_faults, photograph
from tests.browser.test_walks import go, tab_to

PILOTS = "/cohort-sessions/sessions/harbour-pilots/"
PAGES = {
    "export": f"{PILOTS}results/export/",
    "export-chosen": f"{PILOTS}results/export/?who=bilal&who=celia&standing=behind",
    "export-wrong": f"{PILOTS}results/export/?standing=asleep&course=1",
    "message": f"{PILOTS}results/message/?who=bilal&who=celia",
    "message-nobody": f"{PILOTS}results/message/",
}


def look(page, name: str) -> None:
    """A picture, nothing that sticks out, and nothing that axe finds."""
    photograph(page, name)
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert accessibility_faults(page) == []


def set_back(uuid: UUID, **values) -> None:
    """Change the row of a file, past the server."""
    columns = ", ".join(f"{name} = ?" for name in values)
    with closing(sqlite3.connect(os.environ["SANDBOX_DB"])) as database, database:
        statement = f"UPDATE cohort_sessions_resultexport SET {columns} WHERE uuid = ?"
        assert database.execute(statement, [*values.values(), uuid.hex]).rowcount == 1


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_page(name, width, direction, open_page):
    page = open_page(PAGES[name], person="Nadia Petrova", width=width, direction=direction)
    look(page, f"{name}-{width}-{direction}")


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_file_is_asked_for_and_fetched_by_keyboard(width, direction, open_page):
    """More members than are exported at once, in the sandbox."""
    page = open_page(PAGES["export"], person="Nadia Petrova", width=width, direction=direction)
    go(page, "Make the file")
    expect(page.get_by_role("heading", level=1)).to_have_text("File of results")
    expect(page.get_by_role("heading", name="Ready")).to_be_visible()
    look(page, f"export-ready-{width}-{direction}")
    tab_to(page, "Download")
    with page.expect_download() as fetched:
        page.keyboard.press("Enter")
    assert fetched.value.suggested_filename == "harbour-pilots-results.csv"
    with fetched.value.path().open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert [line[1] for line in lines if line[4] == "Reading the tides"][1:3] == ["bilal", "celia"]


@pytest.mark.skipif(not os.environ.get("SANDBOX_DB"), reason="needs a sandbox of its own")
@pytest.mark.parametrize("status", ["waiting", "running", "failed"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_file_on_its_way(width, direction, status, open_page):
    """As a worker leaves it in between; here tasks are done at once, so the row is set back."""
    page = open_page(PAGES["export"], person="Nadia Petrova", width=width, direction=direction)
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("heading", name="Ready")).to_be_visible()
    uuid = UUID(page.url.rstrip("/").rsplit("/", 1)[-1])
    set_back(uuid, status=status, written=11, total=26, failure="Something went wrong.")
    page.reload()
    look(page, f"export-{status}-{width}-{direction}")
    if status == "failed":
        expect(page.get_by_role("link", name="Ask for it again")).to_be_visible()
        return
    expect(page.get_by_role("progressbar")).to_be_visible()
    set_back(uuid, status="done")
    # By itself.
    expect(page.get_by_role("heading", name="Ready")).to_be_visible(timeout=10_000)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_message_is_written_by_keyboard(width, open_page):
    page = open_page(PAGES["message"], person="Nadia Petrova", width=width)
    go(page, "Send")
    expect(page.get_by_role("textbox", name="Subject")).to_have_accessible_description("Write a subject.")
    look(page, f"message-wrong-{width}")
    tab_to(page, "Subject")
    page.keyboard.type("The tide")
    tab_to(page, "Text")
    page.keyboard.type("Comes at six.")
    go(page, "Send")
    expect(page.get_by_role("status")).to_contain_text("Your message goes to 2 members")
    expect(page.get_by_role("heading", level=3).first).to_have_text("The tide Sent")
    look(page, f"message-sent-{width}")
