"""What Studio's pages ask of the host is answered in Studio's process, where the CCX app is not installed."""

from __future__ import annotations

import pytest
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.host import Person
from tests.platform import courses

pytestmark = pytest.mark.django_db(databases="__all__")


def test_people_and_base_courses(host, make_user):
    cora = make_user("cora")
    run = courses.create_course(title="Tides")
    assert host.people([cora.pk]) == {cora.pk: Person(cora.pk, "cora", cora.profile.name)}
    assert host.base_courses([run.key])[run.key].title == "Tides"


def test_addresses_of_editions(host):
    key = CourseKey.from_string("ccx-v1:Sea+T1+2026+ccx@7")
    assert host.entry_urls([key])[key].endswith(f"/course/{key}")
