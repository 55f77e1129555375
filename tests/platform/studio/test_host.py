"""What Studio's pages ask of the host is answered in Studio's process, where the CCX app is not installed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.host import ApplyReport, EditionSpec, FacetFailure
from cohort_sessions.timeline import Window
from tests.platform import courses

pytestmark = pytest.mark.django_db(databases="__all__")


def test_names_and_base_courses(host, make_user):
    cora = make_user("cora")
    run = courses.create_course(title="Tides")
    assert get_user_model().objects.values_list(host.name_path, flat=True).get(pk=cora.pk) == cora.profile.name
    assert host.base_courses([run.key])[run.key].title == "Tides"


def test_addresses_of_editions(host):
    key = CourseKey.from_string("ccx-v1:Sea+T1+2026+ccx@7")
    assert host.entry_urls([key])[key].endswith(f"/course/{key}")


def test_editions_are_not_brought_about_here(host):
    """Studio would build them without their overrides; a task that strays into its worker does no harm."""
    key = CourseKey.from_string("ccx-v1:Sea+T1+2026+ccx@7")
    spec = EditionSpec(
        edition_uuid=uuid4(),
        edition_key=key,
        base_key=key.to_course_locator(),
        revision=1,
        session_title="Spring",
        window=Window(),
        hidden=False,
        closed_read_only=True,
    )
    reason = "Editions are the LMS's work, not Studio's. Name the LMS's queue in COHORT_SESSIONS_LMS_QUEUE."
    assert host.apply_edition(spec) == ApplyReport(failed=(FacetFailure("reservation", reason),))
