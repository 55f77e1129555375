"""Roles of the platform: on the edition only, ours only, and what they open."""

from __future__ import annotations

from dataclasses import replace

import pytest
from common.djangoapps.student.auth import has_studio_read_access
from common.djangoapps.student.models import CourseAccessRole
from common.djangoapps.student.roles import CourseStaffRole
from django.contrib.auth import get_user_model
from openedx.core.djangoapps.django_comment_common.models import Role
from openedx.core.djangoapps.django_comment_common.utils import are_permissions_roles_seeded

from cohort_sessions.data import TeamRole
from cohort_sessions.host import FacetFailure, TeamGrant
from cohort_sessions.models import GrantedRole

pytestmark = pytest.mark.django_db(databases="__all__")


COACH = {"staff", "data_researcher", "forum:Moderator"}


@pytest.fixture
def cora(make_user):
    return make_user("cora")


def roles_of(user) -> set[tuple]:
    course = CourseAccessRole.objects.filter(user=user).values_list("course_id", "role")
    forum = Role.objects.filter(users=user).values_list("course_id", "name")
    return set(course) | {(key, f"forum:{name}") for key, name in forum}


def recorded() -> set[tuple]:
    return set(GrantedRole.objects.values_list("edition_key", "user__username", "platform_role", "reasons"))


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (TeamRole.ADMINISTRATOR, {"instructor", "data_researcher", "forum:Administrator"}),
        (TeamRole.SESSION_COACH, COACH),
        (TeamRole.COURSE_COACH, COACH),
    ],
)
def test_the_map_says_which(make_edition, cora, role, expected):
    key = make_edition(team=(TeamGrant(cora.pk, role),)).edition_key
    assert roles_of(cora) == {(key, name) for name in expected}
    assert recorded() == {(key, "cora", name, role.value) for name in expected}


def test_reasons_come_and_go(host, make_edition, cora):
    coach, administrator = TeamGrant(cora.pk, TeamRole.SESSION_COACH), TeamGrant(cora.pk, TeamRole.ADMINISTRATOR)
    spec = make_edition(team=(administrator, coach))
    key = spec.edition_key
    assert recorded() == {
        (key, "cora", "data_researcher", "administrator,session_coach"),
        (key, "cora", "forum:Administrator", "administrator"),
        (key, "cora", "forum:Moderator", "session_coach"),
        (key, "cora", "instructor", "administrator"),
        (key, "cora", "staff", "session_coach"),
    }
    host.apply_edition(replace(spec, revision=2, team=(coach,)))
    assert recorded() == {(key, "cora", role, "session_coach") for role in COACH}
    assert roles_of(cora) == {(key, role) for role in COACH}


def test_roles_of_others_making_stay(host, make_edition, cora):
    spec = make_edition()
    CourseStaffRole(spec.edition_key).add_users(cora)
    Role.objects.get(course_id=spec.edition_key, name="Moderator").users.add(cora)
    host.apply_edition(replace(spec, revision=2, team=(TeamGrant(cora.pk, TeamRole.SESSION_COACH),)))
    assert recorded() == {(spec.edition_key, "cora", "data_researcher", "session_coach")}
    host.apply_edition(replace(spec, revision=3, team=()))
    assert roles_of(cora) == {(spec.edition_key, "staff"), (spec.edition_key, "forum:Moderator")}


def test_a_role_taken_away_by_others_comes_back(host, make_edition, cora):
    spec = make_edition(team=(TeamGrant(cora.pk, TeamRole.SESSION_COACH),))
    CourseStaffRole(spec.edition_key).remove_users(cora)
    Role.objects.get(course_id=spec.edition_key, name="Moderator").users.remove(cora)
    assert host.apply_edition(spec).changed == ("team_roles",)
    assert roles_of(cora) == {(spec.edition_key, role) for role in COACH}


def test_inactive_and_unknown_accounts_get_none(host, make_edition, cora):
    get_user_model().objects.filter(pk=cora.pk).update(is_active=False)
    spec = make_edition(team=(TeamGrant(cora.pk, TeamRole.SESSION_COACH), TeamGrant(987654321, TeamRole.SESSION_COACH)))
    assert roles_of(cora) == set()
    assert host.apply_edition(spec).changed == ()


def test_the_base_team_is_not_added(make_edition, base_key, cora):
    CourseStaffRole(base_key).add_users(cora)
    key = make_edition().edition_key
    assert set(CourseAccessRole.objects.filter(course_id=key)) == set()


def test_a_coach_has_the_teaching_pages_of_the_edition_and_nothing_of_the_base(
    make_edition, base_key, cora, signed_in, is_course_staff
):
    key = make_edition(team=(TeamGrant(cora.pk, TeamRole.COURSE_COACH),)).edition_key
    browser = signed_in(cora)
    assert browser.get(f"/courses/{key}/instructor").status_code == 200
    assert browser.post(f"/courses/{key}/instructor/api/list_report_downloads").status_code == 200
    assert browser.get(f"/courses/{base_key}/instructor").status_code == 404
    assert not is_course_staff(base_key, cora)
    assert not has_studio_read_access(cora, base_key)
    assert not has_studio_read_access(cora, key)


def test_the_forum_is_ready(make_edition):
    assert are_permissions_roles_seeded(make_edition().edition_key)


def test_a_role_that_the_discussion_does_not_have_is_named(host, make_edition, cora, settings):
    settings.COHORT_SESSIONS_ROLE_MAP = {"course_coach": ["forum:Steersman"]}
    spec = make_edition()
    report = host.apply_edition(replace(spec, revision=2, team=(TeamGrant(cora.pk, TeamRole.COURSE_COACH),)))
    assert report.failed == (
        FacetFailure(
            "team_roles",
            "COHORT_SESSIONS_ROLE_MAP names forum:Steersman, and the discussion has no role Steersman. "
            "Its roles are Administrator, Moderator, Group Moderator, Community TA.",
        ),
    )
    assert roles_of(cora) == set()
