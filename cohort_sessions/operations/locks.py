"""Take settings out of the coaches' hands, and give them back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, Lock
from cohort_sessions.errors import ChangedMeanwhile
from cohort_sessions.events import COHORT_LOCK_CHANGED, CohortLockData, announce
from cohort_sessions.models import CohortSession, SessionLock
from cohort_sessions.operations._ground import account, delete, locked_session, save
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
            row = SessionLock(
                session=fresh, name=name.value, reason=reason.strip(), locked_by=account(actor), locked_at=now
            )
            save(row, actor=actor, now=now, reason=_("Locked."))
        for name in sorted(standing.keys() - wanted):
            delete(standing[name], actor=actor, now=now, reason=_("Unlocked."))
        for name in sorted(wanted ^ standing.keys()):
            data = CohortLockData(session_uuid=str(fresh.uuid), lock=name.value, is_set=name in wanted)
            announce(COHORT_LOCK_CHANGED, now=now, lock=data)
    return wanted ^ frozenset(standing)
