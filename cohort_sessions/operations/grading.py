"""Decide how a course is graded in a session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import InvalidInput, NotFound, WrongState
from cohort_sessions.host import AssignmentWeight, GradingChange
from cohort_sessions.models import CourseEdition, EditionGrading
from cohort_sessions.operations._editions import locked_edition
from cohort_sessions.operations._ground import delete, save, want_anew
from cohort_sessions.queries.grading import EditionGradingPolicy, edition_grading

# Weights are percentages with at most two digits behind the point, so sums are exact enough.
_TOLERANCE = 0.00005


def set_grading(
    edition: CourseEdition,
    *,
    pass_line: float | None,
    assignments: Sequence[AssignmentWeight],
    actor: Actor,
    now: datetime,
) -> bool:
    """
    Have an edition graded so; the platform computes grades anew after the commit. Returns whether that is a change.

    Saying what the base course says is grading as the base course, whatever that comes to say. Saying again what holds
    already settles that it stays although the base course has changed.

    Args:
        pass_line: the least grade (0..1) that passes; ``None``: as in the base course.
        assignments: how each type of assignment counts (0..1, together 1) and how many are dropped; none: as in the
            base course.

    Raises:
        InvalidInput: by field, ``pass_line`` and ``assignments``; nothing is stored.
        WrongState: results are final.
        NotFound, NotAllowed, Locked: see `authorise`; or the platform does not have the course any more.
    """
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.GRADE_EDITION, actor=actor)
        view = edition_grading(fresh)
        if view is None:
            raise NotFound(_("The platform does not have this course any more."))
        if view.is_final:
            raise WrongState(
                _("Results of this course are final, so its grading stays as it is. Open them again first.")
            )
        change = _essence(view, pass_line, assignments)
        _refuse_faults(view, change)
        own = EditionGrading.objects.filter(edition=fresh).first()
        if change == GradingChange():
            if own is None:
                return False
            delete(own, actor=actor, now=now, reason=_("Graded as the base course."))
        elif own is not None and (change, None) == (view.change, view.then):
            return False
        else:
            own = own or EditionGrading(edition=fresh)
            own.pass_line = change.pass_line
            own.assignments = [asdict(each) for each in change.assignments]
            own.base = asdict(view.base)
            save(own, actor=actor, now=now, reason=_("Grading decided."))
        want_anew([fresh], now=now)
    return True


def _essence(
    view: EditionGradingPolicy, pass_line: float | None, assignments: Sequence[AssignmentWeight]
) -> GradingChange:
    """What differs from the base course."""
    letters = view.base.letters
    if letters and pass_line == letters[-1][1]:
        pass_line = None
    wanted = tuple(sorted(assignments, key=lambda each: each.assignment_type))
    of_base = tuple(sorted(view.base.assignments, key=lambda each: each.assignment_type))
    return GradingChange(pass_line, () if wanted == of_base else wanted)


def _refuse_faults(view: EditionGradingPolicy, change: GradingChange) -> None:
    faults = {}
    line = _fault_of_line(view, change.pass_line)
    if line:
        faults["pass_line"] = line
    assignments = _fault_of_assignments(view, change.assignments)
    if assignments:
        faults["assignments"] = assignments
    if faults:
        raise InvalidInput(faults)


def _fault_of_line(view: EditionGradingPolicy, pass_line: float | None) -> str:
    if pass_line is None:
        return ""
    if not 0 < pass_line <= 1:
        return _("The passing line lies above 0 and is at most 100 percent.")
    for (letter, least), _lower in pairwise(view.base.letters):
        if pass_line >= least:
            return _("The passing line must lie below %(least)g percent, from which on the letter is %(letter)s.") % {
                "least": round(100 * least, 2),
                "letter": letter,
            }
    return ""


def _fault_of_assignments(view: EditionGradingPolicy, assignments: Sequence[AssignmentWeight]) -> str:
    if not assignments:
        return ""
    known = {each.assignment_type for each in view.base.assignments}
    given = Counter(each.assignment_type for each in assignments)
    if given.keys() != known or max(given.values()) > 1:
        return _("Say once for each type of assignment how it counts: %(types)s.") % {"types": ", ".join(sorted(known))}
    for each in assignments:
        if not 0 <= each.weight <= 1:
            return _("%(type)s: a weight is a number from 0 to 100 percent.") % {"type": each.assignment_type}
        number = view.numbers.get(each.assignment_type, 0)
        if each.dropped < 0 or (each.dropped and each.dropped >= number):
            return _("%(type)s: of %(number)d, at least one must count. Drop fewer.") % {
                "type": each.assignment_type,
                "number": number,
            }
    total = sum(each.weight for each in assignments)
    if abs(total - 1) > _TOLERANCE:
        return _("The weights must make 100 percent together; they make %(total)g.") % {"total": round(100 * total, 2)}
    return ""
