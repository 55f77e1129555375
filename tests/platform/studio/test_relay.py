"""Publishing a base course in Studio sends its editions after it, to the LMS's workers."""

from __future__ import annotations

import pytest
from celery import Task
from django.test import TestCase

from cohort_sessions import tasks
from cohort_sessions.data import SessionStatus
from cohort_sessions.models import CohortSession, CourseEdition
from tests.platform import courses

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def sent(monkeypatch):
    """The plugin's tasks that were queued, instead of running at once: (name, arguments, queue)."""
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
    return courses.create_course()


@pytest.fixture
def edition(run, now):
    """A session's edition of the course, as the shared database has it."""
    session = CohortSession.objects.create(
        code="spring", title="Spring", status=SessionStatus.PUBLISHED.value, created_at=now, modified_at=now
    )
    key = f"ccx-v1:{str(run.key).removeprefix('course-v1:')}+ccx@7"
    return CourseEdition.objects.create(session=session, base_key=run.key, edition_key=key)


def test_a_publish_is_relayed_after_the_commit(edition, run, sent, settings):
    settings.CELERY_QUEUES = {"edx.cms.core.default": {}, "edx.lms.core.default": {}}
    with TestCase.captureOnCommitCallbacks() as callbacks, courses.authoring(run.key):
        courses.add_section(run.key, 2)
    assert sent == []
    for callback in callbacks:
        callback()
    assert sent == [(tasks.relay_publish.name, {"base_key": str(run.key)}, "edx.lms.core.default")]


def test_other_courses_are_not(edition, sent):
    with TestCase.captureOnCommitCallbacks(execute=True):
        courses.create_course()
    assert sent == []
