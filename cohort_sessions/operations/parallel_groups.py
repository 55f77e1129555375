"""Groups of sessions that are offered side by side."""

from __future__ import annotations

from django.db import transaction

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.models import CohortSession, ParallelGroup
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.parallel_groups import foreign_faults, name_faults
from cohort_sessions.queries.session_checks import refuse


def open_parallel_group(name: str, *, session: CohortSession, actor: Actor) -> ParallelGroup:
    """
    The group of this name, made where there is none, for somebody who is about to put `session` into it
    (`edit_session` does). A group is nothing but its sessions, so making one is no event.

    Raises:
        NotFound, NotAllowed: the actor does not manage the session.
        InvalidInput: see `name_faults` and `foreign_faults`.
    """
    name = name.strip()
    with transaction.atomic():
        authorise(actor, permissions.MANAGE_SESSION, session)
        refuse(name_faults(name))
        group = ParallelGroup.objects.get_or_create(name=name)[0]
        refuse(foreign_faults(group, actor=actor))
        return group
