"""What the team answers to those who ask for a place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, LineOutcome, NoticeKind, RequestStatus
from cohort_sessions.errors import WrongState
from cohort_sessions.models import CohortSession
from cohort_sessions.operations._ground import locked_sessions, look_again
from cohort_sessions.operations._lines import answer_lines, as_before, done, refused
from cohort_sessions.operations._notices import tell
from cohort_sessions.operations._places import end_requests, give_places
from cohort_sessions.operations._seats import queue, room_for, settled_seats
from cohort_sessions.queries.accounts import accounts_named
from cohort_sessions.queries.authority import authorise


def approve_requests(
    session: CohortSession, people: Sequence[str], *, actor: Actor, now: datetime
) -> list[LineOutcome]:
    """
    Say yes to people who asked for a place, one outcome a line, in the order given: a seat while there are any, then
    the end of the line. Both are told.

    Raises:
        NotFound, NotAllowed, Locked: see `authorise`.
        WrongState: the session does not take place, or is over.
    """
    with transaction.atomic():
        [fresh] = locked_sessions(session)
        authorise(actor, permissions.ENROL_MEMBER, fresh)
        if fresh.join_terms.is_over(now):
            raise WrongState(_("This session does not take place, or is over: nobody can be let in any more."))
        seats = settled_seats(fresh, actor=actor, now=now)
        asked = _asked(fresh)
        room = room_for(seats, len(asked))
        seated, queued = [], []

        def approve(user) -> LineOutcome:
            if user.pk not in asked:
                return refused(_("Has not asked for a place."))
            asked.remove(user.pk)
            if len(seated) < room:
                seated.append(user.pk)
                return done(_("Has a place now."))
            queued.append(user.pk)
            return done(_("No seat is free: on the waiting list now."))

        outcomes = answer_lines(people, accounts_named(people), approve)
        give_places(fresh, seated, actor=actor, now=now, reason=_("Approved."))
        queue(fresh, queued, actor=actor, now=now, reason=_("Approved, when no seat was free."))
        tell(fresh, seated, NoticeKind.REQUEST_APPROVED, now=now)
        tell(fresh, queued, NoticeKind.REQUEST_QUEUED, now=now)
    return outcomes


def decline_requests(
    session: CohortSession, people: Sequence[str], *, reason: str = "", actor: Actor, now: datetime
) -> list[LineOutcome]:
    """
    Say no to people who asked for a place, or take them out of the line, one outcome a line. They are told, with the
    reason. A seat that was offered goes to the next.

    Raises:
        NotFound, NotAllowed, Locked: see `authorise`.
    """
    with transaction.atomic():
        [fresh] = locked_sessions(session)
        authorise(actor, permissions.ENROL_MEMBER, fresh)
        wishing = set(fresh.requests.values_list("user_id", flat=True))
        declined = []

        def decline(user) -> LineOutcome:
            if user.pk not in wishing:
                return as_before(_("Has not asked for a place."))
            wishing.remove(user.pk)
            declined.append(user.pk)
            return done()

        outcomes = answer_lines(people, accounts_named(people, active_only=False), decline)
        end_requests(fresh, declined, actor=actor, now=now, reason=reason.strip() or _("Declined."))
        tell(fresh, declined, NoticeKind.REQUEST_DECLINED, now=now, words=reason)
        if declined:
            settled_seats(fresh, actor=actor, now=now)
            look_again(fresh, now=now)
    return outcomes


def _asked(session: CohortSession) -> set[int]:
    return set(session.requests.filter(status=RequestStatus.REQUESTED.value).values_list("user_id", flat=True))
