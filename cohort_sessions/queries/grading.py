"""How a course is graded in a session, beside its base course."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.host import AssignmentWeight, GradingChange, GradingPolicy, get_host
from cohort_sessions.models import CourseEdition, EditionGrading

# Shares are sent as percentages with a few digits, so thirds make a little more or less than one.
TOLERANCE = 0.00005

FINAL = gettext_lazy("Results of this course are final, so its grading stays as it is. Open them again first.")


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
    def is_outdated(self) -> bool:
        """Whether weights of its own come to nothing, because the base course has other types of assignment by now."""
        types = [each.assignment_type for each in self.base.assignments]
        return bool(self.change and self.change.assignments) and not self.change.fits(types)

    @property
    def mark(self) -> str:
        """Stands for what it says, so that a form can tell what was seen."""
        said = json.dumps([asdict(self.base), asdict(self.policy)])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def faults(self, change: GradingChange) -> dict[str, str]:
        """Why the edition cannot be graded so, by field: ``pass_line`` and ``assignments``."""
        found = {
            "pass_line": self._fault_of_line(change.pass_line),
            "assignments": self._fault_of_assignments(change.assignments),
        }
        return {field: sentence for field, sentence in found.items() if sentence}

    def _fault_of_line(self, pass_line: float | None) -> str:
        if pass_line is None:
            return ""
        if not 0 < pass_line <= 1:
            return _("The passing line lies above 0 and is at most 100 percent.")
        for (letter, least), _lower in pairwise(self.base.letters):
            if pass_line >= least:
                words = _("The passing line must lie below %(least)g percent, from which on the letter is %(letter)s.")
                return words % {"least": round(100 * least, 2), "letter": letter}
        return ""

    def _fault_of_assignments(self, assignments: Sequence[AssignmentWeight]) -> str:
        if not assignments:
            return ""
        known = {each.assignment_type for each in self.base.assignments}
        given = Counter(each.assignment_type for each in assignments)
        if given.keys() != known or max(given.values()) > 1:
            types = ", ".join(sorted(known))
            return _("Say once for each type of assignment how it counts: %(types)s.") % {"types": types}
        for each in assignments:
            if not 0 <= each.weight <= 1:
                return _("%(type)s: a weight is a number from 0 to 100 percent.") % {"type": each.assignment_type}
            number = self.numbers.get(each.assignment_type, 0)
            if each.dropped < 0 or (each.dropped and each.dropped >= number):
                return _("%(type)s: of %(number)d, at least one must count. Drop fewer.") % {
                    "type": each.assignment_type,
                    "number": number,
                }
        total = sum(each.weight for each in assignments)
        if abs(total - 1) > TOLERANCE:
            return _("The weights must make 100 percent together; they make %(total)g.") % {
                "total": round(100 * total, 2)
            }
        return ""


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


def read_change(stored: Mapping[str, Any]) -> GradingChange:
    """What is otherwise, out of the columns of `EditionGrading`."""
    return GradingChange(stored["pass_line"], _weights(stored["assignments"]))


def _change(own: EditionGrading) -> GradingChange:
    return read_change({"pass_line": own.pass_line, "assignments": own.assignments})


def _weights(stored: list[Mapping[str, Any]]) -> tuple[AssignmentWeight, ...]:
    return tuple(AssignmentWeight(**each) for each in stored)
