"""A course of a session, held while somebody changes what it has of its own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cohort_sessions.data import Actor
from cohort_sessions.errors import NotFound
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations._ground import locked_session
from cohort_sessions.queries.authority import authorise


def locked_edition(edition: CourseEdition, permission: str, *, actor: Actor) -> CourseEdition:
    """
    The edition as it is now, its session locked until the transaction ends.

    Raises:
        NotFound, NotAllowed, Locked: see `authorise`; or the session does not have the course any more.
    """
    session = locked_session(edition.session)
    fresh = session.editions.filter(pk=edition.pk, withdrawn_at=None).first()
    if fresh is None:
        raise NotFound(_("The session does not have this course any more."))
    fresh.session = session
    authorise(actor, permission, fresh)
    return fresh
