"""
How a CCX row of the platform says that it is an edition of ours.

An edition's course key is a CCX key, and a CCX row (``CustomCourseForEdX``) stands behind it. Operators may run
ordinary CCX courses as well, so whoever meets a CCX key must be able to tell the two apart without asking our own
tables: the field-override provider may not import our domain, and has no query to spare. The row says it itself, in
``structure_json``: a column that only the CCX REST API writes and echoes (a list of the base course's modules, or
null), and that nothing in the platform reads. Ours holds an object with one member::

    {"cohort_sessions_edition": "0b2f6c1e-5d1c-4f0e-9a38-0d7f0a3b8c55"}

The value is ``CourseEdition``'s UUID, so the row also leads back to the edition when the edition's key was never stored
(a crash between the two writes). Nothing else belongs here: what an edition wants stands in ``CcxFieldOverride`` rows.

Two more rows among these are no fields of any block and read by nobody but us, both on the course block:
`DATES_VERSION` changes whenever the dates of the edition, or of somebody in it, have changed (``hooks.dates``);
`HIDDEN_TOOLS` is a list of the tools that its learners do not have (``hooks.hidden_tools``).
"""

import json
from uuid import UUID

MARKER_NAME = "cohort_sessions_edition"
DATES_VERSION = "cohort_sessions_dates"
HIDDEN_TOOLS = "cohort_sessions_hidden_tools"


def build_marker(edition_uuid: UUID) -> str:
    """Return the text for ``CustomCourseForEdX.structure_json`` of the edition `edition_uuid`, always spelled alike."""
    return json.dumps({MARKER_NAME: str(edition_uuid)})


def parse_marker(structure_json: str | None) -> UUID | None:
    """
    Return the UUID of the edition that `structure_json` names, or ``None`` when it names none.

    Never raises: the column of a CCX that is not ours holds null, a list of modules, or whatever somebody wrote there.
    """
    if not structure_json or MARKER_NAME not in structure_json:
        return None
    try:
        return UUID(json.loads(structure_json)[MARKER_NAME])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
