"""
The repairs that no setting can make: functions of ours in the place of functions of the platform, in the LMS only.

Each module says which defect of the platform it is there for, does nothing for keys that are not an edition's, and has
a test in ``tests/platform/`` that shows the defect without it. A platform without the defect does not need the module.
"""

import logging
from importlib import import_module

log = logging.getLogger(__name__)

# Module of this package: what happens in editions without it.
REPAIRS = {
    "restored_blocks": "blocks that are fetched by their key ignore the edition's dates and visibility",
    "bulk_operations": "every page of an edition takes several SQL statements more",
    "dates": "a due date that was changed shows, and holds, after five minutes",
    "opening": "an edition whose opening is put off stays open for five minutes",
    "closing": "problems close at the end of the base course",
    "ora": "assessments are filed under the base course",
    "hidden_tools": "the tabs of tools that an edition does without are there",
    "call_to_action": "learners of a finished session are offered to try again",
    "welcome": "learners do not read the welcome to an edition in the Learning micro-frontend",
    "lti_scores": "LTI tools hand in scores of learners whose session is over",
}

_misplaced: dict[str, str] = {}


def install() -> None:
    """
    Put the repairs in place. Safe to call twice.

    In a release of the platform where the place of one has moved, that one is left out: the LMS shall start, and
    ``manage.py check`` says what is missing.
    """
    for name in REPAIRS:
        try:
            import_module(f"{__package__}.{name}").install()
        except (ImportError, AttributeError, LookupError) as reason:
            log.exception("The repair %s has no place in this release of the platform", name)
            _misplaced[name] = str(reason)
        else:
            _misplaced.pop(name, None)


def misplaced() -> dict[str, str]:
    """Return the repairs that :func:`install` had to leave out, each with the reason."""
    return dict(_misplaced)
