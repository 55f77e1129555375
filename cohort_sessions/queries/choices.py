"""What somebody may choose among on forms: sessions, and the names of what sessions belong to."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from cohort_sessions import permissions
from cohort_sessions.data import Actor, SessionStatus
from cohort_sessions.models import CohortSession, SessionCategory


def destinations(origin: CohortSession, *, actor: Actor, now: datetime) -> QuerySet[CohortSession]:
    """Where members of `origin` can be moved: sessions that the actor may enrol in and that are not over."""
    lasting = Q(closes_at=None) | Q(closes_at__gt=now)
    return (
        permissions.rows(actor, permissions.ENROL_MEMBER, CohortSession.objects.exclude(pk=origin.pk))
        .filter(lasting, status__in=(SessionStatus.DRAFT.value, SessionStatus.PUBLISHED.value))
        .order_by("-opens_at", "title", "pk")
    )


def requirable(session: CohortSession, *, actor: Actor) -> QuerySet[CohortSession]:
    """What may be required before `session`: other sessions that the actor may see. The newest come first."""
    others = CohortSession.objects.exclude(pk=session.pk)
    return permissions.rows(actor, permissions.VIEW_SESSION, others).order_by("-opens_at", "title", "pk")


def may_create_somewhere(actor: Actor) -> bool:
    """
    Whether there is any place where the actor may create a session. No query.

    Not `permissions.allows_somewhere`: who administers single sessions holds the permission over those, and they exist
    already.
    """
    places = ("", *actor.organisations)
    return any(
        permissions.allows(actor, permissions.CREATE_SESSION, CohortSession(organisation=place)) for place in places
    )


def organisations(actor: Actor) -> list[str]:
    """The organisations that the actor administers, and those of the sessions they manage, in order. One query."""
    managed = permissions.rows(actor, permissions.MANAGE_SESSION, CohortSession.objects.exclude(organisation=""))
    names = managed.order_by("organisation").values_list("organisation", flat=True).distinct()
    return sorted({*names, *actor.organisations})


def categories() -> list[str]:
    """The names of all categories, in their order. One query."""
    return list(SessionCategory.objects.values_list("name", flat=True))


def parallel_groups(actor: Actor) -> list[str]:
    """The names of the groups that have a session which the actor manages, in order."""
    managed = permissions.rows(actor, permissions.MANAGE_SESSION, CohortSession.objects.exclude(parallel_group=None))
    names = managed.order_by("parallel_group__name").values_list("parallel_group__name", flat=True)
    return list(names.distinct())
