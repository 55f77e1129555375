"""Open response assessments of an edition, through ORA's own handler: under which course are they filed?"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from edx_toggles.toggles.testutils import override_waffle_switch
from openassessment.workflow.models import AssessmentWorkflow
from submissions.models import StudentItem

from cohort_sessions.edxapp.hooks import ora
from cohort_sessions.edxapp.toggles import DISABLE_FIELD_OVERRIDE_REPAIRS, DISABLE_GUARD
from tests.platform import courses
from tests.platform.ccx import COURSE, create_ccx, our_platform, stock_platform

pytestmark = pytest.mark.django_db(databases="__all__")

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ROWS = {COURSE: {"start": LONG_AGO}}


@pytest.fixture(autouse=True)
def _without_guard():
    with override_waffle_switch(DISABLE_GUARD, active=True):
        yield


@pytest.fixture
def base(committed):
    """A base course whose unit holds an assessment."""
    with committed():
        run = courses.create_course(start=LONG_AGO)
        with courses.authoring(run.key) as store:
            store.create_child(courses.AUTHOR, run.block("vertical", "unit_1"), "openassessment", block_id="essay")
    return run


@pytest.fixture
def filed(make_user, make_foreign_enrolment, signed_in, committed):
    """Hand in a response; the course keys under which the submission and the workflow are filed."""

    def hand_in(key):
        lea = make_user("lea")
        make_foreign_enrolment(key, lea)
        usage_id = key.make_usage_key("openassessment", "essay")
        address = reverse("xblock_handler", args=[str(key), str(usage_id), "submit"])
        with committed():
            response = signed_in(lea).post(
                address, json.dumps({"submission": ["Twice."]}), content_type="application/json"
            )
        assert response.json()[0] is True
        item = StudentItem.objects.get(item_id=str(usage_id))
        return item.course_id, AssessmentWorkflow.objects.get(item_id=str(usage_id)).course_id

    return hand_in


def test_the_platform_files_an_edition_under_its_base_course(base, make_user, filed):
    key = create_ccx(base.key, make_user("service"), ROWS)

    with stock_platform():
        assert filed(key) == (str(base.key), str(base.key))


def test_an_edition_is_filed_under_its_own_key(base, make_user, filed):
    key = create_ccx(base.key, make_user("service"), ROWS)

    with our_platform():
        assert filed(key) == (str(key), str(key))


def test_repairs_turned_off_do_not_lose_what_was_handed_in(base, make_user, filed):
    key = create_ccx(base.key, make_user("service"), ROWS)

    with our_platform(), override_waffle_switch(DISABLE_FIELD_OVERRIDE_REPAIRS, active=True):
        assert filed(key) == (str(key), str(key))


def test_other_courses_are_filed_as_before(base, make_user, filed):
    foreign = create_ccx(base.key, make_user("coach"), ROWS, is_ours=False)

    ora.install()
    with our_platform():
        assert filed(base.key) == (str(base.key), str(base.key))
        assert filed(foreign) == (str(base.key), str(base.key))
