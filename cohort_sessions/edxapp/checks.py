"""
Django system checks: what is misconfigured, in one sentence, and how to mend it.

The plugin makes the host's settings complete by itself, so a finding means that something came after it: another
plugin, a settings module of the operator's, or a release of the platform in which something we rely on has moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.core import checks

from cohort_sessions.data import Lock
from cohort_sessions.errors import InvalidInput
from cohort_sessions.settings import _host

# What we rely on inside the platform beyond its documented extension points: module, attribute, what fails without.
INTERNALS = (
    ("lms.djangoapps.ccx.models", "CcxFieldOverride", "editions cannot be told their dates and titles"),
    ("lms.djangoapps.ccx.overrides", "CustomCoursesForEdxOverrideProvider", "editions keep the base course's dates"),
    (
        "lms.djangoapps.courseware.field_overrides",
        "OverrideModulestoreFieldData",
        "editions keep the base course's dates",
    ),
    (
        "lms.djangoapps.instructor_task.models",
        "ReportStore",
        "large exports of results have nowhere to be kept",
    ),
    ("lms.djangoapps.branding", "get_visible_courses", "editions are listed to everybody"),
    ("lms.djangoapps.courseware.block_render", "handle_xblock_callback", "read-only editions take answers"),
    ("openassessment.xblock.openassessmentblock", "OpenAssessmentBlock", "assessments are filed under the base course"),
    ("openedx.core.djangoapps.content.learning_sequences.api", "replace_course_outline", "editions have no outline"),
)

_WITHOUT_STEP = {
    "org.openedx.learning.course.enrollment.started.v1": "anybody can enrol in an edition",
    "org.openedx.learning.dashboard.render.started.v1": "the dashboard shows sessions that are hidden by now",
}
_AGAIN = "See that nothing replaces it after the plugin's settings, or add it in a settings module of your own."


def register() -> None:
    """Add the checks to Django's. Safe to call twice."""
    checks.register(check_settings, "cohort_sessions")
    checks.register(check_internals, "cohort_sessions")
    checks.register(check_repairs, "cohort_sessions")
    checks.register(check_element_fields, "cohort_sessions")
    checks.register(check_names, "cohort_sessions")


def check_settings(app_configs=None, **kwargs) -> list[checks.CheckMessage]:  # noqa: ARG001 (Django calls it)
    """Whether the host's settings still contain what editions need."""
    found = list(_feature())
    if _host.is_lms(settings):
        for check in (_ccx_app, _provider, _wrapper, _guard, _header_link, _filter_steps, _listings):
            found += check()
    return found


def check_internals(app_configs=None, **kwargs) -> list[checks.CheckMessage]:  # noqa: ARG001 (Django calls it)
    """Whether what we rely on inside the platform is still where it was."""
    return [
        checks.Error(
            f"This release of the platform has no {module}.{name}: {consequence}.",
            hint="Install a version of cohort-sessions that supports this release; README.md lists them.",
            id="cohort_sessions.E009",
        )
        for module, name, consequence in INTERNALS
        if _host.is_lms(settings) and not _exists(module, name)
    ]


def check_repairs(app_configs=None, **kwargs) -> list[checks.CheckMessage]:  # noqa: ARG001 (Django calls it)
    """Whether every repair of the platform found its place."""
    from cohort_sessions.edxapp.hooks import patches

    return [
        checks.Error(
            f"In this release of the platform {patches.REPAIRS[name]}: {reason}.",
            hint="Install a version of cohort-sessions that supports this release; README.md lists them.",
            id="cohort_sessions.E010",
        )
        for name, reason in patches.misplaced().items()
    ]


def check_element_fields(app_configs=None, **kwargs) -> list[checks.CheckMessage]:  # noqa: ARG001 (Django calls it)
    """Whether sessions can have every field otherwise that the operator lets them."""
    return [
        checks.Warning(
            f"COHORT_SESSIONS_ELEMENT_FIELDS names {field} of {block_type}, which sessions cannot set: {reason}",
            hint="Take it out of the list; docs/settings.md says what can stand there.",
            id="cohort_sessions.W002",
        )
        for block_type, fields in settings.COHORT_SESSIONS_ELEMENT_FIELDS.items()
        for field in fields
        if _host.is_lms(settings) and (reason := _why_not(block_type, field))
    ]


def check_names(app_configs=None, **kwargs) -> list[checks.CheckMessage]:  # noqa: ARG001 (Django calls it)
    """Whether settings that name things of ours, or of the platform, name some that there can be."""
    unknown = [name for name in settings.COHORT_SESSIONS_DEFAULT_LOCKS if name not in set(Lock)]
    found: list[checks.CheckMessage] = []
    if unknown:
        found.append(
            checks.Error(
                f"COHORT_SESSIONS_DEFAULT_LOCKS names {', '.join(map(repr, unknown))}: there is no such lock, and no "
                "session can be made.",
                hint=f"Name any of {', '.join(Lock)}.",
                id="cohort_sessions.E011",
            )
        )
    tools = settings.COHORT_SESSIONS_HIDDEN_TOOLS
    if isinstance(tools, str) or not all(isinstance(tool, str) for tool in tools):
        found.append(
            checks.Error(
                "COHORT_SESSIONS_HIDDEN_TOOLS is no list of names of tools.",
                hint='Write it as a list, such as ["wiki"]; docs/settings.md says how tools are named.',
                id="cohort_sessions.E012",
            )
        )
    return found


def _why_not(block_type: str, field: str) -> str:
    from cohort_sessions.edxapp.host.elements import element_kind

    try:
        element_kind(block_type, field)
    except InvalidInput as refusal:
        return str(refusal)
    return ""


def _exists(module: str, name: str) -> bool:
    try:
        return hasattr(import_module(module), name)
    except ModuleNotFoundError:
        return False


def _feature() -> Iterator[checks.CheckMessage]:
    if not settings.FEATURES.get(_host.CCX_FEATURE):
        yield checks.Error(
            f"FEATURES['{_host.CCX_FEATURE}'] is off: the platform does not understand the keys of editions.",
            hint=f"Turn it on. {_AGAIN}",
            id="cohort_sessions.E001",
        )


def _ccx_app() -> Iterator[checks.CheckMessage]:
    if not apps.is_installed(_host.CCX_APP):
        yield checks.Error(
            f"The app {_host.CCX_APP} is not installed: editions have nothing to be stored in.",
            hint=f"Add it to INSTALLED_APPS. {_AGAIN}",
            id="cohort_sessions.E002",
        )


def _provider() -> Iterator[checks.CheckMessage]:
    providers = settings.MODULESTORE_FIELD_OVERRIDE_PROVIDERS
    if _host.PROVIDER not in providers:
        yield checks.Error(
            "MODULESTORE_FIELD_OVERRIDE_PROVIDERS lacks our provider: answers are taken outside a session's dates.",
            hint=f"Put {_host.PROVIDER} where {_host.STOCK_PROVIDER} stands. {_AGAIN}",
            id="cohort_sessions.E003",
        )
    elif _host.STOCK_PROVIDER in providers:
        yield checks.Error(
            "MODULESTORE_FIELD_OVERRIDE_PROVIDERS names the stock CCX provider besides ours, which asks it already.",
            hint=f"Remove {_host.STOCK_PROVIDER}.",
            id="cohort_sessions.E004",
        )


def _wrapper() -> Iterator[checks.CheckMessage]:
    if _host.WRAPPER not in settings.XBLOCK_FIELD_DATA_WRAPPERS:
        yield checks.Error(
            "XBLOCK_FIELD_DATA_WRAPPERS lacks our wrapper: the dates of an edition do not reach its blocks.",
            hint=f"Put {_host.WRAPPER} where {_host.STOCK_WRAPPER} stands. {_AGAIN}",
            id="cohort_sessions.E005",
        )


def _guard() -> Iterator[checks.CheckMessage]:
    order = list(settings.MIDDLEWARE)
    if _host.GUARD not in order:
        problem = "is missing: people get into editions that are closed to them"
    elif late := [name for name in _host.BEHIND if name in order[order.index(_host.GUARD) :]]:
        problem = f"stands in front of {late[0]}: it cannot tell who asks, or in which language and theme to answer"
    else:
        return
    yield checks.Error(
        f"MIDDLEWARE: the guard {problem}.",
        hint=f"Put {_host.GUARD} behind authentication, language and theme. {_AGAIN}",
        id="cohort_sessions.E006",
    )


def _header_link() -> Iterator[checks.CheckMessage]:
    if _host.HEADER_LINK not in settings.MIDDLEWARE:
        yield checks.Warning(
            "MIDDLEWARE lacks the header link: learners find My sessions only where a theme or a page leads there.",
            hint=f"Add {_host.HEADER_LINK}. {_AGAIN}",
            id="cohort_sessions.W001",
        )


def _filter_steps() -> Iterator[checks.CheckMessage]:
    for filter_type, step in _host.FILTER_STEPS.items():
        entry = settings.OPEN_EDX_FILTERS_CONFIG.get(filter_type, {})
        if step not in (entry.get("pipeline", []) if isinstance(entry, dict) else entry):
            yield checks.Error(
                f"OPEN_EDX_FILTERS_CONFIG['{filter_type}'] lacks our step: {_WITHOUT_STEP[filter_type]}.",
                hint=f"Append {step} to its pipeline. {_AGAIN}",
                id="cohort_sessions.E007",
            )


def _listings() -> Iterator[checks.CheckMessage]:
    from cohort_sessions.edxapp.hooks import listings

    if not listings.is_installed():
        yield checks.Error(
            "Something has replaced lms.djangoapps.branding.get_visible_courses: editions are listed to everybody.",
            hint="Find the app whose ready() replaces it, and let it call the function that it replaces.",
            id="cohort_sessions.E008",
        )
