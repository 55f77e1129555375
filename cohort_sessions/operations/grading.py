"""Decide how a course is graded in a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from math import isclose

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import ChangedMeanwhile, InvalidInput, NotFound, WrongState
from cohort_sessions.host import AssignmentWeight, GradingChange
from cohort_sessions.models import CourseEdition, EditionGrading
from cohort_sessions.operations._editions import locked_edition
from cohort_sessions.operations._ground import delete, save, want_anew
from cohort_sessions.queries.grading import FINAL, EditionGradingPolicy, edition_grading

# Of a share (0..1): what lies nearer is the same.
_NEAR = 1e-6


def set_grading(
    edition: CourseEdition,
    *,
    pass_line: float | None,
    assignments: Sequence[AssignmentWeight],
    seen: str | None = None,
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
        seen: the `EditionGradingPolicy.mark` of what whoever decides this saw; without it nobody is asked.

    Raises:
        ChangedMeanwhile: something else holds by now than was `seen`.
        InvalidInput: by field, ``pass_line`` and ``assignments``; nothing is stored.
        WrongState: results are final.
        NotFound, NotAllowed, Locked: see `authorise`; or the platform does not have the course any more.
    """
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.GRADE_EDITION, actor=actor)
        view = _asked_about(fresh, seen)
        change = _essence(view, pass_line, assignments)
        faults = view.faults(change)
        if faults:
            raise InvalidInput(faults)
        return _store(fresh, view, change, actor=actor, now=now)


def keep_grading(edition: CourseEdition, *, seen: str | None = None, actor: Actor, now: datetime) -> bool:
    """
    Keep what the edition has otherwise, although the base course has changed; returns whether that was to be settled.

    Raises:
        ChangedMeanwhile, WrongState, NotFound, NotAllowed, Locked: see `set_grading`.
    """
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.GRADE_EDITION, actor=actor)
        view = _asked_about(fresh, seen)
        return view.change is not None and _store(fresh, view, view.change, actor=actor, now=now)


def _asked_about(edition: CourseEdition, seen: str | None) -> EditionGradingPolicy:
    """How the edition is graded, for somebody who decides about it."""
    view = edition_grading(edition)
    if view is None:
        raise NotFound(_("The platform does not have this course any more."))
    if view.is_final:
        raise WrongState(str(FINAL))
    if seen is not None and view.mark != seen:
        raise ChangedMeanwhile(_("The grading was changed meanwhile, here or in the base course. Please look again."))
    return view


def _store(
    edition: CourseEdition, view: EditionGradingPolicy, change: GradingChange, *, actor: Actor, now: datetime
) -> bool:
    own = EditionGrading.objects.filter(edition=edition).first()
    if change == GradingChange():
        if own is None:
            return False
        delete(own, actor=actor, now=now, reason=_("Graded as the base course."))
    elif own is not None and (change, None) == (view.change, view.then):
        return False
    else:
        own = own or EditionGrading(edition=edition)
        own.pass_line = change.pass_line
        own.assignments = [asdict(each) for each in change.assignments]
        own.base = asdict(view.base)
        save(own, actor=actor, now=now, reason=_("Grading decided."))
    want_anew([edition], now=now)
    return True


def _essence(
    view: EditionGradingPolicy, pass_line: float | None, assignments: Sequence[AssignmentWeight]
) -> GradingChange:
    """What differs from the base course, by more than rounding."""
    letters = view.base.letters
    pass_line = None if pass_line is None else round(pass_line, 6)
    if letters and pass_line is not None and isclose(pass_line, letters[-1][1], abs_tol=_NEAR):
        pass_line = None
    wanted = tuple(sorted(assignments, key=lambda each: each.assignment_type))
    of_base = tuple(sorted(view.base.assignments, key=lambda each: each.assignment_type))
    return GradingChange(pass_line, () if _are_alike(wanted, of_base) else wanted)


def _are_alike(one: Sequence[AssignmentWeight], other: Sequence[AssignmentWeight]) -> bool:
    return len(one) == len(other) and all(
        (mine.assignment_type, mine.dropped) == (theirs.assignment_type, theirs.dropped)
        and isclose(mine.weight, theirs.weight, abs_tol=_NEAR)
        for mine, theirs in zip(one, other, strict=True)
    )
