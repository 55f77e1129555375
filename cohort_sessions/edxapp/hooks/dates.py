"""
Repair: a date that has changed in an edition is seen at once, by everybody and in every process.

edx-when keeps the dates of a course, and those of each person in it, for five minutes. Its names in the cache change
with the published version of the course, and not even with that where blocks and grades ask; in an edition dates change
without a publish of the base course, for all or for one person. So for editions the name carries what the edition's
rows say of the state of its dates. That row is written last (``facets.deadlines.DatesVersion``): whoever has read it
finds everything it stands for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from edx_when import api
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.edxapp.hooks.editions import edition_of

_stock_content_dates_name = api._content_dates_cache_key  # noqa: SLF001 (where edx-when names what it keeps)
_stock_processed_dates_name = api._processed_results_cache_key  # noqa: SLF001


def naming_the_version(stock: Callable[..., str]) -> Callable[..., str]:
    """Return `stock`, which names in the cache what edx-when knows of a course, with an edition's version behind it."""

    def cache_key(course_key: CourseKey, *args: Any, **kwargs: Any) -> str:
        name = stock(course_key, *args, **kwargs)
        edition = edition_of(course_key)
        return name if edition is None else f"{name}.{edition.dates_version}"

    return cache_key


def install() -> None:
    """Stand in for the two functions. Safe to call twice."""
    api._content_dates_cache_key = naming_the_version(_stock_content_dates_name)  # noqa: SLF001
    api._processed_results_cache_key = naming_the_version(_stock_processed_dates_name)  # noqa: SLF001
