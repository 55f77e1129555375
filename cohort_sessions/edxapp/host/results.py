"""
What people have achieved, read from the platform's own tables for many people and editions at once.

Grades come from PersistentCourseGrade, completed blocks from BlockCompletion, the last activity from these and
StudentModule: one query each, whatever the number of people and editions. Nothing is computed for anybody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime

from completion.models import BlockCompletion
from django.db.models import CharField, Max
from django.db.models.functions import Cast
from lms.djangoapps.courseware.models import StudentModule
from lms.djangoapps.grades.models import PersistentCourseGrade
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.edxapp.host import completable
from cohort_sessions.host import LearnerResult

DONE = 1.0


def read(edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerResult]:
    """
    The result of each of these people in each of these editions who has a grade, a completion or stored state there.

    Three queries. Blocks that have left the course since, or that learners cannot see, count neither as completed nor
    as completable; the rule for what can be completed is the platform's (`completable.block_ids`).
    """
    if not edition_keys or not user_ids:
        return []
    grades = {
        (grade.course_id, grade.user_id): grade
        for grade in PersistentCourseGrade.objects.filter(course_id__in=edition_keys, user_id__in=user_ids)
    }
    countable = completable.block_ids(edition_keys)
    completed: Counter[tuple[CourseKey, int]] = Counter()
    activity: dict[tuple[CourseKey, int], list[datetime]] = defaultdict(list)
    # Keys are read as text: parsing thousands of them into objects would cost more than everything else here.
    keys = {str(key): key for key in edition_keys}
    completions = BlockCompletion.objects.filter(context_key__in=edition_keys, user_id__in=user_ids).annotate(
        course_text=Cast("context_key", CharField()), block_text=Cast("block_key", CharField())
    )
    for text, user_id, block, share, moment in completions.values_list(
        "course_text", "user_id", "block_text", "completion", "modified"
    ):
        key = keys[text]
        activity[key, user_id].append(moment)
        completed[key, user_id] += share >= DONE and block in countable[key]
    states = StudentModule.objects.filter(course_id__in=edition_keys, student_id__in=user_ids)
    for key, user_id, moment in states.values_list("course_id", "student_id").annotate(Max("modified")).order_by():
        activity[key, user_id].append(moment)
    return [
        _result(
            key,
            user_id,
            grades.get((key, user_id)),
            completed[key, user_id],
            len(countable[key]),
            activity[key, user_id],
        )
        for key in edition_keys
        for user_id in user_ids
        if (key, user_id) in grades or (key, user_id) in activity
    ]


def exist(edition_key: CourseKey) -> bool:
    """Whether anybody has stored state, a grade or a completion. At most three queries."""
    return any(
        rows.exists()
        for rows in (
            StudentModule.objects.filter(course_id=edition_key),
            PersistentCourseGrade.objects.filter(course_id=edition_key),
            BlockCompletion.objects.filter(context_key=edition_key),
        )
    )


def _result(
    key: CourseKey,
    user_id: int,
    grade: PersistentCourseGrade | None,
    completed: int,
    completable_count: int,
    activity: list[datetime],
) -> LearnerResult:
    return LearnerResult(
        edition_key=key,
        user_id=user_id,
        grade=None if grade is None else grade.percent_grade,
        letter="" if grade is None else grade.letter_grade or "",
        passed=bool(grade is not None and grade.letter_grade),
        completed=completed,
        completable=completable_count,
        last_activity_at=max(activity, default=None),
    )
