"""
Facets that carry the deadlines inside the base course into the edition: for all, and for those with dates of their own.

For all they are ``due`` rows of ``CcxFieldOverride`` on the dated blocks, out of which a publish makes the dates of
edx-when. For one person they are edx-when's own per-user dates, as the extension tool of the instructor dashboard
writes them. Everything that keeps to a due date on the platform reads these two.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from edx_django_utils.cache import RequestCache
from edx_when.models import ContentDate, UserDate
from lms.djangoapps.ccx.models import CcxFieldOverride
from opaque_keys.edx.keys import UsageKey
from xmodule.fields import Date

from cohort_sessions.edxapp.host.facets.base import Facet, FacetError
from cohort_sessions.edxapp.host.state import EditionState
from cohort_sessions.edxapp.marker import DATES_VERSION

DUE = "due"
# What the history of extensions says of ours; whose they are stands in their actor.
REASON = "cohort_sessions: the person's own dates in the session"
ROWS_AT_ONCE = 5000

# (block type, block id), and one person's deadline of that block.
BlockKey = tuple[str, str]
Place = tuple[int, BlockKey]


class Deadlines(Facet):
    """
    Every block that its author gave a due date has the one that the session makes of it, and a block to which the
    session gives one has that; no other block has a row.

    A block whose date is the same in the edition has no row either; one that is to have no date has a null.
    """

    name = "deadlines"

    def differs(self, state: EditionState) -> bool:
        """Whether any row is missing, too many, or another one."""
        wanted, stored = self._wanted(state), self._stored(state)
        state.wanted_rows.update({(location, DUE): wanted.get(location) for location in stored.keys() | wanted.keys()})
        return stored != wanted

    def bring_about(self, state: EditionState) -> None:
        """Replace the rows that are not as wanted. Two queries."""
        wanted, stored = self._wanted(state), self._stored(state)
        right = dict(wanted.items() & stored.items())
        rows: QuerySet = CcxFieldOverride.objects.filter(ccx=state.row, field=DUE)
        rows.filter(location__in=stored.keys() - right.keys()).delete()
        CcxFieldOverride.objects.bulk_create(
            CcxFieldOverride(ccx=state.row, location=location, field=DUE, value=text)
            for location, text in wanted.items()
            if location not in right
        )

    @staticmethod
    def _wanted(state: EditionState) -> dict[UsageKey, str]:
        base_dues = _base_dues(state)
        dues = state.spec.dues(base_dues)
        return {key: json.dumps(Date().to_json(due)) for key, due in dues.items() if due != base_dues.get(key)}

    @staticmethod
    def _stored(state: EditionState) -> dict[UsageKey, str]:
        return {location: text for (location, field), text in state.overrides.items() if field == DUE}


@dataclass(frozen=True, slots=True)
class _StoredDate:
    """A row of edx-when for one person. `due`: ``None`` where an extension was taken back."""

    pk: int
    place: Place
    due: datetime | timedelta | None
    is_ours: bool

    @property
    def is_given_by_hand(self) -> bool:
        """Whether somebody of the platform gave this person a date."""
        return not self.is_ours and self.due is not None


class PersonalDeadlines(Facet):
    """
    Everybody whose window is not that of ordinary members has their own deadlines in edx-when, and nobody else has one
    of ours.

    Ours are those that our service account wrote. What people of the platform wrote, in the extension tool, is theirs:
    it stays, and where it gives somebody a date there is none of ours beside it. One that took an extension back gives
    none.
    """

    name = "personal_deadlines"

    def differs(self, state: EditionState) -> bool:
        """Whether any date of ours is missing, too many, or another one. Two queries, one where nothing is due."""
        obsolete, missing = _compare(wanted_dates(state), _stored_dates(state, _content_dates(state)))
        state.personal_dates_differ = bool(obsolete or missing)
        return state.personal_dates_differ

    def bring_about(self, state: EditionState) -> None:
        """
        Delete what is not wanted any more, then add what is missing: one query each for every `ROWS_AT_ONCE` of them.

        Raises:
            FacetError: the edition has no dates yet on which to hang anybody's own.
        """
        content_dates = _content_dates(state)
        obsolete, missing = _compare(wanted_dates(state), _stored_dates(state, content_dates))
        ids = {block: pk for pk, (block, is_active) in content_dates.items() if is_active}
        if not {block for _user_id, block in missing} <= ids.keys():
            raise FacetError(_("The platform has not stored the edition's own dates, on which personal ones hang."))
        for start in range(0, len(obsolete), ROWS_AT_ONCE):
            UserDate.objects.filter(pk__in=obsolete[start : start + ROWS_AT_ONCE]).delete()
        UserDate.objects.bulk_create(
            (
                UserDate(
                    user_id=user_id,
                    content_date_id=ids[block],
                    abs_date=due,
                    reason=REASON,
                    actor_id=state.row.coach_id,
                )
                for (user_id, block), due in missing.items()
            ),
            batch_size=ROWS_AT_ONCE,
        )


class DatesVersion(Facet):
    """
    What edx-when keeps of the edition's dates in caches is kept under a name of its own for each state of these dates.

    It stands after everything that writes dates: whoever has seen the new name finds them all (``hooks.dates``).
    """

    name = "dates_version"

    def differs(self, state: EditionState) -> bool:
        """Whether any date has changed since the name was given, or changes now."""
        return state.personal_dates_differ or not state.dates_version.startswith(self._made_of(state))

    def bring_about(self, state: EditionState) -> None:
        """
        Give a name that was never given before; one that cannot stand where something failed, since what failed may
        write dates once more.
        """
        made_of = "incomplete" if state.failed_facets else self._made_of(state)
        CcxFieldOverride.objects.update_or_create(
            ccx=state.row,
            location=state.base.root,
            field=DATES_VERSION,
            # As JSON, like every other row: the platform decodes them all.
            defaults={"value": json.dumps(f"{made_of}-{uuid4().hex[:8]}")},
        )
        RequestCache.clear_all_namespaces()

    @staticmethod
    def _made_of(state: EditionState) -> str:
        """What the name begins with as long as no other dates are wanted."""
        personal = sorted((*place, str(due)) for place, due in wanted_dates(state).items())
        return hashlib.sha256(json.dumps([state.content_version, personal]).encode()).hexdigest()[:16]


def wanted_dates(state: EditionState) -> dict[Place, datetime]:
    """The deadlines that people are to have as their own."""
    return {
        (user_id, _block_key(usage_key)): own
        for usage_key, due in state.spec.dues(_base_dues(state)).items()
        if due is not None
        for user_id, own in state.spec.deadlines.personal_dues(due).items()
    }


def _base_dues(state: EditionState) -> dict[UsageKey, datetime]:
    return {block.usage_key: block.due for block in state.base.dated}


def _content_dates(state: EditionState) -> dict[int, tuple[BlockKey, bool]]:
    """What edx-when knows to be due in the edition: row -> block, and whether it still is. One query."""
    rows = ContentDate.objects.filter(course_id=state.spec.edition_key, field=DUE)
    return {pk: (_block_key(key), is_active) for pk, key, is_active in rows.values_list("pk", "location", "active")}


def _stored_dates(state: EditionState, content_dates: Mapping[int, tuple[BlockKey, bool]]) -> list[_StoredDate]:
    """Every person's due date in the edition, oldest first. One query, none where nothing is due."""
    rows = UserDate.objects.filter(content_date__in=content_dates).order_by("modified", "pk")
    values = rows.values_list("pk", "user_id", "content_date_id", "abs_date", "rel_date", "actor_id")
    return [
        _StoredDate(pk, (user_id, content_dates[date_id][0]), due or distance, actor_id == state.row.coach_id)
        for pk, user_id, date_id, due, distance, actor_id in values
    ]


def _compare(
    wanted: Mapping[Place, datetime], stored: Iterable[_StoredDate]
) -> tuple[list[int], dict[Place, datetime]]:
    """
    The rows of ours that are to go, and the dates that are to come.

    The platform heeds the last of several rows. So ours goes when one was written by hand after it: a date, which holds
    instead, or an extension taken back, behind which ours must come again.
    """
    obsolete: list[int] = []
    held: dict[Place, _StoredDate] = {}
    for row in stored:
        previous = held.get(row.place)
        if row.is_ours and (wanted.get(row.place) != row.due or (previous and previous.is_given_by_hand)):
            obsolete.append(row.pk)
            continue
        if previous is not None and previous.is_ours:
            obsolete.append(previous.pk)
        held[row.place] = row
    settled = {place for place, row in held.items() if row.is_ours or row.is_given_by_hand}
    return obsolete, {place: due for place, due in wanted.items() if place not in settled}


def _block_key(usage_key: UsageKey) -> BlockKey:
    return usage_key.block_type, usage_key.block_id
