"""A lock is added to a session or released, with its event. Callers hold the lock of the session and have asked."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from cohort_sessions.data import Actor, Lock
from cohort_sessions.events import COHORT_LOCK_CHANGED, CohortLockData, announce
from cohort_sessions.models import CohortSession, SessionLock
from cohort_sessions.operations._ground import account, delete, save


def add_lock(session: CohortSession, name: Lock, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take it out of the coaches' hands."""
    row = SessionLock(session=session, name=name.value, reason=reason, locked_by=account(actor), locked_at=now)
    save(row, actor=actor, now=now, reason=_("Locked."))
    _tell(session, name, is_set=True, now=now)


def release_lock(row: SessionLock, *, actor: Actor, now: datetime) -> None:
    """Give it back to them."""
    delete(row, actor=actor, now=now, reason=_("Unlocked."))
    _tell(row.session, Lock(row.name), is_set=False, now=now)


def _tell(session: CohortSession, name: Lock, *, is_set: bool, now: datetime) -> None:
    data = CohortLockData(session_uuid=str(session.uuid), lock=name.value, is_set=is_set)
    announce(COHORT_LOCK_CHANGED, now=now, lock=data)
