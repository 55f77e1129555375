"""Is a session fit to be published: what is missing, what should be looked at, and what is in order."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cohort_sessions.data import EditionState, Joining, MemberStatus, TeamRole
from cohort_sessions.models import CohortSession
from cohort_sessions.queries.teams import team_rows


class Subject(enum.StrEnum):
    """What is looked at, in the order in which a session is planned."""

    COURSES = "courses"
    PREPARED = "prepared"
    DATES = "dates"
    TEACHERS = "teachers"
    LEARNERS = "learners"


class Verdict(enum.StrEnum):
    """What came of looking."""

    MISSING = "missing"
    LOOK = "look"
    IN_ORDER = "in order"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One line of the checklist.

    Attributes:
        verdict: only `Verdict.MISSING` stands in the way of publishing.
        number: how many courses have nobody who teaches, or are not prepared; else how many there are.
    """

    subject: Subject
    verdict: Verdict
    number: int = 0


def readiness(session: CohortSession, *, now: datetime) -> tuple[Finding, ...]:
    """
    Look at a session before it is published. Three queries.

    Missing is a course; the rest are things that its planner may have forgotten: courses that the platform has not
    prepared yet, dates that are empty or over, courses that nobody teaches, and nobody to learn.
    """
    editions = list(session.editions.filter(withdrawn_at=None))
    prepared = [edition for edition in editions if edition.state == EditionState.READY]
    untaught = _untaught(session, [edition.pk for edition in editions])
    learners = session.members.filter(status=MemberStatus.ACTIVE.value).count()
    return (
        Finding(Subject.COURSES, Verdict.IN_ORDER if editions else Verdict.MISSING, len(editions)),
        Finding(Subject.PREPARED, _look_unless(len(prepared) == len(editions)), len(editions) - len(prepared)),
        Finding(Subject.DATES, _look_unless(_has_time_ahead(session, now))),
        Finding(Subject.TEACHERS, _look_unless(not untaught), untaught),
        Finding(Subject.LEARNERS, _look_unless(learners or session.joining != Joining.CLOSED), learners),
    )


def _look_unless(is_in_order: object) -> Verdict:
    return Verdict.IN_ORDER if is_in_order else Verdict.LOOK


def _has_time_ahead(session: CohortSession, now: datetime) -> bool:
    """Whether somebody has thought of when: a duration, or dates that are not over."""
    if session.duration_days is not None:
        return True
    return session.opens_at is not None and (session.closes_at is None or session.closes_at > now)


def _untaught(session: CohortSession, edition_ids: Collection[int]) -> int:
    """How many courses have neither a coach of their own nor one of the whole session."""
    rows = team_rows([session.pk])
    if any(row.role == TeamRole.SESSION_COACH for row in rows):
        return 0
    return len(set(edition_ids) - {row.edition_id for row in rows})
