"""The Celery application; the settings make it run every task at once, in the process that asked for it."""

from celery import Celery

app = Celery("sandbox")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
