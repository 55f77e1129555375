"""
Courses as authors make them, in the platform's modulestore; no course is like another, so tests need not clean up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from opaque_keys.edx.keys import CourseKey, UsageKey
from xmodule.modulestore import ModuleStoreEnum
from xmodule.modulestore.django import SignalHandler, modulestore

AUTHOR = ModuleStoreEnum.UserID.test
TEXT = "The tide comes in twice a day."
PROBLEM = """
<problem>
  <multiplechoiceresponse>
    <label>How often does the tide come in?</label>
    <choicegroup type="MultipleChoice">
      <choice correct="false" name="once">Once a day</choice>
      <choice correct="true" name="twice">Twice a day</choice>
    </choicegroup>
  </multiplechoiceresponse>
</problem>
"""
# One kind of assignment, which is the whole grade; half of it passes.
GRADING_POLICY = {
    "GRADER": [{"type": "Homework", "short_label": "HW", "min_count": 1, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}
# Without a start of its own, a course begins in 2030.
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
RIGHT, WRONG = "choice_twice", "choice_once"

_numbers = count(1)


@dataclass(frozen=True)
class Run:
    """The base course of a test. Every block id is the same in its editions."""

    key: CourseKey

    def block(self, block_type: str, block_id: str, course_key: CourseKey | None = None) -> UsageKey:
        """The key of a block here, or in an edition."""
        return (course_key or self.key).make_usage_key(block_type, block_id)


@contextmanager
def authoring(course_key: CourseKey) -> Iterator:
    """
    Change the draft as Studio does, in one bulk operation; then publish the course, which everybody hears of once.
    """
    store = modulestore()
    with (
        store.branch_setting(ModuleStoreEnum.Branch.draft_preferred, course_key),
        SignalHandler.course_published.for_state(is_enabled=False),
        store.bulk_operations(course_key),
    ):
        yield store
        store.publish(store.make_course_usage_key(course_key), AUTHOR)
        for chapter in store.get_course(course_key).children:
            store.publish(chapter, AUTHOR)
    SignalHandler.course_published.send(sender=store, course_key=course_key)


def create_course(
    *,
    title: str = "Tides",
    sections: int = 1,
    start: datetime = LONG_AGO,
    due_of_first: datetime | None = None,
    **fields,
) -> Run:
    """
    A published course: per section one graded subsection with one unit, in it one text and one problem worth one point.

    Args:
        due_of_first: deadline of the first subsection.
        fields: of the course block.
    """
    store = modulestore()
    fields = _given({"display_name": title, "start": start, "grading_policy": GRADING_POLICY, **fields})
    with store.default_store(ModuleStoreEnum.Type.split), SignalHandler.course_published.for_state(is_enabled=False):
        course = store.create_course("Sea", f"T{next(_numbers)}", "2026", AUTHOR, fields=fields)
    with authoring(course.id):
        for number in range(1, sections + 1):
            add_section(course.id, number, due=due_of_first if number == 1 else None)
    return Run(course.id)


def add_section(course_key: CourseKey, number: int, *, due: datetime | None = None) -> None:
    """One more section; to be called while `authoring`."""
    course = modulestore().make_course_usage_key(course_key)
    chapter = _child(course, "chapter", f"section_{number}", display_name=f"Section {number}")
    subsection = _child(
        chapter,
        "sequential",
        f"subsection_{number}",
        display_name=f"Lesson {number}",
        format="Homework",
        graded=True,
        due=due,
    )
    unit = _child(subsection, "vertical", f"unit_{number}", display_name=f"Unit {number}")
    _child(unit, "html", f"text_{number}", data=f"<p>{TEXT}</p>")
    _child(unit, "problem", f"problem_{number}", data=PROBLEM, display_name=f"Question {number}")


def moment(text: str) -> datetime:
    """A moment as the platform's APIs write it."""
    return datetime.fromisoformat(text)


def _child(parent: UsageKey, block_type: str, block_id: str, **fields) -> UsageKey:
    block = modulestore().create_child(AUTHOR, parent, block_type, block_id=block_id, fields=_given(fields))
    return block.location.replace(course_key=parent.course_key)


def _given(fields: dict) -> dict:
    """Without the fields an author left alone."""
    return {name: value for name, value in fields.items() if value is not None}
