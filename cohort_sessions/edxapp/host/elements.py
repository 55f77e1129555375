"""
What stands in the units of a base course, and which of its fields can be filled in session by session.

Read off the published structure and the classes of the blocks: no block is loaded. What a block holds as its content
stands in its definition, so the definitions of the blocks that are asked about are read as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.core import XBlock
from xblock.fields import Field, Scope
from xblock.plugin import PluginMissingError
from xblock.runtime import Mixologist
from xmodule.modulestore import ModuleStoreEnum
from xmodule.modulestore.django import modulestore
from xmodule.modulestore.inheritance import InheritanceMixin

from cohort_sessions.data import BlockKind, ElementKind, ElementPlace, ElementValue
from cohort_sessions.errors import InvalidInput
from cohort_sessions.host import BaseElement, Element, ElementField
from cohort_sessions.host.block_fields import NAME, default_of, describe, kind_of, type_name, typed

_DEPTH = len(BlockKind)
_NOTHING = object()

# A block's place in a structure, with its `type` and `id`.
_Key = Any


def elements(base_key: CourseKey, unit_key: UsageKey, fields: Mapping[str, Collection[str]]) -> list[Element]:
    """The blocks inside the unit that have any of these fields, in reading order."""
    course = _Course.read(base_key)
    unit = course and course.find(unit_key)
    if not unit:
        return []
    inside = [key for key in course.below(unit) if key.type in fields]
    course.load_content(inside)
    found = [(key, tuple(_described(course, key, fields[key.type]))) for key in inside]
    return [
        Element(course.usage_key(key), key.type, course.title(key), described) for key, described in found if described
    ]


def base_elements(base_key: CourseKey, places: Collection[ElementPlace]) -> dict[ElementPlace, BaseElement]:
    """What the base course says about these fields; without those of blocks that stand in no unit."""
    course = _Course.read(base_key)
    if course is None:
        return {}
    units = dict(course.units())
    keys = {usage_key: course.find(usage_key) for usage_key, _name in places}
    course.load_content([key for key in keys.values() if key in units])
    return {
        (usage_key, name): BaseElement(
            course.usage_key(units[key]), course.title(key), course.value(key, block_class(key.type), name)
        )
        for usage_key, name in places
        if (key := keys[usage_key]) in units
    }


def element_kind(block_type: str, name: str) -> ElementKind:
    """As the class of the block says."""
    return kind_of(block_class(block_type), block_type, name)


def typed_value(block_type: str, name: str, given: object) -> ElementValue:
    """As the class of the block types it."""
    return typed(block_class(block_type), block_type, name, given)


def block_class(block_type: str) -> type[XBlock] | None:
    """The class of this type of block, with all that this platform mixes into it; ``None`` where it has none."""
    store = modulestore()
    try:
        found = XBlock.load_class(block_type, select=store.xblock_select)
    except PluginMissingError:
        return None
    return Mixologist(store.xblock_mixins).mix(found)


class _Course:
    """The published structure of a base course, by its keys, and the content that was loaded of it."""

    def __init__(self, base_key: CourseKey, runtime):
        self._base_key = base_key
        self._runtime = runtime
        self._blocks = runtime.course_entry.structure["blocks"]
        self._root = runtime.course_entry.structure["root"]
        self._places = {(key.type, key.id): key for key in self._blocks}
        self._parents = runtime._parent_map  # noqa: SLF001 (the split modulestore's runtime knows every parent)
        self._content: dict[Any, Mapping[str, Any]] = {}

    @classmethod
    def read(cls, base_key: CourseKey) -> _Course | None:
        """``None`` for a course that is not there."""
        store = modulestore()
        # Nobody else's key is touched in here: a bulk operation mixes up a base course and its editions.
        with store.branch_setting(ModuleStoreEnum.Branch.published_only, base_key), store.bulk_operations(base_key):
            course = store.get_course(base_key)
            return None if course is None else cls(base_key, course.runtime)

    def find(self, usage_key: UsageKey) -> _Key | None:
        """The block of this key, by its place in the structure."""
        return self._places.get((usage_key.block_type, usage_key.block_id))

    def usage_key(self, key: _Key) -> UsageKey:
        """The reverse."""
        return self._base_key.make_usage_key(key.type, key.id)

    def title(self, key: _Key) -> str:
        """What its author calls it, else what its type is called."""
        return self._blocks[key].fields.get(NAME) or type_name(key.type)

    def below(self, top: _Key) -> Iterator[_Key]:
        """Everything in a block, in reading order."""
        for child in self._children(top):
            yield child
            yield from self.below(child)

    def units(self) -> Iterator[tuple[_Key, _Key]]:
        """Everything below the outline, each with the innermost block of the outline around it."""
        waiting: list[tuple[_Key, int, _Key]] = [(key, 1, key) for key in self._children(self._root)]
        while waiting:
            key, level, unit = waiting.pop()
            if level > _DEPTH:
                yield key, unit
            waiting.extend((child, level + 1, child if level < _DEPTH else unit) for child in self._children(key))

    def load_content(self, keys: Collection[_Key]) -> None:
        """Read the definitions of these blocks. One question to the modulestore, none for no block."""
        definitions = {self._blocks[key].definition for key in keys} - {None}
        if definitions:
            found = self._runtime.modulestore.get_definitions(self._runtime.course_entry.course_key, definitions)
            self._content |= {definition["_id"]: definition["fields"] for definition in found}

    def value(self, key: _Key, its_class: type[XBlock] | None, name: str) -> ElementValue:
        """What a field holds, as its author, whoever stands above, or nobody set it. ``None`` for no such field."""
        field = None if its_class is None else its_class.fields.get(name)
        if field is None:
            return None
        raw = self._raw(key, field)
        if raw is _NOTHING:
            return default_of(field)
        try:
            return field.to_json(field.from_json(raw))
        except Exception:  # noqa: BLE001 (each field type raises what it likes)
            return default_of(field)

    def _children(self, key: _Key) -> list[_Key]:
        """What stands in a block and exists."""
        return [child for child in self._blocks[key].fields.get("children", ()) if child in self._blocks]

    def _raw(self, key: _Key, field: Field) -> Any:
        """In the platform's own order: the block itself, what inherits to it, what came out of a content library."""
        name, block = field.name, self._blocks[key]
        own = self._content.get(block.definition, {}) if field.scope == Scope.content else block.fields
        if name in own:
            return own[name]
        parent = self._parents.get(key)
        came_along = block.defaults.get(name, _NOTHING)
        if came_along is not _NOTHING and parent is not None and parent.type == "library_content":
            return came_along
        while name in InheritanceMixin.fields and parent is not None:
            if name in self._blocks[parent].fields:
                return self._blocks[parent].fields[name]
            parent = self._parents.get(parent)
        return came_along


def _described(course: _Course, key: _Key, names: Collection[str]) -> Iterator[ElementField]:
    its_class = block_class(key.type)
    for name in names:
        try:
            yield describe(its_class, key.type, name, course.value(key, its_class, name))
        except InvalidInput:
            continue  # the operator has named what blocks of this type do not have
