"""
Invitations of people who have no account yet: withdrawn by the team, answered by registering, ended by time, and told
by mail. They are made by `operations.members.enrol_members`, which meets the addresses.

An invitation makes exactly one person a member: whoever proves that the address is theirs. Proof is an *active* account
with that address (see `queries.accounts.account_of_address`), read from the database and never from what a door was
told. Somebody who merely types another's address when registering gets an account that stays inactive, and nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, InvitationEnd, LineOutcome, NoticeKind, RequestStatus, SessionStatus
from cohort_sessions.events import COHORT_INVITATION_ENDED, CohortInvitationEndData, announce
from cohort_sessions.host import get_host
from cohort_sessions.models import CohortSession, Invitation
from cohort_sessions.operations._ground import delete, locked_session, locked_sessions
from cohort_sessions.operations._lines import as_before, done
from cohort_sessions.operations._notices import tell
from cohort_sessions.operations._places import active_places, give_places
from cohort_sessions.operations._retries import PATIENCE, again_at
from cohort_sessions.operations._seats import queue, room_for, settled_seats
from cohort_sessions.queries.accounts import account_of_address
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.letters import invitation_letter
from cohort_sessions.queries.parallel_groups import taken_in_parallel


def withdraw_invitations(
    session: CohortSession, addresses: Sequence[str], *, actor: Actor, now: datetime
) -> list[LineOutcome]:
    """
    Take invitations back, one outcome a line; their addresses are deleted. Nobody is told.

    Raises:
        NotFound, NotAllowed, Locked: see `authorise`.
    """
    with transaction.atomic():
        fresh = locked_session(session)
        authorise(actor, permissions.ENROL_MEMBER, fresh)
        wanted = [address.strip().lower() for address in addresses]
        standing = {row.email: row for row in fresh.invitations.filter(email__in=wanted)}

        def withdraw(address: str) -> LineOutcome:
            row = standing.pop(address, None)
            if row is None:
                return as_before(_("Is not invited."))
            _end(row, InvitationEnd.WITHDRAWN, actor=actor, now=now)
            return done()

        return [replace(withdraw(address), given=given) for given, address in zip(addresses, wanted, strict=True)]


def redeem_invitation(invitation_id: int, *, actor: Actor, now: datetime) -> InvitationEnd | None:
    """
    Bring an invitation to its end, if there is one by now: its address has an active account, which becomes a member
    while there is a seat and else the last in the line, and is told; or it ran out, or its session is over.

    Asks no permission: who invited had it. The prerequisites and the enrolment window do not bind, as they bind nobody
    whom the team enrols; a place in a parallel session does, and ends the invitation. Repeating it is harmless.

    Returns how it ended; ``None`` while it stands, and for one that is gone.
    """
    with transaction.atomic():
        asked = Invitation.objects.filter(pk=invitation_id).select_related("session").first()
        if asked is None:
            return None
        [session] = locked_sessions(asked.session)
        invitation = session.invitations.filter(pk=invitation_id).first()
        if invitation is None:
            return None
        by_actor = {"actor": actor, "now": now}
        if invitation.expires_at <= now or session.join_terms.is_over(now):
            _end(invitation, InvitationEnd.OVER, **by_actor)
            return InvitationEnd.OVER
        user = None if session.status == SessionStatus.DRAFT else account_of_address(invitation.email)
        if user is None:
            return None
        end = _seat(session, user.pk, **by_actor)
        _end(invitation, end, **by_actor)
    return end


def forget_address(address: str, *, actor: Actor, now: datetime) -> int:
    """Delete every invitation of an address whose holder is retired; returns how many. Asks no permission."""
    with transaction.atomic():
        rows = list(Invitation.objects.filter(email=address.strip().lower()).select_related("session"))
        for row in rows:
            _end(row, InvitationEnd.FORGOTTEN, actor=actor, now=now)
    return len(rows)


def send_invitation(invitation_id: int, *, now: datetime) -> bool:
    """
    Mail an invitation, in the site's own language, unless that was done before or it leads nowhere now. At least once,
    as `notices.send_notice`. Asks no permission: who invited had it.

    Returns whether this call sent it.

    Raises:
        Exception: whatever kept the host from taking it; the next attempt is noted on the row first.
    """
    try:
        with transaction.atomic():
            rows = Invitation.objects.select_for_update().filter(pk=invitation_id, sent_at=None, expires_at__gt=now)
            invitation = rows.first()
            if invitation is None or not _is_current(invitation.session, now):
                return False
            with translation.override(settings.LANGUAGE_CODE):
                get_host().send_letter_to(invitation.email, invitation_letter(invitation))
            Invitation.objects.filter(pk=invitation_id).update(sent_at=now, send_again_at=None)
    except Exception:
        _note_failure(invitation_id, now)
        raise
    return True


def put_off_sending(invitation: Invitation, *, now: datetime) -> None:
    """
    The letter was asked for again, as the row stood in `invitation`: nobody need ask once more for a while.

    Nothing happens where it was sent, or has failed, meanwhile.
    """
    waiting = Invitation.objects.filter(pk=invitation.pk, sent_at=None, failures=invitation.failures)
    waiting.update(send_again_at=now + PATIENCE)


_REASONS = {
    InvitationEnd.MEMBER: lambda: _("Has an account, and a place."),
    InvitationEnd.WAITING: lambda: _("Has an account, and waits in the line."),
    InvitationEnd.NEEDLESS: lambda: _("Has a place already, here or in a parallel session."),
    InvitationEnd.OVER: lambda: _("Ran out, or the session is over."),
    InvitationEnd.WITHDRAWN: lambda: _("Invitation withdrawn."),
    InvitationEnd.FORGOTTEN: lambda: _("The holder of the address was retired."),
}


def _end(invitation: Invitation, end: InvitationEnd, *, actor: Actor, now: datetime) -> None:
    data = CohortInvitationEndData(session_uuid=str(invitation.session.uuid), end=end.value)
    delete(invitation, actor=actor, now=now, reason=_REASONS[end]())
    announce(COHORT_INVITATION_ENDED, now=now, end=data)


def _seat(session: CohortSession, user_id: int, *, actor: Actor, now: datetime) -> InvitationEnd:
    seats = settled_seats(session, actor=actor, now=now)
    if active_places(session, [user_id]) or taken_in_parallel(session, [user_id]):
        return InvitationEnd.NEEDLESS
    request = session.requests.filter(user_id=user_id).first()
    is_offered = request is not None and request.status == RequestStatus.OFFERED
    if is_offered or room_for(seats, 1):
        give_places(session, [user_id], actor=actor, now=now, reason=_("Invited by e-mail."))
        tell(session, [user_id], NoticeKind.INVITED_SEATED, now=now)
        return InvitationEnd.MEMBER
    if request is None or request.status == RequestStatus.REQUESTED:
        queue(session, [user_id], actor=actor, now=now, reason=_("Invited by e-mail, when no seat was free."))
        tell(session, [user_id], NoticeKind.INVITED_QUEUED, now=now)
    return InvitationEnd.WAITING


def _is_current(session: CohortSession, now: datetime) -> bool:
    return session.status == SessionStatus.PUBLISHED and not session.join_terms.is_over(now)


def _note_failure(invitation_id: int, now: datetime) -> None:
    """Nothing to note where it was withdrawn meanwhile."""
    for failures in Invitation.objects.filter(pk=invitation_id).values_list("failures", flat=True):
        later = again_at(now, failures + 1)
        Invitation.objects.filter(pk=invitation_id).update(failures=failures + 1, send_again_at=later)
