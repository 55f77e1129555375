"""A small host for cohort_sessions: courses, accounts, enrolments, scores, and the pages around them. See README.md."""

from sandbox.celery import app as celery_app

__all__ = ["celery_app"]
