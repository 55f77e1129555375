"""
The plugin's settings, on stand-ins for the host's settings modules; the real ones are met in
tests/platform/test_settings.py.
"""

from __future__ import annotations

import copy
from types import SimpleNamespace

import pytest

from cohort_sessions.settings import _host, _merge, common, production, test

CONTENT_GATING = "openedx.features.content_type_gating.field_override.ContentTypeGatingFieldOverride"
SELF_PACED = "lms.djangoapps.courseware.self_paced_overrides.SelfPacedDateOverrideProvider"
LAST = _host.IN_FRONT_OF[0]


def lms_common() -> SimpleNamespace:
    """What our settings meet in ``lms/envs/common.py``."""
    return SimpleNamespace(
        ROOT_URLCONF="lms.urls",
        FEATURES={"CUSTOM_COURSES_EDX": False, "OTHER": False},
        INSTALLED_APPS=["lms.djangoapps.courseware"],
        MIDDLEWARE=[*_host.BEHIND, "waffle.middleware.WaffleMiddleware", LAST],
        MODULESTORE_FIELD_OVERRIDE_PROVIDERS=(CONTENT_GATING,),
        XBLOCK_FIELD_DATA_WRAPPERS=(),
        MAKO_TEMPLATE_DIRS_BASE=["/lms/templates"],
    )


def read_yaml(settings: SimpleNamespace, **yaml) -> None:
    """
    What ``lms/envs/production.py`` does between the two stages of plugins: values replaced, features merged, CCX added
    if on.
    """
    features = yaml.pop("FEATURES", {})
    vars(settings).update(yaml)
    settings.FEATURES.update(features)
    if settings.FEATURES["CUSTOM_COURSES_EDX"]:
        settings.INSTALLED_APPS += [_host.CCX_APP, _host.CCXCON_APP]
        settings.MODULESTORE_FIELD_OVERRIDE_PROVIDERS += (_host.STOCK_PROVIDER,)
    settings.XBLOCK_FIELD_DATA_WRAPPERS += (_host.STOCK_WRAPPER,)
    settings.MODULESTORE_FIELD_OVERRIDE_PROVIDERS += (SELF_PACED,)


def complete_lms() -> dict:
    """What every LMS must end with, whatever stood in between."""
    return {
        "FEATURES": {"CUSTOM_COURSES_EDX": True, "OTHER": False},
        "INSTALLED_APPS": ["lms.djangoapps.courseware", _host.CCX_APP, _host.CCXCON_APP],
        "MIDDLEWARE": [*_host.BEHIND, "waffle.middleware.WaffleMiddleware", _host.GUARD, _host.HEADER_LINK, LAST],
        "MODULESTORE_FIELD_OVERRIDE_PROVIDERS": (CONTENT_GATING, _host.PROVIDER, SELF_PACED),
        "XBLOCK_FIELD_DATA_WRAPPERS": (_host.WRAPPER,),
        "MAKO_TEMPLATE_DIRS_BASE": ["/lms/templates", _host.TEMPLATES],
        "OPEN_EDX_FILTERS_CONFIG": {
            filter_type: {"fail_silently": False, "pipeline": [step]}
            for filter_type, step in _host.FILTER_STEPS.items()
        },
    }


def host_part(settings: SimpleNamespace) -> dict:
    """The settings of the host, without our own and without those that we never touch."""
    return {name: value for name, value in vars(settings).items() if name in complete_lms()}


def test_an_lms_is_complete_after_both_stages():
    settings = lms_common()
    common.plugin_settings(settings)
    read_yaml(settings)
    production.plugin_settings(settings)
    assert host_part(settings) == complete_lms()


@pytest.mark.parametrize("times", [2, 3])
def test_stages_may_run_again(times):
    settings = lms_common()
    for _ in range(times):
        common.plugin_settings(settings)
    read_yaml(settings)
    for _ in range(times):
        production.plugin_settings(settings)
    assert host_part(settings) == complete_lms()


def test_an_operators_yaml_cannot_leave_the_host_without_ccx():
    settings = lms_common()
    common.plugin_settings(settings)
    read_yaml(
        settings, FEATURES={"CUSTOM_COURSES_EDX": False}, OPEN_EDX_FILTERS_CONFIG={}, MIDDLEWARE=[*_host.BEHIND, LAST]
    )
    production.plugin_settings(settings)
    assert host_part(settings) == complete_lms() | {
        "INSTALLED_APPS": ["lms.djangoapps.courseware", _host.CCXCON_APP, _host.CCX_APP],
        "MIDDLEWARE": [*_host.BEHIND, _host.GUARD, _host.HEADER_LINK, LAST],
        "MODULESTORE_FIELD_OVERRIDE_PROVIDERS": (CONTENT_GATING, SELF_PACED, _host.PROVIDER),
    }


def test_the_hosts_own_test_settings_are_completed_as_production_is():
    settings = lms_common()
    common.plugin_settings(settings)
    settings.FEATURES["CUSTOM_COURSES_EDX"] = True
    settings.INSTALLED_APPS += [_host.CCX_APP, _host.CCXCON_APP]
    test.plugin_settings(settings)
    assert host_part(settings) == complete_lms() | {
        "MODULESTORE_FIELD_OVERRIDE_PROVIDERS": (CONTENT_GATING, _host.PROVIDER)
    }


def test_studio_gets_the_flag_and_the_templates_but_no_doors():
    settings = SimpleNamespace(
        ROOT_URLCONF="cms.urls",
        FEATURES={"CUSTOM_COURSES_EDX": False},
        INSTALLED_APPS=["cms.djangoapps.contentstore"],
        MIDDLEWARE=["first", "last"],
        MODULESTORE_FIELD_OVERRIDE_PROVIDERS=(),
        XBLOCK_FIELD_DATA_WRAPPERS=(),
        MAKO_TEMPLATE_DIRS_BASE=["/cms/templates"],
    )
    common.plugin_settings(settings)
    production.plugin_settings(settings)
    assert host_part(settings) == {
        "FEATURES": {"CUSTOM_COURSES_EDX": True},
        "INSTALLED_APPS": ["cms.djangoapps.contentstore", _host.CCXCON_APP],
        "MIDDLEWARE": ["first", "last"],
        "MODULESTORE_FIELD_OVERRIDE_PROVIDERS": (),
        "XBLOCK_FIELD_DATA_WRAPPERS": (),
        "MAKO_TEMPLATE_DIRS_BASE": ["/cms/templates", _host.TEMPLATES],
    }


def test_a_host_that_is_not_the_platform_keeps_its_settings():
    settings = SimpleNamespace(COHORT_SESSIONS_HOST="sandbox.host.SandboxHost", MIDDLEWARE=["first"])
    common.plugin_settings(settings)
    production.plugin_settings(settings)
    assert settings.MIDDLEWARE == ["first"]
    assert not hasattr(settings, "OPEN_EDX_FILTERS_CONFIG")


def test_an_operators_own_values_are_never_assigned_again():
    settings = lms_common()
    common.plugin_settings(settings)
    read_yaml(settings, COHORT_SESSIONS_ROLE_MAP={"administrator": ["staff"]}, COHORT_SESSIONS_LMS_QUEUE="lms.slow")
    production.plugin_settings(settings)
    assert settings.COHORT_SESSIONS_ROLE_MAP == {"administrator": ["staff"]}
    assert settings.COHORT_SESSIONS_LMS_QUEUE == "lms.slow"


def test_a_newer_host_keeps_its_flags_as_settings_too():
    settings = SimpleNamespace(FEATURES={}, CUSTOM_COURSES_EDX=False)
    _merge.enable_feature(settings, "CUSTOM_COURSES_EDX")
    assert settings == SimpleNamespace(FEATURES={"CUSTOM_COURSES_EDX": True}, CUSTOM_COURSES_EDX=True)


FOREIGN = {"org.openedx.other.v1": {"fail_silently": True, "pipeline": ["other.step"]}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({}, {"fail_silently": False, "pipeline": ["ours"]}, id="nobody there"),
        pytest.param(
            {"fail_silently": True, "pipeline": ["theirs"]},
            {"fail_silently": True, "pipeline": ["theirs", "ours"]},
            id="dict",
        ),
        pytest.param(
            {"pipeline": ["theirs"], "log": 1}, {"pipeline": ["theirs", "ours"], "log": 1}, id="dict with more"
        ),
        pytest.param(["theirs"], ["theirs", "ours"], id="list"),
        pytest.param("theirs", ["theirs", "ours"], id="one step"),
        pytest.param(["ours", "theirs"], ["ours", "theirs"], id="already there"),
    ],
)
def test_foreign_filter_steps_survive(before, after):
    settings = SimpleNamespace(OPEN_EDX_FILTERS_CONFIG=copy.deepcopy(FOREIGN | ({"type": before} if before else {})))
    _merge.add_filter_step(settings, "type", "ours")
    _merge.add_filter_step(settings, "type", "ours")
    assert FOREIGN | {"type": after} == settings.OPEN_EDX_FILTERS_CONFIG


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(["a", "b", "z"], ["a", "b", "x", "z"], id="absent"),
        pytest.param(["x", "a", "b", "z"], ["a", "b", "x", "z"], id="too early"),
        pytest.param(["a", "b", "other", "z"], ["a", "b", "other", "x", "z"], id="a stranger between"),
        pytest.param(["a", "b"], ["a", "b", "x"], id="nothing to stand in front of"),
        pytest.param(["z", "a", "b"], ["z", "a", "b", "x"], id="an impossible order favours what we need"),
        pytest.param(["other"], ["other", "x"], id="none of the names known"),
    ],
)
def test_middleware_finds_its_place(before, after):
    settings = SimpleNamespace(MIDDLEWARE=before)
    _merge.add_middleware(settings, "x", after=("a", "b"), before=("z",))
    _merge.add_middleware(settings, "x", after=("a", "b"), before=("z",))
    assert after == settings.MIDDLEWARE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(("a", "stock", "b"), ("a", "ours", "b"), id="in its place"),
        pytest.param(("ours", "stock"), ("ours",), id="both"),
        pytest.param(("a",), ("a", "ours"), id="neither"),
        pytest.param(["stock"], ["ours"], id="a list stays a list"),
    ],
)
def test_the_stock_entry_gives_way(before, after):
    settings = SimpleNamespace(PROVIDERS=before)
    _merge.replace_or_add(settings, "PROVIDERS", stock="stock", ours="ours")
    _merge.replace_or_add(settings, "PROVIDERS", stock="stock", ours="ours")
    assert after == settings.PROVIDERS


def test_an_app_is_not_installed_under_a_second_spelling():
    settings = SimpleNamespace(INSTALLED_APPS=["openedx.ccxcon.apps.Other"])
    _merge.add_app(settings, "openedx.ccxcon.apps.Config", package="openedx.ccxcon")
    assert settings.INSTALLED_APPS == ["openedx.ccxcon.apps.Other"]


def test_template_directories_change_in_place_and_once():
    directories = ["/lms/templates"]
    settings = SimpleNamespace(MAKO_TEMPLATE_DIRS_BASE=directories)
    _merge.add_template_directory(settings, "/ours")
    _merge.add_template_directory(settings, "/ours")
    assert directories == ["/lms/templates", "/ours"]
