"""Lines of a pasted list that name nobody yet: invited by their address. Callers hold the lock of the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from cohort_sessions.data import Actor, LineOutcome, SessionStatus
from cohort_sessions.events import COHORT_INVITATION_CREATED, CohortInvitationData, announce
from cohort_sessions.models import CohortSession, Invitation
from cohort_sessions.operations._ground import account
from cohort_sessions.operations._lines import as_before, done, nobody, refused
from cohort_sessions.queries.accounts import addresses_in_use

_RENEWED = ["invited_by", "invited_at", "expires_at", "sent_at", "failures", "send_again_at"]


class InvitationDesk:
    """
    Answers the lines of one list that name no account, and writes what came of them with `close`.

    Nobody is invited past the seats: the free ones that no open invitation stands for are given out one by one. An
    invitation holds none of them, though; who answers it when all are taken stands at the end of the line. Three
    queries at most to open the desk, whatever the number of lines, and two to close it.
    """

    def __init__(self, session: CohortSession, people: Sequence[str], accounts: Mapping[str, object], *, now: datetime):
        self._session, self._now = session, now
        self._is_over = session.join_terms.is_over(now)
        unknown = {_address(line) for line in people if line not in accounts and "@" in line}
        self._standing = {row.email: row for row in session.invitations.filter(email__in=unknown)} if unknown else {}
        self._in_use = addresses_in_use(unknown)
        self._open = 0
        if unknown and session.capacity is not None:
            self._open = session.invitations.filter(expires_at__gt=now).count()
        self._invited: dict[str, Invitation] = {}

    def answer(self, line: str, *, room: int) -> LineOutcome:
        """
        Invite the address that the line is, or say why not.

        Args:
            room: how many seats are left for those who come now.
        """
        address = _address(line)
        if "@" not in address:
            return nobody(line)
        fault = _fault(address)
        if fault:
            return refused(fault)
        if address in self._in_use:
            return refused(_("Several accounts have this e-mail address. Give the username instead."))
        row = self._standing.get(address)
        if address in self._invited or (row is not None and row.expires_at > self._now):
            return as_before(_("Is invited already."))
        if self._is_over:
            return refused(_("Nobody has this e-mail address yet, and the session is over or called off."))
        if room - self._open - len(self._invited) <= 0:
            return refused(_("No seat is free that nobody is invited to. Raise the capacity, or withdraw invitations."))
        self._invited[address] = row or Invitation(session=self._session, email=address)
        return replace(done(_("Nobody has this e-mail address yet: invited by mail.")), invited=True)

    def close(self, *, actor: Actor) -> None:
        """Store the invitations, with their history, and let their letters follow."""
        expires_at = self._now + timedelta(days=settings.COHORT_SESSIONS_INVITATION_DAYS)
        for row in self._invited.values():
            row.invited_by, row.invited_at, row.expires_at = account(actor), self._now, expires_at
            row.sent_at, row.failures, row.send_again_at = None, 0, None
        audit = {
            "default_user": account(actor),
            "default_date": self._now,
            "default_change_reason": _("Invited by e-mail."),
        }
        new = [row for row in self._invited.values() if row.pk is None]
        again = [row for row in self._invited.values() if row.pk is not None]
        if new:
            bulk_create_with_history(new, Invitation, **audit)
        if again:
            bulk_update_with_history(again, Invitation, _RENEWED, **audit)
        # The letter of a draft leaves once it is published: the tick finds it.
        if self._session.status == SessionStatus.PUBLISHED:
            for row in (*new, *again):
                data = CohortInvitationData(id=row.pk, session_uuid=str(self._session.uuid))
                announce(COHORT_INVITATION_CREATED, now=self._now, invitation=data)


def _address(line: str) -> str:
    return line.strip().lower()


def _fault(address: str) -> str:
    """What keeps this from being an e-mail address; empty where it is one."""
    try:
        Invitation._meta.get_field("email").run_validators(address)
    except ValidationError:
        return _("This is no valid e-mail address. Correct it, or give the username.")
    return ""
