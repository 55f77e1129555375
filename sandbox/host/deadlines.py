"""What an edition makes of the deadlines of its course."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from opaque_keys.edx.keys import CourseKey, UsageKey

from cohort_sessions.host import Deadline, Deadlines, EditionSpec
from sandbox.content import content_of
from sandbox.models import CourseRun, Edition, EditionDue, PersonalDue


class DeadlinesMixin:
    """The part of `Host` about deadlines."""

    def deadlines(self, base_key: CourseKey, rule: Deadlines) -> list[Deadline]:
        """The dated blocks of a course and what `rule` would make of each. One query."""
        course = CourseRun.objects.filter(course_key=base_key).first()
        return [] if course is None else list(_both(course, rule))


def _both(course: CourseRun, rule: Deadlines) -> Iterator[Deadline]:
    content = content_of(course)
    for section in content.root.children:
        for node in section.walk():
            if node.due is not None:
                title = node.title if node is section else f"{section.title}: {node.title}"
                yield Deadline(node.block_id, title, node.due, rule.due(node.due))


def edition_deadlines(edition: Edition, spec: EditionSpec, *, act: bool) -> bool:
    """End state: a row for every block whose date is another one in the edition, and no other rows."""
    base_dues = _base_dues(edition)
    wanted = {key: due for key, due in spec.dues(base_dues).items() if due != base_dues.get(key)}
    stored = EditionDue.objects.filter(edition=edition)
    if dict(stored.values_list("usage_key", "due")) == wanted:
        return False
    if act:
        stored.delete()
        EditionDue.objects.bulk_create(
            EditionDue(edition=edition, usage_key=key, due=due) for key, due in wanted.items()
        )
    return True


def personal_deadlines(edition: Edition, spec: EditionSpec, *, act: bool) -> bool:
    """End state: a row for everybody who has another deadline than ordinary members, and no other rows."""
    wanted: dict[tuple[int, UsageKey], datetime] = {
        (user_id, usage_key): own
        for usage_key, due in spec.dues(_base_dues(edition)).items()
        if due is not None
        for user_id, own in spec.deadlines.personal_dues(due).items()
    }
    stored = PersonalDue.objects.filter(edition=edition)
    if {(row.user_id, row.usage_key): row.due for row in stored} == wanted:
        return False
    if act:
        stored.delete()
        PersonalDue.objects.bulk_create(
            PersonalDue(edition=edition, user_id=user_id, usage_key=key, due=due)
            for (user_id, key), due in wanted.items()
        )
    return True


def _base_dues(edition: Edition) -> dict[UsageKey, datetime]:
    return {node.usage_key: node.due for node in content_of(edition.course).dated}
