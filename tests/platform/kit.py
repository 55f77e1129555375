"""
What the contract tests need of edx-platform, and what keeps its tests apart from one another; see `tests.contract`.

Everything the platform puts off until after the commit happens when a fixture returns (`committed`); its tasks run at
once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from completion.models import BlockCompletion
from completion.waffle import ENABLE_COMPLETION_TRACKING_SWITCH
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from edx_django_utils.cache import RequestCache
from edx_toggles.toggles.testutils import override_waffle_switch
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import BlockKind
from cohort_sessions.edxapp.toggles import DISABLE_GUARD
from cohort_sessions.host import get_host
from cohort_sessions.timeline import Window
from tests.contract import Stored
from tests.platform import courses

PASSWORD = "Ebb-and-flow-6"
UNBOUNDED = Window()
BLOCKS = {
    BlockKind.SECTION: ("chapter", "section_1"),
    BlockKind.SUBSECTION: ("sequential", "subsection_1"),
    BlockKind.UNIT: ("vertical", "unit_1"),
}
ELEMENTS = {"html": "text_1", "problem": "problem_1"}


@pytest.fixture(autouse=True)
def _apart(monkeypatch):
    """
    No cache outlives a test, no page needs built front-end assets, and completion is tracked, as it is by default in
    Tutor.
    """
    for name in settings.CACHES:
        caches[name].clear()
    RequestCache.clear_all_namespaces()
    monkeypatch.setattr("webpack_loader.templatetags.webpack_loader.render_bundle", lambda *args, **kwargs: "")
    monkeypatch.setattr("webpack_loader.utils.get_as_tags", lambda *args, **kwargs: [])
    monkeypatch.setattr("webpack_loader.utils.get_files", lambda *args, **kwargs: [])
    with override_waffle_switch(ENABLE_COMPLETION_TRACKING_SWITCH, active=True):
        yield
    RequestCache.clear_all_namespaces()


@pytest.fixture
def host():
    """The host of this process."""
    return get_host()


@pytest.fixture
def host_alone():
    """Without the guard, which lets nobody into an edition that no session has."""
    with override_waffle_switch(DISABLE_GUARD, active=True):
        yield


@pytest.fixture
def make_user():
    """Make an account with a profile."""
    from common.djangoapps.student.tests.factories import UserFactory

    def make(username="lea", *, is_staff=False):
        found = get_user_model().objects.filter(username=username).first()
        return found or UserFactory(username=username, password=PASSWORD, is_staff=is_staff)

    return make


@pytest.fixture
def make_base_course(committed) -> Callable[..., CourseKey]:
    """Make the small course of the contract."""

    def make(*, title="Tides", window=UNBOUNDED, due=None):
        with committed():
            start = window.opens_at or courses.LONG_AGO
            return courses.create_course(title=title, start=start, end=window.closes_at, due_of_first=due).key

    return make


@pytest.fixture
def make_foreign_enrolment():
    """Enrol as an import or a support tool does, past the filter that guards the ordinary doors."""
    from common.djangoapps.student.models import CourseEnrollment

    def make(course_key, user):
        CourseEnrollment.get_or_create_enrollment(user, course_key).update_enrollment(mode="audit", is_active=True)

    return make


@pytest.fixture
def make_course_role():
    """Give the role as Studio's page of the course team does."""
    from common.djangoapps.student.roles import CourseRole

    def make(course_key, user, role):
        CourseRole(role, course_key).add_users(user)

    return make


@pytest.fixture
def signed_in():
    """A browser in which this person is signed in."""

    def sign_in(user):
        client = Client()
        assert client.login(username=user.username, password=PASSWORD)
        return client

    return sign_in


@pytest.fixture
def submit(signed_in, committed):
    """Answer a problem through the handler door; the response."""

    def post(course_key, user, choice, number=1):
        problem = course_key.make_usage_key("problem", f"problem_{number}")
        url = reverse(
            "xblock_handler",
            kwargs={
                "course_id": str(course_key),
                "usage_id": str(problem),
                "handler": "xmodule_handler",
                "suffix": "problem_check",
            },
        )
        with committed():
            return signed_in(user).post(url, {f"input_{problem.html_id()}_2_1": choice})

    return post


@pytest.fixture
def answer(submit, stored):
    """Answer, and look whether the answer was taken."""

    def give(course_key, user, *, correct=True):
        response = submit(course_key, user, courses.RIGHT if correct else courses.WRONG)
        return response.status_code == 200 and stored(course_key, user).score == (1.0 if correct else 0.0)

    return give


@pytest.fixture
def can_read(signed_in):
    """Open the unit as the Learning micro-frontend does."""

    def read(course_key, user):
        response = signed_in(user).get(f"/xblock/{course_key.make_usage_key('vertical', 'unit_1')}")
        return response.status_code == 200 and courses.TEXT in response.content.decode()

    return read


@pytest.fixture
def stored():
    """Look into the platform's tables."""
    from common.djangoapps.student.models import CourseEnrollment
    from lms.djangoapps.courseware.models import StudentModule

    def look(course_key, user):
        problems = StudentModule.objects.filter(course_id=course_key, student=user, module_type="problem")
        answered = [row for row in problems if "student_answers" in (row.state or "")]
        return Stored(
            is_enrolled=CourseEnrollment.objects.filter(course_id=course_key, user=user, is_active=True).exists(),
            answers=len(answered),
            score=next((row.grade for row in answered if row.grade is not None), None),
            completed=BlockCompletion.objects.filter(context_key=course_key, user=user, completion=1.0).count(),
        )

    return look


@pytest.fixture
def is_course_staff():
    """Ask the platform's own access check, with nothing remembered of the person."""
    from lms.djangoapps.courseware.access import has_access

    def ask(course_key, user):
        RequestCache.clear_all_namespaces()
        return bool(has_access(get_user_model().objects.get(pk=user.pk), "staff", course_key))

    return ask


@pytest.fixture
def title_of():
    """The title in the platform's course lists."""
    from openedx.core.djangoapps.content.course_overviews.models import CourseOverview

    return lambda course_key: CourseOverview.objects.get(pk=course_key).display_name


@pytest.fixture
def retitle_base_course(committed):
    """Rename the course and publish it, as an author does."""

    def retitle(base_key, title):
        with committed(), courses.authoring(base_key) as store:
            course = store.get_course(base_key)
            course.display_name = title
            store.update_item(course, courses.AUTHOR)

    return retitle


@pytest.fixture
def reschedule_base_course(committed):
    """Give the subsection another deadline, or none, and publish the course."""

    def reschedule(base_key, due):
        with committed(), courses.authoring(base_key) as store:
            subsection = store.get_item(base_key.make_usage_key("sequential", "subsection_1"))
            subsection.due = due
            store.update_item(subsection, courses.AUTHOR)

    return reschedule


@pytest.fixture
def due_of(signed_in):
    """Ask the platform's blocks API, which serves its apps."""

    def ask(course_key, user):
        subsection = course_key.make_usage_key("sequential", "subsection_1")
        parameters = {"requested_fields": "due", "username": user.username}
        response = signed_in(user).get(f"/api/courses/v2/blocks/{subsection}", parameters)
        assert response.status_code == 200, response.content
        due = response.json()["blocks"][str(subsection)].get("due")
        return None if due is None else datetime.fromisoformat(due)

    return ask


@pytest.fixture
def certifiable(settings):
    """Have the platform make certificates of an edition: its switch is enough."""
    settings.FEATURES = settings.FEATURES | {"CERTIFICATES_HTML_VIEW": True}
    return lambda _edition_key: None


@pytest.fixture
def block():
    """A block of the small course."""
    return lambda course_key, kind: course_key.make_usage_key(*BLOCKS[kind])


@pytest.fixture
def element():
    """A block of the small course's unit."""
    return lambda course_key, block_type: course_key.make_usage_key(block_type, ELEMENTS[block_type])


@pytest.fixture
def page_of(signed_in):
    """Open the unit as the Learning micro-frontend does."""

    def look(course_key, user):
        response = signed_in(user).get(f"/xblock/{course_key.make_usage_key('vertical', 'unit_1')}")
        assert response.status_code == 200, response.content
        return response.content.decode()

    return look


@pytest.fixture
def rewrite_base_course(committed):
    """Give the text other words and publish the course, as an author does."""

    def rewrite(base_key, text):
        with committed(), courses.authoring(base_key) as store:
            block = store.get_item(base_key.make_usage_key("html", "text_1"))
            block.data = text
            store.update_item(block, courses.AUTHOR)

    return rewrite


@pytest.fixture
def shorten_base_course(committed):
    """Delete the text and publish the course, as an author does."""

    def shorten(base_key):
        with committed(), courses.authoring(base_key) as store:
            store.delete_item(base_key.make_usage_key("html", "text_1"), courses.AUTHOR)

    return shorten


@pytest.fixture
def outline_of(signed_in):
    """Ask the API behind the outline of the Learning micro-frontend."""

    def ask(course_key, user):
        response = signed_in(user).get(f"/api/course_home/outline/{course_key}")
        assert response.status_code == 200, response.content
        blocks = (response.json()["course_blocks"] or {"blocks": {}})["blocks"]
        sections = [block for block in blocks.values() if block["type"] == "chapter"]
        titles = []
        for section in sections:
            titles.append(section["display_name"])
            titles += [blocks[child]["display_name"] for child in section["children"]]
        # The platform counts the questions of what is graded behind its name.
        return [re.sub(r" \(\d+ Questions?\)$", "", title) for title in titles]

    return ask


@pytest.fixture
def tools_of(signed_in):
    """The tabs that the API behind the Learning micro-frontend lists, as tools."""
    from cohort_sessions.edxapp.tools import tool_of_page, tool_of_type

    def ask(course_key, user):
        response = signed_in(user).get(f"/api/course_home/course_metadata/{course_key}")
        assert response.status_code == 200, response.content
        names = [tab["tab_id"] for tab in response.json()["tabs"]]
        page = "static_tab_"
        return [
            tool_of_page(name.removeprefix(page)) if name.startswith(page) else tool_of_type(name)
            for name in names
            if name not in {"courseware", "cohort_session", "instructor"}
        ]

    return ask


@pytest.fixture
def can_open(signed_in):
    """Whether the progress page opens by its address."""

    def ask(course_key, user):
        status = signed_in(user).get(f"/courses/{course_key}/progress").status_code
        assert status in {200, 404}, status
        return status == 200

    return ask
