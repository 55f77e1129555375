"""
Places in a session, given and taken away: what enrolling, joining, moving and the line have in common.

Callers hold the lock of the session, have looked whether there is a seat, and have asked for permission.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from cohort_sessions.data import Actor, MemberStatus
from cohort_sessions.events import (
    COHORT_MEMBERSHIP_CHANGED,
    COHORT_REQUEST_CHANGED,
    CohortMembershipData,
    CohortRequestData,
    announce,
)
from cohort_sessions.models import CohortSession, JoinRequest, Member
from cohort_sessions.operations._ground import account, delete, look_again, save, want_anew


def give_places(session: CohortSession, user_ids: Collection[int], *, actor: Actor, now: datetime, reason: str) -> None:
    """
    Make these people active members. Who was one before comes back to their row and their results; whoever
    had asked for a place has it now.

    A row that comes back keeps the dates of its own that it had.
    """
    rows = members_by_account(session, user_ids)
    new = [Member(session=session, user_id=each, enrolled_at=now) for each in user_ids if each not in rows]
    back = [row for row in rows.values() if row.status == MemberStatus.REMOVED]
    for row in back:
        row.status, row.removed_at, row.enrolled_at = MemberStatus.ACTIVE.value, None, now
    store_members(new, back, ["status", "removed_at", "enrolled_at"], actor=actor, now=now, reason=reason)
    end_requests(session, user_ids, actor=actor, now=now, reason=reason)
    _announce(session, [row.user_id for row in (*new, *back)], is_active=True, now=now)


def take_places(session: CohortSession, rows: Collection[Member], *, actor: Actor, now: datetime, reason: str) -> None:
    """End these active memberships. Rows, results and work stay."""
    for row in rows:
        row.status, row.removed_at = MemberStatus.REMOVED.value, now
    store_members([], list(rows), ["status", "removed_at"], actor=actor, now=now, reason=reason)
    _announce(session, [row.user_id for row in rows], is_active=False, now=now)


def save_request(request: JoinRequest, *, actor: Actor, now: datetime, reason: str) -> None:
    """Keep how somebody's wish for a place stands now."""
    save(request, actor=actor, now=now, reason=reason)
    _announce_request(request, str(request.status), now=now)


def end_requests(
    session: CohortSession, user_ids: Collection[int], *, actor: Actor, now: datetime, reason: str
) -> list[int]:
    """End what these people had asked for; the history keeps `reason`. Returns whose requests there were."""
    ended = list(session.requests.filter(user_id__in=user_ids))
    for request in ended:
        delete(request, actor=actor, now=now, reason=reason)
        _announce_request(request, "", now=now)
    return [request.user_id for request in ended]


def active_places(session: CohortSession, user_ids: Collection[int]) -> dict[int, Member]:
    """The active memberships of these people, by account."""
    rows = members_by_account(session, user_ids)
    return {user_id: row for user_id, row in rows.items() if row.status == MemberStatus.ACTIVE}


def members_by_account(session: CohortSession, user_ids: Collection[int]) -> dict[int, Member]:
    """The rows these people have in the session, active or not, by account."""
    return {member.user_id: member for member in session.members.filter(user_id__in=user_ids)}


def store_members(
    new: list[Member], changed: list[Member], fields: list[str], *, actor: Actor, now: datetime, reason: str
) -> None:
    """Insert and update rows of members in bulk, with their history."""
    audit = {"default_user": account(actor), "default_date": now, "default_change_reason": reason}
    if new:
        bulk_create_with_history(new, Member, **audit)
    if changed:
        bulk_update_with_history(changed, Member, fields, **audit)


def _announce_request(request: JoinRequest, status: str, *, now: datetime) -> None:
    data = CohortRequestData(session_uuid=str(request.session.uuid), user_id=request.user_id, status=status)
    announce(COHORT_REQUEST_CHANGED, now=now, request=data)


def _announce(session: CohortSession, user_ids: list[int], *, is_active: bool, now: datetime) -> None:
    if not user_ids:
        return
    for user_id in user_ids:
        data = CohortMembershipData(session_uuid=str(session.uuid), user_id=user_id, is_active=is_active)
        announce(COHORT_MEMBERSHIP_CHANGED, now=now, membership=data)
    want_anew(session.editions.filter(withdrawn_at=None), now=now)
    look_again(session, now=now)
