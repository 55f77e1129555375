"""The sandbox as an author's host: only what Studio serves, and the plugin loaded the way Studio loads it."""

from sandbox.settings.base import *  # noqa: F403
from sandbox.settings.base import INSTALLED_APPS
from sandbox.settings.plugins import installed_plugin_apps, let_plugins_change

ROOT_URLCONF = "sandbox.urls.studio"
INSTALLED_APPS += installed_plugin_apps("cms.djangoapp")

let_plugins_change(__name__, "cms.djangoapp")
