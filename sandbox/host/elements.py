"""What stands in the units of a course, and which of its fields can be filled in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from opaque_keys.edx.keys import CourseKey, UsageKey

from cohort_sessions.data import BlockKind, ElementKind, ElementPlace, ElementValue
from cohort_sessions.errors import InvalidInput
from cohort_sessions.host import BaseElement, Element, ElementField
from cohort_sessions.host.block_fields import default_of, describe, kind_of, type_name, typed
from sandbox.blocks import BLOCK_TYPES
from sandbox.content import CourseContent, Node, content_of
from sandbox.models import CourseRun

_DEPTH = len(BlockKind)


class ElementsMixin:
    """The part of `Host` about elements."""

    def elements(self, base_key: CourseKey, unit_key: UsageKey, fields: Mapping[str, Collection[str]]) -> list[Element]:
        """Read off the course. One query."""
        content = _content(base_key)
        unit = content and next((node for node in content.root.walk() if node.usage_key == unit_key), None)
        if not unit:
            return []
        inside = [node for node in unit.walk() if node is not unit]
        found = [(node, tuple(_fields(content, node, fields.get(node.block_type, ())))) for node in inside]
        return [
            Element(node.usage_key, node.block_type, node.title or type_name(node.block_type), described)
            for node, described in found
            if described
        ]

    def base_elements(
        self, base_key: CourseKey, places: Collection[ElementPlace]
    ) -> Mapping[ElementPlace, BaseElement]:
        """Read off the course. One query."""
        content = _content(base_key)
        if content is None:
            return {}
        around = dict(_around(content.root, ()))
        nodes = {node.usage_key: node for node in content.root.walk() if node.usage_key in around}
        return {
            (usage_key, name): BaseElement(
                around[usage_key], node.title or type_name(node.block_type), _value(content, node, name)
            )
            for usage_key, name in places
            if (node := nodes.get(usage_key))
        }

    def element_kind(self, block_type: str, name: str) -> ElementKind:
        """As the block's own field says."""
        return kind_of(BLOCK_TYPES.get(block_type), block_type, name)

    def typed_value(self, block_type: str, name: str, given: object) -> ElementValue:
        """As the block's own field types it."""
        return typed(BLOCK_TYPES.get(block_type), block_type, name, given)


def _content(base_key: CourseKey) -> CourseContent | None:
    course = CourseRun.objects.filter(course_key=base_key).first()
    return None if course is None else content_of(course)


def _fields(content: CourseContent, node: Node, names: Collection[str]) -> Iterator[ElementField]:
    for name in names:
        try:
            yield describe(BLOCK_TYPES[node.block_type], node.block_type, name, _value(content, node, name))
        except InvalidInput:
            continue  # the operator has named what blocks of this type do not have


def _value(content: CourseContent, node: Node, name: str) -> ElementValue:
    field = BLOCK_TYPES[node.block_type].fields.get(name)
    if field is None:
        return None
    return content.fields.get((node.usage_key, name), default_of(field))


def _around(node: Node, above: tuple[UsageKey, ...]) -> Iterator[tuple[UsageKey, UsageKey]]:
    """What stands below the outline, each with the innermost block of the outline around it."""
    for child in node.children:
        if len(above) == _DEPTH:
            yield child.usage_key, above[-1]
        yield from _around(child, above if len(above) == _DEPTH else (*above, child.usage_key))
