"""How a course is graded in a session, beside its base course."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cohort_sessions.host import AssignmentWeight, GradingChange, GradingPolicy, get_host
from cohort_sessions.models import CourseEdition, EditionGrading


@dataclass(frozen=True, slots=True)
class EditionGradingPolicy:
    """
    How an edition is graded.

    Attributes:
        base: how the base course is graded now.
        then: how it was when the edition decided otherwise; ``None`` where it has not, or nothing has changed since.
        change: what the edition has otherwise; ``None`` for nothing.
        numbers: how many graded sections the base course has of each type of assignment.
        is_final: whether results of the edition are final, so that its grading stays as it is.
    """

    base: GradingPolicy
    then: GradingPolicy | None
    change: GradingChange | None
    numbers: Mapping[str, int]
    is_final: bool

    @property
    def policy(self) -> GradingPolicy:
        """What holds in the edition."""
        return self.base if self.change is None else self.change.applied_to(self.base)

    @property
    def total(self) -> float:
        """What the weights add up to; 1 unless the base course has changed its types of assignment since."""
        return sum(each.weight for each in self.policy.assignments)


def edition_grading(edition: CourseEdition) -> EditionGradingPolicy | None:
    """How the edition is graded; ``None`` where the host has no such base course. Two queries beside the host's."""
    host = get_host()
    base = host.grading_policies([edition.base_key]).get(edition.base_key)
    if base is None:
        return None
    own = EditionGrading.objects.filter(edition=edition).first()
    then = None if own is None else read_policy(own.base)
    return EditionGradingPolicy(
        base=base,
        then=None if then == base else then,
        change=None if own is None else _change(own),
        numbers=Counter(block.assignment_type for block in host.outline(edition.base_key) if block.assignment_type),
        is_final=has_final_results(edition),
    )


def own_grading(edition: CourseEdition) -> GradingChange | None:
    """What the edition grades otherwise, for the host. One query."""
    own = EditionGrading.objects.filter(edition=edition).first()
    return None if own is None else _change(own)


def has_final_results(edition: CourseEdition) -> bool:
    """Whether any result of the edition is final. One query."""
    return edition.results.filter(final_at__isnull=False).exists()


def read_policy(stored: Mapping[str, Any]) -> GradingPolicy:
    """A policy as `dataclasses.asdict` wrote it, after it has been JSON."""
    return GradingPolicy(
        letters=tuple((letter, least) for letter, least in stored["letters"]),
        assignments=_weights(stored["assignments"]),
    )


def _change(own: EditionGrading) -> GradingChange:
    return GradingChange(own.pass_line, _weights(own.assignments))


def _weights(stored: list[Mapping[str, Any]]) -> tuple[AssignmentWeight, ...]:
    return tuple(AssignmentWeight(**each) for each in stored)
