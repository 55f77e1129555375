"""A browser, people signed in, and what every page must obey."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SCREENSHOTS = Path(__file__).resolve().parents[2] / "test-results" / "browser"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# As a reader of English, and of Arabic, asks for pages: the host answers the latter from right to left.
LOCALES = {"ltr": "en", "rtl": "ar"}


@pytest.fixture(scope="session")
def base_url() -> str:
    """Where the sandbox is served."""
    if "BASE_URL" not in os.environ:
        pytest.skip("BASE_URL names no sandbox; `make test-browser` serves one")
    return os.environ["BASE_URL"].rstrip("/")


@pytest.fixture(scope="session")
def studio_url(base_url) -> str:
    """Where the author's side of it is served; by the same server where no other was named."""
    return os.environ.get("STUDIO_URL", base_url).rstrip("/")


@pytest.fixture(scope="session")
def browser(base_url) -> Iterator[Browser]:
    """The system's Chromium; none is ever downloaded."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def signed_in(browser, base_url) -> Callable[[str], dict]:
    """``signed_in("Lea Brandt")``: the cookies of this person of the demo."""
    known: dict[str, dict] = {}

    def cookies_of(name: str) -> dict:
        if name not in known:
            context = browser.new_context(base_url=base_url)
            page = context.new_page()
            page.goto("/sign-in/")
            page.get_by_role("button", name=f"Sign in as {name}").click()
            page.get_by_text("Be somebody else").wait_for()
            known[name] = context.storage_state()
            context.close()
        return known[name]

    return cookies_of


@pytest.fixture
def open_page(browser, base_url, signed_in) -> Iterator[Callable[..., Page]]:
    """``open_page("/address/", person="Lea Brandt", width=320, direction="rtl")``: the page, as this person sees it."""
    contexts: list[BrowserContext] = []

    def open_as(address: str, *, person: str, width: int = 1280, direction: str = "ltr") -> Page:
        context = browser.new_context(
            base_url=base_url,
            storage_state=signed_in(person),
            viewport={"width": width, "height": 800},
            locale=LOCALES[direction],
        )
        contexts.append(context)
        page = context.new_page()
        response = page.goto(address)
        assert response.status == 200, f"{address} answered {response.status}"
        return page

    yield open_as
    for context in contexts:
        context.close()


def photograph(page: Page, name: str) -> None:
    """Leave a picture of the whole page."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds: the rule, what it asks for, and the elements that break it."""
    return [
        f"{fault['id']}: {fault['help']}\n" + "\n".join(f"    {node['html']}" for node in fault["nodes"])
        for fault in Axe().run(page).response["violations"]
    ]
