"""How the host finds this plugin: one app for the LMS and Studio alike."""

from django.apps import AppConfig
from edx_django_utils.plugins.constants import PluginSettings, PluginURLs


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
        },
        PluginSettings.CONFIG: {
            "lms.djangoapp": {
                "common": {PluginSettings.RELATIVE_PATH: "settings.common"},
                "production": {PluginSettings.RELATIVE_PATH: "settings.production"},
                "test": {PluginSettings.RELATIVE_PATH: "settings.test"},
            },
            "cms.djangoapp": {
                "common": {PluginSettings.RELATIVE_PATH: "settings.common"},
                "production": {PluginSettings.RELATIVE_PATH: "settings.production"},
                "test": {PluginSettings.RELATIVE_PATH: "settings.test"},
            },
        },
    }

    def ready(self):
        """Connect the receivers."""
        from cohort_sessions import handlers  # noqa: F401, PLC0415 (app ready)
