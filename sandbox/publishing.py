"""Publishing courses: what authors do, and what it sets off."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction
from lxml import etree
from opaque_keys.edx.keys import CourseKey
from opaque_keys.edx.locator import CourseLocator

from cohort_sessions import tasks
from cohort_sessions.timeline import Window
from sandbox.content import olx_from_files, read_olx
from sandbox.models import CourseRun

ALWAYS = Window()


def import_course(directory: Path) -> CourseRun:
    """
    Publish the course in these files under the key its ``course.xml`` names, with the start it names, if any; nothing
    is published where nothing has changed.
    """
    olx = olx_from_files(directory)
    start = etree.fromstring(olx).get("start")
    return publish_course(olx, window=Window(None if start is None else datetime.fromisoformat(start)))


def publish_course(olx: str, *, window: Window = ALWAYS) -> CourseRun:
    """
    Publish an OLX document as the course run its root element names; editions follow after the commit.

    Raises:
        ValueError: the document asks something that cannot be asked.
    """
    root = etree.fromstring(olx)
    base_key = _key_in(root)
    read_olx(base_key, olx)
    wanted = {"title": root.get("display_name"), "starts_at": window.opens_at, "ends_at": window.closes_at, "olx": olx}
    with transaction.atomic():
        course, made = CourseRun.objects.get_or_create(course_key=base_key, defaults=wanted)
        if not made and any(getattr(course, name) != value for name, value in wanted.items()):
            _publish(course, wanted)
    return course


def read_base_key(directory: Path) -> CourseKey:
    """The key that a course's files name."""
    return _key_in(etree.parse(directory / "course.xml").getroot())


def publish_title(base_key: CourseKey, title: str) -> CourseRun:
    """Rename a course as its authors do, and publish it."""
    with transaction.atomic():
        course = CourseRun.objects.select_for_update().get(course_key=base_key)
        root = etree.fromstring(course.olx)
        root.set("display_name", title)
        _publish(course, {"title": title, "olx": etree.tostring(root, encoding="unicode")})
    return course


def _key_in(root: etree._Element) -> CourseKey:
    return CourseLocator(root.get("org"), root.get("course"), root.get("url_name"))


def _publish(course: CourseRun, changes: dict[str, str | datetime | None]) -> None:
    for name, value in changes.items():
        setattr(course, name, value)
    course.version += 1
    course.save()
    transaction.on_commit(lambda: tasks.send(tasks.relay_publish, base_key=str(course.course_key)))
