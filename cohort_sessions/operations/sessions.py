"""Create, edit, publish, cancel and archive sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, SessionStatus
from cohort_sessions.errors import InvalidInput, NotAllowed, WrongState
from cohort_sessions.events import COHORT_SESSION_CHANGED, announce, session_data
from cohort_sessions.models import CohortSession
from cohort_sessions.operations._ground import authorise, locked_session, save, want_anew

EDITABLE_FIELDS = frozenset(
    {
        "code",
        "title",
        "description",
        "category",
        "organisation",
        "opens_at",
        "closes_at",
        "duration_days",
        "team_opens_at",
        "team_closes_at",
        "after_close",
    }
)


def create_session(*, actor: Actor, now: datetime, **values: Any) -> CohortSession:
    """
    Create a draft session.

    Args:
        values: any of `EDITABLE_FIELDS`; `title` is required; without a `code` one is made from the title. Moments
            are aware UTC.

    Raises:
        NotAllowed: the actor administers neither everything nor the session's organisation.
        InvalidInput: naming each field that cannot stand, and how to mend it. Nothing is stored.
    """
    session = CohortSession(created_at=now, modified_at=now)
    _assign(session, values)
    if not permissions.allows(actor, permissions.CREATE_SESSION, session):
        raise NotAllowed(_("You may create sessions only where you are session administrator."))
    session.code = session.code or _free_code(session)
    _check(session)
    with transaction.atomic():
        save(session, actor=actor, now=now, reason=_("Created."))
        announce(COHORT_SESSION_CHANGED, now=now, session=session_data(session))
    return session


def edit_session(session: CohortSession, *, actor: Actor, now: datetime, **values: Any) -> CohortSession:
    """
    Change some of `EDITABLE_FIELDS`; what is not given stays. The editions follow: titles, windows, what happens
    after the close.

    Raises:
        NotFound, NotAllowed: see `authorise`; moving a session to an organisation needs the right to create there.
        InvalidInput: naming each field that cannot stand. Nothing is stored.
    """
    with transaction.atomic():
        fresh = locked_session(session)
        authorise(actor, permissions.MANAGE_SESSION, fresh)
        before = {name: getattr(fresh, name) for name in EDITABLE_FIELDS}
        _assign(fresh, values)
        changed = sorted(name for name, value in before.items() if getattr(fresh, name) != value)
        if not changed:
            return fresh
        if "organisation" in changed and not permissions.allows(actor, permissions.CREATE_SESSION, fresh):
            raise NotAllowed(_("You may move a session only to an organisation that you administer."))
        _check(fresh)
        fresh.modified_at = now
        save(fresh, actor=actor, now=now, reason=_("Changed: %(fields)s.") % {"fields": ", ".join(changed)})
        _announce(fresh, now=now)
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
    Call a session off: still shown to its members, marked with `reason`, and closed. Nobody's work is lost.

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
        _announce(fresh, now=now)
    return fresh


def _announce(session: CohortSession, *, now: datetime) -> None:
    announce(COHORT_SESSION_CHANGED, now=now, session=session_data(session))
    want_anew(session.editions.all(), now=now)


def _assign(session: CohortSession, values: Mapping[str, Any]) -> None:
    unknown = sorted(set(values) - EDITABLE_FIELDS)
    if unknown:
        raise InvalidInput({name: _("A session has no such field.") for name in unknown})
    for name, value in values.items():
        setattr(session, name, value.strip() if isinstance(value, str) else value)


def _free_code(session: CohortSession) -> str:
    wanted = slugify(session.title)[:80] or "session"
    taken = CohortSession.objects.filter(code=wanted).exists()
    return f"{wanted}-{session.uuid.hex[:8]}" if taken else wanted


def _check(session: CohortSession) -> None:
    errors = _window_errors(session)
    try:
        session.full_clean(validate_constraints=False)
    except ValidationError as error:
        errors = {name: " ".join(sentences) for name, sentences in error.message_dict.items()} | errors
    if errors:
        raise InvalidInput(errors)


def _window_errors(session: CohortSession) -> dict[str, str]:
    errors = {}
    dates = ("opens_at", "closes_at", "team_opens_at", "team_closes_at")
    naive = [name for name in dates if (value := getattr(session, name)) is not None and value.tzinfo is None]
    if naive:
        return {name: _("Say in which time zone this moment is.") for name in naive}
    if None not in (session.opens_at, session.closes_at) and session.closes_at <= session.opens_at:
        errors["closes_at"] = _("The closing must lie after the opening.")
    if None not in (session.team_opens_at, session.team_closes_at) and session.team_closes_at <= session.team_opens_at:
        errors["team_closes_at"] = _("The team's closing must lie after the team's opening.")
    if session.duration_days is not None:
        if session.duration_days < 1:
            errors["duration_days"] = _("A duration is at least one day.")
        elif session.opens_at or session.closes_at:
            errors["duration_days"] = _("Give either dates or a duration, not both.")
    return errors
