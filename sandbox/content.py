"""
What stands in a course: its OLX, read once for everything published, as fields of blocks and as an outline.

Content hangs on the base course's usage keys only. An edition shows the same content under keys of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from lxml import etree
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.fields import DateTime
from xblock.runtime import DictKeyValueStore

from sandbox.models import CourseRun
from sandbox.runtime import CourseRuntime


@dataclass(frozen=True, slots=True)
class Node:
    """
    One block of the outline. `is_graded`: it, or something above it, counts for the grade. `weight`: points, for
    problems. `due`: a date of its own (aware, UTC), which holds for everything in it.
    """

    usage_key: UsageKey
    title: str
    is_graded: bool = False
    weight: float = 0.0
    due: datetime | None = None
    children: tuple[Node, ...] = ()

    @property
    def block_type(self) -> str:
        """The tag: ``chapter``, ``sequential``, ``vertical``, ``html``, ``problem``, …"""
        return self.usage_key.block_type

    @property
    def block_id(self) -> str:
        """The name within the course."""
        return self.usage_key.block_id

    def walk(self) -> Iterator[Node]:
        """This block and everything in it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, block_type: str) -> list[Node]:
        """Every block of one type in here, in reading order."""
        return [node for node in self.walk() if node.block_type == block_type]


@dataclass(frozen=True, slots=True)
class CourseContent:
    """
    A course as its authors published it.

    Attributes:
        fields: (base usage key, field name) -> value of every content, settings and children field.
        root: the outline.
        weights: points of every graded problem.
        completable: every block a learner can be done with.
        dated: the blocks that have a due date of their own, in reading order. Not the course itself, as its end is
            decided elsewhere.
    """

    fields: Mapping[tuple[UsageKey, str], object]
    root: Node
    weights: Mapping[UsageKey, float] = field(init=False)
    completable: frozenset[UsageKey] = field(init=False)
    dated: tuple[Node, ...] = field(init=False)

    def __post_init__(self):
        weights = {node.usage_key: node.weight for node in self.root.find("problem") if node.is_graded}
        leaves = frozenset(node.usage_key for node in self.root.walk() if node.block_type in {"html", "problem"})
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "completable", leaves)
        dated = tuple(node for node in self.root.walk() if node.due is not None)
        object.__setattr__(self, "dated", dated)

    @property
    def units(self) -> list[Node]:
        """The pages of the course, in reading order."""
        return self.root.find("vertical")


def content_of(course: CourseRun) -> CourseContent:
    """The content of a course run; read again only when something new has been published."""
    return _remembered(course.course_key, course.olx)


def read_olx(base_key: CourseKey, olx: str) -> CourseContent:
    """
    Read one OLX document through the workbench runtime.

    Raises:
        ValueError: a problem in it cannot be asked.
    """
    store: dict = {}
    runtime = CourseRuntime(base_key, DictKeyValueStore(store))
    root_key = runtime.parse_xml_string(olx)
    fields = {(key.block_scope_id, key.field_name): value for key, value in store.items()}
    return CourseContent(fields, _outline(fields, root_key))


def olx_from_files(directory: Path) -> str:
    """
    One OLX document from a course's files: ``course.xml`` with every ``<html filename="x">`` filled in from
    ``html/x.html``.
    """
    root = etree.parse(directory / "course.xml").getroot()
    for text in root.iter("html"):
        text.text = (directory / "html" / f"{text.attrib.pop('filename')}.html").read_text(encoding="utf-8")
    return etree.tostring(root, encoding="unicode")


_remembered = lru_cache(maxsize=64)(read_olx)


def _outline(fields: Mapping[tuple[UsageKey, str], object], usage_key: UsageKey, *, is_graded: bool = False) -> Node:
    is_graded = is_graded or fields.get((usage_key, "graded"), False)
    children = fields.get((usage_key, "children"), ())
    return Node(
        usage_key=usage_key,
        title=fields.get((usage_key, "display_name"), ""),
        is_graded=is_graded,
        weight=fields.get((usage_key, "weight"), 1.0) if usage_key.block_type == "problem" else 0.0,
        due=DateTime().from_json(fields.get((usage_key, "due"))) if usage_key.block_type != "course" else None,
        children=tuple(_outline(fields, child, is_graded=is_graded) for child in children),
    )
