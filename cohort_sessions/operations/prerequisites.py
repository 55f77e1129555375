"""What must be behind somebody who joins a session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, PrerequisiteCondition, SessionChange
from cohort_sessions.events import COHORT_SESSION_CHANGED, announce, session_data
from cohort_sessions.models import CohortSession, SessionPrerequisite
from cohort_sessions.operations._ground import delete, locked_session, save
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.prerequisites import circle_faults
from cohort_sessions.queries.session_checks import refuse


def set_prerequisites(
    session: CohortSession, wanted: Mapping[CohortSession, PrerequisiteCondition], *, actor: Actor, now: datetime
) -> bool:
    """
    Make `wanted` the prerequisites of the session. Who has a place already keeps it. Returns whether anything changed.

    Raises:
        NotFound, NotAllowed: see `authorise`; also for a newly required session that the actor may not know of.
        InvalidInput: the sessions would require one another in a circle, so that nobody could ever join.
    """
    with transaction.atomic():
        # The session first, as everybody does who may have it locked already.
        fresh = locked_session(session)
        # All that anything requires is looked at, so writers of prerequisites take turns, whichever session they write.
        list(SessionPrerequisite.objects.select_for_update().order_by("pk"))
        authorise(actor, permissions.MANAGE_SESSION, fresh)
        standing = {row.required_id: row for row in fresh.prerequisites.all()}
        for required in wanted:
            if required.pk not in standing:
                authorise(actor, permissions.VIEW_SESSION, required)
        asked = {required.pk: condition for required, condition in wanted.items()}
        refuse(circle_faults(fresh, set(asked)))
        changed = False
        for required_id, row in standing.items():
            if required_id not in asked:
                delete(row, actor=actor, now=now, reason=_("Not required any more."))
                changed = True
        for required_id, condition in asked.items():
            row = standing.get(required_id) or SessionPrerequisite(session=fresh, required_id=required_id, condition="")
            if row.condition != condition:
                row.condition = condition.value
                save(row, actor=actor, now=now, reason=_("Required."))
                changed = True
        if changed:
            CohortSession.objects.filter(pk=fresh.pk).update(modified_at=now)
            announce(COHORT_SESSION_CHANGED, now=now, session=session_data(fresh, SessionChange.EDITED))
    return changed
