"""Which editions a catalogue must not show to a person."""

from __future__ import annotations

from django.db.models import Q
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import Actor
from cohort_sessions.models import CourseEdition


def unrelated_edition_keys(actor: Actor) -> list[CourseKey]:
    """
    The keys of all editions whose sessions `actor` has no relation to, and of those hidden from them.

    One query; none for whoever administers everything.
    """
    if actor.is_platform_admin or actor.administers_all or actor.is_system:
        return []
    team = (
        Q(session__organisation__in=actor.organisations)
        | Q(session__in=actor.administered_session_ids | actor.coached_session_ids)
        | Q(pk__in=actor.coached_edition_ids)
    )
    member = Q(session__in=actor.member_session_ids, withdrawn_at=None)
    return list(CourseEdition.objects.exclude(team | member).values_list("edition_key", flat=True))
