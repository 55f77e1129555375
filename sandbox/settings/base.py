"""
What both flavours share. A sandbox is for trying and testing: fixed secret, sign-in without passwords, tasks at once.

Environment: ``SANDBOX_DB`` moves the SQLite file; ``MYSQL_HOST`` (with ``MYSQL_PORT``, ``MYSQL_USER``,
``MYSQL_PASSWORD``, ``MYSQL_DATABASE``) uses a MySQL or MariaDB server instead.
"""

from __future__ import annotations

import os
from pathlib import Path

SANDBOX_ROOT = Path(__file__).resolve().parents[1]
DATA_DIR = SANDBOX_ROOT / "var"

SECRET_KEY = "the sandbox keeps no secrets"
DEBUG = False
ALLOWED_HOSTS = ["*"]
INTERNAL_IPS = ["127.0.0.1"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "simple_history",
    "waffle",
    "web_fragments",
    "eventtracking.django.apps.EventTrackingConfig",
    "sandbox",
    "workbench",
]

MIDDLEWARE = [
    "sandbox.middleware.studio_has_its_own_addresses",
    "django.middleware.security.SecurityMiddleware",
    "edx_django_utils.cache.middleware.RequestCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crum.CurrentRequestUserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "waffle.middleware.WaffleMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.static",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sandbox.context.host",
            ],
        },
    },
]

if os.environ.get("MYSQL_HOST"):
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.mysql",
            "HOST": os.environ["MYSQL_HOST"],
            "PORT": os.environ.get("MYSQL_PORT", "3306"),
            "USER": os.environ.get("MYSQL_USER", "root"),
            "PASSWORD": os.environ.get("MYSQL_PASSWORD", ""),
            "NAME": os.environ.get("MYSQL_DATABASE", "cohort_sessions"),
            "OPTIONS": {"charset": "utf8mb4"},
            "TEST": {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_unicode_ci"},
        },
    }
else:
    DATA_DIR.mkdir(exist_ok=True)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ.get("SANDBOX_DB") or DATA_DIR / "db.sqlite3",
        },
    }

# Beside the database: files that only their owners are served.
_BESIDE = Path(os.environ.get("SANDBOX_DB") or DATA_DIR / "db.sqlite3").parent
SANDBOX_PRIVATE_ROOT = _BESIDE / "private"

# Mails go to nobody; they can be read there.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = _BESIDE / "mails"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
LOGIN_URL = "sandbox:sign_in"
LOGIN_REDIRECT_URL = "/"
PLATFORM_NAME = "Sandbox"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# As on the platform: JSON only, described with drf-spectacular.
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}

CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

# The workbench runtime of the XBlock SDK reads this; our courses need no more services than it brings.
WORKBENCH = {"services": {}}

# As on the platform, so that the migrations written here are the ones that it wants.
SIMPLE_HISTORY_DATE_INDEX = False

# The sessions of the demo are small; so both ways to an export can be seen.
COHORT_SESSIONS_EXPORT_AT_ONCE = 10

# Nothing is sent anywhere.
OPENEDX_TELEMETRY = []

# As on the platform: what is tracked goes to the logger `tracking`, which nobody here reads unless they ask for it.
EVENT_TRACKING_ENABLED = True
EVENT_TRACKING_BACKENDS = {
    "logger": {
        "ENGINE": "eventtracking.backends.logger.LoggerBackend",
        "OPTIONS": {"name": "tracking", "max_event_size": None},
    },
}

# What the plugin asks of its host. The rest of its settings it makes itself, when it is loaded as a plugin.
COHORT_SESSIONS_HOST = "sandbox.host.SandboxHost"
