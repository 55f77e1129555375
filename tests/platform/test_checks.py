"""Each system check finds what it is there for, and nothing where the plugin's settings were left alone."""

from __future__ import annotations

from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.test import override_settings
from lms.djangoapps import branding

from cohort_sessions.edxapp import checks
from cohort_sessions.edxapp.hooks import listings
from cohort_sessions.settings import _host

pytestmark = pytest.mark.django_db(databases="__all__")


def without(entries, entry):
    return type(entries)(each for each in entries if each != entry)


def in_front(entries, entry):
    return [entry, *without(list(entries), entry)]


BROKEN = {
    "flag": ("cohort_sessions.E001", {"FEATURES": settings.FEATURES | {_host.CCX_FEATURE: False}}),
    "no provider": (
        "cohort_sessions.E003",
        {
            "MODULESTORE_FIELD_OVERRIDE_PROVIDERS": without(
                settings.MODULESTORE_FIELD_OVERRIDE_PROVIDERS, _host.PROVIDER
            )
        },
    ),
    "stock provider beside ours": (
        "cohort_sessions.E004",
        {
            "MODULESTORE_FIELD_OVERRIDE_PROVIDERS": (
                *settings.MODULESTORE_FIELD_OVERRIDE_PROVIDERS,
                _host.STOCK_PROVIDER,
            )
        },
    ),
    "stock wrapper": ("cohort_sessions.E005", {"XBLOCK_FIELD_DATA_WRAPPERS": (_host.STOCK_WRAPPER,)}),
    "no guard": ("cohort_sessions.E006", {"MIDDLEWARE": without(settings.MIDDLEWARE, _host.GUARD)}),
    "guard too early": ("cohort_sessions.E006", {"MIDDLEWARE": in_front(settings.MIDDLEWARE, _host.GUARD)}),
    "no such lock": ("cohort_sessions.E011", {"COHORT_SESSIONS_DEFAULT_LOCKS": ["team", "wiki"]}),
    "tools that are no list": ("cohort_sessions.E012", {"COHORT_SESSIONS_HIDDEN_TOOLS": "wiki"}),
    "no header link": ("cohort_sessions.W001", {"MIDDLEWARE": without(settings.MIDDLEWARE, _host.HEADER_LINK)}),
}


def findings():
    return [(found.id, bool(found.msg), bool(found.hint)) for found in run_checks(tags=["cohort_sessions"])]


def test_an_lms_as_the_plugin_leaves_it_has_no_findings():
    assert findings() == []


@pytest.mark.parametrize(("code", "changes"), BROKEN.values(), ids=BROKEN)
def test_a_setting_that_was_replaced(code, changes):
    with override_settings(**changes):
        assert findings() == [(code, True, True)]


@pytest.mark.parametrize("entry", [{}, ["other.step"], {"pipeline": ["other.step"]}], ids=["none", "list", "pipeline"])
@pytest.mark.parametrize("filter_type", _host.FILTER_STEPS)
def test_a_filter_without_our_step(filter_type, entry):
    with override_settings(OPEN_EDX_FILTERS_CONFIG=settings.OPEN_EDX_FILTERS_CONFIG | {filter_type: entry}):
        assert findings() == [("cohort_sessions.E007", True, True)]


def test_the_ccx_app_is_missing():
    with mock.patch.object(apps, "is_installed", lambda name: name != _host.CCX_APP):
        assert findings() == [("cohort_sessions.E002", True, True)]


def test_listings_were_replaced():
    stock = branding.get_visible_courses.__wrapped__
    with mock.patch.object(branding, "get_visible_courses", stock):
        assert not listings.is_installed()
        assert findings() == [("cohort_sessions.E008", True, True)]


@pytest.mark.parametrize(
    "gone", [("lms.djangoapps.branding", "no_such_function"), ("lms.djangoapps.no_such_app", "Name")]
)
def test_a_release_without_something_we_rely_on(gone):
    with mock.patch.object(checks, "INTERNALS", ((*gone, "something fails"),)):
        assert findings() == [("cohort_sessions.E009", True, True)]


def test_studio_needs_the_flag_alone():
    everything_else_gone = {
        "ROOT_URLCONF": "cms.urls",
        "MIDDLEWARE": [],
        "MODULESTORE_FIELD_OVERRIDE_PROVIDERS": (),
        "XBLOCK_FIELD_DATA_WRAPPERS": (),
        "OPEN_EDX_FILTERS_CONFIG": {},
    }
    with override_settings(**everything_else_gone):
        assert findings() == []
    with override_settings(**everything_else_gone, FEATURES={}):
        assert findings() == [("cohort_sessions.E001", True, True)]
