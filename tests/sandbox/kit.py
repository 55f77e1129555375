"""The sandbox's kit: the fixtures of `tests.contract`, by way of the sandbox's real doors and tables."""

from __future__ import annotations

from datetime import datetime
from itertools import count

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from cohort_sessions.data import BlockKind, Tool
from cohort_sessions.host import get_host
from cohort_sessions.timeline import Window
from tests.contract import Stored

ALWAYS = Window()
BLOCKS = {
    BlockKind.SECTION: ("chapter", "section"),
    BlockKind.SUBSECTION: ("sequential", "subsection"),
    BlockKind.UNIT: ("vertical", "unit"),
}
ELEMENTS = {"html": "text", "problem": "problem"}
_numbers = count(1)

OLX = """
<course org="Example" course="C{number}" url_name="2026" display_name="{title}">
  <chapter url_name="section" display_name="Section">
    <sequential url_name="subsection" display_name="Subsection"{due} graded="true" format="Exercise">
      <vertical url_name="unit" display_name="Unit">
        <html url_name="text" display_name="Text">Water rises and falls twice a day.</html>
        <problem url_name="problem" display_name="Problem">
          <multiplechoiceresponse>
            <label>How often?</label>
            <choicegroup>
              <choice correct="true">Twice</choice>
              <choice correct="false">Once</choice>
            </choicegroup>
          </multiplechoiceresponse>
        </problem>
      </vertical>
    </sequential>
  </chapter>
</course>
"""


@pytest.fixture(scope="session", autouse=True)
def _private_files(tmp_path_factory):
    """Kept apart from those of the demo."""
    from django.conf import settings

    settings.SANDBOX_PRIVATE_ROOT = tmp_path_factory.mktemp("private")


@pytest.fixture
def host():
    return get_host()


@pytest.fixture
def host_alone():
    """Its doors ask the plugin about editions of sessions only."""


@pytest.fixture
def make_user(db):
    from django.contrib.auth import get_user_model

    def make(username: str = "lea", *, is_staff: bool = False):
        return get_user_model().objects.create_user(username, f"{username}@example.com", is_staff=is_staff)

    return make


@pytest.fixture
def make_base_course(db, committed):
    from sandbox.publishing import publish_course

    def make(*, title: str = "Tides", window: Window = ALWAYS, due: datetime | None = None):
        olx = OLX.format(number=next(_numbers), title=title, due="" if due is None else f' due="{due.isoformat()}"')
        with committed():
            return publish_course(olx, window=window).course_key

    return make


@pytest.fixture
def make_foreign_enrolment(db):
    from sandbox.models import Enrolment

    def make(course_key, user) -> None:
        Enrolment.objects.create(course_key=course_key, user=user)

    return make


@pytest.fixture
def make_course_role(db):
    from sandbox.models import CourseRole

    def make(course_key, user, role) -> None:
        CourseRole.objects.create(course_key=course_key, user=user, role=role)

    return make


@pytest.fixture
def answer(committed):
    from sandbox.models import Score

    def give(course_key, user, *, correct: bool = True) -> bool:
        usage_key = course_key.make_usage_key("problem", "problem")
        client = Client()
        client.force_login(user)
        with committed():
            url = reverse("sandbox:handler", args=[course_key, usage_key, "submit"])
            response = client.post(url, {"answer": "0" if correct else "1"}, headers={"accept": "application/json"})
        scores = Score.objects.filter(course_key=course_key, user=user).values_list("earned", flat=True)
        return response.status_code == 200 and list(scores) == [1.0 if correct else 0.0]

    return give


@pytest.fixture
def can_read(committed):
    def look(course_key, user) -> bool:
        client = Client()
        client.force_login(user)
        with committed():
            response = client.get(reverse("sandbox:unit", args=[course_key, "unit"]))
        return response.status_code == 200 and "Water rises" in response.content.decode()

    return look


@pytest.fixture
def stored(db):
    from sandbox.models import BlockState, Completion, Enrolment, Score

    def of(course_key, user) -> Stored:
        mine = {"course_key": course_key, "user": user}
        scores = list(Score.objects.filter(**mine).values_list("earned", flat=True))
        return Stored(
            is_enrolled=Enrolment.objects.filter(**mine, is_active=True).exists(),
            answers=BlockState.objects.filter(**mine).count(),
            score=sum(scores) if scores else None,
            completed=Completion.objects.filter(**mine).count(),
        )

    return of


@pytest.fixture
def is_course_staff(db):
    from sandbox.access import is_course_staff as ask

    return ask


@pytest.fixture
def title_of(db):
    from sandbox.host.editions import find_edition
    from sandbox.models import CourseRun

    def ask(course_key) -> str:
        edition = find_edition(course_key)
        return edition.title if edition else CourseRun.objects.get(course_key=course_key).title

    return ask


@pytest.fixture
def retitle_base_course(committed):
    from sandbox.publishing import publish_title

    def retitle(base_key, title: str) -> None:
        with committed():
            publish_title(base_key, title)

    return retitle


@pytest.fixture
def reschedule_base_course(committed):
    from sandbox.models import CourseRun
    from sandbox.publishing import publish_course

    def reschedule(base_key, due: datetime | None) -> None:
        course = CourseRun.objects.get(course_key=base_key)
        root = etree.fromstring(course.olx)
        (subsection,) = root.iter("sequential")
        subsection.attrib.pop("due", None)
        if due is not None:
            subsection.set("due", due.isoformat())
        with committed():
            publish_course(etree.tostring(root, encoding="unicode"), window=Window(course.starts_at, course.ends_at))

    return reschedule


@pytest.fixture
def due_of(db):
    def ask(course_key, user) -> datetime | None:
        client = Client()
        client.force_login(user)
        (unit,) = client.get(reverse("sandbox:outline_api", args=[course_key])).json()["units"]
        return None if unit["due"] is None else datetime.fromisoformat(unit["due"])

    return ask


@pytest.fixture
def certifiable():
    """Have the host make certificates of an edition: the sandbox always does."""
    return lambda _edition_key: None


@pytest.fixture
def block():
    return lambda course_key, kind: course_key.make_usage_key(*BLOCKS[kind])


@pytest.fixture
def element():
    return lambda course_key, block_type: course_key.make_usage_key(block_type, ELEMENTS[block_type])


@pytest.fixture
def page_of():
    def look(course_key, user) -> str:
        client = Client()
        client.force_login(user)
        response = client.get(reverse("sandbox:unit", args=[course_key, "unit"]))
        assert response.status_code == 200, response.content
        return response.content.decode()

    return look


@pytest.fixture
def edit_base_course(committed):
    """``edit_base_course(base_key, change)``: let `change` work on the course's XML, and publish it."""
    from sandbox.models import CourseRun
    from sandbox.publishing import publish_course

    def edit(base_key, change) -> None:
        course = CourseRun.objects.get(course_key=base_key)
        root = etree.fromstring(course.olx)
        change(root)
        with committed():
            publish_course(etree.tostring(root, encoding="unicode"), window=Window(course.starts_at, course.ends_at))

    return edit


@pytest.fixture
def rewrite_base_course(edit_base_course):
    def rewrite(base_key, text: str) -> None:
        edit_base_course(base_key, lambda root: setattr(next(root.iter("html")), "text", text))

    return rewrite


@pytest.fixture
def shorten_base_course(edit_base_course):
    def take_out(root) -> None:
        (text,) = root.iter("html")
        text.getparent().remove(text)

    return lambda base_key: edit_base_course(base_key, take_out)


@pytest.fixture
def outline_of():
    def ask(course_key, user) -> list[str]:
        client = Client()
        client.force_login(user)
        response = client.get(reverse("sandbox:outline_api", args=[course_key]))
        assert response.status_code == 200, response.content
        return [title for title in response.json()["outline"] if not title.startswith("Unit")]

    return ask


@pytest.fixture
def tools_of():
    """The tools among the links of the course's pages."""

    def ask(course_key, user) -> list[str]:
        client = Client()
        client.force_login(user)
        page = client.get(reverse("sandbox:course_home", args=[course_key])).content.decode()
        return [Tool.PROGRESS.value] if reverse("sandbox:progress", args=[course_key]) in page else []

    return ask


@pytest.fixture
def can_open():
    """Whether the progress page opens by its address."""

    def ask(course_key, user) -> bool:
        client = Client()
        client.force_login(user)
        status = client.get(reverse("sandbox:progress", args=[course_key])).status_code
        assert status in {200, 404}
        return status == 200

    return ask
