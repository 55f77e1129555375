"""The session's name and the ways to it, in the LMS's own pages."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from cohort_sessions.edxapp.hooks.header_link import HeaderLinkMiddleware
from cohort_sessions.edxapp.hooks.tabs import SessionTab
from tests.platform import ccx
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")

HEADER = re.compile(r'<header class="global-header.*?</header>', re.DOTALL)
LINK = re.compile(r'<a class="([^"]*)" href="/cohort-sessions/" aria-current="(page|false)">My sessions</a>')


@pytest.fixture
def lea(make_user):
    return make_user("lea")


@pytest.fixture
def base_key(make_base_course):
    return make_base_course()


class TestTab:
    def tabs(self, client, key):
        response = client.get(f"/api/course_home/course_metadata/{key}")
        return {tab["tab_id"]: (tab["title"], tab["url"]) for tab in response.json()["tabs"]}

    def test_it_leads_to_the_session_home_from_editions_only(self, base_key, lea, signed_in):
        session = create_session(base_key, members=[lea])
        home = "http://testserver" + reverse("cohort_sessions:session_home", args=[session.code])
        client = signed_in(lea)
        assert self.tabs(client, edition_key(session))["cohort_session"] == ("Session", home)
        assert "cohort_session" not in self.tabs(client, base_key)

    def test_it_stands_on_the_platforms_own_pages(self, base_key, lea, signed_in):
        session = create_session(base_key, members=[lea])
        page = signed_in(lea).get(f"/courses/{edition_key(session)}/progress").content.decode()
        assert f'href="{reverse("cohort_sessions:session_home", args=[session.code])}"' in page

    def test_other_courses_cost_no_sql_and_editions_one_query(
        self, base_key, lea, make_user, django_assert_num_queries
    ):
        from openedx.core.djangoapps.content.course_overviews.models import CourseOverview

        base = CourseOverview.get_from_id(base_key)
        edition = CourseOverview.get_from_id(edition_key(create_session(base_key)))
        foreign = CourseOverview.get_from_id(ccx.create_ccx(base_key, make_user("coach"), is_ours=False))
        with django_assert_num_queries(0):
            assert not SessionTab.is_enabled(base, lea)
        with django_assert_num_queries(1):
            assert SessionTab.is_enabled(edition, lea)
            assert SessionTab({}).link_func(edition, reverse) == "/cohort-sessions/sessions/spring/"
        assert not SessionTab.is_enabled(foreign, lea)


class TestHeaderLink:
    @pytest.mark.parametrize(
        "address", ["/dashboard", "/courses", "/cohort-sessions/", "{session}", "{instructor}", "{course}"]
    )
    def test_it_stands_once_in_the_header_of_every_page(self, address, base_key, make_user, signed_in):
        root = make_user("root", is_staff=True)
        session = create_session(base_key, members=[root])
        address = address.format(
            session=reverse("cohort_sessions:session_home", args=[session.code]),
            instructor=f"/courses/{base_key}/instructor",
            course=f"/courses/{base_key}/progress",
        )
        response = signed_in(root).get(address)
        assert response.status_code == 200
        is_current = address == "/cohort-sessions/"
        header = HEADER.search(response.content.decode())[0]
        assert LINK.findall(header) == [("active tab-nav-link", "page") if is_current else ("tab-nav-link", "false")]
        assert len(response.content) == int(response["Content-Length"])

    def test_nobody_signed_in_sees_none(self):
        response = Client().get("/courses")
        assert response.status_code == 200
        assert LINK.search(response.content.decode()) is None


class TestHeaderVariants:
    LINKED = '<a class="tab-nav-link" href="/cohort-sessions/" aria-current="false">My sessions</a>'

    def page(self, body, user, *, content_type="text/html; charset=utf-8"):
        request = RequestFactory().get("/anywhere")
        request.user = user
        response = HeaderLinkMiddleware(lambda _: HttpResponse(body, content_type=content_type))(request)
        return response.content.decode()

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            pytest.param(
                '<header class="global-header slim"><div class="nav-links">\n <div class="main">{}</div></div>'
                "</header>",
                '<div class="mobile-nav-item hidden-mobile nav-item nav-tab">{}</div>',
                id="current",
            ),
            pytest.param(
                '<header class="navigation-container header-global "><nav>'
                '<ol class="left nav-global list-inline authenticated">{}</ol></nav></header>',
                '<li class="tab-nav-item">{}</li>',
                id="older",
            ),
            pytest.param(
                '<header id="global-navigation" class="header-global"><a href="/">Home</a>{}</header>',
                '<nav class="nav-links">{}</nav>',
                id="a theme's own",
            ),
        ],
    )
    def test_the_link_finds_its_place(self, before, after, lea):
        body = f"<html><body>{before}<main><header>Mine</header></main></body></html>"
        assert self.page(body.format(""), lea) == body.format(after.format(self.LINKED))

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param("<html><body><header>A unit's own</header></body></html>", id="not the LMS's header"),
            pytest.param(
                '<header class="global-header"><a href="/cohort-sessions/">Sessions</a></header>',
                id="placed by a theme",
            ),
        ],
    )
    def test_pages_that_are_left_alone(self, body, lea):
        assert self.page(body, lea) == body

    def test_what_is_no_page_is_left_alone(self, lea):
        body = '{"html": "<header class=global-header></header>"}'
        assert self.page(body, lea, content_type="application/json") == body
