"""What the platform's accounts say of people."""

from __future__ import annotations

import pytest
from openedx.core.djangoapps.user_api.models import UserPreference

from cohort_sessions.host import Person

pytestmark = pytest.mark.django_db(databases="__all__")


def test_the_time_zone_of_the_account_settings(host, make_user, statements):
    lea, max_ = make_user("lea"), make_user("max")
    UserPreference.objects.create(user=lea, key="time_zone", value="Asia/Kolkata")
    UserPreference.objects.create(user=lea, key="pref-lang", value="hi")
    with statements() as queries:
        assert host.time_zone(lea.pk) == "Asia/Kolkata"
    assert len(queries) == 1
    assert host.time_zone(max_.pk) is None


def test_names_fall_back_to_the_username(host, make_user, statements):
    lea, max_ = make_user("lea"), make_user("max")
    make_user("not_asked_for")
    for user, name in ((lea, "Lea Ebb"), (max_, "")):
        user.profile.name = name
        user.profile.save()
    with statements() as queries:
        people = host.people([lea.pk, max_.pk])
    assert people == {lea.pk: Person(lea.pk, "lea", "Lea Ebb"), max_.pk: Person(max_.pk, "max", "max")}
    assert len(queries) == 1
