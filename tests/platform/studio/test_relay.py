"""Publishing a base course in Studio sends its editions after it, to the LMS's workers."""

from __future__ import annotations

import pytest
from django.test import TestCase

from cohort_sessions import tasks
from cohort_sessions.data import SessionStatus
from cohort_sessions.models import CohortSession, CourseEdition
from tests.platform import courses

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def sent(monkeypatch):
    """The tasks that were queued: (name, arguments, queue)."""
    found = []
    monkeypatch.setattr(
        "celery.app.task.Task.apply_async",
        lambda task, args=None, kwargs=None, **options: found.append((task.name, kwargs, options.get("queue"))),
    )
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


def relayed(sent) -> list[tuple]:
    return [task for task in sent if task[0].startswith("cohort_sessions.")]


def test_a_publish_is_relayed_after_the_commit(edition, run, sent, settings):
    settings.CELERY_QUEUES = {"edx.cms.core.default": {}, "edx.lms.core.default": {}}
    with TestCase.captureOnCommitCallbacks() as callbacks, courses.authoring(run.key):
        courses.add_section(run.key, 2)
    assert relayed(sent) == []
    for callback in callbacks:
        callback()
    assert relayed(sent) == [(tasks.relay_publish.name, {"base_key": str(run.key)}, "edx.lms.core.default")]


def test_other_courses_are_not(edition, sent):
    with TestCase.captureOnCommitCallbacks(execute=True):
        courses.create_course()
    assert relayed(sent) == []
