"""What every operation stands on: the lock on the session, the audit, the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import F, Model
from django.utils.translation import gettext as _

from cohort_sessions.data import Actor
from cohort_sessions.errors import WrongState
from cohort_sessions.events import COURSE_EDITION_CHANGED, announce, edition_data
from cohort_sessions.models import CohortSession, CourseEdition, ParallelGroup, SessionAgenda


def locked_session(session: CohortSession) -> CohortSession:
    """The session as it is now, its row locked until the transaction ends: writers of one session take turns."""
    return CohortSession.objects.select_for_update().get(pk=session.pk)


def locked_sessions(*sessions: CohortSession) -> list[CohortSession]:
    """
    These sessions as they are now, in the order asked for, locked together with the parallel groups they belong to.

    A place in one session of a group closes the others to the same person, so writers of a group take turns as well.
    Groups come before sessions and both in the order of their keys, whatever was asked for: nobody waits in a circle.

    Raises:
        WrongState: a session was put into another group meanwhile.
    """
    groups = {session.parallel_group_id for session in sessions} - {None}
    list(ParallelGroup.objects.select_for_update().filter(pk__in=groups).order_by("pk"))
    ids = {session.pk for session in sessions}
    fresh = {row.pk: row for row in CohortSession.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    if not {row.parallel_group_id for row in fresh.values()} <= {None, *groups}:
        raise WrongState(_("The session was changed by somebody else at this moment. Please try again."))
    return [fresh[session.pk] for session in sessions]


def look_again(session: CohortSession, *, now: datetime) -> None:
    """The session, its people or its line changed: the next tick finds out what that means for later."""
    SessionAgenda.objects.filter(session=session).update(due_at=now)


def save(instance: Model, *, actor: Actor, now: datetime, reason: str) -> None:
    """Save with who, when and why in the history."""
    _sign(instance, actor=actor, now=now, reason=reason)
    instance.save()


def delete(instance: Model, *, actor: Actor, now: datetime, reason: str) -> None:
    """Delete with who, when and why in the history."""
    _sign(instance, actor=actor, now=now, reason=reason)
    instance.delete()


def _sign(instance: Model, *, actor: Actor, now: datetime, reason: str) -> None:
    """Where django-simple-history looks for what a history line says; the underscores are its documented interface."""
    vars(instance).update(_history_user=account(actor), _history_date=now, _change_reason=reason)


def account(actor: Actor):
    """The actor's account for foreign keys, without asking the database; ``None`` for tasks."""
    return None if actor.user_id is None else get_user_model()(pk=actor.user_id)


def want_anew(editions: Sequence[CourseEdition], *, now: datetime) -> None:
    """
    The wanted state of these editions has changed: number it, and let the platform follow after the commit.

    The revision is not a change people made, so it leaves no history.
    """
    ids = [edition.pk for edition in editions]
    CourseEdition.objects.filter(pk__in=ids).update(wanted_revision=F("wanted_revision") + 1)
    for edition in CourseEdition.objects.filter(pk__in=ids).select_related("session"):
        announce(COURSE_EDITION_CHANGED, now=now, edition=edition_data(edition))
