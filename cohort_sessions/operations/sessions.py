"""Create, edit, publish, cancel and archive sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import SYSTEM, Actor, Lock, SessionChange, SessionStatus
from cohort_sessions.errors import ChangedMeanwhile, InvalidInput, NotAllowed, WrongState
from cohort_sessions.events import COHORT_SESSION_CHANGED, announce, session_data
from cohort_sessions.models import CohortSession, ParallelGroup
from cohort_sessions.operations._ground import locked_session, look_again, save, want_anew
from cohort_sessions.operations._locks import add_lock
from cohort_sessions.operations._seats import end_line, settled_seats
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.session_checks import change_faults, refuse, session_faults
from cohort_sessions.queries.session_drafts import assign, new_draft


def create_session(*, actor: Actor, now: datetime, **values: Any) -> CohortSession:
    """
    Create a draft session, with the locks of ``COHORT_SESSIONS_DEFAULT_LOCKS``.

    Args:
        values: any of `EDITABLE_FIELDS`; `title` is required; without a `code` one is made from the title; without
            `results_final_after_days` the setting decides. Moments are aware UTC.

    Raises:
        NotAllowed: the actor administers neither everything nor the session's organisation.
        InvalidInput: naming each field that cannot stand, and how to mend it. Nothing is stored.
    """
    session = new_draft(values, now=now)
    if not permissions.allows(actor, permissions.CREATE_SESSION, session):
        raise NotAllowed(_("You may create sessions only where you are session administrator."))
    refuse(session_faults(session))
    with transaction.atomic():
        save(session, actor=actor, now=now, reason=_("Created."))
        announce(COHORT_SESSION_CHANGED, now=now, session=session_data(session, SessionChange.CREATED))
        for name in settings.COHORT_SESSIONS_DEFAULT_LOCKS:
            add_lock(
                session, Lock(name), reason=_("Locked in every new session of this platform."), actor=SYSTEM, now=now
            )
    return session


def edit_session(
    session: CohortSession, *, seen_at: datetime | None = None, actor: Actor, now: datetime, **values: Any
) -> CohortSession:
    """
    Change some of `EDITABLE_FIELDS`; what is not given stays. The editions follow: titles, windows, what happens
    after the close.

    Args:
        seen_at: `modified_at` of the session as whoever made these changes saw it; without it nobody is asked.

    Raises:
        ChangedMeanwhile: the session was changed after `seen_at`. Nothing is stored.
        NotFound, NotAllowed: see `authorise`; moving a session to an organisation needs the right to create there.
        InvalidInput: naming each field that cannot stand. Nothing is stored.
    """
    with transaction.atomic():
        _lock_group(values.get("parallel_group"))
        fresh = locked_session(session)
        authorise(actor, permissions.MANAGE_SESSION, fresh)
        if seen_at is not None and fresh.modified_at != seen_at:
            raise ChangedMeanwhile(_("Somebody else has changed this session meanwhile. Nothing was saved."))
        changed = assign(fresh, values)
        if not changed:
            return fresh
        if "organisation" in changed and not permissions.allows(actor, permissions.CREATE_SESSION, fresh):
            raise NotAllowed(_("You may move a session only to an organisation that you administer."))
        refuse(change_faults(fresh, changed))
        fresh.modified_at = now
        save(fresh, actor=actor, now=now, reason=_("Changed: %(fields)s.") % {"fields": ", ".join(changed)})
        settled_seats(fresh, actor=actor, now=now)
        _announce(fresh, SessionChange.EDITED, now=now)
    return fresh


def publish_session(session: CohortSession, *, actor: Actor, now: datetime) -> CohortSession:
    """
    Show a draft to its members.

    Raises:
        InvalidInput: it has no course yet.
        WrongState: it was cancelled or archived.
    """
    return _move(session, SessionStatus.PUBLISHED, actor=actor, now=now, reason=_("Published."))


def cancel_session(session: CohortSession, *, reason: str, actor: Actor, now: datetime) -> CohortSession:
    """
    Call a session off: still shown to its members, marked with `reason`, and closed. Nobody's work is lost. Who waits
    for a place is told that there will be none.

    Raises:
        InvalidInput: no reason is given.
        WrongState: it was archived.
    """
    if not reason.strip():
        raise InvalidInput({"reason": _("Say why the session is cancelled; members will read it.")})
    return _move(session, SessionStatus.CANCELLED, actor=actor, now=now, reason=reason.strip())


def archive_session(session: CohortSession, *, actor: Actor, now: datetime) -> CohortSession:
    """Put a session away: past and read only for everybody, whatever its dates say."""
    return _move(session, SessionStatus.ARCHIVED, actor=actor, now=now, reason=_("Archived."))


_REACHABLE_FROM: Mapping[SessionStatus, frozenset[SessionStatus]] = {
    SessionStatus.PUBLISHED: frozenset({SessionStatus.DRAFT}),
    SessionStatus.CANCELLED: frozenset({SessionStatus.DRAFT, SessionStatus.PUBLISHED}),
    SessionStatus.ARCHIVED: frozenset({SessionStatus.DRAFT, SessionStatus.PUBLISHED, SessionStatus.CANCELLED}),
}

_CHANGES: Mapping[SessionStatus, SessionChange] = {
    SessionStatus.PUBLISHED: SessionChange.PUBLISHED,
    SessionStatus.CANCELLED: SessionChange.CANCELLED,
    SessionStatus.ARCHIVED: SessionChange.ARCHIVED,
}


def _move(session: CohortSession, status: SessionStatus, *, actor: Actor, now: datetime, reason: str) -> CohortSession:
    with transaction.atomic():
        fresh = locked_session(session)
        authorise(actor, permissions.MANAGE_SESSION, fresh)
        if fresh.status == status:
            return fresh
        if fresh.status not in _REACHABLE_FROM[status]:
            raise WrongState(
                _("A session that is %(now)s cannot become %(wanted)s.") % {"now": fresh.status, "wanted": status}
            )
        if status == SessionStatus.PUBLISHED and not fresh.editions.filter(withdrawn_at=None).exists():
            raise InvalidInput({"courses": _("Add at least one course before publishing.")})
        fresh.status = status.value
        fresh.modified_at = now
        if status == SessionStatus.CANCELLED:
            fresh.cancel_reason = reason
        save(fresh, actor=actor, now=now, reason=reason)
        if fresh.join_terms.is_over(now):
            end_line(fresh, actor=actor, now=now, reason=reason)
        _announce(fresh, _CHANGES[status], now=now)
    return fresh


def _announce(session: CohortSession, change: SessionChange, *, now: datetime) -> None:
    announce(COHORT_SESSION_CHANGED, now=now, session=session_data(session, change))
    want_anew(session.editions.all(), now=now)
    look_again(session, now=now)


def _lock_group(group: ParallelGroup | None) -> None:
    """Whoever joins a session of the group waits until it is known which sessions it has; see `locked_sessions`."""
    if group is not None:
        ParallelGroup.objects.select_for_update().get(pk=group.pk)
