"""What tests of the doors begin with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from lxml import html

from sandbox.models import Persona
from tests.web.matrix import build_world


class Page:
    """A page as its reader meets it."""

    def __init__(self, content: str):
        self.tree = html.fromstring(content)

    def words(self, xpath: str = "//main") -> list[str]:
        """The text of each piece that `xpath` finds, white space made even."""
        return [" ".join(piece.text_content().split()) for piece in self.tree.xpath(xpath)]

    def links(self, xpath: str = "//main") -> dict[str, str]:
        """Where each link inside `xpath` leads, by its text."""
        return {" ".join(a.text_content().split()): a.get("href") for a in self.tree.xpath(f"{xpath}//a")}


@pytest.fixture
def visit(db) -> Callable[..., Page]:
    """``visit(url, user)``: the page at `url`, which must be there, for this person."""

    def go(url: str, user) -> Page:
        response = signed_in(user).get(url)
        assert response.status_code == 200, response
        return Page(response.content.decode())

    return go


def signed_in(user) -> Client:
    """A browser of this person."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def reads_in() -> Callable[..., None]:
    """``reads_in(user, "Asia/Tokyo")``: let this person have chosen a time zone on the host."""
    return lambda user, zone: Persona.objects.create(user=user, position=user.pk, time_zone=zone)


@pytest.fixture
def world(make_user, make_base_course, make_session, make_course_role, settings, now):
    """
    The first of two sessions, and everybody by kind; see `tests.web.matrix`.

    Accounts that are not active stay signed in, as they do on the platform.
    """
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.AllowAllUsersModelBackend"]
    settings.COHORT_SESSIONS_CERTIFICATES = True
    return build_world(make_user, make_base_course, make_session, make_course_role, now)
