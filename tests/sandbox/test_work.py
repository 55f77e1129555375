"""What a learner leaves behind, below the doors."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from xblock.django.request import django_to_webob_request

from sandbox.content import content_of
from sandbox.models import BlockState, Completion, CourseRun, Score
from sandbox.work import Desk, WorkRefusedError, open_runtime

pytestmark = pytest.mark.django_db


@pytest.fixture
def submit(make_base_course, make_user, now):
    """Answer the problem of a course, past every door. Returns the block."""

    def give(*, may_work: bool):
        course = CourseRun.objects.get(course_key=make_base_course())
        runtime = open_runtime(
            content_of(course), Desk(course.course_key, make_user().pk, may_work=may_work, now=now, deadlines={})
        )
        problem = runtime.get_block(course.course_key.make_usage_key("problem", "problem"))
        request = RequestFactory().post("/", {"answer": "0"})
        runtime.handle(problem, "submit", django_to_webob_request(request))

    return give


def kept() -> list[int]:
    return [model.objects.count() for model in (BlockState, Score, Completion)]


def test_an_answer_leaves_state_score_and_completion(submit):
    submit(may_work=True)
    assert kept() == [1, 1, 1]


def test_where_no_work_is_accepted_nothing_is_kept_even_past_the_doors(submit):
    with pytest.raises(WorkRefusedError):
        submit(may_work=False)
    assert kept() == [0, 0, 0]
