"""What the LMS lets each role of a session's team do: in its own edition, in another session's, on the base course."""

from __future__ import annotations

import json

import pytest
from common.djangoapps.student.models import CourseAccessRole
from django.core.management import call_command
from django.utils import timezone
from edx_django_utils.cache import RequestCache
from edx_toggles.toggles.testutils import override_waffle_flag
from lms.djangoapps.discussion.django_comment_client.permissions import has_permission
from lms.djangoapps.grades.config.waffle import WRITABLE_GRADEBOOK
from openedx.core.djangoapps.django_comment_common.models import Role

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, TeamRole
from cohort_sessions.models import GrantedRole
from tests.platform import courses
from tests.platform.entrances import outcome
from tests.platform.sessions import create_session, edition_key

pytestmark = pytest.mark.django_db(databases="__all__")


def masquerade(client, key) -> int:
    """The platform says "no" with a 200."""
    body = json.dumps({"role": "student"})
    response = client.post(f"/courses/{key}/masquerade", body, content_type="application/json")
    return response.status_code if response.status_code != 200 or response.json()["success"] else 403


# What somebody who teaches does, as (client, course key) -> status.
DOORS = {
    "instructor dashboard": lambda client, key: client.get(f"/courses/{key}/instructor").status_code,
    "gradebook": lambda client, key: client.get(f"/courses/{key}/instructor/api/gradebook").status_code,
    "gradebook, micro-frontend": lambda client, key: client.get(f"/api/grades/v1/gradebook/{key}/").status_code,
    "masquerade": masquerade,
    "reports to download": lambda client, key: (
        client.post(f"/courses/{key}/instructor/api/list_report_downloads").status_code
    ),
    "profiles as CSV": lambda client, key: (
        client.post(f"/courses/{key}/instructor/api/get_students_features/csv").status_code
    ),
    "who holds roles": lambda client, key: (
        client.post(f"/courses/{key}/instructor/api/list_course_role_members", {"rolename": "staff"}).status_code
    ),
}
# The micro-frontend's gradebook wants rights in Studio, which the platform gives nobody over a CCX key.
OPEN = dict.fromkeys(DOORS, 200) | {"gradebook, micro-frontend": 403}
OWN = {
    TeamRole.ADMINISTRATOR: OPEN,
    TeamRole.SESSION_COACH: OPEN | {"who holds roles": 403},
    TeamRole.COURSE_COACH: OPEN | {"who holds roles": 403},
}
# Of another session nobody is told that it exists; the base course answers as it answers anybody signed in.
SIBLING = dict.fromkeys(DOORS, 404)
BASE = dict.fromkeys(DOORS, 403) | {"instructor dashboard": 404}
MAPPED = {
    TeamRole.ADMINISTRATOR: {("cora", "instructor"), ("cora", "data_researcher"), ("cora", "forum:Administrator")},
    TeamRole.SESSION_COACH: {("cora", "staff"), ("cora", "data_researcher"), ("cora", "forum:Moderator")},
    TeamRole.COURSE_COACH: {("cora", "staff"), ("cora", "data_researcher"), ("cora", "forum:Moderator")},
}


def knock(client, key) -> dict[str, int]:
    return {name: door(client, key) for name, door in DOORS.items()}


def roles_in(key) -> set[tuple]:
    course = CourseAccessRole.objects.filter(course_id=key).values_list("user__username", "role")
    forum = Role.objects.filter(course_id=key, users__isnull=False).exclude(name="Student")
    return set(course) | {
        (username, f"forum:{name}") for username, name in forum.values_list("users__username", "name")
    }


def assign(session, role, user) -> None:
    """Give the role through the operation that pages call."""
    if role == TeamRole.COURSE_COACH:
        lines = api.assign_course_coaches(session.editions.get(), [user.username], actor=SYSTEM, now=timezone.now())
    else:
        lines = api.assign_session_team(session, role, [user.username], actor=SYSTEM, now=timezone.now())
    assert [line.message for line in lines if not line.ok] == []


def remove(session, role, user) -> None:
    """Take it back."""
    if role == TeamRole.COURSE_COACH:
        api.remove_course_coaches(session.editions.get(), [user.username], actor=SYSTEM, now=timezone.now())
    else:
        api.remove_session_team(session, role, [user.username], actor=SYSTEM, now=timezone.now())


@pytest.fixture
def cora(make_user):
    return make_user("cora")


@pytest.fixture
def spring(base_key):
    """The session in which Cora has a role."""
    return create_session(base_key)


@pytest.fixture
def autumn(base_key, make_user):
    """Another session over the same course, with a team of its own."""
    return create_session(base_key, title="Autumn", coaches=[make_user("cleo")])


@pytest.fixture(autouse=True)
def _gradebook():
    """The gradebook's micro-frontend is an operator's choice, course by course."""
    with override_waffle_flag(WRITABLE_GRADEBOOK, active=True):
        yield


@pytest.mark.parametrize("role", list(TeamRole))
def test_the_doors_of_teaching_open_in_the_own_edition_alone(
    role, spring, autumn, base_key, cora, committed, signed_in
):
    with committed():
        assign(spring, role, cora)
    client = signed_in(cora)
    keys = {"own": edition_key(spring), "sibling": edition_key(autumn), "base": base_key}
    assert {name: knock(client, key) for name, key in keys.items()} == {
        "own": OWN[role],
        "sibling": SIBLING,
        "base": BASE,
    }


@pytest.mark.parametrize("role", list(TeamRole))
def test_the_team_moderates_its_own_discussion_alone(role, spring, autumn, base_key, cora, committed):
    with committed():
        assign(spring, role, cora)
    RequestCache.clear_all_namespaces()
    keys = {"own": edition_key(spring), "sibling": edition_key(autumn), "base": base_key}
    assert {name: has_permission(cora, "delete_thread", key) for name, key in keys.items()} == {
        "own": True,
        "sibling": False,
        "base": False,
    }


@pytest.mark.parametrize("role", list(TeamRole))
def test_roles_outlast_a_publish_and_a_reconcile_and_end_with_the_last_reason(
    role, spring, autumn, base_key, cora, committed
):
    own, others = edition_key(spring), roles_in(edition_key(autumn))
    with committed():
        assign(spring, role, cora)
    assert roles_in(own) == MAPPED[role]
    with committed(), courses.authoring(base_key):
        courses.add_section(base_key, 2)
    assert roles_in(own) == MAPPED[role]
    with committed():
        call_command("cohort_sessions_reconcile")
    assert roles_in(own) == MAPPED[role]
    with committed():
        remove(spring, role, cora)
    assert (roles_in(own), roles_in(base_key), roles_in(edition_key(autumn))) == (set(), set(), others)


def test_of_two_reasons_one_keeps_what_it_calls_for(spring, cora, committed):
    key = edition_key(spring)
    with committed():
        assign(spring, TeamRole.SESSION_COACH, cora)
        assign(spring, TeamRole.COURSE_COACH, cora)
    with committed():
        remove(spring, TeamRole.SESSION_COACH, cora)
    assert roles_in(key) == MAPPED[TeamRole.COURSE_COACH]
    with committed():
        remove(spring, TeamRole.COURSE_COACH, cora)
    assert roles_in(key) == set()


def test_what_the_platforms_own_admin_granted_is_not_ours_to_take(spring, cora, committed):
    key = edition_key(spring)
    CourseAccessRole.objects.create(user=cora, course_id=key, org=key.org, role="staff")
    with committed():
        assign(spring, TeamRole.COURSE_COACH, cora)
    with committed():
        remove(spring, TeamRole.COURSE_COACH, cora)
    assert roles_in(key) == {("cora", "staff")}
    assert not GrantedRole.objects.exists()


def test_the_team_is_assigned_in_the_session_not_on_the_instructor_dashboard(
    spring, cora, make_user, committed, signed_in
):
    """There the platform would enrol whom it gives a role, and a coach is no learner."""
    ada = make_user("ada")
    with committed():
        assign(spring, TeamRole.ADMINISTRATOR, ada)
        assign(spring, TeamRole.COURSE_COACH, cora)
    key = edition_key(spring)
    before = roles_in(key)
    for action, username in (("allow", make_user("max").username), ("revoke", "cora")):
        response = signed_in(ada).post(
            f"/courses/{key}/instructor/api/modify_access",
            {"unique_student_identifier": username, "rolename": "staff", "action": action},
        )
        assert outcome(response) == (403, "managed-in-session")
    assert roles_in(key) == before


class TestDrift:
    """What others changed by hand is found, said, and mended for as much as it is ours."""

    def test_of_a_role_that_was_taken_away_by_hand(self, spring, cora, committed, capsys):
        key = edition_key(spring)
        with committed():
            assign(spring, TeamRole.COURSE_COACH, cora)
        CourseAccessRole.objects.filter(course_id=key, user=cora, role="staff").delete()
        call_command("cohort_sessions_reconcile", "--dry-run")
        assert capsys.readouterr().out == f"{key}: would change team_roles\n"
        assert roles_in(key) == MAPPED[TeamRole.COURSE_COACH] - {("cora", "staff")}
        call_command("cohort_sessions_reconcile")
        assert capsys.readouterr().out == f"{key}: changed team_roles\n"
        assert roles_in(key) == MAPPED[TeamRole.COURSE_COACH]

    def test_of_a_role_that_was_given_by_hand_there_is_none(self, spring, cora, capsys):
        key = edition_key(spring)
        CourseAccessRole.objects.create(user=cora, course_id=key, org=key.org, role="beta_testers")
        call_command("cohort_sessions_reconcile")
        assert capsys.readouterr().out == f"{key}: as wanted\n"
        assert roles_in(key) == {("cora", "beta_testers")}

    def test_of_an_account_that_was_deactivated(self, spring, cora, committed, capsys):
        """Retiring an account deactivates it too."""
        key = edition_key(spring)
        with committed():
            assign(spring, TeamRole.COURSE_COACH, cora)
        type(cora).objects.filter(pk=cora.pk).update(is_active=False)
        call_command("cohort_sessions_reconcile")
        assert capsys.readouterr().out == f"{key}: changed team_roles\n"
        assert roles_in(key) == set()
        type(cora).objects.filter(pk=cora.pk).update(is_active=True)
        call_command("cohort_sessions_reconcile")
        assert roles_in(key) == MAPPED[TeamRole.COURSE_COACH]
