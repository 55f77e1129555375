"""Enrol and remove members, and record their first entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from cohort_sessions import permissions
from cohort_sessions.data import Actor, LineOutcome, MemberStatus
from cohort_sessions.events import COHORT_MEMBERSHIP_CHANGED, CohortMembershipData, announce
from cohort_sessions.models import CohortSession, Member
from cohort_sessions.operations._ground import account, authorise, locked_session, want_anew
from cohort_sessions.queries.accounts import accounts_named


def enrol_members(session: CohortSession, people: Sequence[str], *, actor: Actor, now: datetime) -> list[LineOutcome]:
    """
    Give people a place in the session, one outcome a line, in the order given. Who was removed before comes back to
    their results.

    Args:
        people: usernames or e-mail addresses of active accounts; empty lines are answered as such.

    Raises:
        NotFound, NotAllowed, Locked: see `authorise`. A line that cannot be enrolled raises nothing and stops nothing.
    """
    with transaction.atomic():
        fresh = locked_session(session)
        authorise(actor, permissions.ENROL_MEMBER, fresh)
        accounts = accounts_named(people)
        rows = _rows(fresh, {user.pk for user in accounts.values()})
        new, back, outcomes = {}, {}, []
        for line in people:
            user = accounts.get(line)
            row = rows.get(user.pk) if user else None
            if user is None:
                outcomes.append(LineOutcome(line, ok=False, changed=False, message=_no_account(line)))
            elif user.pk in new or user.pk in back or (row and row.status == MemberStatus.ACTIVE):
                outcomes.append(LineOutcome(line, ok=True, changed=False, message=_("Is a member already.")))
            else:
                if row is None:
                    new[user.pk] = Member(session=fresh, user=user, enrolled_at=now)
                else:
                    row.status, row.removed_at, row.enrolled_at = MemberStatus.ACTIVE.value, None, now
                    back[user.pk] = row
                outcomes.append(LineOutcome(line, ok=True, changed=True))
        _store(new.values(), back.values(), actor=actor, now=now, reason=_("Enrolled."))
        _announce(fresh, [*new, *back], is_active=True, now=now)
    return outcomes


def remove_members(session: CohortSession, people: Sequence[str], *, actor: Actor, now: datetime) -> list[LineOutcome]:
    """
    Take people's places away, one outcome a line. Their row, their results and their work stay.

    Raises:
        NotFound, NotAllowed, Locked: see `authorise`.
    """
    with transaction.atomic():
        fresh = locked_session(session)
        authorise(actor, permissions.ENROL_MEMBER, fresh)
        accounts = accounts_named(people, active_only=False)
        rows = _rows(fresh, {user.pk for user in accounts.values()})
        gone, outcomes = {}, []
        for line in people:
            user = accounts.get(line)
            row = rows.get(user.pk) if user else None
            if user is None:
                outcomes.append(LineOutcome(line, ok=False, changed=False, message=_no_account(line)))
            elif row is None or row.status == MemberStatus.REMOVED:
                outcomes.append(LineOutcome(line, ok=True, changed=False, message=_("Is not a member.")))
            else:
                row.status, row.removed_at = MemberStatus.REMOVED.value, now
                gone[user.pk] = row
                outcomes.append(LineOutcome(line, ok=True, changed=True))
        _store((), gone.values(), actor=actor, now=now, reason=_("Removed."))
        _announce(fresh, list(gone), is_active=False, now=now)
    return outcomes


def record_first_entry(edition_id: int, *, user_id: int, now: datetime) -> bool:
    """
    Start a duration session's clock for a member who enters one of its editions; the first moment recorded stands
    for ever.

    Asks no permission: the guard calls it for a person whom it has just let in. Returns whether this call recorded
    it. One query when it was recorded before; concurrent entries meet the condition of the update.
    """
    with transaction.atomic():
        session = CohortSession.objects.filter(editions__pk=edition_id, duration_days__isnull=False)
        waiting = Member.objects.filter(
            session__in=session, user_id=user_id, status=MemberStatus.ACTIVE, first_entered_at=None
        )
        if not waiting.exists():
            return False
        entering = session.select_for_update().get()
        recorded = waiting.filter(session=entering).update(first_entered_at=now)
        if recorded:
            want_anew(entering.editions.filter(withdrawn_at=None), now=now)
    return bool(recorded)


def _rows(session: CohortSession, user_ids: set[int]) -> dict[int, Member]:
    return {member.user_id: member for member in session.members.filter(user_id__in=user_ids)}


def _store(new, changed, *, actor: Actor, now: datetime, reason: str) -> None:
    audit = {"default_user": account(actor), "default_date": now, "default_change_reason": reason}
    if new:
        bulk_create_with_history(list(new), Member, **audit)
    if changed:
        bulk_update_with_history(list(changed), Member, ["status", "removed_at", "enrolled_at"], **audit)


def _announce(session: CohortSession, user_ids: list[int], *, is_active: bool, now: datetime) -> None:
    if not user_ids:
        return
    for user_id in user_ids:
        data = CohortMembershipData(session_uuid=str(session.uuid), user_id=user_id, is_active=is_active)
        announce(COHORT_MEMBERSHIP_CHANGED, now=now, membership=data)
    want_anew(session.editions.filter(withdrawn_at=None), now=now)


def _no_account(line: str) -> str:
    if not line.strip():
        return _("The line is empty.")
    return _("No active account has this username or e-mail address.")
