"""The sandbox grades an edition as the edition says."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from sandbox.host import SandboxHost
from sandbox.models import Edition, Score
from sandbox.publishing import import_course

pytestmark = pytest.mark.django_db
COURSES = Path(__file__).resolve().parents[2] / "sandbox" / "courses"


@pytest.mark.parametrize(
    ("grading", "grade", "passed"),
    [
        ({}, 1 / 5, False),
        ({"pass_line": 0.2}, 1 / 5, True),
        ({"dropped": 1}, 1 / 3, False),
        ({"dropped": 9}, 1 / 2, True),
        ({"dropped": 9, "pass_line": 0.6}, 1 / 2, False),
    ],
)
def test_one_problem_of_the_two_in_the_first_of_three_sections(django_user_model, grading, grade, passed):
    course = import_course(COURSES / "tides")
    lea = django_user_model.objects.create(username="lea")
    edition = Edition.objects.create(
        uuid="0b2f6c1e-5d1c-4f0e-9a38-0d7f0a3b8c55", course=course, title="Tides", grading=grading
    )
    key = edition.edition_key
    for problem, earned in (("interval", 1.0), ("spring_tide", 0.0)):
        usage_key = key.make_usage_key("problem", problem)
        Score.objects.create(
            course_key=key, user=lea, usage_key=usage_key, earned=earned, possible=1.0, modified_at=timezone.now()
        )
    [found] = SandboxHost().grades([key], [lea.pk])
    assert (found.grade, found.passed, bool(found.letter), bool(found.passed_at)) == (grade, passed, passed, passed)
