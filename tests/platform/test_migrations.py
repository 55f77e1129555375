"""
Models and migrations agree under the platform's settings as well: some of them, the indexes of history tables for one,
change what models are.
"""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_the_platform_wants_no_migration_of_ours(settings):
    settings.MIGRATION_MODULES = {}  # the test run itself goes without migrations
    said = io.StringIO()
    call_command("makemigrations", "cohort_sessions", dry_run=True, stdout=said)
    assert said.getvalue() == "No changes detected in app 'cohort_sessions'\n"
