"""Studio's real settings with the plugin in them, as the platform itself loaded it through its entry points."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.urls import NoReverseMatch, reverse

from cohort_sessions.settings import _host

pytestmark = pytest.mark.django_db(databases="__all__")


def test_studio_understands_edition_keys_and_has_no_doors_into_editions():
    assert settings.FEATURES[_host.CCX_FEATURE] is True
    assert apps.is_installed(_host.CCXCON_PACKAGE)
    assert [name for name in settings.MIDDLEWARE if "cohort_sessions" in name] == []
    assert [name for name in settings.MODULESTORE_FIELD_OVERRIDE_PROVIDERS if "cohort_sessions" in name] == []
    assert [name for name in settings.XBLOCK_FIELD_DATA_WRAPPERS if "cohort_sessions" in name] == []
    assert _host.TEMPLATES in map(str, settings.MAKO_TEMPLATE_DIRS_BASE)
    with pytest.raises(NoReverseMatch):
        reverse("cohort_sessions:my_sessions")


def test_studio_as_the_plugin_leaves_it_has_no_findings():
    assert run_checks(tags=["cohort_sessions"]) == []
