"""Take back invitations of people who have no account yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions.data import LineOutcome
from cohort_sessions.operations.invitations import withdraw_invitations
from cohort_sessions.queries.people import PeopleList, invited_addresses
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.acting import PeopleAction


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody without an account, among those who were chosen."""

    name: str
    username: str = ""


class WithdrawInvitationsView(PeopleAction):
    """Take back invitations of people who have no account yet; ``who`` are their addresses."""

    title = gettext_lazy("Withdraw invitations")
    button = gettext_lazy("Withdraw")
    is_destructive = True
    leads_to = PeopleList.INVITED

    def chosen(self) -> Sequence:
        """Those addresses that are invited."""
        return [Address(email) for email in invited_addresses(self.session, self.who)]

    def lead(self) -> Sequence[str]:
        """What is lost."""
        return (
            _("Whoever registers with such an address gets no place by that any more. They are not told."),
            _("The addresses are deleted here. You can invite them again."),
        )

    def act(self, form: PageForm) -> list[LineOutcome]:
        """Withdraw them."""
        return withdraw_invitations(self.session, self.who, actor=self.actor, now=self.now)

    def done(self, number: int) -> str:
        """So many are not invited any more."""
        return ngettext("%d invitation was withdrawn", "%d invitations were withdrawn", number) % number
