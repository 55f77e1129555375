"""
Repair: the tools that an edition does without have no tabs, neither in the Learning micro-frontend nor on legacy pages.

The platform keeps which tabs a course has in the course itself, which all its editions share, and an override of that
field takes a stock CCX down. So they are left out where the platform lists them. Who comes by an address is the guard's
business, which asks `hidden_tools` as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from lms.djangoapps.courseware import tabs
from opaque_keys.edx.keys import CourseKey
from xmodule.tabs import CourseTab, CourseTabList

from cohort_sessions.data import Tool
from cohort_sessions.edxapp.hooks.editions import edition_of
from cohort_sessions.edxapp.hooks.keys import named_ccx_keys
from cohort_sessions.edxapp.tools import tool_of_tab

_stock_stored_tabs = CourseTabList.iterate_displayable
_stock_dynamic_tabs = tabs._get_dynamic_tabs  # noqa: SLF001 (no other place sees the tabs that plugins add)


def hidden_tools(course_key: CourseKey) -> frozenset[str]:
    """The tools that learners of an edition do not have; none in other courses. Costs what `edition_of` costs."""
    edition = edition_of(course_key)
    return frozenset() if edition is None else edition.hidden_tools


def stored_tabs(course: Any, *args, **kwargs) -> Iterator[CourseTab]:
    """The tabs that the platform keeps in the course, without those of hidden tools."""
    return _without_hidden(course, _stock_stored_tabs(course, *args, **kwargs))


def dynamic_tabs(course: Any, *args, **kwargs) -> list[CourseTab]:
    """The tabs that plugins add, without those of hidden tools."""
    return list(_without_hidden(course, _stock_dynamic_tabs(course, *args, **kwargs)))


def without_dates(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer behind the outline of the Learning micro-frontend, without its list of dates where there are none."""
    answer = getattr(response, "data", None)
    is_outline = request.resolver_match.url_name == "outline-tab"
    has_dates = is_outline and isinstance(answer, dict) and "dates_widget" in answer
    if has_dates and any(Tool.DATES in hidden_tools(key) for key in named_ccx_keys(request)):
        answer["dates_widget"] = {**answer["dates_widget"], "course_date_blocks": []}
    return response


def install() -> None:
    """Stand in for both functions. Safe to call twice."""
    CourseTabList.iterate_displayable = staticmethod(stored_tabs)
    tabs._get_dynamic_tabs = dynamic_tabs  # noqa: SLF001


def _without_hidden(course: Any, found: Any) -> Iterator[CourseTab]:
    hidden = hidden_tools(course.id)
    return (tab for tab in found if tool_of_tab(tab) not in hidden)
