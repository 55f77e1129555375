"""How the host finds this plugin: one app for the LMS and Studio alike."""

from importlib import import_module

from django.apps import AppConfig
from edx_django_utils.plugins.constants import PluginSettings, PluginURLs

# Hosts read these before their settings are complete and before any model is loaded: no import of either at module
# level.
SETTINGS_MODULES = {
    stage: {PluginSettings.RELATIVE_PATH: f"settings.{stage}"} for stage in ("common", "production", "test")
}


class CohortSessionsConfig(AppConfig):
    """Cohort sessions, discovered through the entry points ``lms.djangoapp`` and ``cms.djangoapp``."""

    name = "cohort_sessions"
    label = "cohort_sessions"
    verbose_name = "Cohort sessions"
    default_auto_field = "django.db.models.BigAutoField"

    plugin_app = {
        PluginURLs.CONFIG: {
            "lms.djangoapp": {
                PluginURLs.NAMESPACE: "cohort_sessions",
                PluginURLs.REGEX: r"^cohort-sessions/",
                PluginURLs.RELATIVE_PATH: "urls",
            },
            "cms.djangoapp": {
                PluginURLs.NAMESPACE: "cohort_sessions",
                PluginURLs.REGEX: r"^cohort-sessions/",
                PluginURLs.RELATIVE_PATH: "studio_urls",
            },
        },
        PluginSettings.CONFIG: {"lms.djangoapp": SETTINGS_MODULES, "cms.djangoapp": SETTINGS_MODULES},
    }

    def ready(self):
        """
        Connect the receivers of our own events, and inside edx-platform everything that hooks into it.

        The host is told by the setting ``COHORT_SESSIONS_HOST``. Its package is imported by name, as settings and
        entry points do: nothing of ours may depend on a host.
        """
        from django.conf import settings

        from cohort_sessions import handlers, tracking  # noqa: F401 (they connect)

        if settings.COHORT_SESSIONS_HOST.startswith("cohort_sessions.edxapp."):
            import_module("cohort_sessions.edxapp.wiring").connect(settings)
