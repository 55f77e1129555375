"""Move members from one session to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, LineOutcome, NoticeKind
from cohort_sessions.errors import InvalidInput, WrongState
from cohort_sessions.events import COHORT_MEMBER_MOVED, CohortMoveData, announce
from cohort_sessions.models import CohortSession, Member, MemberMove
from cohort_sessions.operations._ground import account, locked_sessions
from cohort_sessions.operations._lines import answer_lines, as_before, done, refused
from cohort_sessions.operations._notices import tell
from cohort_sessions.operations._places import active_places, give_places, take_places
from cohort_sessions.operations._seats import room_for, settled_seats
from cohort_sessions.queries.accounts import accounts_named
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.parallel_groups import taken_in_parallel


def move_members(
    origin: CohortSession,
    destination: CohortSession,
    people: Sequence[str],
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> list[LineOutcome]:
    """
    Take people's places in `origin` and give them places in `destination`, in one transaction; one outcome a line, in
    the order given. Both places record from, to, when, who and why.

    What they earned stays with the place they leave. Seats they leave go to the line there; a move needs a free seat,
    which nobody who waits is denied. Whoever waits in `destination` has the place instead.

    Raises:
        NotFound, NotAllowed, Locked: the actor must be allowed to enrol in both sessions.
        InvalidInput: no reason is given, or both sessions are the same.
        WrongState: the destination does not take place, or is over.
    """
    reason = reason.strip()
    if not reason:
        raise InvalidInput({"reason": _("Say why they are moved; it stays in their history.")})
    if origin.pk == destination.pk:
        raise InvalidInput({"destination": _("Choose another session than the one they are in.")})
    with transaction.atomic():
        old, new = locked_sessions(origin, destination)
        for session in (old, new):
            authorise(actor, permissions.ENROL_MEMBER, session)
        if new.join_terms.is_over(now):
            raise WrongState(_("That session does not take place, or is over: nobody can be moved to it."))
        seats = settled_seats(new, actor=actor, now=now)
        accounts = accounts_named(people)
        named = {user.pk for user in accounts.values()}
        leaving, there = active_places(old, named), active_places(new, named)
        elsewhere = taken_in_parallel(new, named) if new.parallel_group_id != old.parallel_group_id else {}
        room = room_for(seats, len(named))
        moving = {}

        def move(user) -> LineOutcome:
            if user.pk in moving:
                return as_before(_("Is named twice."))
            obstacle = _obstacle(user.pk, leaving, there, elsewhere)
            if obstacle is None and len(moving) >= room:
                obstacle = _("No seat is free in the other session.")
            if obstacle is not None:
                return refused(obstacle)
            moving[user.pk] = leaving[user.pk]
            return done()

        outcomes = answer_lines(people, accounts, move)
        took = _("Moved to “%(session)s”: %(why)s") % {"session": new.title, "why": reason}
        gave = _("Moved from “%(session)s”: %(why)s") % {"session": old.title, "why": reason}
        take_places(old, moving.values(), actor=actor, now=now, reason=took)
        give_places(new, moving, actor=actor, now=now, reason=gave)
        arrived = active_places(new, moving)
        MemberMove.objects.bulk_create(
            MemberMove(origin=left, destination=arrived[user_id], moved_at=now, moved_by=account(actor), reason=reason)
            for user_id, left in moving.items()
        )
        for user_id in moving:
            data = CohortMoveData(origin_uuid=str(old.uuid), destination_uuid=str(new.uuid), user_id=user_id)
            announce(COHORT_MEMBER_MOVED, now=now, move=data)
        tell(new, moving, NoticeKind.MOVED, now=now, words=reason)
        settled_seats(old, actor=actor, now=now)
    return outcomes


def _obstacle(
    user_id: int, leaving: Mapping[int, Member], there: Mapping[int, Member], elsewhere: Mapping[int, str]
) -> str | None:
    """Why this person cannot be moved, whatever the seats."""
    if user_id not in leaving:
        return _("Is not a member of the session they would leave.")
    if user_id in there:
        return _("Is a member of the other session already; remove them here instead.")
    if user_id in elsewhere:
        return _("Has a place, or waits, in the parallel session “%(session)s”.") % {"session": elsewhere[user_id]}
    return None
