"""
What single sections, subsections and units have otherwise than in the base course, but for their deadlines.

As ``CcxFieldOverride`` rows on the base course's usage keys, in the raw JSON of the field, like every other facet that
is fields. Rows on blocks that the base course has lost meanwhile are read by nobody.
"""

from __future__ import annotations

import json

from django.db.models import QuerySet
from lms.djangoapps.ccx.models import CcxFieldOverride
from opaque_keys.edx.keys import UsageKey
from xmodule.fields import Date

from cohort_sessions.data import BlockField
from cohort_sessions.edxapp.host.facets.base import Facet
from cohort_sessions.edxapp.host.facets.elements import is_of_element
from cohort_sessions.edxapp.host.state import EditionState

FIELD_NAMES = {
    BlockField.HIDDEN: "visible_to_staff_only",
    BlockField.OPENS_AT: "start",
    BlockField.TITLE: "display_name",
}

_Row = tuple[UsageKey, str]


class Blocks(Facet):
    """The blocks below the course have the rows that the session's changes make, and none besides."""

    name = "blocks"

    def differs(self, state: EditionState) -> bool:
        """Whether any row is missing, too many, or another one."""
        wanted, stored = self._wanted(state), self._stored(state)
        state.wanted_rows.update({row: wanted.get(row) for row in stored.keys() | wanted.keys()})
        return stored != wanted

    def bring_about(self, state: EditionState) -> None:
        """Replace the rows that are not as wanted: two queries, and one for each field that loses rows."""
        wanted, stored = self._wanted(state), self._stored(state)
        right = dict(wanted.items() & stored.items())
        for name in FIELD_NAMES.values():
            obsolete = [location for location, field in stored.keys() - right.keys() if field == name]
            if obsolete:
                rows: QuerySet = CcxFieldOverride.objects.filter(ccx=state.row, field=name)
                rows.filter(location__in=obsolete).delete()
        CcxFieldOverride.objects.bulk_create(
            CcxFieldOverride(ccx=state.row, location=location, field=field, value=text)
            for (location, field), text in wanted.items()
            if (location, field) not in right
        )

    @staticmethod
    def _wanted(state: EditionState) -> dict[_Row, str]:
        return {
            (change.usage_key, FIELD_NAMES[change.field]): json.dumps(
                Date().to_json(change.value) if change.field == BlockField.OPENS_AT else change.value
            )
            for change in state.spec.changes
            if change.field in FIELD_NAMES
        }

    @staticmethod
    def _stored(state: EditionState) -> dict[_Row, str]:
        names = set(FIELD_NAMES.values())
        return {
            (location, field): text
            for (location, field), text in state.overrides.items()
            if field in names and location != state.base.root and not is_of_element(state, (location, field))
        }
