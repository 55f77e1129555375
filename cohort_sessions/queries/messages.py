"""Who may write to the members of a session, and what became of what they wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import NotFound
from cohort_sessions.models import CohortSession
from cohort_sessions.queries.shown_editions import ShownEdition, shown_editions

# To how many a message may go at once.
MOST_PEOPLE = 500

# So many of them are told of.
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SentMessage:
    """
    A message, and to how many of those it was written to it was not handed over yet.

    Attributes:
        waiting: whose turn has not come, those who `failed` left out.
        failed: for whom an attempt failed; it is repeated by itself.
    """

    subject: str
    sent_at: datetime
    recipients: int
    waiting: int
    failed: int


def message_editions(session: CohortSession, *, actor: Actor) -> tuple[ShownEdition, ...]:
    """
    The courses about which the actor may write to members: those whose results they may view. At most two queries.

    Raises:
        NotFound: there is none.
    """
    editions = shown_editions(session, actor=actor, permission=permissions.VIEW_RESULT)
    if not editions:
        raise NotFound(_("There is nobody here whom you may write to."))
    return editions


def own_messages(session: CohortSession, *, actor: Actor) -> list[SentMessage]:
    """The newest of what the actor wrote to members of this session. One query."""
    unsent = Q(notices__isnull=False, notices__sent_at=None)
    found = session.messages.filter(sent_by=actor.user_id).annotate(
        waiting=Count("notices", filter=unsent & Q(notices__failures=0)),
        failed=Count("notices", filter=unsent & Q(notices__failures__gt=0)),
    )
    columns = ("subject", "sent_at", "recipients", "waiting", "failed")
    return [SentMessage(*row) for row in found.values_list(*columns)[:_SHOWN]]
