"""
What the elements of units have otherwise than in the base course: words of a text, attempts and points of a problem.

As ``CcxFieldOverride`` rows on the base course's usage keys, in the raw JSON of the field. Which rows are this facet's,
and which are those of `blocks` and `deadlines`, is said here once: every row below the course belongs to exactly one of
them.
"""

from __future__ import annotations

import json

from lms.djangoapps.ccx.models import CcxFieldOverride
from opaque_keys.edx.keys import UsageKey

from cohort_sessions.data import BlockField
from cohort_sessions.edxapp.host.facets.base import Facet
from cohort_sessions.edxapp.host.state import EditionState
from cohort_sessions.host.block_fields import DECIDED_ELSEWHERE, NAME, OUTLINE_TYPES

_Row = tuple[UsageKey, str]


def is_of_element(state: EditionState, row: _Row) -> bool:
    """
    Whether a row is an element's: it stands on a block that the outline is not made of, and is neither one of the
    fields that `blocks` and `deadlines` decide about every block, nor a name that `blocks` gives to this one.
    """
    location, name = row
    if location.block_type in OUTLINE_TYPES or name in DECIDED_ELSEWHERE:
        return False
    return name != NAME or not any(
        change.usage_key == location and change.field == BlockField.TITLE for change in state.spec.changes
    )


class Elements(Facet):
    """The elements of units have the rows that the session's changes make, and none besides."""

    name = "elements"

    def differs(self, state: EditionState) -> bool:
        """Whether any row is missing, too many, or another one."""
        wanted, stored = self._wanted(state), self._stored(state)
        state.wanted_rows.update({row: wanted.get(row) for row in stored.keys() | wanted.keys()})
        return stored != wanted

    def bring_about(self, state: EditionState) -> None:
        """Replace the rows that are not as wanted: one query, and one for each field that loses rows."""
        wanted, stored = self._wanted(state), self._stored(state)
        right = dict(wanted.items() & stored.items())
        obsolete = stored.keys() - right.keys()
        for name in {field for _location, field in obsolete}:
            locations = [location for location, field in obsolete if field == name]
            CcxFieldOverride.objects.filter(ccx=state.row, field=name, location__in=locations).delete()
        CcxFieldOverride.objects.bulk_create(
            CcxFieldOverride(ccx=state.row, location=location, field=field, value=text)
            for (location, field), text in wanted.items()
            if (location, field) not in right
        )

    @staticmethod
    def _wanted(state: EditionState) -> dict[_Row, str]:
        return {(change.usage_key, change.field): json.dumps(change.value) for change in state.spec.elements}

    @staticmethod
    def _stored(state: EditionState) -> dict[_Row, str]:
        return {row: text for row, text in state.overrides.items() if is_of_element(state, row)}
