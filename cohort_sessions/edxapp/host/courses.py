"""Course runs as the platform knows them, and the addresses at which people enter them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ccx_keys.locator import CCXLocator
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey, UsageKey
from opaque_keys.edx.locator import CourseLocator, LibraryLocator
from openedx.core.djangoapps.content.course_overviews.models import CourseOverview
from openedx.features.course_experience.url_helpers import make_learning_mfe_courseware_url
from xmodule.course_block import CourseBlock
from xmodule.course_metadata_utils import DEFAULT_START_DATE
from xmodule.modulestore import ModuleStoreEnum
from xmodule.modulestore.django import modulestore
from xmodule.modulestore.inheritance import InheritanceMixin

from cohort_sessions.errors import HostRefused
from cohort_sessions.host import BaseCourse, Deadline, Deadlines
from cohort_sessions.timeline import Window


@dataclass(frozen=True, slots=True)
class DatedBlock:
    """
    A block of a base course that has a due date of its own.

    Attributes:
        title: its name, with its section's before it.
    """

    usage_key: UsageKey
    title: str
    due: datetime


@dataclass(frozen=True, slots=True)
class PublishedRun:
    """
    The published branch of a base course, as far as editions depend on it.

    Attributes:
        version: the modulestore's id of the published structure; it changes with every publish.
        root: the usage key of the course block, on which an edition's values hang.
        started_at: the course's own start, where it has surely passed: it lies before the last publish. ``None`` else.
        dated: what is due on a day of its own, in the order of the course. Nothing in a self-paced course, where each
            learner's dates count from their own beginning.
        grading_policy: how it is graded, as the platform has it.
    """

    base_key: CourseKey
    title: str
    version: str
    root: UsageKey
    started_at: datetime | None
    dated: tuple[DatedBlock, ...]
    grading_policy: Mapping[str, Any]


def can_carry_editions(key: CourseKey) -> bool:
    """
    Whether keys of this kind can have editions.

    Not libraries, not the old ``Org/Course/Run`` keys (the platform builds no outline for them), and not editions
    themselves.
    """
    return not (isinstance(key, (LibraryLocator, CCXLocator)) or key.deprecated)


def base_courses(base_keys: Collection[CourseKey]) -> dict[CourseKey, BaseCourse]:
    """
    The courses among `base_keys` that exist, by key; read from CourseOverview, one query.

    A course whose author never set a start has none, though the platform lets it begin in 2030.
    """
    overviews = CourseOverview.objects.filter(pk__in=[key for key in base_keys if can_carry_editions(key)])
    return {overview.id: _base_course(overview) for overview in overviews}


def search_courses(
    words: str, *, limit: int, organisations: Collection[str] | None = None, base_keys: Collection[CourseKey] = ()
) -> list[BaseCourse]:
    """
    The courses that have all `words` in their title or key, by title; see `Host.search_courses`. One query on
    CourseOverview.

    Editions have overviews too, and so have old kinds of keys that carry none; both are told by how the key begins.
    """
    # A field of keys takes whole keys only.
    found = CourseOverview.objects.annotate(key_text=Cast("pk", CharField(max_length=255)))
    found = found.filter(key_text__startswith=f"{CourseLocator.CANONICAL_NAMESPACE}:")
    if organisations is not None:
        found = found.filter(Q(org__in=organisations) | Q(pk__in=base_keys))
    for word in words.split():
        found = found.filter(Q(display_name__icontains=word) | Q(key_text__icontains=word))
    return [_base_course(overview) for overview in found.order_by("display_name", "pk")[:limit]]


def _base_course(overview: CourseOverview) -> BaseCourse:
    return BaseCourse(
        base_key=overview.id,
        title=overview.display_name_with_default,
        organisation=overview.id.org,
        window=Window(None if overview.start == DEFAULT_START_DATE else overview.start, overview.end),
        image_url=overview.course_image_url or "",
    )


def published_run(base_key: CourseKey) -> PublishedRun:
    """
    Read a base course from the modulestore, where it is newest: CourseOverview may still be of before the publish.

    Raises:
        HostRefused: the course is gone or broken.
    """
    store = modulestore()
    # Nobody else's key is touched in here: a bulk operation mixes up a base course and its editions.
    with store.branch_setting(ModuleStoreEnum.Branch.published_only, base_key), store.bulk_operations(base_key):
        course = store.get_course(base_key)
        if not isinstance(course, CourseBlock):
            raise HostRefused(_("The course %(key)s is not there, or its content is broken.") % {"key": base_key})
        return PublishedRun(
            base_key=base_key,
            title=course.display_name_with_default,
            version=str(course.course_version),
            root=base_key.make_usage_key(course.location.block_type, course.location.block_id),
            started_at=course.start if course.start and course.start <= course.subtree_edited_on else None,
            dated=() if course.self_paced else tuple(_dated_blocks(base_key, course.runtime.course_entry.structure)),
            grading_policy=dict(course.grading_policy),
        )


def deadlines(base_key: CourseKey, rule: Deadlines) -> list[Deadline]:
    """What `rule` would make of the due dates in a base course; empty where there are none, or no such course."""
    try:
        dated = published_run(base_key).dated
    except HostRefused:
        return []
    return [Deadline(block.usage_key.block_id, block.title, block.due, rule.due(block.due)) for block in dated]


def entry_urls(edition_keys: Collection[CourseKey]) -> Mapping[CourseKey, str]:
    """
    The courseware address of each edition, without a unit: the Learning micro-frontend goes to where the person left
    off, or to the first unit, or says why they may not enter.
    """
    return {key: make_learning_mfe_courseware_url(key) for key in edition_keys}


def _dated_blocks(base_key: CourseKey, structure: dict) -> Iterator[DatedBlock]:
    """
    Read off the structure which blocks their author gave a due date.

    What stands in nobody's children is not shown anywhere, and left out. So is the course block: a due date of the
    whole course is its end, and an edition has its own.
    """
    # (key, title of the section it stands in), in the order of the course from the end of the list.
    waiting = [(structure["root"], "")]
    while waiting:
        key, section = waiting.pop()
        fields = structure["blocks"][key].fields
        title = fields.get("display_name") or key.id.replace("_", " ")
        due = InheritanceMixin.fields["due"].from_json(fields.get("due"))
        if due is not None and key != structure["root"]:
            usage_key = base_key.make_usage_key(key.type, key.id)
            yield DatedBlock(usage_key, f"{section}: {title}" if section else title, due)
        inside = title if key.type == "chapter" else section
        children = [child for child in fields.get("children", ()) if child in structure["blocks"]]
        waiting.extend((child, inside) for child in reversed(children))
