"""
What people have achieved, read from the platform's own tables for many people and editions at once.

Grades come from PersistentCourseGrade and PersistentSubsectionGrade, completed blocks from BlockCompletion, activity
from these and StudentModule: one query each, whatever the number of people and editions. Nothing is computed for
anybody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from completion.models import BlockCompletion
from django.db.models import CharField, F, Max, Min
from django.db.models.functions import Cast, Coalesce
from lms.djangoapps.courseware.models import StudentModule
from lms.djangoapps.grades.course_grade import CourseGrade
from lms.djangoapps.grades.models import PersistentCourseGrade, PersistentSubsectionGrade
from opaque_keys.edx.keys import CourseKey
from xmodule.modulestore.django import modulestore

from cohort_sessions.edxapp.host.countable import countable
from cohort_sessions.host import AssignmentWeight, GradingPolicy, LearnerGrade, LearnerProgress, SectionGrade

DONE = 1.0

_Place = tuple[CourseKey, int]


def grades(edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerGrade]:
    """
    The grade of each of these people in each of these editions that the platform has graded.

    Two queries. An override by the team counts in the place of the points. Sections that have left the course since,
    or that learners cannot see, are left out.
    """
    if not edition_keys or not user_ids:
        return []
    sections = _sections(edition_keys, user_ids)
    found = PersistentCourseGrade.objects.filter(course_id__in=edition_keys, user_id__in=user_ids)
    return [
        LearnerGrade(
            edition_key=grade.course_id,
            user_id=grade.user_id,
            grade=grade.percent_grade,
            letter=grade.letter_grade or "",
            passed=bool(grade.letter_grade),
            passed_at=grade.passed_timestamp,
            sections=sections.get((grade.course_id, grade.user_id), ()),
            version=f"{grade.course_version} {grade.grading_policy_hash}".strip()[:255],
        )
        for grade in found
    ]


def progress(edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerProgress]:
    """
    How far each of these people has come in each of these editions, where they have a completion or stored state.

    Two queries. Blocks that have left the course since, or that learners cannot see, count neither as completed nor
    as completable; the rule for what can be completed is the platform's (`countable`).
    """
    if not edition_keys or not user_ids:
        return []
    counted = countable(edition_keys)
    completed: Counter[_Place] = Counter()
    activity: dict[_Place, list[datetime]] = defaultdict(list)
    keys = _by_text(edition_keys)
    completions = BlockCompletion.objects.filter(context_key__in=edition_keys, user_id__in=user_ids).annotate(
        course_text=Cast("context_key", CharField()), block_text=Cast("block_key", CharField())
    )
    for text, user_id, block, share, created, modified in completions.values_list(
        "course_text", "user_id", "block_text", "completion", "created", "modified"
    ):
        place = (keys[text], user_id)
        activity[place] += [created, modified]
        completed[place] += share >= DONE and block in counted[place[0]].completable
    states = StudentModule.objects.filter(course_id__in=edition_keys, student_id__in=user_ids).order_by()
    for key, user_id, first, last in states.values_list("course_id", "student_id").annotate(
        Min("created"), Max("modified")
    ):
        activity[key, user_id] += [first, last]
    return [
        LearnerProgress(
            edition_key=key,
            user_id=user_id,
            completed=completed[key, user_id],
            completable=len(counted[key].completable),
            first_activity_at=min(activity[key, user_id]),
            last_activity_at=max(activity[key, user_id]),
        )
        for key in edition_keys
        for user_id in user_ids
        if (key, user_id) in activity
    ]


def grading_policies(edition_keys: Collection[CourseKey]) -> dict[CourseKey, GradingPolicy]:
    """How the platform grades each of these editions that it knows."""
    courses = {key: modulestore().get_course(key) for key in edition_keys}
    return {key: _policy(course) for key, course in courses.items() if course is not None}


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


def _sections(
    edition_keys: Collection[CourseKey], user_ids: Collection[int]
) -> Mapping[_Place, tuple[SectionGrade, ...]]:
    """The graded sections in which these people have worked, in the order of the course. One query."""
    keys = _by_text(edition_keys)
    rows = PersistentSubsectionGrade.objects.filter(course_id__in=edition_keys, user_id__in=user_ids).annotate(
        course_text=Cast("course_id", CharField()),
        block_text=Cast("usage_key", CharField()),
        earned=Coalesce(F("override__earned_graded_override"), F("earned_graded")),
        possible=Coalesce(F("override__possible_graded_override"), F("possible_graded")),
    )
    points: dict[_Place, dict[str, tuple[float, float]]] = defaultdict(dict)
    for text, user_id, block, earned, possible in rows.values_list(
        "course_text", "user_id", "block_text", "earned", "possible"
    ):
        points[keys[text], user_id][block] = (earned, possible)
    graded = {key: each.sections for key, each in countable(edition_keys).items()}
    return {
        (key, user_id): tuple(
            SectionGrade(section.block_id, section.title, section.assignment_type, *of_person[block])
            for block, section in graded[key].items()
            if block in of_person and of_person[block][1] > 0
        )
        for (key, user_id), of_person in points.items()
    }


def _by_text(edition_keys: Collection[CourseKey]) -> dict[str, CourseKey]:
    """Keys are read as text: parsing thousands of them into objects would cost more than everything else here."""
    return {str(key): key for key in edition_keys}


def _policy(course) -> GradingPolicy:
    # The platform's own way to have the policy of the edition on its course block, and not the base course's.
    CourseGrade.get_subsection_type_graders(course)
    cutoffs = sorted(course.grade_cutoffs.items(), key=lambda item: -item[1])
    return GradingPolicy(
        letters=tuple((letter, float(least)) for letter, least in cutoffs),
        assignments=tuple(
            AssignmentWeight(each["type"], float(each["weight"]), int(each.get("drop_count", 0)))
            for each in course.raw_grader
        ),
    )
