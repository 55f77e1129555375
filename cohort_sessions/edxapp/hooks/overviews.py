"""The end of an edition, where the platform takes it from the wrong field."""

from __future__ import annotations

import json
from typing import Any

from ccx_keys.locator import CCXLocator
from openedx.core.djangoapps.content.course_overviews.models import CourseOverview
from xmodule.fields import Date

from cohort_sessions.edxapp.marker import parse_marker


def keep_end(instance: CourseOverview, **_signal: Any) -> None:
    """
    An edition's CourseOverview ends when its course block does.

    The platform takes the end of a CCX from the ``due`` override of its course block, a row editions never have: it
    would replace the due dates of all their assignments. One query for CCX keys, none for other courses.
    """
    if not isinstance(instance.id, CCXLocator):
        return
    from lms.djangoapps.ccx.models import CcxFieldOverride

    course_ends = CcxFieldOverride.objects.filter(ccx_id=instance.id.ccx, field="end").select_related("ccx")
    for row in course_ends:
        if row.location.block_type == "course" and parse_marker(row.ccx.structure_json) is not None:
            instance.end = Date().from_json(json.loads(row.value))
