"""May somebody do this to that? Asked by every operation, and by pages before they offer it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import Locked, NotAllowed, NotFound
from cohort_sessions.models import CohortSession, CourseEdition


def authorise(actor: Actor, permission: str, obj: Model) -> None:
    """
    Let the actor through, or say why not.

    Raises:
        NotFound: the actor may not even know of the session.
        Locked: a lock of the session is all that stands in the way.
        NotAllowed: their roles do not reach that far.
    """
    if permissions.allows(actor, permission, obj):
        return
    # First: who could do this but for a lock knows of the session, the course team of a base course included.
    lock = permissions.lock_in_the_way(actor, permission, obj)
    if lock is not None:
        if not lock.reason:
            raise Locked(_("This is locked in this session. Ask a session administrator."))
        raise Locked(
            _("This is locked in this session. Ask a session administrator. Reason given: %(reason)s")
            % {"reason": lock.reason}
        )
    if not permissions.allows(actor, permissions.VIEW_SESSION, obj):
        raise NotFound(_("There is no such session."))
    raise NotAllowed(_("Your role in this session does not allow this."))


def session_for(code: str, permission: str, *, actor: Actor) -> CohortSession:
    """
    The session named `code`, for somebody who holds `permission` over it.

    Raises:
        NotFound, Locked, NotAllowed: see `authorise`; a session that does not exist is not found either.
    """
    session = CohortSession.objects.filter(code=code).first()
    if session is None:
        raise NotFound(_("There is no such session."))
    authorise(actor, permission, session)
    return session


def edition_for(code: str, uuid: UUID, permission: str, *, actor: Actor) -> CourseEdition:
    """
    The course of this UUID in the session named `code`, for somebody who holds `permission` over it.

    Raises:
        NotFound, Locked, NotAllowed: see `authorise`; a course that the session does not have is not found either.
    """
    session = session_for(code, permissions.VIEW_SESSION, actor=actor)
    edition = session.editions.filter(uuid=uuid, withdrawn_at=None).first()
    if edition is None:
        raise NotFound(_("There is no such course in this session."))
    edition.session = session
    authorise(actor, permission, edition)
    return edition
