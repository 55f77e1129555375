"""A release of the platform in which the place of a repair has moved: the LMS starts, and says what is missing."""

from __future__ import annotations

import sys
from unittest import mock

import pytest
from django.core.checks import run_checks

from cohort_sessions.edxapp.hooks import patches

pytestmark = pytest.mark.django_db(databases="__all__")


def findings():
    return [(found.id, found.msg) for found in run_checks(tags=["cohort_sessions"])]


def test_every_repair_has_its_place_here():
    patches.install()

    assert patches.misplaced() == {}
    assert findings() == []


def test_a_repair_without_a_place_is_reported():
    with mock.patch.dict(sys.modules, {"cohort_sessions.edxapp.hooks.ora": None}):
        patches.install()
    try:
        assert list(patches.misplaced()) == ["ora"]
        ((code, sentence),) = findings()
        assert code == "cohort_sessions.E010"
        assert sentence.startswith("In this release of the platform assessments are filed under the base course: ")
    finally:
        patches.install()
    assert findings() == []
