"""
The repairs that no setting can make: functions of ours in the place of functions of the platform, in the LMS only.

Each module says which defect of the platform it is there for, does nothing for keys that are not an edition's, and
has a test in ``tests/platform/`` that shows the defect without it. A platform without the defect does not need the
module.
"""

from cohort_sessions.edxapp.hooks import bulk_operations, closing, opening, ora, restored_blocks


def install() -> None:
    """Put all of them in place. Safe to call twice."""
    restored_blocks.install()
    bulk_operations.install()
    opening.install()
    closing.install()
    ora.install()
