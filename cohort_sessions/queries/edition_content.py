"""
Everything that a session has otherwise in a course, as one plain value: to be kept in a template, handed on to another
edition of the same course, or compared with what stands.

A content is JSON: for each of `PARTS`, by its name, a list of objects with the columns of its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from opaque_keys.edx.keys import UsageKey

from cohort_sessions import permissions
from cohort_sessions.data import BlockField
from cohort_sessions.models import (
    BlockCustomisation,
    CourseEdition,
    EditionGrading,
    EditionWelcome,
    ElementCustomisation,
    ToolChoice,
)
from cohort_sessions.queries.customisation import MOMENTS, PERMISSIONS, from_json, to_json
from cohort_sessions.queries.elements import is_to_set
from cohort_sessions.timeline import CalendarShift

Row = Mapping[str, Any]
Content = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Part:
    """
    One kind of thing that an edition has otherwise.

    Attributes:
        name: in a content.
        key: the columns that tell its rows apart within an edition; none where there is one row at most.
        columns: the others.
        permission: who may decide about a row.
    """

    name: str
    model: type[Model]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    permission: Callable[[Row], str]

    def rows(self, edition: CourseEdition) -> dict[tuple, Model]:
        """What stands, by key. One query."""
        return {self.key_of(self.values(row)): row for row in self.model.objects.filter(edition=edition)}

    def values(self, row: Model) -> dict[str, Any]:
        """The columns of a row, as JSON."""
        return {name: _plain(getattr(row, name)) for name in (*self.key, *self.columns)}

    def key_of(self, values: Row) -> tuple:
        """What tells the row apart."""
        return tuple(values[name] for name in self.key)


BLOCKS = Part(
    "blocks",
    BlockCustomisation,
    key=("usage_key", "field"),
    columns=("value", "base"),
    permission=lambda row: PERMISSIONS[BlockField(row["field"])],
)
ELEMENTS = Part(
    "elements",
    ElementCustomisation,
    key=("usage_key", "field"),
    columns=("kind", "value", "base"),
    permission=lambda _row: permissions.EDIT_CONTENT,
)
TOOLS = Part("tools", ToolChoice, key=("tool",), columns=("is_shown",), permission=lambda _row: permissions.SHOW_TOOL)
GRADING = Part(
    "grading",
    EditionGrading,
    key=(),
    columns=("pass_line", "assignments", "base"),
    permission=lambda _row: permissions.GRADE_EDITION,
)
WELCOME = Part("welcome", EditionWelcome, key=(), columns=("text",), permission=lambda _row: permissions.EDIT_CONTENT)
PARTS = (BLOCKS, ELEMENTS, TOOLS, GRADING, WELCOME)
NOTHING: Content = {}


def edition_content(edition: CourseEdition) -> dict[str, list[dict[str, Any]]]:
    """Everything that the edition has otherwise, parts without anything left out. A query for each part."""
    found = {part.name: [part.values(row) for row in part.rows(edition).values()] for part in PARTS}
    return {name: rows for name, rows in found.items() if rows}


def content_size(content: Content) -> int:
    """How many things it has otherwise."""
    return sum(len(rows) for rows in content.values())


def moved(content: Content, shift: CalendarShift | None) -> dict[str, list[Row]]:
    """
    The same at another time.

    Args:
        shift: where its moments come to lie; ``None``: it has none any more.
    """
    return {
        name: [row for row in (_moved(row, shift) for row in rows) if row is not None] if name == BLOCKS.name else rows
        for name, rows in content.items()
    }


def still_allowed(content: Content) -> dict[str, Sequence[Row]]:
    """Without fields of elements that the operator does not let sessions set any more."""
    return {
        name: [row for row in rows if is_to_set((UsageKey.from_string(row["usage_key"]), row["field"]))]
        if name == ELEMENTS.name
        else rows
        for name, rows in content.items()
    }


def _moved(row: Row, shift: CalendarShift | None) -> Row | None:
    name = BlockField(row["field"])
    if name not in MOMENTS or row["value"] is None:
        return row
    return None if shift is None else {**row, "value": to_json(shift.moment(from_json(name, row["value"])))}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UsageKey) else value
