"""
A course as one edition has it: sections, subsections and units that are hidden, open later or bear another name, and
what stands in the units with other words and numbers.

As in edx-platform, what is hidden or not open yet is not there for learners, with everything in it; what is hidden
counts for nobody. The team sees all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from cohort_sessions.data import BlockField
from sandbox.content import CourseContent, Node, content_of
from sandbox.models import Edition


def content_for(edition: Edition, *, on_team: bool, now: datetime) -> CourseContent:
    """What somebody finds in the edition now."""
    content = _with_elements(content_of(edition.course), edition.elements)
    return (
        replace(content, root=_seen(content.root, edition.blocks, now=now, on_team=on_team))
        if edition.blocks
        else content
    )


def counted_content(edition: Edition) -> CourseContent:
    """What counts for grades and progress: all that is not hidden, open or not."""
    content = _with_elements(content_of(edition.course), edition.elements)
    return replace(content, root=_seen(content.root, edition.blocks, now=None)) if edition.blocks else content


def _with_elements(content: CourseContent, elements: Mapping[str, Mapping[str, object]]) -> CourseContent:
    """With other fields of blocks; those of blocks that the course does not have come to nothing."""
    if not elements:
        return content
    there = {str(node.usage_key): node.usage_key for node in content.root.walk()}
    changed = {
        (there[text], name): value
        for text, fields in elements.items()
        if text in there
        for name, value in fields.items()
    }
    fields = {**content.fields, **changed}
    return replace(content, fields=fields, root=_renamed(content.root, fields))


def _renamed(node: Node, fields: Mapping) -> Node:
    return replace(
        node,
        title=fields.get((node.usage_key, "display_name"), node.title),
        weight=fields.get((node.usage_key, "weight"), node.weight),
        children=tuple(_renamed(child, fields) for child in node.children),
    )


def _seen(node: Node, blocks: Mapping[str, dict], *, now: datetime | None, on_team: bool = False) -> Node:
    children = (child for child in node.children if on_team or _is_there(blocks.get(str(child.usage_key), {}), now))
    return replace(
        node,
        title=blocks.get(str(node.usage_key), {}).get(BlockField.TITLE, node.title),
        children=tuple(_seen(child, blocks, now=now, on_team=on_team) for child in children),
    )


def _is_there(block: Mapping[str, object], now: datetime | None) -> bool:
    opens_at = block.get(BlockField.OPENS_AT)
    is_open = now is None or opens_at is None or datetime.fromisoformat(opens_at) <= now
    return is_open and not block.get(BlockField.HIDDEN)
