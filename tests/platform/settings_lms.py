"""
The LMS's own test settings with the plugin in them, and with what production adds that they leave out.

The plugin's settings are applied by the platform itself, through its entry points.
"""

from lms.envs.test import *  # noqa: F403
from lms.envs.test import FEATURES, FIELD_OVERRIDE_PROVIDERS, MODULESTORE_FIELD_OVERRIDE_PROVIDERS

from tests.platform.settings_common import caches

CACHES = caches()

# The platform's tests pretend that every course has started.
FEATURES["DISABLE_START_DATES"] = False

# lms/envs/production.py: in this order, after the provider that the plugin has put in the place of the stock CCX one.
MODULESTORE_FIELD_OVERRIDE_PROVIDERS += (
    "lms.djangoapps.courseware.self_paced_overrides.SelfPacedDateOverrideProvider",
)
FIELD_OVERRIDE_PROVIDERS = (
    *FIELD_OVERRIDE_PROVIDERS,
    "openedx.features.personalized_learner_schedules.show_answer.show_answer_field_override.ShowAnswerFieldOverride",
)
