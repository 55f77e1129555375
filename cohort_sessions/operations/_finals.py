"""When results become final: asked of a member, and of a session as a whole."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from cohort_sessions import timeline
from cohort_sessions.models import CohortSession, EditionResult, Member
from cohort_sessions.timeline import Membership, Window


def final_moment(session: CohortSession, member: Member, reopened_at: datetime | None) -> datetime | None:
    """When a result of this member becomes final; ``None`` for never. See `timeline.final_at`."""
    return timeline.final_at(
        session.schedule, member.membership, after_days=session.results_final_after_days, reopened_at=reopened_at
    )


def next_finals(session: CohortSession, *, now: datetime, is_done: bool = False) -> datetime | None:
    """
    The next moment at which results of the session become final; ``None`` for never. Two queries, none where results
    never do.

    Results are final at once whose moment has come, by dates that were changed since.

    Args:
        is_done: what was due until now is final.
    """
    if session.results_final_after_days is None:
        return None
    moments = _moments(session)
    ahead = {moment for moment in moments if moment > now}
    is_overdue = not is_done and len(ahead) < len(moments)
    return now if is_overdue else min(ahead, default=None)


def _moments(session: CohortSession) -> set[datetime]:
    """Of an ordinary member, of everybody who ever had a place, and of results that were opened again."""
    found = {_moment(session, (None, None, 0, None), None)}
    places = session.members.order_by().values_list("opens_at", "closes_at", "extra_days", "first_entered_at")
    found |= {_moment(session, terms, None) for terms in places.distinct()}
    reopened = EditionResult.objects.filter(edition__session=session, reopened_at__isnull=False).order_by()
    columns = ("member__opens_at", "member__closes_at", "member__extra_days", "member__first_entered_at", "reopened_at")
    found |= {_moment(session, terms, at) for *terms, at in reopened.values_list(*columns).distinct()}
    return found - {None}


def _moment(session: CohortSession, terms: Collection, reopened_at: datetime | None) -> datetime | None:
    opens_at, closes_at, extra_days, first_entered_at = terms
    membership = Membership(Window(opens_at, closes_at), extra_days, first_entered_at)
    return timeline.final_at(
        session.schedule, membership, after_days=session.results_final_after_days, reopened_at=reopened_at
    )
