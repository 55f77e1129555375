"""
One version of a base course as one edition shows it: dates, visibility and inheritance, by block key.

The platform lets a block inherit by asking its parent, and a block that is bound to a learner gets no parent when that
learner may not load it. So a value that must hold, such as an opening date, fails open. Here inheritance is read off
the course's structure (the split modulestore keeps in it, for every block, the fields that the author set), and no
block is asked about another.

Rules, for one block of an edition:

* ``start``: the latest of its own and those of everything above it, where a block's own is the edition's row or else
  the author's date, and the course's own is the edition's row *only*: neither a base course that starts in ten years
  nor one that started ten years ago says when an edition opens. In a self-paced course the dates of sections do not
  count, as in the platform.
* ``visible_to_staff_only``: true when the edition or the author says so on the block or on anything above it. An
  edition can hide more than its base course, never less. An edition without a ``start`` row on the course is still
  being prepared, and hidden whole.
* ``end`` and ``due`` of the course block: the edition's row or nothing. The base course's end closes no edition, nor
  does a due date that its author set for the whole of it.
* ``course_edit_method``: never Studio, as for every CCX: an edition cannot be edited there.
* any other field: the edition's row, else what the author set; inheritable ones, else the nearest above that is set.
"""

import copy
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xblock.fields import Field
from xmodule.course_block import CourseFields
from xmodule.modulestore.inheritance import InheritanceMixin

if TYPE_CHECKING:
    from cohort_sessions.edxapp.hooks.editions import BlockKey, Edition

INHERITABLE = InheritanceMixin.fields
START = INHERITABLE["start"]
HIDDEN = INHERITABLE["visible_to_staff_only"]
END = CourseFields.end

# Fields that an edition decides for every block, whether or not it has a row for them.
ALWAYS_DECIDED = frozenset({"start", "visible_to_staff_only", "course_edit_method"})
ALWAYS_DECIDED_ON_THE_COURSE = frozenset({"end", "due"})


class BlockTree:
    """The blocks of one version of the base course, answered for one edition. Lives as long as a request."""

    def __init__(self, edition: "Edition", structure: dict, parents: dict):
        self.edition = edition
        self._root = structure["root"]
        self._blocks = structure["blocks"]
        self._parents = parents
        self._starts = {}
        self._hidden = {}

    def claimed(self, block_key: "BlockKey") -> frozenset[str]:
        """Return the names of the fields that :meth:`decides` may be true of, on this block. All others are cheap."""
        names = self.edition.names(block_key) | ALWAYS_DECIDED
        return names | ALWAYS_DECIDED_ON_THE_COURSE if block_key == self._root else names

    def decides(self, block_key: "BlockKey", field: Field) -> bool:
        """Tell whether the edition has the say on this block's `field`: by a rule, or by a row that can be read."""
        return field.name in ALWAYS_DECIDED or self._is_the_courses(block_key, field) or self._has_row(block_key, field)

    def is_set(self, block_key: "BlockKey", field: Field) -> bool:
        """Tell whether a decided `field` is set on the block itself, by the edition or, if that counts, the author."""
        if self._has_row(block_key, field) or field.name == "course_edit_method":
            return True
        if field.name == "start":
            return self._authored_start(block_key) is not None
        return field.name == "visible_to_staff_only" and field.name in self._authored(block_key)

    def value(self, block_key: "BlockKey", field: Field) -> Any:
        """
        Return what the edition decides for `field`: raw JSON, or a datetime or bool for the two fields with a rule.

        Raises ``KeyError`` when it decides nothing, and the field's own default applies.
        """
        if field.name == "start":
            start = self.start(block_key)
            if start is None:
                raise KeyError(field.name)
            return start
        if field.name == "visible_to_staff_only":
            return self.is_hidden(block_key)
        if field.name == "course_edit_method":
            return None
        return _own_copy(self.edition.value(block_key, field))

    def start(self, block_key: "BlockKey") -> datetime | None:
        """Return when the block opens in the edition (aware, UTC), or ``None`` while the edition is being prepared."""
        if block_key not in self._starts:
            own = self._row(block_key, START) or self._authored_start(block_key)
            above = None if block_key == self._root else self.start(self._parent(block_key))
            self._starts[block_key] = max((date for date in (own, above) if date is not None), default=None)
        return self._starts[block_key]

    def is_hidden(self, block_key: "BlockKey") -> bool:
        """Tell whether the block is kept from learners, by the edition or by the author, here or above."""
        if block_key not in self._hidden:
            self._hidden[block_key] = bool(
                self._row(block_key, HIDDEN)
                or HIDDEN.from_json(self._authored(block_key).get("visible_to_staff_only"))
                or (
                    not self._has_row(self._root, START)
                    if block_key == self._root
                    else self.is_hidden(self._parent(block_key))
                )
            )
        return self._hidden[block_key]

    def inherited(self, block_key: "BlockKey", field: Field) -> Any:
        """
        Return the raw value of an inheritable `field` that is not set on the block itself.

        Raises ``KeyError`` when nothing above sets it. What came with a block out of a content library counts before
        what stands above the library's block, and after it anywhere else: the platform's own rule.
        """
        defaults = self._blocks[block_key].defaults if block_key in self._blocks else {}
        parent = self._parents.get(block_key)
        if parent is not None and parent[0] == "library_content" and field.name in defaults:
            return _own_copy(defaults[field.name])
        while parent is not None:
            if self._has_row(parent, field):
                return _own_copy(self.edition.value(parent, field))
            if field.name in self._authored(parent) and not self._is_the_courses(parent, field):
                return _own_copy(self._authored(parent)[field.name])
            parent = self._parents.get(parent)
        return _own_copy(defaults[field.name])

    def end(self) -> datetime | None:
        """Return when the edition closes for all its people (aware, UTC), ``None`` when it is unbounded."""
        return self._row(self._root, END)

    def _is_the_courses(self, block_key, field):
        """Tell whether this is a field of the course block on which its author has no say in an edition."""
        return block_key == self._root and field.name in ALWAYS_DECIDED_ON_THE_COURSE

    def _parent(self, block_key):
        """Return the block above; an orphan hangs below the course, for nothing may be without a door."""
        return self._parents.get(block_key, self._root)

    def _authored(self, block_key):
        """Return the settings that the author set on the block, as stored."""
        block = self._blocks.get(block_key)
        return {} if block is None else block.fields

    def _authored_start(self, block_key):
        """Return the author's own date of the block, where it counts in an edition."""
        if block_key == self._root or self._authored(self._root).get("self_paced"):
            return None
        return START.from_json(self._authored(block_key).get("start"))

    def _has_row(self, block_key, field):
        """Tell whether the edition has a row for `field` on the block that the field can read."""
        try:
            self.edition.value(block_key, field)
        except KeyError:
            return False
        return True

    def _row(self, block_key, field):
        """Return the native value of the edition's row, ``None`` without one."""
        try:
            return field.from_json(self.edition.value(block_key, field))
        except KeyError:
            return None


def _own_copy(value):
    """Return `value` for the caller to keep: a block may change what it reads in place."""
    return copy.deepcopy(value) if isinstance(value, (dict, list)) else value
