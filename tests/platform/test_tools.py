"""
What an edition does without is gone: from the tabs of the Learning micro-frontend, from legacy tabs, and by its
address; in this edition only.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from xmodule.modulestore.django import modulestore
from xmodule.tabs import CourseTab, StaticTab

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Tool
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations.tools import show_tools
from cohort_sessions.queries.specs import edition_spec
from tests.platform import courses
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")

PAGE, BOOK = "page:reading", {"tab_title": "Almanac", "chapters": [{"title": "One", "url": "/static/one.pdf"}]}
OURS = "urn:cohort-sessions:problem:not-found"
ALL = ("dates", "discussion", "handouts", PAGE, "progress", "textbooks", "updates", "wiki")
# Addresses of each tool, for a course key.
ADDRESSES = {
    "progress": ("/courses/{key}/progress", "/api/course_home/progress/{key}"),
    "dates": ("/courses/{key}/dates", "/api/course_home/dates/{key}"),
    "wiki": ("/courses/{key}/course_wiki", "/courses/{key}/wiki/"),
    "discussion": ("/courses/{key}/discussion/forum/",),
    "textbooks": ("/courses/{key}/pdfbook/0/",),
    PAGE: ("/courses/{key}/reading/",),
}


@pytest.fixture(autouse=True)
def _with_discussion(settings):
    """As nearly every site has it."""
    settings.FEATURES = settings.FEATURES | {"ENABLE_DISCUSSION_SERVICE": True}


@pytest.fixture
def run(committed):
    """A course with everything that can be hidden."""
    with committed():
        run = courses.create_course(pdf_textbooks=[BOOK])
    with committed(), courses.authoring(run.key) as store:
        course = store.get_course(run.key)
        course.tabs = [tab for tab in course.tabs if tab.type != "wiki"]
        pdf = CourseTab.load("pdf_textbooks")
        course.tabs += [StaticTab(name="Reading", url_slug="reading"), pdf, CourseTab.load("wiki", is_hidden=False)]
        store.update_item(course, courses.AUTHOR)
        for block_type, block_id, fields in (
            ("static_tab", "reading", {"data": "<p>Read on.</p>", "display_name": "Reading"}),
            ("course_info", "handouts", {"data": "<p>A tide table.</p>"}),
            ("course_info", "updates", {"items": [update("It begins.")]}),
        ):
            store.create_item(courses.AUTHOR, run.key, block_type, block_id=block_id, fields=fields)
    return run


def update(text: str) -> dict:
    return {"id": 1, "date": "November 1, 2026", "content": f"<p>{text}</p>", "status": "visible"}


@pytest.fixture
def keys(run, lea, make_foreign_enrolment):
    """Of two sessions; Lea is in both, and in the base course."""
    found = [edition_key(create_session(run.key, members=[lea], title=title)) for title in ("Spring", "Autumn")]
    make_foreign_enrolment(run.key, lea)
    return found


@pytest.fixture
def show(committed):
    """Decide about tools of an edition, and let the platform follow."""

    def decide(key, **tools):
        with committed():
            show_tools(CourseEdition.objects.get(edition_key=key), tools, actor=SYSTEM, now=timezone.now())

    return decide


def hide_everything(show, key) -> None:
    show(key, **dict.fromkeys(ALL, False))


def test_the_tools_of_the_course(host, run):
    assert sorted(each.tool for each in host.tools(run.key)) == sorted(ALL)
    titles = {each.tool: each.title for each in host.tools(run.key)}
    assert (titles[PAGE], titles["textbooks"], titles["progress"]) == ("Reading", "Textbooks", "Progress")


def test_the_wiki_is_off_until_a_session_shows_it(keys, run, lea, tools_of, show, signed_in):
    """The platform keeps one for the base course and all its editions."""
    assert ["wiki" in tools_of(key, lea) for key in (*keys, run.key)] == [False, False, True]
    assert signed_in(lea).get(f"/courses/{keys[0]}/course_wiki").status_code == 404
    show(keys[0], wiki=True)
    assert ["wiki" in tools_of(key, lea) for key in keys] == [True, False]
    assert signed_in(lea).get(f"/courses/{keys[0]}/course_wiki").status_code == 302


def test_no_tab_is_left_in_the_front_end(keys, run, lea, tools_of, show):
    before = [set(tools_of(key, lea)) for key in (*keys, run.key)]
    hide_everything(show, keys[0])
    assert [set(tools_of(key, lea)) for key in (*keys, run.key)] == [set(), *before[1:]]
    assert before[1] >= {"progress", "dates", "discussion", PAGE}


def test_no_tab_is_left_on_legacy_pages(keys, run, lea, show):
    from lms.djangoapps.courseware.tabs import get_course_tab_list

    def tabs(key):
        return {tab.type for tab in get_course_tab_list(lea, modulestore().get_course(key))}

    before = [tabs(key) for key in (*keys, run.key)]
    hide_everything(show, keys[0])
    assert tabs(keys[0]) == {"courseware", "cohort_session"}
    assert [tabs(key) for key in (keys[1], run.key)] == before[1:]
    assert before[1] >= {"progress", "dates", "discussion", "static_tab", "single_textbook"}


@pytest.mark.parametrize(("tool", "address"), [(tool, each) for tool, all_ in ADDRESSES.items() for each in all_])
def test_its_address_leads_learners_nowhere(keys, lea, show, signed_in, every_api, tool, address):
    show(keys[1], wiki=True)
    show(keys[0], **{tool: False})
    hidden, shown = (signed_in(lea).get(address.format(key=key)) for key in keys)
    assert hidden.status_code == 404
    if address.startswith("/api/"):
        # The platform answers 404 for reasons of its own as well; this is ours.
        assert hidden.json()["type"] == OURS
        assert OURS not in shown.content.decode()
    else:
        assert shown.status_code != 404


def test_handouts_and_updates_are_gone_from_the_outline(keys, lea, show, learning_api):
    hide_everything(show, keys[0])
    found = [learning_api("/api/course_home/outline/{key}", key, lea).json() for key in keys]
    assert [bool(each["handouts_html"]) for each in found] == [False, True]
    assert [bool(each["welcome_message_html"]) for each in found] == [False, True]


def test_dates_are_gone_from_beside_the_outline(keys, lea, show, learning_api):
    show(keys[0], dates=False)
    found = [learning_api("/api/course_home/outline/{key}", key, lea).json()["dates_widget"] for key in keys]
    assert [bool(each["course_date_blocks"]) for each in found] == [False, True]


def test_discussion_is_off_where_the_platform_asks(keys, show):
    from openedx.core.djangoapps.discussions.models import DiscussionsConfiguration

    show(keys[0], discussion=False)
    assert [DiscussionsConfiguration.is_enabled(key) for key in keys] == [False, True]
    show(keys[0], discussion=True)
    assert [DiscussionsConfiguration.is_enabled(key) for key in keys] == [True, True]


def test_the_team_comes_by_the_address(keys, make_user, show, signed_in, every_api, committed):
    """A coach looks at a learner's progress, whether learners see it or not."""
    hide_everything(show, keys[0])
    coach = make_user("carla")
    edition = CourseEdition.objects.get(edition_key=keys[0])
    with committed():
        api.assign_course_coaches(edition, ["carla"], actor=SYSTEM, now=timezone.now())
    assert signed_in(coach).get(f"/api/course_home/progress/{keys[0]}").status_code == 200


def test_the_course_stays_whole_and_so_it_is_without_the_plugin(keys, show, lea, learning_api):
    """No ``tabs`` row is written, which would take a stock CCX down."""
    from lms.djangoapps.ccx.models import CcxFieldOverride

    hide_everything(show, keys[0])
    assert not CcxFieldOverride.objects.filter(ccx_id=keys[0].ccx, field="tabs").exists()
    assert learning_api("/api/courseware/sequence/{subsection}", keys[0], lea).status_code == 200


def test_what_is_hidden_stays_so_after_a_publish(keys, run, lea, show, tools_of, committed):
    hide_everything(show, keys[0])
    with committed(), courses.authoring(run.key) as store:
        course = store.get_course(run.key)
        course.tabs += [StaticTab(name="News", url_slug="news")]
        store.update_item(course, courses.AUTHOR)
        store.create_item(courses.AUTHOR, run.key, "static_tab", block_id="news", fields={"data": "<p>New.</p>"})
    assert set(tools_of(keys[0], lea)) == {"page:news"}
    assert {"page:news", "progress"} <= set(tools_of(keys[1], lea))


def test_editions_that_hide_nothing_cost_no_statement_more(keys, run, lea, show, signed_in, statements, host):
    """The tabs are asked with the rows of the edition, which every page reads in any case."""
    show(keys[0], wiki=True)

    def cost(key):
        browser = signed_in(get_user_model().objects.get(pk=lea.pk))
        address = f"/api/course_home/course_metadata/{key}"
        browser.get(address)
        with statements() as found:
            assert browser.get(address).status_code == 200
        return len(found)

    before = cost(keys[0])
    hide_everything(show, keys[0])
    assert cost(keys[0]) <= before


def test_applying_again_changes_nothing(keys, show, host):
    hide_everything(show, keys[0])
    edition = CourseEdition.objects.select_related("session").get(edition_key=keys[0])
    spec = edition_spec(edition, now=timezone.now())
    assert set(spec.hidden_tools) == set(ALL)
    assert host.apply_edition(spec).changed == ()
    report = host.plan_edition(replace(spec, hidden_tools=(Tool.WIKI.value,)))
    assert {"tools", "discussion", "blocks"} <= set(report.changed)
