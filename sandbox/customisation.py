"""
A course as one edition has it: sections, subsections and units that are hidden, open later or bear another name.

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
    content = content_of(edition.course)
    return (
        replace(content, root=_seen(content.root, edition.blocks, now=now, on_team=on_team))
        if edition.blocks
        else content
    )


def counted_content(edition: Edition) -> CourseContent:
    """What counts for grades and progress: all that is not hidden, open or not."""
    content = content_of(edition.course)
    return replace(content, root=_seen(content.root, edition.blocks, now=None)) if edition.blocks else content


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
