"""What the platform lists of somebody's courses: nothing of an edition that is hidden from them now."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone
from edx_toggles.toggles.testutils import override_waffle_switch
from lms.djangoapps.teams.models import CourseTeam
from openedx.core.djangoapps.bookmarks.models import Bookmark
from openedx.core.djangoapps.notifications.models import Notification
from rest_framework.response import Response

from cohort_sessions.edxapp.hooks import personal_lists
from cohort_sessions.edxapp.toggles import DISABLE_GUARD
from cohort_sessions.models import CohortSession
from tests.platform import ccx, courses
from tests.platform.sessions import STATES, create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")

# Of what the edition is, its people are told while it is shown; of what is in it, while they may enter.
TELLING = (
    "/api/learner_home/init",
    "/api/enrollment/v1/enrollment",
    "/api/mobile/v4/users/lea/enrollments_status/",
    "/dashboard",
)
CONTENT = (
    "/api/bookmarks/v1/bookmarks/",
    "/api/notifications/",
    "/api/team/v0/team_membership/?username=lea&expand=team",
)


@pytest.fixture
def leave_traces(lea):
    """Leave in a course what somebody leaves there who has learnt in it: a team, a bookmark, a notification."""

    def leave(course_key):
        team = CourseTeam.create(name="Crew", course_id=course_key, description="")
        team.save()
        team.add_user(lea)
        Bookmark.create({"user": lea, "usage_key": course_key.make_usage_key("vertical", "unit_1"), "_path": []})
        Notification.objects.create(
            user=lea,
            course_id=course_key,
            app_name="discussion",
            notification_type="new_response",
            content_context={"replier_name": "max", "post_title": "Ebb"},
            content_url="https://example.com/x",
        )

    return leave


def told_of(client, address):
    """The CCX courses that an answer speaks of."""
    response = client.get(address)
    assert response.status_code == 200
    return set(re.findall(r"ccx@\d+", response.content.decode()))


@pytest.fixture
def numbers(base_key, lea, leave_traces):
    """
    One session in every state, in each of which Lea has learnt: state -> what names it.

    The clock alone brought them there; nothing has been applied to the platform since.
    """
    found = {}
    for state, values in STATES.items():
        session = create_session(base_key, members=[lea], after_close=values.get("after_close", "read_only"))
        key = edition_key(session)
        leave_traces(key)
        days = {"opens_at": values["opens"], "closes_at": values["closes"]}
        moments = {name: timezone.now() + timedelta(days=number) for name, number in days.items()}
        CohortSession.objects.filter(pk=session.pk).update(**moments)
        found[state] = f"ccx@{key.ccx}"
    return found


def test_a_member_finds_what_she_may_see(numbers, lea, signed_in):
    client = signed_in(lea)
    shown = {numbers[state] for state in STATES if state != "hidden"}
    assert {address: told_of(client, address) for address in TELLING} == dict.fromkeys(TELLING, shown)
    entered = {numbers["full"], numbers["read only"]}
    assert {address: told_of(client, address) for address in CONTENT} == dict.fromkeys(CONTENT, entered)


def test_without_the_guard_the_platform_tells_of_all(numbers, lea, signed_in):
    """The defect; and the switch turns this off with the rest."""
    client = signed_in(lea)
    with override_waffle_switch(DISABLE_GUARD, active=True):
        for address in (*TELLING, *CONTENT):
            assert told_of(client, address) == set(numbers.values())


def test_a_program_with_a_token_is_told_the_same(numbers, lea, with_token):
    shown = {numbers[state] for state in STATES if state != "hidden"}
    assert told_of(with_token(lea), "/api/enrollment/v1/enrollment") == shown


def test_platform_administrators_find_everything(numbers, make_user, signed_in):
    client = signed_in(make_user("root", is_staff=True))
    assert told_of(client, "/api/enrollment/v1/enrollment?user=lea") == set(numbers.values())


def test_other_courses_are_listed_as_ever(base_key, lea, make_user, make_foreign_enrolment, leave_traces, signed_in):
    other = ccx.create_ccx(base_key, make_user("coach"), {ccx.COURSE: {"start": courses.LONG_AGO}}, is_ours=False)
    for key in (base_key, other):
        make_foreign_enrolment(key, lea)
        leave_traces(key)
    client = signed_in(lea)
    for address in (*TELLING, *CONTENT):
        assert told_of(client, address) == {f"ccx@{other.ccx}"}


@pytest.mark.parametrize("count", [1, 3])
def test_costs_one_query_whatever_is_listed_and_none_without_ccx_courses(
    count, base_key, lea, django_assert_num_queries
):
    keys = [edition_key(create_session(base_key, members=[lea], **STATES["hidden"])) for _ in range(count)]
    DISABLE_GUARD.is_enabled()
    request = RequestFactory().get("/api/bookmarks/v1/bookmarks/")
    request.user, request.resolver_match = lea, resolve(request.path)
    for listed, queries, left in (([base_key, *keys], 1, [base_key]), ([base_key] * count, 0, [base_key] * count)):
        response = Response({"results": [{"course_id": str(key)} for key in listed]})
        with django_assert_num_queries(queries):
            narrowed = personal_lists.narrow(request, response)
        assert narrowed.data == {"results": [{"course_id": str(key)} for key in left]}
