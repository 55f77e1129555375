"""Blocks of the small course, moments around now, and both ways of getting at a block."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils.timezone import now
from edx_django_utils.cache import RequestCache
from lms.djangoapps.courseware.courses import get_course_by_id
from xmodule.modulestore.django import modulestore

from tests.platform import courses

CHAPTER, SUBSECTION, UNIT, PROBLEM = (
    ("chapter", "section_1"),
    ("sequential", "subsection_1"),
    ("vertical", "unit_1"),
    ("problem", "problem_1"),
)
TEXT = ("html", "text_1")

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
YESTERDAY = now().replace(microsecond=0) - timedelta(days=1)
TOMORROW = YESTERDAY + timedelta(days=2)
FAR_AHEAD = datetime(2096, 1, 1, tzinfo=UTC)
STOCK, OURS = "stock", "ours"


def change(run, block, **fields):
    """Change a block of the base course as its author does."""
    with courses.authoring(run.key) as store:
        found = store.get_item(run.block(*block))
        for name, value in fields.items():
            setattr(found, name, value)
        store.update_item(found, courses.AUTHOR)
    RequestCache.clear_all_namespaces()


def fetched(key, block, *fields):
    """The values of the fields of a block that was fetched by its key, in a request of its own."""
    RequestCache.clear_all_namespaces()
    found = modulestore().get_item(key.make_usage_key(*block))
    return tuple(getattr(found, field) for field in fields)


def walked(key, block, *fields):
    """The same of a block that was reached from the top."""
    RequestCache.clear_all_namespaces()
    queue = [get_course_by_id(key)]
    for found in queue:
        if (found.scope_ids.usage_id.block_type, found.scope_ids.usage_id.block_id) == block:
            return tuple(getattr(found, field) for field in fields)
        queue += found.get_children()
    raise LookupError(block)
