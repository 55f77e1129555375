"""The sandbox as a learner's host. The demo runs on it, Studio's pages included, under ``/studio/``."""

from sandbox.settings.base import *  # noqa: F403
from sandbox.settings.base import INSTALLED_APPS
from sandbox.settings.plugins import installed_plugin_apps, let_plugins_change

ROOT_URLCONF = "sandbox.urls.lms"
INSTALLED_APPS += installed_plugin_apps("lms.djangoapp")

let_plugins_change(__name__, "lms.djangoapp")
