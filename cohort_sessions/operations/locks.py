"""Take settings out of the coaches' hands, and give them back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, Lock
from cohort_sessions.errors import ChangedMeanwhile
from cohort_sessions.models import CohortSession
from cohort_sessions.operations._ground import locked_session
from cohort_sessions.operations._locks import add_lock, release_lock
from cohort_sessions.queries.authority import authorise


def set_locks(
    session: CohortSession,
    locks: Collection[Lock],
    *,
    reason: str = "",
    seen: Collection[Lock] | None = None,
    actor: Actor,
    now: datetime,
) -> frozenset[Lock]:
    """
    Make `locks` the locks of the session: missing ones are added with `reason`, others released; those that stand
    keep their reason.

    What coaches did before stays. Returns the locks that this call changed.

    Args:
        seen: the locks that whoever chose these saw; without it nobody is asked.

    Raises:
        ChangedMeanwhile: others stand by now than were `seen`. Nothing is stored.
        NotFound, NotAllowed: see `authorise`.
    """
    with transaction.atomic():
        fresh = locked_session(session)
        authorise(actor, permissions.SET_LOCK, fresh)
        standing = {Lock(row.name): row for row in fresh.locks.all()}
        if seen is not None and standing.keys() != set(seen):
            raise ChangedMeanwhile(_("Somebody else has set other locks meanwhile. Nothing was saved."))
        wanted = frozenset(locks)
        for name in sorted(wanted - standing.keys()):
            add_lock(fresh, name, reason=reason.strip(), actor=actor, now=now)
        for name in sorted(standing.keys() - wanted):
            release_lock(standing[name], actor=actor, now=now)
    return wanted ^ frozenset(standing)
