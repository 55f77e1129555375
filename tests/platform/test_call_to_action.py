"""What the platform offers at a problem of a self-paced course that has closed."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone
from openedx.features.personalized_learner_schedules.call_to_action import PersonalizedLearnerScheduleCallToAction

from cohort_sessions.edxapp.hooks import call_to_action
from cohort_sessions.models import Member
from tests.platform import courses
from tests.platform.ccx import our_platform
from tests.platform.sessions import STATES, create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def _ours():
    with our_platform():
        yield


@pytest.fixture
def base_key(committed):
    """A self-paced course that has ended, so that its problems have closed."""
    with committed():
        yesterday = timezone.now() - timedelta(days=1)
        return courses.create_course(self_paced=True, end=yesterday).key


@pytest.fixture
def is_offered(lea, signed_in):
    """Whether Lea finds the offer at the problem of a course."""

    def look(course_key):
        response = signed_in(lea).get(f"/xblock/{course_key.make_usage_key('problem', 'problem_1')}")
        assert response.status_code == 200
        return "Shift due dates" in response.content.decode()

    return look


def test_is_to_try_again_in_ordinary_courses(base_key, lea, make_foreign_enrolment, is_offered):
    make_foreign_enrolment(base_key, lea)
    assert is_offered(base_key)


def test_is_nothing_where_the_session_has_ended(base_key, lea, is_offered):
    key = edition_key(create_session(base_key, members=[lea], **STATES["read only"]))
    with mock.patch.object(PersonalizedLearnerScheduleCallToAction, "get_ctas", call_to_action._stock_get_ctas):
        assert is_offered(key)
    assert not is_offered(key)


def test_is_nothing_where_the_learners_own_time_is_over(base_key, lea, is_offered):
    key = edition_key(create_session(base_key, members=[lea]))
    Member.objects.filter(user=lea).update(closes_at=timezone.now() - timedelta(days=1))
    with mock.patch.object(PersonalizedLearnerScheduleCallToAction, "get_ctas", call_to_action._stock_get_ctas):
        assert is_offered(key)
    assert not is_offered(key)
