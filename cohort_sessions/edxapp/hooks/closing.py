"""
Repair: what is due in an edition closes when the edition ends, for each person at their own end.

A problem without a due date closes at the end of its course, which capa reads from the raw structure of the *base*
course: a session that runs after the base run has ended takes no answers, and one that ended goes on taking them.
Other blocks that keep to a deadline (drag and drop, LTI) know their due date only. And for the dates tab a course ends
for everybody at once. In an edition all of them keep to the end of the person whom the guard has let in (`visits`), and
to the edition's envelope where nobody in particular is asking.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from lms.djangoapps.courseware.date_summary import CourseEndDate
from xblock.core import XBlock
from xmodule.capa_block import ProblemBlock
from xmodule.modulestore.inheritance import InheritanceMixin

from cohort_sessions.edxapp.hooks.editions import course_key_of
from cohort_sessions.edxapp.hooks.field_overrides import tree_of
from cohort_sessions.edxapp.hooks.visits import visit_of


def _class_with(cls, name):
    """Return the class in the ancestry of `cls` that defines `name`: releases differ in which one it is."""
    owners = [ancestor for ancestor in cls.__mro__ if name in vars(ancestor)]
    return owners[0]


_CAPA = _class_with(ProblemBlock, "close_date")
_stock_capa_close_date = _CAPA.close_date
_stock_close_date = InheritanceMixin.close_date
_stock_course_ends = CourseEndDate.date


def keeping_to_the_edition(stock: property) -> Callable[[XBlock], datetime | None]:
    """
    The getter of `stock`, a block's moment after which it takes no submissions (aware, UTC), except in an edition.

    There it is the due date with its grace, and never later than the end. The grace is for those who are late with
    their work, not with the session.
    """

    def close_date(block: XBlock) -> datetime | None:
        tree = tree_of(block)
        if tree is None:
            return stock.fget(block)
        visit = visit_of(block.scope_ids.user_id, course_key_of(block))
        end = tree.end() if visit is None else visit.work_ends_at
        due = _stock_close_date.fget(block)
        return min((moment for moment in (due, end) if moment is not None), default=None)

    return close_date


def course_ends(summary: CourseEndDate) -> datetime | None:
    """When the course of a dates tab ends (aware, UTC): for a learner of an edition, at their own end."""
    visit = visit_of(summary.user.id, summary.course_id)
    period = None if visit is None else visit.learning_period
    return _stock_course_ends.fget(summary) if period is None else period.closes_at


def install() -> None:
    """Stand in for the properties. Safe to call twice."""
    _CAPA.close_date = property(keeping_to_the_edition(_stock_capa_close_date))
    InheritanceMixin.close_date = property(keeping_to_the_edition(_stock_close_date))
    CourseEndDate.date = property(course_ends)
