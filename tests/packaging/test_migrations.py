"""Models and migrations agree; the tox matrix runs this on every supported Django."""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader


@pytest.mark.django_db
def test_no_migration_is_missing():
    said = io.StringIO()
    try:
        call_command("makemigrations", "cohort_sessions", check=True, dry_run=True, verbosity=3, stdout=said)
    except SystemExit:
        pytest.fail(f"Models changed without a migration:\n{said.getvalue()}")


@pytest.mark.django_db
def test_migrations_have_one_end():
    assert MigrationLoader(connection).detect_conflicts() == {}
