"""The host's real settings with the plugin in them, as the platform itself loaded it through its entry points."""

from __future__ import annotations

import copy
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings

from cohort_sessions.settings import _host, common, production

pytestmark = pytest.mark.django_db(databases="__all__")


def test_the_lms_is_complete():
    order = settings.MIDDLEWARE
    assert settings.FEATURES[_host.CCX_FEATURE] is True
    assert apps.is_installed(_host.CCX_APP)
    assert [name for name in settings.MODULESTORE_FIELD_OVERRIDE_PROVIDERS if "ccx" in name or "cohort" in name] == [
        _host.PROVIDER
    ]
    assert [
        name for name in settings.XBLOCK_FIELD_DATA_WRAPPERS if "verrideModulestore" in name or "cohort" in name
    ] == [_host.WRAPPER]
    assert [order.count(_host.GUARD), order.count(_host.HEADER_LINK)] == [1, 1]
    placed = [order.index(name) for name in (_host.GUARD, _host.HEADER_LINK, _host.IN_FRONT_OF[0])]
    assert [max(map(order.index, _host.BEHIND)), *placed] == sorted([max(map(order.index, _host.BEHIND)), *placed])
    assert _host.TEMPLATES in map(str, settings.MAKO_TEMPLATE_DIRS_BASE)


def test_every_name_that_the_middleware_is_placed_by_exists_here():
    """A release that renames one would quietly move the guard."""
    assert [name for name in (*_host.BEHIND, *_host.IN_FRONT_OF) if name not in settings.MIDDLEWARE] == []


def test_what_is_installed_stays_as_it_is_when_the_stages_run_again():
    names = (
        "COHORT_SESSIONS_HOST",
        "FEATURES",
        "INSTALLED_APPS",
        "MAKO_TEMPLATE_DIRS_BASE",
        "MIDDLEWARE",
        "MODULESTORE_FIELD_OVERRIDE_PROVIDERS",
        "OPEN_EDX_FILTERS_CONFIG",
        "ROOT_URLCONF",
        "XBLOCK_FIELD_DATA_WRAPPERS",
    )
    values = {name: copy.deepcopy(getattr(settings, name)) for name in names}
    again = SimpleNamespace(**copy.deepcopy(values))
    common.plugin_settings(again)
    production.plugin_settings(again)
    assert {name: getattr(again, name) for name in names} == values
