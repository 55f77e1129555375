"""For whom something of the team is: everybody in a session, or those who take one of its courses."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import InvalidInput, NotFound
from cohort_sessions.models import Announcement, CohortSession, CourseEdition, Material
from cohort_sessions.queries.authority import authorise

_Row = TypeVar("_Row", Announcement, Material)


def announcing_target(session: CohortSession, course: UUID | None, *, actor: Actor) -> CourseEdition | None:
    """
    The course of this UUID, ``None`` for the whole session; for somebody who may announce there.

    Raises:
        NotFound: the session has no such course (any more), or does not concern the actor.
        Locked, NotAllowed: see `authorise`.
    """
    if course is None:
        authorise(actor, permissions.ANNOUNCE, session)
        return None
    authorise(actor, permissions.VIEW_SESSION, session)
    edition = session.editions.filter(uuid=course, withdrawn_at=None).first()
    if edition is None:
        raise NotFound(_("There is no such course in this session."))
    edition.session = session
    authorise(actor, permissions.ANNOUNCE, edition)
    return edition


def authorise_announcing(session: CohortSession, edition: CourseEdition | None, *, actor: Actor) -> None:
    """
    Let through who may announce there.

    Raises:
        NotFound, Locked, NotAllowed: see `authorise`.
    """
    authorise(actor, permissions.ANNOUNCE, session if edition is None else edition)


def made_before(
    kind: type[_Row], uuid: UUID | None, session: CohortSession, edition: CourseEdition | None
) -> _Row | None:
    """
    What was made of the same form before, there; ``None`` for nothing. Callers have asked who may write there.

    Raises:
        InvalidInput: it names something else, which may be none of the actor's.
    """
    found = None if uuid is None else kind.objects.filter(uuid=uuid).first()
    there = (session.pk, None if edition is None else edition.pk)
    if found is not None and (found.session_id, found.edition_id) != there:
        raise InvalidInput({"uuid": _("Something else has this name. Please begin anew, or give another.")})
    return found


def key_of(edition: CourseEdition | None) -> str:
    """The edition key as our events tell it; empty for the whole session."""
    return "" if edition is None else str(edition.edition_key)
