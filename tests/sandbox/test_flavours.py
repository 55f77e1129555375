"""Both flavours of host load the plugin from its real entry points; so a broken entry point breaks these tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from edx_django_utils.plugins.constants import PluginURLs

from cohort_sessions.apps import CohortSessionsConfig

PROBE = """
import json, django
from django.conf import settings
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.urls import get_resolver, reverse
call_command("check", fail_level="WARNING")
print(json.dumps({
    "app": apps.get_app_config("cohort_sessions").name,
    "host": settings.COHORT_SESSIONS_HOST,
    "roles": sorted(settings.COHORT_SESSIONS_ROLE_MAP),
    "home": reverse("sandbox:home"),
    "has_plugin_pages": "cohort_sessions" in get_resolver().namespace_dict,
}))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flavour", "project_type", "home"), [("lms", "lms.djangoapp", "/"), ("studio", "cms.djangoapp", "/studio/")]
)
def test_the_plugin_is_there_with_its_settings_and_addresses(flavour, project_type, home):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": f"sandbox.settings.{flavour}"}
    probe = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=False)
    assert probe.returncode == 0, probe.stderr
    assert json.loads(probe.stdout.splitlines()[-1]) == {
        "app": "cohort_sessions",
        "host": "sandbox.host.SandboxHost",
        "roles": ["administrator", "course_coach", "session_coach"],
        "home": home,
        "has_plugin_pages": project_type in CohortSessionsConfig.plugin_app[PluginURLs.CONFIG],
    }


@pytest.mark.django_db
def test_no_migration_of_the_sandbox_is_missing():
    call_command("makemigrations", "sandbox", check=True, dry_run=True, verbosity=0)


def test_without_the_entry_points_the_sandbox_says_how_to_mend_it(monkeypatch):
    from django.core.exceptions import ImproperlyConfigured

    from sandbox.settings import plugins

    monkeypatch.setattr(plugins, "get_plugin_apps", lambda _project_type: ["somebody.elses.Config"])
    with pytest.raises(ImproperlyConfigured, match="pip install -e"):
        plugins.installed_plugin_apps("lms.djangoapp")
