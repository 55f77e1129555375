"""Studio's own test settings with the plugin in them, applied by the platform itself through its entry points."""

from cms.envs.test import *  # noqa: F403

from tests.platform.settings_common import caches

CACHES = caches()
