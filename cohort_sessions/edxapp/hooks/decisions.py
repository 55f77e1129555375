"""What a person may do at a door of an edition: the rule of the guard, apart from requests and answers."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import datetime

from ccx_keys.locator import CCXLocator

from cohort_sessions.edxapp.hooks.callers import Caller
from cohort_sessions.edxapp.hooks.doors import Kind
from cohort_sessions.edxapp.hooks.keys import canonical
from cohort_sessions.queries.access import EditionAccess, editions_access
from cohort_sessions.timeline import Entry, Listing

_TEAM_KINDS = (Kind.TEAM, Kind.TEAM_READING)
# What anybody related to the session may read, whether they may enter now or not.
_TELLING_KINDS = (Kind.ABOUT, Kind.MANAGED)


class Refusal(enum.Enum):
    """Why a request goes no further, where the edition itself may be spoken of."""

    CLOSED = enum.auto()
    READ_ONLY = enum.auto()
    MANAGED = enum.auto()


def editions_of(keys: Iterable[CCXLocator], caller: Caller, now: datetime) -> dict[CCXLocator, EditionAccess]:
    """The editions among `keys`, however spelled, by their edition keys, as they are to `caller`. One query."""
    return editions_access(
        {canonical(key) for key in keys},
        user_id=caller.user_id,
        is_platform_admin=caller.is_platform_admin,
        now=now,
    )


def may_know(edition: EditionAccess, kind: Kind) -> bool:
    """Whether this door of the edition exists for them at all."""
    if kind in _TEAM_KINDS:
        return edition.on_team
    return (edition.on_team or edition.is_member) and edition.access.listing == Listing.SHOWN


def refusal_of(edition: EditionAccess, kind: Kind, *, writes: bool) -> Refusal | None:
    """Why they may not do this, if so."""
    if kind == Kind.REFUSED or (kind == Kind.MANAGED and writes):
        return Refusal.MANAGED
    if kind in _TELLING_KINDS and not writes:
        return None
    if edition.access.entry == Entry.CLOSED:
        return Refusal.CLOSED
    if edition.access.entry == Entry.READ_ONLY and writes:
        return Refusal.READ_ONLY
    return None
