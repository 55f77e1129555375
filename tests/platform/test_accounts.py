"""What the platform's accounts say of people."""

from __future__ import annotations

import pytest
from common.djangoapps.student.models import CourseAccessRole
from common.djangoapps.student.roles import OrgStaffRole
from crum import impersonate
from django.contrib.auth import get_user_model
from opaque_keys.edx.keys import CourseKey
from openedx.core.djangoapps.user_api.models import UserPreference

pytestmark = pytest.mark.django_db(databases="__all__")


def test_the_time_zone_of_the_account_settings(host, make_user, statements):
    lea, max_ = make_user("lea"), make_user("max")
    UserPreference.objects.create(user=lea, key="time_zone", value="Asia/Kolkata")
    UserPreference.objects.create(user=lea, key="pref-lang", value="hi")
    with statements() as queries:
        assert host.time_zone(lea.pk) == "Asia/Kolkata"
    assert len(queries) == 1
    assert host.time_zone(max_.pk) is None


def test_whoever_makes_a_request_has_their_preferences_read_once(host, make_user, statements):
    lea, max_ = make_user("lea"), make_user("max")
    for user, zone in ((lea, "Asia/Kolkata"), (max_, "Asia/Tokyo")):
        UserPreference.objects.create(user=user, key="time_zone", value=zone)
    with impersonate(lea), statements() as queries:
        zones = [host.time_zone(user.pk) for user in (lea, max_, lea)]
        assert UserPreference.get_all_preferences(lea) == {"time_zone": "Asia/Kolkata"}
    assert zones == ["Asia/Kolkata", "Asia/Tokyo", "Asia/Kolkata"]
    assert len(queries) == 2


def test_the_name_is_that_of_the_profile(host, make_user):
    lea = make_user("lea")
    lea.profile.name = "Lea Ebb"
    lea.profile.save()
    assert get_user_model().objects.values_list(host.name_path, flat=True).get(pk=lea.pk) == "Lea Ebb"


def test_staff_of_an_organisation_teach_its_courses(
    host, base_key, make_user, make_base_course, make_edition, statements
):
    """Editions bear the organisation of their course and are none; libraries have the same roles and are none."""
    cora, stars = make_user("cora"), make_base_course()
    make_edition()
    OrgStaffRole(base_key.org).add_users(cora)
    OrgStaffRole("Elsewhere").add_users(cora)
    library = CourseKey.from_string("library-v1:Sea+Shelf")
    CourseAccessRole.objects.create(user=cora, org=library.org, course_id=library, role="staff")
    CourseAccessRole.objects.create(user=cora, org="Sky", role="data_researcher")
    with statements() as queries:
        assert host.taught_base_keys(cora.pk) == {base_key, stars}
    assert len(queries) == 2
