"""What a person still lacks before they may join a session, and what a session cannot require."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cohort_sessions import timeline
from cohort_sessions.data import MemberStatus, PrerequisiteCondition
from cohort_sessions.models import CohortSession, CourseEdition, EditionResult, Member, SessionPrerequisite


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """
    What somebody must have behind them, and whether this person has.

    Attributes:
        code, title: of the required session.
    """

    code: str
    title: str
    condition: PrerequisiteCondition
    is_met: bool


def prerequisites(
    sessions: Collection[CohortSession], *, user_id: int, now: datetime
) -> Mapping[int, tuple[Prerequisite, ...]]:
    """
    The prerequisites of each session, by its primary key, as they stand for one person. At most four queries.

    Finished: an active member whose own period there is past. Passed: every course that is part of the session now is
    passed there, whoever may have left it since.
    """
    rows = list(
        SessionPrerequisite.objects.filter(session__in=[each.pk for each in sessions]).select_related("required")
    )
    if not rows:
        return {}
    required = {row.required_id: row.required for row in rows}
    met = {
        PrerequisiteCondition.FINISHED: _finished(required, user_id, now),
        PrerequisiteCondition.PASSED: _passed(required, user_id),
    }
    found = defaultdict(tuple)
    for row in rows:
        condition = PrerequisiteCondition(row.condition)
        is_met = row.required_id in met[condition]
        found[row.session_id] += (Prerequisite(row.required.code, row.required.title, condition, is_met),)
    return found


def circle_faults(session: CohortSession, required: Collection[int]) -> dict[str, str]:
    """
    What keeps a session from requiring those with these primary keys: walking from what is required to what that
    requires must never lead back.
    """
    requires = defaultdict(set)
    for row in SessionPrerequisite.objects.exclude(session=session):
        requires[row.session_id].add(row.required_id)
    seen, ahead = set(), set(required)
    while ahead:
        seen |= ahead
        ahead = set().union(*(requires[each] for each in ahead)) - seen
    if session.pk not in seen:
        return {}
    sentence = _("A session cannot require itself, nor one that requires it in turn: nobody could join.")
    return {"prerequisites": sentence}


def _finished(required: Mapping[int, CohortSession], user_id: int, now: datetime) -> set[int]:
    places = Member.objects.filter(user_id=user_id, status=MemberStatus.ACTIVE.value, session__in=list(required))
    decisions = {
        place.session_id: timeline.access(
            required[place.session_id].schedule, membership=place.membership, on_team=False, now=now
        )
        for place in places
    }
    return {session_id for session_id, decision in decisions.items() if decision.phase == timeline.Phase.PAST}


def _passed(required: Mapping[int, CohortSession], user_id: int) -> set[int]:
    passed = set(
        EditionResult.objects.filter(
            member__user_id=user_id, edition__session__in=list(required), passed=True
        ).values_list("edition_id", flat=True)
    )
    courses = defaultdict(set)
    for session_id, edition_id in (
        CourseEdition.objects.filter(session__in=list(required), withdrawn_at=None)
        .order_by()
        .values_list("session_id", "pk")
    ):
        courses[session_id].add(edition_id)
    return {session_id for session_id, editions in courses.items() if editions <= passed}
