"""Decide what becomes of the deadlines inside a course of a session."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, DeadlinePolicy
from cohort_sessions.errors import InvalidInput, NotFound
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations._ground import locked_session, save, want_anew
from cohort_sessions.queries.authority import authorise


def set_deadlines(edition: CourseEdition, policy: DeadlinePolicy, *, actor: Actor, now: datetime) -> CourseEdition:
    """
    Have the edition shift the deadlines of its base course, keep them, or carry none; returns it as it is then.

    The platform follows in a task after the commit; `queries.deadlines.edition_deadlines` shows beforehand what that
    means. A policy that holds already changes nothing.

    Raises:
        InvalidInput: not a policy.
        NotFound, NotAllowed, Locked: see `authorise`; coaches may, unless the schedule is locked.
    """
    if policy not in set(DeadlinePolicy):
        raise InvalidInput({"deadlines": _("Say whether the deadlines are shifted, kept or left out.")})
    with transaction.atomic():
        session = locked_session(edition.session)
        fresh = session.editions.select_related("session").filter(pk=edition.pk).first()
        if fresh is None:
            raise NotFound(_("The session does not have this course any more."))
        authorise(actor, permissions.RESCHEDULE_EDITION, fresh)
        if fresh.deadlines != policy:
            fresh.deadlines = DeadlinePolicy(policy).value
            save(fresh, actor=actor, now=now, reason=_("Deadlines decided anew."))
            want_anew([fresh], now=now)
    return fresh
