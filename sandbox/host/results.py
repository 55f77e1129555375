"""What learners have achieved, for many of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from opaque_keys.edx.keys import CourseKey, UsageKey

from cohort_sessions.host import LearnerResult
from sandbox.content import CourseContent, content_of
from sandbox.keys import base_of, into_base
from sandbox.models import BlockState, Completion, CourseRun, Score

PASSING_GRADE = 0.5
PASS = "Pass"

_Place = tuple[CourseKey, int]


class ResultsMixin:
    """The part of `Host` about results."""

    def results(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerResult]:
        """
        The result of every one of these people under every one of these keys that has any stored work. Four queries.

        The grade is the share of points of all graded problems; it passes, with the letter "Pass", from one half.
        Work on blocks that have been taken out of the course since does not count.
        """
        contents = {
            course.course_key: content_of(course)
            for course in CourseRun.objects.filter(course_key__in={base_of(key) for key in edition_keys})
        }
        latest: dict[_Place, datetime] = {}
        earned: dict[_Place, dict[UsageKey, float]] = defaultdict(dict)
        completed: dict[_Place, set[UsageKey]] = defaultdict(set)
        for model in (BlockState, Score, Completion):
            for row in model.objects.filter(course_key__in=edition_keys, user_id__in=user_ids):
                place = (row.course_key, row.user_id)
                latest[place] = max(latest.get(place, row.modified_at), row.modified_at)
                if model is Score:
                    earned[place][into_base(row.usage_key)] = row.earned
                elif model is Completion:
                    completed[place].add(into_base(row.usage_key))
        return [
            _result(place, contents[base_of(place[0])], earned[place], completed[place], moment)
            for place, moment in sorted(latest.items(), key=lambda item: (str(item[0][0]), item[0][1]))
        ]


def _result(
    place: _Place, content: CourseContent, earned: dict[UsageKey, float], completed: set[UsageKey], moment: datetime
) -> LearnerResult:
    counted = [points for usage_key, points in earned.items() if usage_key in content.weights]
    grade = sum(counted) / sum(content.weights.values()) if counted else None
    passed = grade is not None and grade >= PASSING_GRADE
    course_key, user_id = place
    return LearnerResult(
        edition_key=course_key,
        user_id=user_id,
        grade=grade,
        letter=PASS if passed else "",
        passed=passed,
        completed=len(completed & content.completable),
        completable=len(content.completable),
        last_activity_at=moment,
    )
