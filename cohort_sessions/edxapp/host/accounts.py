"""People as the platform knows them."""

from __future__ import annotations

from ccx_keys.locator import CCXLocator
from common.djangoapps.student.models import CourseAccessRole, UserProfile
from common.djangoapps.student.roles import CourseInstructorRole, CourseStaffRole
from crum import get_current_user
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from opaque_keys.edx.keys import CourseKey
from opaque_keys.edx.locator import CourseLocator
from openedx.core.djangoapps.content.course_overviews.models import CourseOverview
from openedx.core.djangoapps.lang_pref import LANGUAGE_KEY
from openedx.core.djangoapps.user_api.models import UserPreference

NAME_PATH = "profile__name"
TIME_ZONE_PREFERENCE = "time_zone"
COURSE_TEAM_ROLES = (CourseStaffRole.ROLE, CourseInstructorRole.ROLE)


def time_zone(user_id: int) -> str | None:
    """
    The zone chosen in the account settings. One query; for whoever makes the request it is the one by which every page
    of the platform reads their preferences, kept for the request.
    """
    reader = get_current_user()
    if reader is not None and reader.pk == user_id:
        return UserPreference.get_all_preferences(reader).get(TIME_ZONE_PREFERENCE) or None
    rows = UserPreference.objects.filter(user_id=user_id, key=TIME_ZONE_PREFERENCE)
    return rows.values_list("value", flat=True).first() or None


def language(user_id: int) -> str | None:
    """The language chosen in the account settings. One query."""
    rows = UserPreference.objects.filter(user_id=user_id, key=LANGUAGE_KEY)
    return rows.values_list("value", flat=True).first() or None


def taught_base_keys(user_id: int) -> frozenset[CourseKey]:
    """
    The courses in which the person is staff or instructor, and every course of an organisation in which they are.

    One query, a second one where a role is of a whole organisation. Libraries have such roles too and are no courses.
    """
    roles = CourseAccessRole.objects.filter(user_id=user_id, role__in=COURSE_TEAM_ROLES)
    held = list(roles.values_list("org", "course_id"))
    keys = {course_key for _organisation, course_key in held if course_key}
    organisations = {organisation for organisation, course_key in held if organisation and not course_key}
    if organisations:
        keys |= set(CourseOverview.objects.filter(org__in=organisations).values_list("pk", flat=True))
    return frozenset(key for key in keys if isinstance(key, CourseLocator) and not isinstance(key, CCXLocator))


def service_account_id() -> int:
    """
    The account that owns the rows of editions, made when missing.

    It is nobody's: the platform deletes a CCX with its coach, so no person may be one. It cannot sign in, and its
    address lies in a domain that cannot exist (RFC 2606), so nothing ever reaches anybody.
    """
    username = settings.COHORT_SESSIONS_SERVICE_USERNAME
    account, is_new = get_user_model().objects.get_or_create(
        username=username,
        defaults={
            "email": f"{username}@cohort-sessions.invalid",
            "password": make_password(None),
            "is_active": False,
        },
    )
    if is_new:
        UserProfile.objects.get_or_create(user=account, defaults={"name": "Cohort sessions"})
    return account.pk
