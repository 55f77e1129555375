"""CCX courses made by hand, row by row, and the platform put back to what it does with them without this plugin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any
from unittest import mock
from uuid import uuid4

from ccx_keys.locator import CCXLocator
from django.test import override_settings
from edx_django_utils.cache import RequestCache
from edx_when import api as edx_when
from edx_when.field_data import DateLookupFieldData
from lms.djangoapps.ccx import modulestore as ccx_modulestore
from lms.djangoapps.ccx.models import CcxFieldOverride, CustomCourseForEdX
from lms.djangoapps.courseware.date_summary import CourseEndDate, CourseStartDate
from lms.djangoapps.courseware.field_overrides import OverrideModulestoreFieldData
from opaque_keys.edx.keys import CourseKey
from openassessment.xblock.openassessmentblock import OpenAssessmentBlock
from xmodule.modulestore.django import SignalHandler, clear_existing_modulestores
from xmodule.modulestore.inheritance import InheritanceMixin
from xmodule.modulestore.split_mongo.mongo_connection import DjangoFlexPersistenceBackend

from cohort_sessions.edxapp.hooks import bulk_operations, closing, dates, opening, ora, restored_blocks
from cohort_sessions.edxapp.marker import build_marker
from cohort_sessions.settings import _host

COURSE = ("course", "course")

# What lms/envs/production.py installs.
STOCK_PROVIDERS = (
    "openedx.features.content_type_gating.field_override.ContentTypeGatingFieldOverride",
    _host.STOCK_PROVIDER,
    "lms.djangoapps.courseware.self_paced_overrides.SelfPacedDateOverrideProvider",
)
OUR_PROVIDERS = tuple(_host.PROVIDER if name == _host.STOCK_PROVIDER else name for name in STOCK_PROVIDERS)

# What each of our patches stands in for.
STOCK_PARTS = (
    (ccx_modulestore, "restore_ccx", restored_blocks._stock_restore_ccx),
    (ccx_modulestore.CCXModulestoreWrapper, "bulk_operations", bulk_operations._stock_bulk_operations),
    (DjangoFlexPersistenceBackend, "get_course_index", bulk_operations._stock_get_course_index),
    (edx_when, "_content_dates_cache_key", dates._stock_content_dates_name),
    (edx_when, "_processed_results_cache_key", dates._stock_processed_dates_name),
    (DateLookupFieldData, "_get", opening._stock_get),
    (closing._CAPA, "close_date", closing._stock_capa_close_date),
    (InheritanceMixin, "close_date", closing._stock_close_date),
    (CourseEndDate, "date", closing._stock_course_ends),
    (CourseStartDate, "date", opening._stock_course_starts),
    (CourseStartDate, "title", opening._stock_title),
    (OpenAssessmentBlock, "course_id", ora._stock_course_id),
)


def create_ccx(base_key: CourseKey, coach, rows: dict | None = None, *, is_ours: bool = True) -> CCXLocator:
    """
    A CCX with these overrides, nothing hidden, and published.

    Args:
        coach: the account it is to belong to.
        rows: ``{(block type, block id): {field: value}}``; a datetime is written as the platform writes it.
        is_ours: marked as an edition of this plugin.
    """
    ccx = CustomCourseForEdX.objects.create(
        course_id=base_key,
        display_name="Spring",
        coach=coach,
        structure_json=build_marker(uuid4()) if is_ours else None,
    )
    set_rows(ccx.locator, rows or {})
    publish(ccx.locator)
    return ccx.locator


def set_rows(ccx_key: CCXLocator, rows: dict) -> None:
    """Write these overrides, in the place of what they replace, and forget what this process has read."""
    for (block_type, block_id), fields in rows.items():
        location = ccx_key.to_course_locator().make_usage_key(block_type, block_id)
        for name, value in fields.items():
            CcxFieldOverride.objects.update_or_create(
                ccx_id=ccx_key.ccx, location=location, field=name, defaults={"value": _text(value)}
            )
    RequestCache.clear_all_namespaces()


def publish(course_key: CourseKey) -> None:
    """Let the platform build what it builds for a published course."""
    SignalHandler.course_published.send(sender=None, course_key=course_key)
    RequestCache.clear_all_namespaces()


@contextmanager
def stock_platform() -> Iterator[None]:
    """The platform as it is without this plugin: stock provider, stock wrapper, none of our patches."""
    with ExitStack() as parts:
        for owner, name, stock in STOCK_PARTS:
            parts.enter_context(mock.patch.object(owner, name, stock))
        parts.enter_context(_reading(STOCK_PROVIDERS, _host.STOCK_WRAPPER))
        yield


@contextmanager
def our_platform() -> Iterator[None]:
    """The platform with this plugin, and the providers of production around ours."""
    with _reading(OUR_PROVIDERS, _host.WRAPPER):
        yield


@contextmanager
def _reading(providers, wrapper):
    """Read blocks through these providers and this wrapper."""
    with override_settings(MODULESTORE_FIELD_OVERRIDE_PROVIDERS=providers, XBLOCK_FIELD_DATA_WRAPPERS=(wrapper,)):
        _forget_modulestore()
        yield
    _forget_modulestore()


def _forget_modulestore():
    """The modulestore and the stock wrapper read their settings once. What is stored survives."""
    clear_existing_modulestores()
    OverrideModulestoreFieldData.provider_classes = None
    RequestCache.clear_all_namespaces()


def _text(value: Any) -> str:
    return json.dumps(value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value)
