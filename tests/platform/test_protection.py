"""Nobody but this plugin deletes or unmarks the row of an edition, through whatever door."""

from __future__ import annotations

import pytest
from common.djangoapps.student.roles import CourseInstructorRole, CourseStaffRole
from django.contrib.auth import get_user_model
from django.db import transaction
from lms.djangoapps.ccx.models import CustomCourseForEdX

from cohort_sessions.edxapp.marker import parse_marker
from cohort_sessions.edxapp.protection import EditionIsProtected
from tests.platform.ccx import create_ccx

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def author(make_user, run):
    """Somebody of the base course's team, whom the platform lets delete its CCX courses."""
    author = make_user("author")
    CourseStaffRole(run.key).add_users(author)
    CourseInstructorRole(run.key).add_users(author)
    return author


@pytest.fixture
def spec(make_edition, run):
    return make_edition(base_key=run.key)


def exists(key) -> bool:
    return CustomCourseForEdX.objects.filter(pk=key.ccx).exists()


def test_the_rest_api_answers_403_with_the_reason(spec, author, signed_in, make_user, enrol):
    enrol(spec.edition_key, make_user("lea"))
    response = signed_in(author).delete(f"/api/ccx/v0/ccx/{spec.edition_key}/")
    assert response.status_code == 403
    assert "belongs to a session" in response.json()["detail"]
    assert exists(spec.edition_key)


def test_rows_and_querysets_refuse_with_a_sentence(spec):
    rows = CustomCourseForEdX.objects.filter(pk=spec.edition_key.ccx)
    for delete in (rows.get().delete, rows.delete):
        with pytest.raises(EditionIsProtected, match=r"Tides - Spring.* belongs to a session"), transaction.atomic():
            delete()
    assert exists(spec.edition_key)


def test_the_service_account_cannot_be_deleted_while_it_owns_editions(spec, settings):
    account = get_user_model().objects.get(username=settings.COHORT_SESSIONS_SERVICE_USERNAME)
    with pytest.raises(EditionIsProtected), transaction.atomic():
        account.delete()
    assert exists(spec.edition_key)


def test_stock_ccx_courses_are_deleted_as_ever(run, author, signed_in):
    key = create_ccx(run.key, author, {("course", "course"): {"start": "2026-01-01T00:00:00Z"}}, is_ours=False)
    assert signed_in(author).delete(f"/api/ccx/v0/ccx/{key}/").status_code == 204
    assert not exists(key)


def test_this_plugin_discards(host, spec):
    host.discard_edition(spec.edition_key)
    assert not exists(spec.edition_key)


def test_overwriting_the_row_keeps_its_mark(spec, author, signed_in, run):
    response = signed_in(author).patch(
        f"/api/ccx/v0/ccx/{spec.edition_key}/",
        {"course_modules": [str(run.block("chapter", "section_1"))]},
        content_type="application/json",
    )
    assert response.status_code == 204
    row = CustomCourseForEdX.objects.get(pk=spec.edition_key.ccx)
    assert parse_marker(row.structure_json) == spec.edition_uuid
