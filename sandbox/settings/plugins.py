"""
Loads plugins as edx-platform does: apps, then settings of the stages ``common`` and ``production``, from entry
points.
"""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from edx_django_utils.plugins import add_plugins, get_plugin_apps

STAGES = ("common", "production")


def installed_plugin_apps(project_type: str) -> list[str]:
    """
    The plugin apps that announce themselves to hosts of `project_type` (``lms.djangoapp`` or ``cms.djangoapp``).

    Raises:
        ImproperlyConfigured: this plugin is not among them: its entry points are missing.
    """
    apps = get_plugin_apps(project_type)
    if not any(app.startswith("cohort_sessions.") for app in apps):
        raise ImproperlyConfigured(
            f"No entry point {project_type} of cohort_sessions is installed. Run `pip install -e .` or `make demo`."
        )
    return apps


def let_plugins_change(settings_module: str, project_type: str) -> None:
    """Let every plugin make its settings, stage by stage, in the module of this name."""
    for stage in STAGES:
        add_plugins(settings_module, project_type, stage)
