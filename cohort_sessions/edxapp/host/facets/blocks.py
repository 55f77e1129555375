"""
What blocks below the course have otherwise than in the base course, but for their deadlines: sections, subsections and
units, what stands in the units, and the pages and notes that are tools of the course.

As ``CcxFieldOverride`` rows on the base course's usage keys, in the raw JSON of the field, like every other facet that
is fields. Rows on blocks that the base course has lost meanwhile are read by nobody.
"""

from __future__ import annotations

import json
from collections import defaultdict

from lms.djangoapps.ccx.models import CcxFieldOverride
from opaque_keys.edx.keys import UsageKey
from xmodule.fields import Date

from cohort_sessions.data import BlockChange, BlockField
from cohort_sessions.edxapp.host.facets.base import Facet
from cohort_sessions.edxapp.host.facets.deadlines import DUE
from cohort_sessions.edxapp.host.state import EditionState
from cohort_sessions.edxapp.tools import block_of_tool

FIELD_NAMES = {
    BlockField.HIDDEN: "visible_to_staff_only",
    BlockField.OPENS_AT: "start",
    BlockField.TITLE: "display_name",
}

_Row = tuple[UsageKey, str]


class Blocks(Facet):
    """The blocks below the course have the rows that the session makes, and none besides but for deadlines."""

    name = "blocks"

    def differs(self, state: EditionState) -> bool:
        """Whether any row is missing, too many, or another one."""
        wanted, stored = self._wanted(state), self._stored(state)
        state.wanted_rows.update({row: wanted.get(row) for row in stored.keys() | wanted.keys()})
        return stored != wanted

    def bring_about(self, state: EditionState) -> None:
        """Replace the rows that are not as wanted: one query, and one for each field that loses rows."""
        wanted, stored = self._wanted(state), self._stored(state)
        right = dict(wanted.items() & stored.items())
        obsolete: dict[str, list[UsageKey]] = defaultdict(list)
        for location, field in stored.keys() - right.keys():
            obsolete[field].append(location)
        for field, locations in obsolete.items():
            CcxFieldOverride.objects.filter(ccx=state.row, field=field, location__in=locations).delete()
        CcxFieldOverride.objects.bulk_create(
            CcxFieldOverride(ccx=state.row, location=location, field=field, value=text)
            for (location, field), text in wanted.items()
            if (location, field) not in right
        )

    @staticmethod
    def _wanted(state: EditionState) -> dict[_Row, str]:
        spec = state.spec
        hidden = FIELD_NAMES[BlockField.HIDDEN]
        pages = (block_of_tool(tool, spec.base_key) for tool in spec.hidden_tools)
        changes = (each for each in spec.changes if each.field in FIELD_NAMES)
        return {
            **{(page, hidden): json.dumps(obj=True) for page in pages if page is not None},
            **{(each.usage_key, each.field): json.dumps(each.value) for each in spec.elements},
            **{(each.usage_key, FIELD_NAMES[each.field]): _text(each) for each in changes},
        }

    @staticmethod
    def _stored(state: EditionState) -> dict[_Row, str]:
        return {
            (location, field): text
            for (location, field), text in state.overrides.items()
            if location != state.base.root and field != DUE
        }


def _text(change: BlockChange) -> str:
    return json.dumps(Date().to_json(change.value) if change.field == BlockField.OPENS_AT else change.value)
