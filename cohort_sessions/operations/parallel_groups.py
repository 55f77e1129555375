"""Groups of sessions that are offered side by side."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import InvalidInput
from cohort_sessions.models import CohortSession, ParallelGroup
from cohort_sessions.queries.authority import authorise


def open_parallel_group(name: str, *, session: CohortSession, actor: Actor) -> ParallelGroup:
    """
    The group of this name, made where there is none, for somebody who is about to put `session` into it
    (`edit_session` does). A group is nothing but its sessions, so making one is no event.

    Raises:
        NotFound, NotAllowed: the actor does not manage the session.
        InvalidInput: the name is empty or too long, or is that of a group in which the actor manages no session: its
            members would be kept out of this session, and told of it.
    """
    name = name.strip()
    longest = ParallelGroup._meta.get_field("name").max_length
    if not 0 < len(name) <= longest:
        raise InvalidInput({"parallel_group": _("Give a name of at most %(n)d letters.") % {"n": longest}})
    with transaction.atomic():
        authorise(actor, permissions.MANAGE_SESSION, session)
        group = ParallelGroup.objects.get_or_create(name=name)[0]
        managed = permissions.rows(actor, permissions.MANAGE_SESSION, group.sessions.all())
        if group.sessions.exists() and not managed.exists():
            sentence = _("This name is taken by sessions that you do not manage. Choose another.")
            raise InvalidInput({"parallel_group": sentence})
        return group
