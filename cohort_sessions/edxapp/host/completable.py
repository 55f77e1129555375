"""Which blocks of an edition a learner can complete, remembered where many results can be read without a query."""

from __future__ import annotations

from collections.abc import Collection

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


def block_ids(edition_keys: Collection[CourseKey]) -> dict[CourseKey, frozenset[str]]:
    """
    The usage keys, as text, of each edition's completable blocks.

    No SQL while the cache has them; an edition it has not is read from the platform's collected block structure and
    remembered.
    """
    names = {key: _cache_name(key) for key in edition_keys}
    known = cache.get_many(names.values())
    return {
        key: known[name] if name in known else remember(key, get_course_in_cache(key)) for key, name in names.items()
    }


def remember(edition_key: CourseKey, structure: BlockStructureBlockData) -> frozenset[str]:
    """
    Work the blocks out of a freshly collected structure, and replace what was remembered of this edition.

    The rule is the platform's for progress (BlockCompletionTransformer), for blocks that learners can see. A hidden
    edition is counted as if it were not: its learners' results stay what they are.
    """
    is_hidden_whole = _is_hidden(structure, structure.root_block_usage_key)
    ids = frozenset(
        str(block)
        for block in structure
        if structure.get_xblock_field(block, "completion_mode") not in NOT_COUNTED
        and (is_hidden_whole or not _is_hidden(structure, block))
    )
    cache.set(_cache_name(edition_key), ids, LIFETIME_S)
    return ids


def _is_hidden(structure: BlockStructureBlockData, block: UsageKey) -> bool:
    """Whether only the team sees the block."""
    return structure.get_transformer_block_field(
        block, VisibilityTransformer, VisibilityTransformer.MERGED_VISIBLE_TO_STAFF_ONLY, default=False
    )


def _cache_name(edition_key: CourseKey) -> str:
    return f"cohort_sessions.completable.{edition_key}"
