"""What the tick has to do: where time has come, and what has not arrived. Each query finds only what is due."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet

from cohort_sessions.data import MemberStatus
from cohort_sessions.models import CohortSession, CourseEdition, Notice
from cohort_sessions.timeline import Membership, Window


def due_sessions(*, now: datetime) -> QuerySet[CohortSession]:
    """Sessions whose agenda is due, and those that nobody has looked at yet."""
    return CohortSession.objects.filter(Q(agenda__due_at__lte=now) | Q(agenda__isnull=True)).order_by("pk")


def due_editions(*, now: datetime) -> QuerySet[CourseEdition]:
    """
    Editions that the platform has not confirmed, or not without an error, and that nobody has asked for of late.

    Among them is whatever lost its task: in a crash after the commit, or with the queue.
    """
    is_open = Q(wanted_revision__gt=F("applied_revision")) | ~Q(apply_error="")
    return CourseEdition.objects.filter(is_open, _has_come("apply_again_at", now)).order_by("pk")


def due_notices(*, now: datetime) -> QuerySet[Notice]:
    """Notices that have not been sent, and that nobody has asked for of late."""
    return Notice.objects.filter(_has_come("send_again_at", now), sent_at=None).order_by("pk")


def special_memberships(session: CohortSession) -> list[Membership]:
    """What the active members have of their own in matters of time; one for all who have the same. One query."""
    members = session.members.filter(status=MemberStatus.ACTIVE.value).order_by()
    values = members.values_list("opens_at", "closes_at", "extra_days", "first_entered_at").distinct()
    return [Membership(Window(opens, closes), extra, entered) for opens, closes, extra, entered in values]


def _has_come(field: str, now: datetime) -> Q:
    return Q(**{field: None}) | Q(**{f"{field}__lte": now})
