"""The outline of a base course as its author published it, and who has worked where in an edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from completion.models import BlockCompletion
from django.db.models import CharField
from django.db.models.functions import Cast
from lms.djangoapps.courseware.models import StudentModule
from opaque_keys.edx.keys import CourseKey, UsageKey
from xmodule.modulestore import ModuleStoreEnum
from xmodule.modulestore.django import modulestore
from xmodule.modulestore.inheritance import InheritanceMixin

from cohort_sessions.data import BlockKind
from cohort_sessions.host import OutlineBlock

_LEVELS = tuple(BlockKind)


def outline(base_key: CourseKey) -> list[OutlineBlock]:
    """Read off the published structure: no block is loaded. Empty for a course that is not there."""
    structure = _structure(base_key)
    return [] if structure is None else list(_blocks(base_key, structure))


def learners_at_work(edition_key: CourseKey) -> dict[UsageKey, int]:
    """
    People with stored state or a completion of a block inside, by the sections, subsections and units around it.

    Two queries. What the platform stores when somebody only turns pages, at the containers themselves, is no work.
    """
    base_key = edition_key.to_course_locator()
    structure = _structure(base_key)
    if structure is None:
        return {}
    around = _around(base_key, structure)
    people: dict[UsageKey, set[int]] = defaultdict(set)
    for text, user_id in _work(edition_key):
        for usage_key in around.get(_place(text), ()):
            people[usage_key].add(user_id)
    return {usage_key: len(users) for usage_key, users in people.items()}


def _structure(base_key: CourseKey) -> dict | None:
    store = modulestore()
    # Nobody else's key is touched in here: a bulk operation mixes up a base course and its editions.
    with store.branch_setting(ModuleStoreEnum.Branch.published_only, base_key), store.bulk_operations(base_key):
        course = store.get_course(base_key)
        return None if course is None else course.runtime.course_entry.structure


def _blocks(base_key: CourseKey, structure: dict) -> Iterator[OutlineBlock]:
    waiting = [(key, 0, None) for key in reversed(_children(structure, structure["root"]))]
    while waiting:
        key, level, parent = waiting.pop()
        fields = structure["blocks"][key].fields
        usage_key = base_key.make_usage_key(key.type, key.id)
        yield OutlineBlock(
            usage_key=usage_key,
            kind=_LEVELS[level],
            parent=parent,
            title=fields.get("display_name") or key.id.replace("_", " "),
            hidden=bool(fields.get("visible_to_staff_only")),
            opens_at=InheritanceMixin.fields["start"].from_json(fields.get("start")),
            due=InheritanceMixin.fields["due"].from_json(fields.get("due")),
            assignment_type=(fields.get("format") or "") if fields.get("graded") else "",
        )
        if level + 1 < len(_LEVELS):
            waiting.extend((child, level + 1, usage_key) for child in reversed(_children(structure, key)))


def _children(structure: dict, key) -> list:
    """What stands in a block and exists."""
    return [child for child in structure["blocks"][key].fields.get("children", ()) if child in structure["blocks"]]


def _around(base_key: CourseKey, structure: dict) -> dict[tuple[str, str], tuple[UsageKey, ...]]:
    """For each block below the outline, by type and id, the blocks of the outline that it stands in."""
    around: dict[tuple[str, str], tuple[UsageKey, ...]] = {}
    waiting: list[tuple] = [(key, ()) for key in _children(structure, structure["root"])]
    while waiting:
        key, above = waiting.pop()
        if len(above) < len(_LEVELS):
            above = (*above, base_key.make_usage_key(key.type, key.id))
        else:
            around[key.type, key.id] = above
        waiting.extend((child, above) for child in _children(structure, key))
    return around


def _work(edition_key: CourseKey) -> Iterator[tuple[str, int]]:
    """Keys as text: parsing thousands of them into objects would cost more than everything else here."""
    states = StudentModule.objects.filter(course_id=edition_key).order_by()
    yield from states.annotate(text=Cast("module_state_key", CharField())).values_list("text", "student_id")
    completions = BlockCompletion.objects.filter(context_key=edition_key).order_by()
    yield from completions.annotate(text=Cast("block_key", CharField())).values_list("text", "user_id")


def _place(text: str) -> tuple[str, str]:
    """Type and id of a block, from the text of its usage key: ``…+type@problem+block@question_1``."""
    block_type, _separator, block_id = text.rpartition("+type@")[2].partition("+block@")
    return block_type, block_id
