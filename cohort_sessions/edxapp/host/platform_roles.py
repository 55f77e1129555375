"""
Where the platform keeps the roles of people in an edition: the only module to change where another store takes over
(openedx-authz, on the platforms that have it).

A role is named as in ``COHORT_SESSIONS_ROLE_MAP``: a course role by the platform's own name, a role in the discussion
with ``forum:`` before it.
"""

from __future__ import annotations

from collections.abc import Collection

from common.djangoapps.student.models import CourseAccessRole
from common.djangoapps.student.roles import CourseRole
from django.contrib.auth import get_user_model
from opaque_keys.edx.keys import CourseKey
from openedx.core.djangoapps.django_comment_common.models import Role as ForumRole

# (account id, name of a role)
PlatformRole = tuple[int, str]

FORUM = "forum:"


def held_roles(edition_key: CourseKey, user_ids: Collection[int]) -> set[PlatformRole]:
    """The roles that these people have in the edition, whoever gave them. Two queries."""
    course = CourseAccessRole.objects.filter(course_id=edition_key, user__in=user_ids)
    forum = ForumRole.objects.filter(course_id=edition_key, users__in=user_ids)
    return set(course.values_list("user_id", "role")) | {
        (user_id, FORUM + name) for user_id, name in forum.values_list("users", "name")
    }


def give_role(edition_key: CourseKey, user_id: int, role: str) -> None:
    """
    Give somebody a role in the edition.

    Raises:
        ObjectDoesNotExist: there is no such account, or the discussion has no such role.
    """
    user = get_user_model().objects.get(pk=user_id)
    if role.startswith(FORUM):
        ForumRole.objects.get(course_id=edition_key, name=role.removeprefix(FORUM)).users.add(user)
    else:
        CourseRole(role, edition_key).add_users(user)


def take_role(edition_key: CourseKey, user_id: int, role: str) -> None:
    """Take the role away again; silently, where the person or the role has gone meanwhile."""
    user = get_user_model().objects.filter(pk=user_id).first()
    if user is None:
        return
    if role.startswith(FORUM):
        for forum_role in ForumRole.objects.filter(course_id=edition_key, name=role.removeprefix(FORUM)):
            forum_role.users.remove(user)
    else:
        CourseRole(role, edition_key).remove_users(user)
