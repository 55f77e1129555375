"""What edx-platform must contain for editions to work, as data, and the functions that see to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cohort_sessions.settings import _merge

EDXAPP_HOST = "cohort_sessions.edxapp.host.EdxappHost"
EDXAPP_PACKAGE = "cohort_sessions.edxapp."

CCX_FEATURE = "CUSTOM_COURSES_EDX"
CCX_APP = "lms.djangoapps.ccx"
CCXCON_APP = "openedx.core.djangoapps.ccxcon.apps.CCXConnectorConfig"
CCXCON_PACKAGE = "openedx.core.djangoapps.ccxcon"

STOCK_PROVIDER = "lms.djangoapps.ccx.overrides.CustomCoursesForEdxOverrideProvider"
PROVIDER = "cohort_sessions.edxapp.hooks.field_overrides.EditionFieldOverrideProvider"
STOCK_WRAPPER = "lms.djangoapps.courseware.field_overrides:OverrideModulestoreFieldData.wrap"
WRAPPER = "cohort_sessions.edxapp.hooks.field_overrides.wrap_field_data"

GUARD = "cohort_sessions.edxapp.hooks.guard.GuardMiddleware"
HEADER_LINK = "cohort_sessions.edxapp.hooks.header_link.HeaderLinkMiddleware"
# The guard needs to know who asks (sessions, JWT cookies turned into headers), in which language and theme to answer,
# and the state of waffle switches.
BEHIND = (
    "edx_rest_framework_extensions.auth.jwt.middleware.JwtAuthCookieMiddleware",
    "openedx.core.djangoapps.cache_toolbox.middleware.CacheBackedAuthenticationMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "openedx.core.djangoapps.theming.middleware.CurrentSiteThemeMiddleware",
)
# The platform wants this one last.
IN_FRONT_OF = ("openedx.core.djangoapps.site_configuration.middleware.SessionCookieDomainOverrideMiddleware",)

FILTER_STEPS = {
    "org.openedx.learning.course.enrollment.started.v1": "cohort_sessions.edxapp.hooks.pipeline.RefuseForeignEnrolment",
    "org.openedx.learning.dashboard.render.started.v1": "cohort_sessions.edxapp.hooks.pipeline.LeaveHiddenEditionsOut",
}

TEMPLATES = str(Path(__file__).resolve().parent.parent / "templates")


def is_edxapp(settings: Any) -> bool:
    """Whether the host is edx-platform, and not the sandbox or anything else with settings of its own."""
    return settings.COHORT_SESSIONS_HOST.startswith(EDXAPP_PACKAGE)


def is_lms(settings: Any) -> bool:
    """Whether these are the settings of the LMS; Studio has neither editions' doors nor their providers."""
    return settings.ROOT_URLCONF == "lms.urls"


def require_hooks(settings: Any) -> None:
    """What may be set in any stage: the flag without which no CCX key works, middleware, filter steps, templates."""
    _merge.enable_feature(settings, CCX_FEATURE)
    _merge.add_template_directory(settings, TEMPLATES)
    if is_lms(settings):
        _merge.add_middleware(settings, GUARD, after=BEHIND, before=IN_FRONT_OF)
        _merge.add_middleware(settings, HEADER_LINK, after=(GUARD,), before=IN_FRONT_OF)
        for filter_type, step in FILTER_STEPS.items():
            _merge.add_filter_step(settings, filter_type, step)


def require_ccx(settings: Any) -> None:
    """
    What the host itself does late, and only if the operator's YAML left the flag on: apps, override provider, field
    data wrapper.

    Not before the host's own ``production`` module: it appends without looking, and an app installed twice stops
    Django.
    """
    _merge.add_app(settings, CCXCON_APP, package=CCXCON_PACKAGE)
    if is_lms(settings):
        _merge.add_app(settings, CCX_APP, package=CCX_APP)
        _merge.replace_or_add(settings, "MODULESTORE_FIELD_OVERRIDE_PROVIDERS", stock=STOCK_PROVIDER, ours=PROVIDER)
        _merge.replace_or_add(settings, "XBLOCK_FIELD_DATA_WRAPPERS", stock=STOCK_WRAPPER, ours=WRAPPER)
