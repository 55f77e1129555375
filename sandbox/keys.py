"""From keys of an edition to keys of its base course and back. As in edx-platform, an edition's keys are CCX keys."""

from __future__ import annotations

from ccx_keys.locator import CCXLocator
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey
from opaque_keys.edx.locator import CourseLocator


def is_edition(course_key: CourseKey) -> bool:
    """Whether this is the key of an edition."""
    return isinstance(course_key, CCXLocator)


def can_carry_editions(course_key: CourseKey) -> bool:
    """Whether this is a key of a course run of the kind that edition keys can be derived from."""
    return type(course_key) is CourseLocator and not course_key.deprecated


def base_of(course_key: CourseKey) -> CourseKey:
    """The key of the course whose content is shown under `course_key`."""
    return course_key.to_course_locator() if is_edition(course_key) else course_key


def into_course(usage_key: UsageKey, course_key: CourseKey) -> UsageKey:
    """
    The same block under another course key.

    ``UsageKey.map_into_course`` would keep the class of the key it is called on and so spell a key that nothing else
    spells.
    """
    return course_key.make_usage_key(usage_key.block_type, usage_key.block_id)


def into_base(usage_key: UsageKey) -> UsageKey:
    """The same block in the base course: its definition, where its content stands."""
    return into_course(usage_key, base_of(usage_key.course_key))


def parse_course_key(text: str) -> CourseKey | None:
    """The course key in a piece of an address, or ``None`` where there is none."""
    try:
        return CourseKey.from_string(text)
    except InvalidKeyError:
        return None


def parse_usage_key(text: str) -> UsageKey | None:
    """The usage key in a piece of an address, or ``None`` where there is none."""
    try:
        return UsageKey.from_string(text)
    except InvalidKeyError:
        return None
