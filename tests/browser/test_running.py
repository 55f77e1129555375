"""Running a session by keyboard: approving, extending and moving; and every page of its team, looked at."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import accessibility_faults, photograph
from tests.browser.test_walks import go, tab_to

SESSIONS = "/cohort-sessions/sessions/"
GALLEY = f"{SESSIONS}galley-nights/"
PAGES = {
    "people": ("Greta Lind", f"{GALLEY}people/"),
    "people-requests": ("Greta Lind", f"{GALLEY}people/?list=requests"),
    "people-waiting": ("Greta Lind", f"{GALLEY}people/?list=waiting"),
    "people-former": ("Greta Lind", f"{GALLEY}people/?list=former"),
    "people-found-nothing": ("Greta Lind", f"{GALLEY}people/?search=nobody+like+it"),
    "people-of-course-coach": ("Felix Oduya", f"{SESSIONS}crew-b/people/"),
    "member-moved": ("Greta Lind", f"{SESSIONS}crew-b/people/tomas/"),
    "member-extended": ("Greta Lind", f"{GALLEY}people/ines/"),
    "enrol": ("Greta Lind", f"{GALLEY}enrol/"),
    "own-dates": ("Greta Lind", f"{GALLEY}own-dates/?who=ines&who=omar"),
    "move": ("Greta Lind", f"{GALLEY}move/?who=ines"),
    "remove": ("Greta Lind", f"{GALLEY}remove/?who=ines"),
    "approve": ("Greta Lind", f"{GALLEY}approve/?who=yuki&list=requests"),
    "decline": ("Greta Lind", f"{GALLEY}decline/?who=rosa&list=waiting"),
    "dates": ("Greta Lind", f"{GALLEY}dates/"),
    "deadlines": ("Greta Lind", f"{SESSIONS}crew-b/deadlines/"),
    "duplicate": ("Greta Lind", f"{SESSIONS}crew-b/duplicate/"),
    "manage": ("Greta Lind", "/cohort-sessions/manage/"),
    "create": ("Greta Lind", "/cohort-sessions/manage/new/"),
    "settings": ("Greta Lind", f"{SESSIONS}crew-b/settings/"),
    "cancel": ("Greta Lind", f"{SESSIONS}crew-b/settings/cancel/"),
    "courses": ("Greta Lind", f"{SESSIONS}crew-b/courses/"),
    "courses-found-nothing": ("Greta Lind", f"{SESSIONS}crew-b/courses/?search=nothing+like+it"),
    "team": ("Greta Lind", f"{SESSIONS}crew-b/team/"),
    "team-assign": ("Greta Lind", f"{SESSIONS}crew-b/team/session_coach/assign/"),
    "team-of-course-coach": ("Felix Oduya", f"{SESSIONS}crew-b/team/"),
    "locks": ("Greta Lind", f"{SESSIONS}crew-b/locks/"),
    "changes": ("Greta Lind", f"{SESSIONS}crew-b/changes/"),
    "preview": ("Greta Lind", f"{SESSIONS}crew-b/preview/"),
    "preview-before": ("Greta Lind", f"{SESSIONS}crew-b/preview/?at=before"),
    "preview-after": ("Greta Lind", f"{SESSIONS}crew-b/preview/?at=after"),
    "locks-of-course-coach": ("Felix Oduya", f"{SESSIONS}crew-b/locks/"),
}


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_page(name, width, direction, open_page):
    person, address = PAGES[name]
    page = open_page(address, person=person, width=width, direction=direction)
    photograph(page, f"{name}-{width}-{direction}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert accessibility_faults(page) == []


@pytest.mark.parametrize("policy", ["shift", "none"])
@pytest.mark.parametrize("width", [320, 1280])
def test_deadlines_of_a_course(policy, width, open_page):
    page = open_page(f"{SESSIONS}crew-b/deadlines/", person="Greta Lind", width=width)
    page.get_by_role("link", name="Bread from scratch").click()
    if policy != "shift":
        page.get_by_role("link", name="None").click()
    assert page.get_by_role("row").count() > 1
    photograph(page, f"deadlines-{policy}-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert accessibility_faults(page) == []


def test_approving_extending_and_moving_by_keyboard(open_page):
    page = open_page(GALLEY, person="Greta Lind")
    go(page, "People")
    go(page, "Requests 1 person")
    tab_to(page, "Choose Yuki Tanaka")
    page.keyboard.press("Space")
    go(page, "Approve…")
    expect(page.get_by_role("heading", level=1)).to_have_text("Approve requests")
    go(page, "Approve")
    expect(page.get_by_role("status")).to_contain_text("1 request was approved")
    expect(page.get_by_role("status")).to_contain_text("yuki No seat is free: on the waiting list now.")

    go(page, "Members 2 people")
    tab_to(page, "Choose Omar Haddad")
    page.keyboard.press("Space")
    go(page, "Give own dates…")
    tab_to(page, "Extra days (optional)")
    page.keyboard.type("5")
    tab_to(page, "Reason (optional)")
    page.keyboard.type("The oven broke.")
    go(page, "Save")
    expect(page.get_by_role("status")).to_contain_text("1 member has new dates")
    expect(page.get_by_role("row", name="Omar Haddad")).to_contain_text("5 extra days")

    tab_to(page, "Choose Omar Haddad")
    page.keyboard.press("Space")
    go(page, "Move to another session…")
    tab_to(page, "To which session")
    page.keyboard.type("crew-c")
    tab_to(page, "Reason")
    go(page, "Move")
    # A reason was forgotten: said beside the field, and nothing else is lost.
    reason = page.get_by_role("textbox", name="Reason")
    expect(reason).to_have_accessible_description(
        "This field is required. They read it, and it stays in their history in both sessions."
    )
    photograph(page, "move-without-a-reason")
    assert accessibility_faults(page) == []
    tab_to(page, "Reason")
    page.keyboard.type("Would rather sail.")
    go(page, "Move")
    expect(page.get_by_role("status")).to_contain_text("1 member was moved")
    photograph(page, "moved")

    go(page, "Former members 2 people")
    go(page, "Omar Haddad")
    expect(page.get_by_role("heading", level=3)).to_have_text(["Went to Crew C"])
    expect(page.get_by_role("listitem").filter(has_text="The oven broke.")).to_contain_text("Extra days: 5")


def test_everybody_in_a_pasted_list_is_answered(open_page):
    page = open_page(f"{SESSIONS}crew-c/enrol/", person="Greta Lind", width=320)
    page.get_by_label("Usernames or e-mail addresses").fill("ines\nnobody@\nlea")
    page.get_by_role("button", name="Enrol").click()
    status = page.get_by_role("status")
    expect(status).to_contain_text("1 person was enrolled")
    expect(status).to_contain_text("nobody@ This is no valid e-mail address. Correct it, or give the username.")
    expect(status).to_contain_text("lea Is a member already.")
    expect(page.get_by_label("Usernames or e-mail addresses")).to_have_value("nobody@")
    photograph(page, "enrolled-with-a-fault")
    assert accessibility_faults(page) == []
    page.goto(f"{SESSIONS}crew-c/remove/?who=ines")
    page.get_by_role("button", name="Remove").click()
    expect(status).to_contain_text("1 member was removed")


def test_inviting_and_withdrawing_by_keyboard(open_page):
    """An address without an account is invited, found in its list, and taken back; every page is looked at."""
    address = "newcomer.with.a.rather.long.name@harbour-office.example.com"
    page = open_page(f"{SESSIONS}crew-c/enrol/", person="Greta Lind", width=320)
    tab_to(page, "Usernames or e-mail addresses")
    page.keyboard.type(address)
    go(page, "Enrol")
    expect(page.get_by_role("status")).to_contain_text("1 person was invited")
    photograph(page, "invited-told")
    assert accessibility_faults(page) == []
    go(page, "Invited 1 person")
    expect(page.get_by_role("row").filter(has_text=address)).to_contain_text("Greta Lind")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        photograph(page, f"people-invited-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert accessibility_faults(page) == []
    tab_to(page, f"Choose {address}")
    page.keyboard.press("Space")
    go(page, "Withdraw…")
    expect(page.get_by_role("listitem").filter(has_text=address)).to_be_visible()
    photograph(page, "withdraw-invitations")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert accessibility_faults(page) == []
    go(page, "Withdraw")
    expect(page.get_by_role("status")).to_contain_text("1 invitation was withdrawn")
    expect(page.get_by_role("heading", name="Nobody is invited")).to_be_visible()
