"""
Repair: the problems of an edition close when the edition ends, not when its base course does.

A problem without a due date closes at the end of its course, which capa reads from the raw structure of the *base*
course: a session that runs after the base run has ended takes no answers, and one that ended goes on taking them.
Other blocks that keep to a deadline (drag and drop, LTI) know their due date only; in an edition they close with it
as well.
"""

from datetime import datetime

from xblock.core import XBlock
from xmodule.capa_block import ProblemBlock
from xmodule.modulestore.inheritance import InheritanceMixin

from cohort_sessions.edxapp.hooks.field_overrides import tree_of


def _class_with(cls, name):
    """Return the class in the ancestry of `cls` that defines `name`: releases differ in which one it is."""
    owners = [ancestor for ancestor in cls.__mro__ if name in vars(ancestor)]
    return owners[0]


_CAPA = _class_with(ProblemBlock, "course_end_date")
_stock_course_end_date = _CAPA.course_end_date
_stock_close_date = InheritanceMixin.close_date


def course_end_date(problem: XBlock) -> datetime | None:
    """Return when the course of `problem` ends (aware, UTC): an edition's own end, where it is one."""
    tree = tree_of(problem)
    return _stock_course_end_date.fget(problem) if tree is None else tree.end()


def close_date(block: XBlock) -> datetime | None:
    """Return when `block` stops taking submissions (aware, UTC): at its due date, or with the edition it stands in."""
    closes = _stock_close_date.fget(block)
    tree = tree_of(block) if closes is None else None
    if tree is None:
        return closes
    end = tree.end()
    return end + block.graceperiod if end is not None and block.graceperiod is not None else end


def install() -> None:
    """Stand in for the two properties. Safe to call twice."""
    _CAPA.course_end_date = property(course_end_date)
    InheritanceMixin.close_date = property(close_date)
