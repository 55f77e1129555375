"""What of an edition counts for results, remembered where many results can be read without a query."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.cache import cache
from lms.djangoapps.course_blocks.transformers.visibility import VisibilityTransformer
from opaque_keys.edx.keys import CourseKey, UsageKey
from openedx.core.djangoapps.content.block_structure.api import get_course_in_cache
from openedx.core.djangoapps.content.block_structure.block_structure import BlockStructureBlockData
from xblock.completable import XBlockCompletionMode

# A week: longer than pages are left alone, short enough to forget editions nobody asks for. Every rebuild writes it
# anew.
LIFETIME_S = 7 * 24 * 3600

NOT_COUNTED = (XBlockCompletionMode.AGGREGATOR, XBlockCompletionMode.EXCLUDED)


@dataclass(frozen=True, slots=True)
class GradedSection:
    """A section of a course that counts for the grade; `assignment_type` as the grading policy names it."""

    block_id: str
    title: str
    assignment_type: str


@dataclass(frozen=True, slots=True)
class Countable:
    """
    The blocks of an edition that count, by their usage keys as text.

    Attributes:
        completable: those a learner can complete.
        sections: those that are graded, in the order of the course.
    """

    completable: frozenset[str]
    sections: Mapping[str, GradedSection]


def countable(edition_keys: Collection[CourseKey]) -> dict[CourseKey, Countable]:
    """
    What counts in each of these editions.

    No SQL while the cache has them; an edition it has not is read from the platform's collected block structure and
    remembered.
    """
    names = {key: _cache_name(key) for key in edition_keys}
    known = cache.get_many(names.values())
    return {
        key: known[name] if name in known else remember(key, get_course_in_cache(key)) for key, name in names.items()
    }


def remember(edition_key: CourseKey, structure: BlockStructureBlockData) -> Countable:
    """
    Work it out of a freshly collected structure, and replace what was remembered of this edition.

    The rules are the platform's for progress (BlockCompletionTransformer) and for grades (subsections that are
    graded), for blocks that learners can see. A hidden edition is counted as if it were not: its learners' results
    stay what they are.
    """
    is_hidden_whole = _is_hidden(structure, structure.root_block_usage_key)
    seen = [block for block in structure.topological_traversal() if is_hidden_whole or not _is_hidden(structure, block)]
    found = Countable(
        completable=frozenset(
            str(block) for block in seen if structure.get_xblock_field(block, "completion_mode") not in NOT_COUNTED
        ),
        sections={
            str(block): _section(structure, block)
            for block in seen
            if block.block_type == "sequential" and structure.get_xblock_field(block, "graded")
        },
    )
    cache.set(_cache_name(edition_key), found, LIFETIME_S)
    return found


def _section(structure: BlockStructureBlockData, block: UsageKey) -> GradedSection:
    return GradedSection(
        block_id=block.block_id,
        title=structure.get_xblock_field(block, "display_name") or "",
        assignment_type=structure.get_xblock_field(block, "format") or "",
    )


def _is_hidden(structure: BlockStructureBlockData, block: UsageKey) -> bool:
    """Whether only the team sees the block."""
    return structure.get_transformer_block_field(
        block, VisibilityTransformer, VisibilityTransformer.MERGED_VISIBLE_TO_STAFF_ONLY, default=False
    )


def _cache_name(edition_key: CourseKey) -> str:
    return f"cohort_sessions.countable.{edition_key}"
