"""
Repair: an opening that is put off holds at once, and each learner is told their own.

For a learner, the platform reads dates out of edx-when before it reads them off the block. edx-when keeps those of a
course for five minutes, whatever is published meanwhile; so an edition whose opening is moved away stays open that
long. Nobody has an opening of their own in edx-when (the platform gives people due dates only), so in an edition the
block is asked.

The dates tab says when a course starts; in an edition that is when it opened to this person (`visits`). It is called
so too where the platform would speak of an enrolment, in a self-paced course that had begun before it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from edx_when.field_data import NOT_FOUND, DateLookupFieldData
from lms.djangoapps.courseware.date_summary import CourseStartDate
from xblock.core import XBlock

from cohort_sessions.edxapp.hooks.field_overrides import tree_of
from cohort_sessions.edxapp.hooks.visits import visit_of

_stock_get = DateLookupFieldData._get  # noqa: SLF001 (the one place where edx-when looks a date up)
_stock_course_starts = CourseStartDate.date
_stock_title = CourseStartDate.title


def look_up(field_data: DateLookupFieldData, block: XBlock, name: str) -> Any:
    """Return the date that edx-when has for the field, ``NOT_FOUND`` for none, or for the opening of an edition."""
    if name == "start" and tree_of(block) is not None:
        return NOT_FOUND
    return _stock_get(field_data, block, name)


def course_starts(summary: CourseStartDate) -> datetime | None:
    """When the course of a dates tab starts (aware, UTC): for a learner of an edition with an opening, at theirs."""
    return _own_opening(summary) or _stock_course_starts.fget(summary)


def title(summary: CourseStartDate) -> str:
    """What the dates tab calls that moment."""
    return _stock_title.fget(summary) if _own_opening(summary) is None else gettext("Course starts")


def _own_opening(summary: CourseStartDate) -> datetime | None:
    visit = visit_of(summary.user.id, summary.course_id)
    period = None if visit is None else visit.learning_period
    return None if period is None else period.opens_at


def install() -> None:
    """Stand in for edx-when's look-up and the dates tab's. Safe to call twice."""
    DateLookupFieldData._get = look_up  # noqa: SLF001
    CourseStartDate.date = property(course_starts)
    CourseStartDate.title = property(title)
