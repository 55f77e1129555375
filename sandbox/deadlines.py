"""
Deadlines of blocks: the author's, what an edition makes of them, and those of single people.

As in edx-platform, a block without a date of its own has that of the nearest block above it, and an edition keeps rows
only where it differs from its base course.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from opaque_keys.edx.keys import CourseKey, UsageKey

from sandbox.content import CourseContent, Node
from sandbox.keys import is_edition
from sandbox.models import EditionDue, PersonalDue


def deadlines_of(user_id: int, course_key: CourseKey, content: CourseContent) -> Mapping[UsageKey, datetime]:
    """
    When each block is due for this person under this course key, by the block's key in the base course; blocks that
    are never due are absent. Two queries for an edition, none for a base course.
    """
    own: dict[UsageKey, datetime | None] = {node.usage_key: node.due for node in content.dated}
    if is_edition(course_key):
        rows = EditionDue.objects.filter(edition=course_key.ccx)
        own |= dict(rows.values_list("usage_key", "due"))
        personal = PersonalDue.objects.filter(edition=course_key.ccx, user_id=user_id)
        own |= dict(personal.values_list("usage_key", "due"))
    return {key: due for key, due in _with_inherited(content.root, own, None) if due is not None}


def _with_inherited(
    node: Node, own: Mapping[UsageKey, datetime | None], above: datetime | None
) -> Iterator[tuple[UsageKey, datetime | None]]:
    due = own.get(node.usage_key, above)
    yield node.usage_key, due
    for child in node.children:
        yield from _with_inherited(child, own, due)
