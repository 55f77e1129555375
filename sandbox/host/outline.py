"""The outline of a course, and who has worked where in an edition of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from opaque_keys.edx.keys import CourseKey, UsageKey

from cohort_sessions.data import BlockKind
from cohort_sessions.host import OutlineBlock
from sandbox.content import Node, content_of
from sandbox.host.results import ASSIGNMENT_TYPE
from sandbox.keys import base_of, into_base
from sandbox.models import BlockState, Completion, CourseRun, Score

_LEVELS = tuple(BlockKind)


class OutlineMixin:
    """The part of `Host` about the outline."""

    def outline(self, base_key: CourseKey) -> list[OutlineBlock]:
        """Sections, subsections and units. One query."""
        course = CourseRun.objects.filter(course_key=base_key).first()
        return [] if course is None else list(_below(content_of(course).root, None, 0))

    def learners_at_work(self, edition_key: CourseKey) -> Mapping[UsageKey, int]:
        """People with state, points or a completion. Four queries."""
        course = CourseRun.objects.filter(course_key=base_of(edition_key)).first()
        work = {
            (into_base(usage_key), user_id)
            for model in (BlockState, Score, Completion)
            for usage_key, user_id in model.objects.filter(course_key=edition_key).values_list("usage_key", "user_id")
        }
        outline = _nodes(content_of(course).root, 0) if course else ()
        people: dict[UsageKey, set[int]] = defaultdict(set)
        for node in outline:
            inside = {inner.usage_key for inner in node.walk()}
            people[node.usage_key] = {user_id for usage_key, user_id in work if usage_key in inside}
        return {usage_key: len(users) for usage_key, users in people.items() if users}


def _below(node: Node, parent: UsageKey | None, level: int) -> Iterator[OutlineBlock]:
    for child in node.children:
        yield OutlineBlock(
            usage_key=child.usage_key,
            kind=_LEVELS[level],
            parent=parent,
            title=child.title,
            due=child.due,
            assignment_type=ASSIGNMENT_TYPE if child.is_graded and child.block_type == "sequential" else "",
        )
        if level + 1 < len(_LEVELS):
            yield from _below(child, child.usage_key, level + 1)


def _nodes(node: Node, level: int) -> Iterator[Node]:
    """The same blocks, as nodes."""
    for child in node.children:
        yield child
        if level + 1 < len(_LEVELS):
            yield from _nodes(child, level + 1)
