"""
Repair: open response assessments of an edition are filed under the edition's key.

``OpenAssessmentBlock.course_id`` is the runtime's, and the split modulestore's runtime knows the base course only. So
the submissions and workflows of all editions land under the base course: its reports show them, and the editions' are
empty. The block's own key says better.
"""

from openassessment.xblock.openassessmentblock import OpenAssessmentBlock

from cohort_sessions.edxapp.hooks.editions import course_key_of, is_edition_key

_stock_course_id = OpenAssessmentBlock.course_id


def course_id(block: OpenAssessmentBlock) -> str | None:
    """Return the key of the course that the block is shown in: an edition's own, where it is one."""
    course_key = course_key_of(block)
    return str(course_key) if is_edition_key(course_key) else _stock_course_id.fget(block)


def install() -> None:
    """Stand in for ORA's property. Safe to call twice."""
    OpenAssessmentBlock.course_id = property(course_id)
