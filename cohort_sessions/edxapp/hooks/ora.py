"""
Repair: open response assessments of an edition are filed under the edition's key.

``OpenAssessmentBlock.course_id`` is the runtime's, and the split modulestore's runtime knows the base course only. So
the submissions and workflows of all editions land under the base course: its reports show them, and the editions' are
empty. The block's own key says better; for an ordinary course the two are the same.
"""

from openassessment.xblock.openassessmentblock import OpenAssessmentBlock


def course_id(block: OpenAssessmentBlock) -> str | None:
    """Return the key of the course that the block is shown in; ``None`` outside a course runtime, as in ORA itself."""
    if not hasattr(block, "xmodule_runtime"):
        return None
    return str(block.scope_ids.usage_id.context_key)


def install() -> None:
    """Stand in for ORA's property. Safe to call twice."""
    OpenAssessmentBlock.course_id = property(course_id)
