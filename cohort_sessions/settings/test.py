"""Settings for the host's own test runs: as in production, so that its tests see the plugin as operators run it."""

from cohort_sessions.settings.production import plugin_settings

__all__ = ["plugin_settings"]
