"""What learners have achieved, for many of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey, UsageKey

from cohort_sessions.host import (
    AssignmentWeight,
    GradingPolicy,
    LearnerCertificate,
    LearnerGrade,
    LearnerPage,
    LearnerProgress,
    Person,
    SectionGrade,
)
from sandbox.content import CourseContent, Node, content_of
from sandbox.customisation import counted_content
from sandbox.keys import into_base, is_edition
from sandbox.models import BlockState, Certificate, Completion, CourseRun, Edition, Enrolment, Score

PASSING_GRADE = 0.5
PASS = "Pass"
ASSIGNMENT_TYPE = "Exercise"

_Place = tuple[CourseKey, int]


class ResultsMixin:
    """The part of `Host` about results."""

    def grades(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerGrade]:
        """
        How each of these people is graded under each of these keys. Two queries.

        The grade is the share of points of all graded problems, by the weights that they have now, without the worst
        sections where an edition drops some; it passes, with the letter "Pass", from one half, or from the edition's
        own line. Work on blocks that have been taken out of the course since does not count.
        """
        contents = _contents(edition_keys)
        scores: dict[_Place, list[Score]] = defaultdict(list)
        for score in Score.objects.filter(course_key__in=edition_keys, user_id__in=user_ids).order_by("modified_at"):
            if into_base(score.usage_key) in contents[score.course_key].content.weights:
                scores[score.course_key, score.user_id].append(score)
        return [_grade(place, contents[place[0]], of_place) for place, of_place in _in_order(scores)]

    def progress(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerProgress]:
        """
        How far each of these people has come under each of these keys. Four queries.

        Blocks that have been taken out of the course since do not count.
        """
        moments: dict[_Place, list[datetime]] = defaultdict(list)
        completed: dict[_Place, set[UsageKey]] = defaultdict(set)
        for model in (BlockState, Score, Completion):
            for row in model.objects.filter(course_key__in=edition_keys, user_id__in=user_ids):
                place = (row.course_key, row.user_id)
                moments[place].append(row.modified_at)
                if model is Completion:
                    completed[place].add(into_base(row.usage_key))
        contents = _contents(edition_keys)
        return [
            LearnerProgress(
                edition_key=place[0],
                user_id=place[1],
                completed=len(completed[place] & contents[place[0]].content.completable),
                completable=len(contents[place[0]].content.completable),
                first_activity_at=min(of_place),
                last_activity_at=max(of_place),
            )
            for place, of_place in _in_order(moments)
        ]

    def certificates(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerCertificate]:
        """The certificates of these people under these keys. One query."""
        rows = Certificate.objects.filter(course_key__in=edition_keys, user_id__in=user_ids).order_by("pk")
        return [LearnerCertificate(row.course_key, row.user_id, row.given_at) for row in rows]

    def give_certificates(self, edition_key: CourseKey, user_ids: Collection[int]) -> Mapping[int, str]:
        """At once, to whoever is enrolled."""
        enrolled = Enrolment.objects.filter(course_key=edition_key, user_id__in=user_ids, is_active=True)
        given = set(enrolled.values_list("user_id", flat=True))
        for user_id in given:
            Certificate.objects.get_or_create(
                course_key=edition_key, user_id=user_id, defaults={"given_at": timezone.now()}
            )
        return {user_id: "" if user_id in given else _("Is not enrolled in the course.") for user_id in user_ids}

    def grading_policies(self, edition_keys: Collection[CourseKey]) -> Mapping[CourseKey, GradingPolicy]:
        """All points count alike, and one half passes, unless an edition has it otherwise. Two queries."""
        return {
            key: GradingPolicy(
                letters=((PASS, counted.pass_line),),
                assignments=(AssignmentWeight(ASSIGNMENT_TYPE, 1.0, counted.dropped),),
            )
            for key, counted in _contents(edition_keys).items()
        }

    def learner_pages(self, edition_key: CourseKey, person: Person) -> Mapping[LearnerPage, str]:
        """None: the sandbox shows each learner their own progress, and nobody else's."""
        return {}


@dataclass(frozen=True, slots=True)
class _Counted:
    """
    What counts under one key, and how.

    Attributes:
        version: the number of its last publish.
        pass_line: the least share of points that passes.
        dropped: how many of the worst sections do not count; one always does.
    """

    content: CourseContent
    version: int
    pass_line: float = PASSING_GRADE
    dropped: int = 0

    def share(self, points: Mapping[UsageKey, float]) -> float:
        """The share (0..1) of what counts that these points make, by problem."""
        sections = sorted(self._sections(points), key=lambda section: section[0] / section[1])
        if not sections:
            return 0.0
        kept = sections[min(self.dropped, len(sections) - 1) :]
        return sum(earned for earned, _possible in kept) / sum(possible for _earned, possible in kept)

    def _sections(self, points: Mapping[UsageKey, float]) -> Iterator[tuple[float, float]]:
        for section in self.content.root.find("sequential"):
            problems = [node.usage_key for node in section.find("problem") if node.usage_key in self.content.weights]
            possible = sum(self.content.weights[problem] for problem in problems)
            if possible:
                yield sum(points.get(problem, 0.0) for problem in problems), possible


def _contents(course_keys: Collection[CourseKey]) -> dict[CourseKey, _Counted]:
    """By the keys that exist: of editions without what they hide. One query for editions, one for base courses."""
    editions = {key.ccx: key for key in course_keys if is_edition(key)}
    base_keys = [key for key in course_keys if not is_edition(key)]
    found: dict[CourseKey, _Counted] = {}
    if editions:
        for edition in Edition.objects.filter(pk__in=editions).select_related("course"):
            version = edition.course.version
            found[edition.edition_key] = _Counted(counted_content(edition), version, **edition.grading)
    if base_keys:
        for course in CourseRun.objects.filter(course_key__in=base_keys):
            found[course.course_key] = _Counted(content_of(course), course.version)
    return found


def _in_order(places: Mapping[_Place, list]) -> list[tuple[_Place, list]]:
    return sorted(places.items(), key=lambda item: (str(item[0][0]), item[0][1]))


def _grade(place: _Place, counted: _Counted, scores: list[Score]) -> LearnerGrade:
    content = counted.content
    points = {into_base(score.usage_key): points_of(score, content) for score in scores}
    grade = counted.share(points)
    passed = grade >= counted.pass_line
    return LearnerGrade(
        edition_key=place[0],
        user_id=place[1],
        grade=grade,
        letter=PASS if passed else "",
        passed=passed,
        passed_at=_passed_at(scores, counted) if passed else None,
        sections=_sections(content, points),
        version=str(counted.version),
    )


def points_of(score: Score, content: CourseContent) -> float:
    """What a score is worth by the weight that its problem has now."""
    weight = content.weights.get(into_base(score.usage_key), score.possible)
    return score.earned * weight / score.possible if score.possible else 0.0


def _passed_at(scores: list[Score], counted: _Counted) -> datetime:
    """When the points that stand, in the order in which they came, reached the line."""
    points: dict[UsageKey, float] = {}
    for score in scores:
        points[into_base(score.usage_key)] = points_of(score, counted.content)
        if counted.share(points) >= counted.pass_line:
            break
    return score.modified_at


def _sections(content: CourseContent, points: Mapping[UsageKey, float]) -> tuple[SectionGrade, ...]:
    sections = [_section(node, content, points) for node in content.root.find("sequential") if node.is_graded]
    return tuple(section for section in sections if section is not None)


def _section(node: Node, content: CourseContent, points: Mapping[UsageKey, float]) -> SectionGrade | None:
    problems = [problem.usage_key for problem in node.find("problem") if problem.usage_key in content.weights]
    if not any(problem in points for problem in problems):
        return None
    return SectionGrade(
        block_id=node.block_id,
        title=node.title,
        assignment_type=ASSIGNMENT_TYPE,
        earned=sum(points.get(problem, 0.0) for problem in problems),
        possible=sum(content.weights[problem] for problem in problems),
    )
