"""What tests of the pages that run a session have in common."""

from __future__ import annotations

from django.urls import reverse

from tests.web.conftest import Page, signed_in

NOTICE = "//div[contains(@class, 'cs-notice') and not(@hidden)]/*[not(self::details)]"
ROWS = "//tbody/tr"


def address(page: str, session, **kwargs) -> str:
    """The address of a page of the session."""
    return reverse(f"cohort_sessions:{page}", kwargs={"code": session.code, **kwargs})


def send(url: str, user, **data):
    """Send a form as this person: the answer, and the page where it leads."""
    response = signed_in(user).post(url, data, follow=True)
    return response, Page(response.content.decode())


def filled(page: Page) -> dict[str, str]:
    """What the form on a page would send if nobody touched it."""
    (form,) = page.tree.xpath("//form[@method='post' and contains(@class, 'cs-form')]")
    values: dict[str, str] = {}
    for name, value in form.form_values():
        # HTML drops the newline after a textarea's opening tag.
        values[name] = value.lstrip("\n") if getattr(form.inputs[name], "tag", "") == "textarea" else value
    return values


def errors(page: Page) -> dict[str, str]:
    """The sentence beside each input that is wrong, by the name of its field; tied to it for everybody."""
    found = {}
    for wrong in page.tree.xpath("//*[@aria-invalid='true']"):
        ids = wrong.get("aria-describedby").split()
        said = [" ".join(page.tree.get_element_by_id(each).text_content().split()) for each in ids]
        name = wrong.get("name").removesuffix("_day").removesuffix("_time")
        found[name] = said[0]
    return found
