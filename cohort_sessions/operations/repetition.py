"""Make a session after another one: the same courses and team, at another time, for other people."""

from __future__ import annotations

from datetime import datetime, tzinfo

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import HostRefused, InvalidInput
from cohort_sessions.models import CohortSession
from cohort_sessions.operations._copies import draft_of, store_copy
from cohort_sessions.operations._ground import locked_session
from cohort_sessions.queries.authority import authorise
from cohort_sessions.timeline import CalendarShift


def duplicate_session(
    session: CohortSession,
    *,
    opens_at: datetime | None,
    title: str,
    code: str = "",
    zone: tzinfo,
    actor: Actor,
    now: datetime,
) -> CohortSession:
    """
    Make a draft like `session`: its courses in their order, team and coaches, locks, prerequisites and terms.

    All dates move with the opening, on the clocks of `zone`: midnight stays midnight though the clocks change in
    between. Where the session has no opening, or none is given, there is no distance to move them by: they are left
    empty. Never members or requests; joining by code gets a code of its own; the copy belongs to no group of parallel
    sessions and does not recur until somebody says so.

    Args:
        opens_at: the opening of the copy, aware UTC.
        code: of the copy; without one it is made from the title.
        zone: in whose calendar people plan it.

    Raises:
        NotFound, NotAllowed: the actor must manage the session; who administers only this one administers the copy
            too, as part of its team.
        InvalidInput: naming each field that cannot stand. Nothing is stored.
        HostRefused: one of the courses exists no more. Nothing is stored.
    """
    if opens_at is not None and opens_at.tzinfo is None:
        raise InvalidInput({"opens_at": _("Say in which time zone this moment is.")})
    with transaction.atomic():
        original = locked_session(session)
        authorise(actor, permissions.MANAGE_SESSION, original)
        has_distance = None not in (original.opens_at, opens_at)
        shift = CalendarShift(original.opens_at, opens_at, zone) if has_distance else None
        draft = draft_of(original, shift, title=title.strip(), code=code.strip())
        copy = store_copy(original, draft, shift, actor=actor, now=now)
        if copy.refusals:
            raise HostRefused(" ".join(copy.refusals))
    return copy.session
