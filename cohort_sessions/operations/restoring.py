"""Take back that a session was cancelled or archived."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions, timeline
from cohort_sessions.data import Actor, SessionChange, SessionStatus
from cohort_sessions.errors import WrongState
from cohort_sessions.events import COHORT_SESSION_CHANGED, announce, session_data
from cohort_sessions.models import CohortSession
from cohort_sessions.operations._archiving import archive_at
from cohort_sessions.operations._ground import locked_session, look_again, save, want_anew
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.due import special_memberships


def restore_session(session: CohortSession, *, actor: Actor, now: datetime) -> CohortSession:
    """
    Take back that a session was cancelled or archived: it becomes what it was before. Members find everything as they
    left it; who waited for a place when it was cancelled does not come back into the line.

    Raises:
        WrongState: it is neither cancelled nor archived, or would be archived again by itself.
        NotFound, NotAllowed: see `authorise`.
    """
    with transaction.atomic():
        fresh = locked_session(session)
        authorise(actor, permissions.MANAGE_SESSION, fresh)
        if fresh.status not in (SessionStatus.CANCELLED, SessionStatus.ARCHIVED):
            raise WrongState(_("Only a session that is cancelled or archived can be restored."))
        before = _status_before(fresh)
        if before == SessionStatus.PUBLISHED and _is_archived_by_itself(fresh, now):
            raise WrongState(
                _(
                    "Its end lies so far back that it would be archived again at once. "
                    "Give it a later closing, or more days until it is archived, and restore it then."
                )
            )
        fresh.status = before.value
        fresh.modified_at = now
        if before != SessionStatus.CANCELLED:
            fresh.cancel_reason = ""
        save(fresh, actor=actor, now=now, reason=_("Restored."))
        announce(COHORT_SESSION_CHANGED, now=now, session=session_data(fresh, SessionChange.RESTORED))
        want_anew(fresh.editions.all(), now=now)
        look_again(fresh, now=now)
    return fresh


def _status_before(session: CohortSession) -> SessionStatus:
    """What it was before it became what it is; a session of which no history tells was published."""
    put_away = {SessionStatus.ARCHIVED.value, session.status}
    others = CohortSession.history.filter(id=session.pk).exclude(status__in=put_away)
    before = others.order_by("-history_date", "-history_id").values_list("status", flat=True).first()
    return SessionStatus(before) if before else SessionStatus.PUBLISHED


def _is_archived_by_itself(session: CohortSession, now: datetime) -> bool:
    """Whether the next tick would archive it, once it is published."""
    moment = archive_at(session, timeline.envelope(session.schedule, special_memberships(session)))
    return moment is not None and moment <= now
