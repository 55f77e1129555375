"""*Sessions* of a course, in the real Studio: its frame, its people, and the way of the work to the LMS."""

from __future__ import annotations

from unittest import mock

import pytest
from celery import Task
from common.djangoapps.student.roles import OrgStaffRole
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from edx_django_utils.cache import RequestCache
from lxml import html

from cohort_sessions import tasks
from cohort_sessions.data import SessionStatus, TeamRole
from cohort_sessions.edxapp.hooks.course_apps import SessionsCourseApp
from cohort_sessions.models import CohortSession, CourseEdition, EditionCoach, SessionTeamMember
from tests.platform import courses

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def sent(monkeypatch, settings):
    """The plugin's tasks that were queued, instead of running at once: (name, arguments, queue)."""
    settings.CELERY_QUEUES = {"edx.cms.core.default": {}, "edx.lms.core.default": {}}
    found = []
    apply_async = Task.apply_async

    def record(task, args=None, kwargs=None, **options):
        if not task.name.startswith("cohort_sessions."):
            return apply_async(task, args, kwargs, **options)
        found.append((task.name, kwargs, options.get("queue")))
        return None

    monkeypatch.setattr(Task, "apply_async", record)
    return found


@pytest.fixture
def run():
    return courses.create_course(title="Tides & ebb")


@pytest.fixture
def edition(run, now):
    """A session's edition of the course, as the shared database has it."""
    return make_edition(run.key, "spring", now)


def make_edition(base_key, code, now) -> CourseEdition:
    session = CohortSession.objects.create(
        code=code, title=code.title(), status=SessionStatus.PUBLISHED.value, created_at=now, modified_at=now
    )
    return CourseEdition.objects.create(
        session=session,
        base_key=base_key,
        edition_key=f"ccx-v1:{str(base_key).removeprefix('course-v1:')}+ccx@{session.pk}",
        applied_revision=1,
    )


def address(page: str, edition: CourseEdition, **kwargs) -> str:
    return reverse(f"cohort_sessions:{page}", kwargs={"base_key": str(edition.base_key), **kwargs})


def words(response, xpath: str) -> list[str]:
    assert response.status_code == 200, response
    return [" ".join(each.text_content().split()) for each in html.fromstring(response.content.decode()).xpath(xpath)]


def test_the_page_stands_in_studios_own_frame(edition, make_user, make_course_role, signed_in):
    tom = make_user("tom")
    make_course_role(edition.base_key, tom, "staff")
    url = address("studio_course", edition)
    assert url == f"/cohort-sessions/studio/courses/{edition.base_key}/"
    response = signed_in(tom).get(url)
    assert words(response, "//h1[not(ancestor::header)]") == ["Sessions"]
    assert words(response, "//title")[0].startswith("Sessions | Tides & ebb |")
    assert len(words(response, "//header")) > 0
    assert words(response, "//main//tbody/tr") == [
        "Spring spring Dates No end date Status Published Members 0 Course coaches – Session coaches – In the LMS Done"
    ]
    page = html.fromstring(response.content.decode())
    assert page.xpath("//p[@class='cs-back']/a/@href") == [
        reverse("course_handler", kwargs={"course_key_string": str(edition.base_key)})
    ]
    assert len(page.xpath("//link[contains(@href, 'cohort_sessions/cohort_sessions.css')]")) == 1


def test_who_finds_it(edition, make_user, make_course_role, signed_in, now):
    """Staff and instructors of the course or its organisation; nobody by a role in the edition or the session."""
    people = {name: make_user(name) for name in ("tom", "ida", "org", "cleo", "greta", "sam", "data")}
    people["pia"] = make_user("pia", is_staff=True)
    make_course_role(edition.base_key, people["tom"], "staff")
    make_course_role(edition.base_key, people["ida"], "instructor")
    make_course_role(edition.base_key, people["data"], "data_researcher")
    make_course_role(edition.edition_key, people["cleo"], "staff")
    OrgStaffRole(edition.base_key.org).add_users(people["org"])
    administrator = TeamRole.ADMINISTRATOR.value
    SessionTeamMember.objects.create(session=edition.session, user=people["greta"], role=administrator, assigned_at=now)
    for url in (address("studio_course", edition), address("studio_coaches", edition, uuid=edition.uuid)):
        status = {name: signed_in(user).get(url).status_code for name, user in people.items()}
        assert status == dict.fromkeys(people, 404) | dict.fromkeys(("tom", "ida", "org", "pia"), 200)


def test_what_studio_decides_the_lms_is_sent(
    edition, make_user, make_course_role, signed_in, sent, committed, is_course_staff
):
    tom, cleo = make_user("tom"), make_user("cleo")
    make_course_role(edition.base_key, tom, "instructor")
    browser, url = signed_in(tom), address("studio_coaches", edition, uuid=edition.uuid)
    with committed():
        response = browser.post(url, {"people": f"{cleo.email}\nghost"}, follow=True)
    assert words(response, "//li[@class='cs-person']") == [f"{cleo.profile.name} cleo"]
    assert words(response, "//main//span[contains(@class, 'cs-badge')]") == ["Published", "Pending"]
    assert sent == [(tasks.apply_edition.name, {"edition_id": edition.pk, "revision": 2}, "edx.lms.core.default")]
    CourseEdition.objects.update(applied_revision=2)
    assert words(browser.get(url), "//main//span[contains(@class, 'cs-badge')]") == ["Published", "Done"]
    with committed():
        browser.post(address("studio_remove_coaches", edition, uuid=edition.uuid), {"who": "cleo"})
    assert not EditionCoach.objects.exists()
    assert sent[1:] == [(tasks.apply_edition.name, {"edition_id": edition.pk, "revision": 3}, "edx.lms.core.default")]


def test_what_a_lock_forbids_is_said_in_the_frame(edition, make_user, make_course_role, signed_in, now):
    tom, cleo = make_user("tom"), make_user("cleo")
    make_course_role(edition.base_key, tom, "staff")
    edition.session.locks.create(name="team", reason="Exam.", locked_at=now)
    url = address("studio_coaches", edition, uuid=edition.uuid)
    assert "Reason given: Exam." in signed_in(tom).get(url).content.decode()
    response = signed_in(tom).post(url, {"people": cleo.username})
    assert response.status_code == 403
    page = html.fromstring(response.content.decode())
    assert [each.text_content() for each in page.xpath("//h1[@class='cs-notice__title']")] == ["That is not possible"]
    assert not EditionCoach.objects.exists()


@pytest.mark.parametrize("count", [1, 100])
def test_at_most_fifteen_queries(count, run, edition, make_user, signed_in, now):
    tom = make_user("tom")
    OrgStaffRole(run.key.org).add_users(tom)
    for number in range(1, count):
        make_edition(run.key, f"spring-{number}", now)
    browser, url = signed_in(tom), address("studio_course", edition)
    browser.get(url)
    RequestCache.clear_all_namespaces()
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(url)
    assert len(words(response, "//main//tbody/tr")) == min(count, 25)
    # Of somebody who teaches by their organisation, which takes one more than by the course.
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 15


def test_a_card_of_pages_and_resources_leads_here(edition, make_user, make_course_role, signed_in):
    """As the authoring micro-frontend asks for the cards; an installed wheel names ours among the platform's."""
    tom = make_user("tom")
    make_course_role(edition.base_key, tom, "staff")
    installed = "edx_django_utils.plugins.PluginManager.get_available_plugins"
    with mock.patch(installed, return_value={"cohort_sessions": SessionsCourseApp}):
        response = signed_in(tom).get(f"/api/course_apps/v1/apps/{edition.base_key}")
    assert response.status_code == 200
    assert response.json() == [
        {
            "id": "cohort_sessions",
            "enabled": True,
            "name": "Sessions",
            "description": "See in which sessions this course runs, and assign its coaches.",
            "allowed_operations": {"enable": False, "configure": True},
            "documentation_links": {},
            "legacy_link": f"http://testserver{address('studio_course', edition)}",
        }
    ]
    assert not SessionsCourseApp.is_available(edition.edition_key)
