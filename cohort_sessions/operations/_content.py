"""An edition is made to have a content and nothing besides; callers hold the lock of its session."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import UsageKey

from cohort_sessions.data import Actor
from cohort_sessions.errors import WrongState
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations._ground import delete, save, want_anew
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.edition_content import BLOCKS, ELEMENTS, GRADING, PARTS, Content, Part, Row
from cohort_sessions.queries.grading import FINAL, edition_grading, has_final_results, read_change


@dataclass(frozen=True, slots=True)
class Difference:
    """
    A row that is to come, to change or to go.

    Attributes:
        row: what stands; ``None`` for nothing.
        wanted: its columns; ``None``: it is to go.
    """

    part: Part
    row: Model | None
    wanted: Row | None

    @property
    def permission(self) -> str:
        """Who may bring it about."""
        return self.part.permission(self.wanted or self.part.values(self.row))


def replace_content(
    edition: CourseEdition,
    content: Content,
    *,
    only: Collection[UsageKey] | None = None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    """
    Have the edition have this and nothing besides; returns how many things that changed. The platform follows after the
    commit.

    Args:
        only: leave alone what is not about these blocks.

    Raises:
        WrongState: it would be graded otherwise, and results are final, or the course cannot be graded so.
        NotAllowed, Locked: see `authorise`; each thing that changes is asked for.
    """
    found = list(_differences(edition, content, only))
    for difference in found:
        authorise(actor, difference.permission, edition)
    for difference in found:
        if difference.part is GRADING:
            _refuse_grading(edition, difference.wanted)
    for difference in found:
        _store(edition, difference, reason=reason, actor=actor, now=now)
    if found:
        want_anew([edition], now=now)
    return len(found)


def add_content(edition: CourseEdition, content: Content, *, reason: str, actor: Actor, now: datetime) -> None:
    """
    Give a content to an edition that was just made and has none; callers have asked. A grading that does not fit the
    course any more is left out.
    """
    for difference in _differences(edition, content, None):
        if difference.part is GRADING and _grading_faults(edition, difference.wanted):
            continue
        _store(edition, difference, reason=reason, actor=actor, now=now)


def _refuse_grading(edition: CourseEdition, wanted: Row | None) -> None:
    if has_final_results(edition):
        raise WrongState(str(FINAL))
    faults = [] if wanted is None else _grading_faults(edition, wanted)
    if faults:
        words = _("Its grading does not fit the course any more: %(why)s")
        raise WrongState(words % {"why": " ".join(faults)})


def _grading_faults(edition: CourseEdition, wanted: Row) -> list[str]:
    view = edition_grading(edition)
    return [] if view is None else list(view.faults(read_change(wanted)).values())


def _store(edition: CourseEdition, difference: Difference, *, reason: str, actor: Actor, now: datetime) -> None:
    if difference.wanted is None:
        delete(difference.row, actor=actor, now=now, reason=reason)
        return
    row = difference.row or difference.part.model(edition=edition)
    for name, value in difference.wanted.items():
        setattr(row, name, UsageKey.from_string(value) if name == "usage_key" else value)
    save(row, actor=actor, now=now, reason=reason)


def _differences(edition: CourseEdition, content: Content, only: Collection[UsageKey] | None) -> Iterator[Difference]:
    for part in PARTS if only is None else (BLOCKS, ELEMENTS):
        standing = part.rows(edition)
        wanted = {part.key_of(row): row for row in content.get(part.name, ())}
        if only is not None:
            texts = {str(usage_key) for usage_key in only}
            standing = {key: row for key, row in standing.items() if key[0] in texts}
            wanted = {key: row for key, row in wanted.items() if key[0] in texts}
        for key, row in wanted.items():
            if key not in standing or part.values(standing[key]) != row:
                yield Difference(part, standing.get(key), row)
        for key in standing.keys() - wanted.keys():
            yield Difference(part, standing[key], None)
