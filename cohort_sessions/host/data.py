"""
The plain values that cross the border between this plugin and its host. Moments are aware UTC; ``None`` as a bound
is unbounded.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from opaque_keys.edx.keys import CourseKey, UsageKey

from cohort_sessions import timeline
from cohort_sessions.data import (
    BlockChange,
    BlockField,
    BlockKind,
    ElementChange,
    ElementKind,
    ElementValue,
    TeamRole,
)
from cohort_sessions.timeline import UNBOUNDED, Window


@dataclass(frozen=True, slots=True)
class BaseCourse:
    """A course run of the host whose content editions may share. `image_url` may be empty."""

    base_key: CourseKey
    title: str
    organisation: str
    window: Window
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """An account as pages show it. `name` falls back to the username."""

    user_id: int
    username: str
    name: str


class LearnerPage(enum.StrEnum):
    """
    A page of the host about one learner in one edition, for those who run it: what the learner sees of their own
    progress, the grades of everybody, and the tools to reset or rescore a learner's work.
    """

    PROGRESS = "progress"
    GRADEBOOK = "gradebook"
    STUDENT_ADMIN = "student_admin"


@dataclass(frozen=True, slots=True, order=True)
class TeamGrant:
    """One person's role in one edition; the host maps it to rights of its own, on the edition key only."""

    user_id: int
    role: TeamRole


@dataclass(frozen=True, slots=True, order=True)
class PersonalWindow:
    """A learner whose window is not that of ordinary members. `extra_days` is part of `window` already."""

    user_id: int
    window: Window
    extra_days: int


@dataclass(frozen=True, slots=True)
class Deadlines:
    """
    What becomes of the deadlines inside the base course.

    Attributes:
        shift: by how much they move; ``None``: the edition carries none of them.
        ordinary: the window of ordinary members, into which they are brought; see `timeline.edition_deadline`.
        personal: who has other deadlines than ordinary members, sorted; see `timeline.member_deadline`.
    """

    shift: timedelta | None = timedelta()
    ordinary: Window = UNBOUNDED
    personal: tuple[PersonalWindow, ...] = ()

    def due(self, base_due: datetime) -> datetime | None:
        """What is due at `base_due` in the base course, as ordinary members of the edition have it; to the second."""
        return None if self.shift is None else _to_the_second(self._moved(base_due, self.shift))

    def personal_dues(self, due: datetime) -> dict[int, datetime]:
        """What is due at `due` for ordinary members of the edition, as those have it, by account id, who differ."""
        closes_at = self.ordinary.closes_at
        ordinary = Window(self.ordinary.opens_at, closes_at and _to_the_second(closes_at))
        dues = {
            person.user_id: timeline.member_deadline(
                due, ordinary=ordinary, own=person.window, extra_days=person.extra_days
            )
            for person in self.personal
        }
        return {user_id: _to_the_second(own) for user_id, own in dues.items() if _to_the_second(own) != due}

    def _moved(self, base_due: datetime, shift: timedelta) -> datetime:
        return timeline.edition_deadline(base_due, shift=shift, window=self.ordinary)


@dataclass(frozen=True, slots=True)
class Deadline:
    """
    A dated block of a course, before and in an edition.

    Attributes:
        title: the block's name as learners see it, with its section's before it where that helps.
        base_due: the deadline in the base course.
        due: the deadline in the edition for an ordinary member; ``None``: none.
    """

    block_id: str
    title: str
    base_due: datetime
    due: datetime | None


@dataclass(frozen=True, slots=True)
class AssignmentWeight:
    """A line of a grading policy: how much a type of assignment counts (0..1), and how many of them are dropped."""

    assignment_type: str
    weight: float
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class GradingPolicy:
    """How an edition is graded. `letters`: from a letter to the least grade (0..1) that earns it, best first."""

    letters: tuple[tuple[str, float], ...]
    assignments: tuple[AssignmentWeight, ...] = ()


@dataclass(frozen=True, slots=True)
class GradingChange:
    """
    What an edition grades otherwise than its base course.

    Attributes:
        pass_line: the least grade (0..1) that passes; ``None``: the base course's. Of several letters it moves the
            lowest, and those that it would overtake with it.
        assignments: how each type of assignment counts, sorted by their names; none: as in the base course. They were
            decided together, so where the base course has other types by now they come to nothing.
    """

    pass_line: float | None = None
    assignments: tuple[AssignmentWeight, ...] = ()

    def applied_to(self, policy: GradingPolicy) -> GradingPolicy:
        """What becomes of the policy of a base course."""
        letters = policy.letters
        if self.pass_line is not None and letters:
            others = ((letter, max(least, self.pass_line)) for letter, least in letters[:-1])
            letters = (*others, (letters[-1][0], self.pass_line))
        if not self.fits(each.assignment_type for each in policy.assignments):
            return GradingPolicy(letters, policy.assignments)
        named = {each.assignment_type: each for each in self.assignments}
        return GradingPolicy(letters, tuple(named[each.assignment_type] for each in policy.assignments))

    def fits(self, types: Iterable[str]) -> bool:
        """Whether it says of exactly these types of assignment how they count."""
        return {each.assignment_type for each in self.assignments} == set(types)


@dataclass(frozen=True, slots=True)
class CourseTool:
    """A tool that a course offers its learners beside its content; `title` as they see it. See `data.Tool`."""

    tool: str
    title: str


@dataclass(frozen=True, slots=True)
class EditionSpec:
    """
    The wanted state of one edition, whole: applying it twice is applying it once.

    Attributes:
        revision: grows with every change of what is wanted; caches of the host are keyed by it.
        session_title: stands after the course title wherever the host shows one: "Course title - Session title".
        window: the envelope of all learners' windows.
        hidden: nobody but the team may see any of it (draft or withdrawn).
        closed_read_only: after the envelope has closed no answer is accepted any more, whoever asks.
        team: who runs it, sorted.
        deadlines: what becomes of the deadlines inside the course.
        changes: what sections, subsections and units have otherwise than in the base course, sorted; those of blocks
            that the base course does not have any more come to nothing.
        hidden_tools: which of the course's tools its learners do not have, sorted; see `CourseTool`.
        grading: what it grades otherwise; ``None`` for nothing.
        elements: the same, of the fields of what stands in the units.
    """

    edition_uuid: UUID
    edition_key: CourseKey
    base_key: CourseKey
    revision: int
    session_title: str
    window: Window
    hidden: bool
    closed_read_only: bool
    team: tuple[TeamGrant, ...] = ()
    deadlines: Deadlines = Deadlines()
    changes: tuple[BlockChange, ...] = ()
    hidden_tools: tuple[str, ...] = ()
    grading: GradingChange | None = None
    elements: tuple[ElementChange, ...] = ()

    def dues(self, base_dues: Mapping[UsageKey, datetime]) -> dict[UsageKey, datetime | None]:
        """
        When blocks are due for ordinary members, by their usage key in the base course; ``None``: not any more.

        Args:
            base_dues: the blocks that have a deadline in the base course.
        """
        own = {change.usage_key: change.value for change in self.changes if change.field == BlockField.DUE}
        return {key: self.deadlines.due(due) for key, due in base_dues.items()} | own


@dataclass(frozen=True, slots=True)
class OutlineBlock:
    """
    A section, subsection or unit of a base course, as its author published it.

    Attributes:
        usage_key: in the base course.
        parent: the block it stands in; ``None`` for sections.
        hidden: from learners, by its own setting; so is everything in it.
        opens_at, due: its own, ``None`` where it has none.
        assignment_type: what it counts as for the grade; empty where it does not count.
    """

    usage_key: UsageKey
    kind: BlockKind
    parent: UsageKey | None
    title: str
    hidden: bool = False
    opens_at: datetime | None = None
    due: datetime | None = None
    assignment_type: str = ""


@dataclass(frozen=True, slots=True)
class ElementField:
    """
    A field of an element, described by the block itself.

    Attributes:
        name: as the block calls it.
        label, help: as its author meets them in Studio, in the reader's language; `help` may be empty.
        value: what the base course says.
        may_be_empty: whether ``None`` is a value; what it means is for `help` to say.
        choices: values and their names, where no others are allowed.
        least, most: bounds of a number, where it has any.
    """

    name: str
    label: str
    help: str
    kind: ElementKind
    value: ElementValue
    may_be_empty: bool = False
    choices: tuple[tuple[ElementValue, str], ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """
    A block inside a unit with fields that were asked for, as the base course has it; see `Host.elements`.

    Attributes:
        usage_key: in the base course.
        title: what its author calls it, else its type in words; never empty.
    """

    usage_key: UsageKey
    block_type: str
    title: str
    fields: tuple[ElementField, ...]


@dataclass(frozen=True, slots=True)
class BaseElement:
    """
    What the base course says about one field of an element now.

    Attributes:
        unit: the block of the outline it stands in, the innermost.
        title: what its author calls it, else its type in words; never empty.
    """

    unit: UsageKey
    title: str
    value: ElementValue


@dataclass(frozen=True, slots=True)
class FacetFailure:
    """One facet the host could not bring about, and why, in a sentence for administrators."""

    facet: str
    reason: str


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """What `Host.apply_edition` did, or `Host.plan_edition` would do: facet names in the order they are applied."""

    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[FacetFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An enrolment as the host has it. `is_ours`: made by this plugin, so that this plugin may end it."""

    edition_key: CourseKey
    user_id: int
    is_active: bool
    is_ours: bool


@dataclass(frozen=True, slots=True)
class WantedEnrolment:
    """Whether a person should be enrolled in an edition."""

    edition_key: CourseKey
    user_id: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class EnrolmentOutcome:
    """What became of one `WantedEnrolment`; `refusal` is empty on success, else the host's reason in a sentence."""

    wanted: WantedEnrolment
    changed: bool
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class SectionGrade:
    """
    What one person earned in one graded section of a course, as it counts there: with an override by the team in the
    place of the points.

    Attributes:
        block_id: names the section within the course.
        title: as learners see it.
        assignment_type: as the grading policy names it, such as "Homework".
        earned, possible: points, not weighted.
    """

    block_id: str
    title: str
    assignment_type: str
    earned: float
    possible: float


@dataclass(frozen=True, slots=True)
class LearnerGrade:
    """
    How one person's work in one edition is graded, as the host has it now.

    Attributes:
        grade: 0..1.
        letter: the host's letter grade, empty when not passed.
        passed: whether the course's passing line is reached.
        passed_at: when it was first reached, ``None`` for never.
        sections: graded sections they have worked in, in the order of the course.
        version: the host's name for the content and the grading policy that the grade was computed with.
    """

    edition_key: CourseKey
    user_id: int
    grade: float
    letter: str
    passed: bool
    passed_at: datetime | None = None
    sections: tuple[SectionGrade, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True)
class LearnerProgress:
    """
    How far one person has come in one edition, as the host has it now.

    Attributes:
        completed, completable: blocks done, blocks that can be done; ``completed <= completable``.
        first_activity_at, last_activity_at: earliest and latest moment of any stored work, UTC.
    """

    edition_key: CourseKey
    user_id: int
    completed: int
    completable: int
    first_activity_at: datetime
    last_activity_at: datetime


@dataclass(frozen=True, slots=True)
class LearnerCertificate:
    """A certificate of the host that one person holds of one edition, valid now. `given_at`: when it was made, UTC."""

    edition_key: CourseKey
    user_id: int
    given_at: datetime


def _to_the_second(moment: datetime) -> datetime:
    """As hosts keep dates of content."""
    return moment.replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Letter:
    """
    What somebody is to be told by mail, in words of their language; the host gives it its letterhead.

    Attributes:
        paragraphs: plain text, to be escaped wherever it becomes HTML.
        link_path: where to go on, a path of the host's site.
        html: clean HTML that stands in the place of `paragraphs` where mail is shown as HTML; empty: they do.
    """

    subject: str
    paragraphs: tuple[str, ...]
    link_path: str
    link_label: str
    html: str = ""
