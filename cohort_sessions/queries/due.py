"""What the tick has to do: where time has come, and what has not arrived. Each query finds only what is due."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cohort_sessions.data import ExportStatus, MemberStatus, SessionStatus
from cohort_sessions.models import Announcement, CohortSession, CourseEdition, Invitation, Notice, ResultExport
from cohort_sessions.queries.announcements import is_published, is_still_meant
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


def due_finals(*, now: datetime) -> QuerySet[CohortSession]:
    """Sessions in which results are to become final."""
    return CohortSession.objects.filter(agenda__finals_due_at__lte=now).order_by("pk")


def due_notices(*, now: datetime) -> QuerySet[Notice]:
    """Notices that have not been sent, and that nobody has asked for of late."""
    return Notice.objects.filter(_has_come("send_again_at", now), sent_at=None).order_by("pk")


def unsent_notices(message_id: int) -> QuerySet[Notice]:
    """Notices of one message that have not been sent."""
    return Notice.objects.filter(message=message_id, sent_at=None).order_by("pk")


def due_announcements(*, now: datetime) -> QuerySet[Announcement]:
    """Announcements that are published by now, and that members are still to be told of by mail."""
    is_shown = ~Q(session__status=SessionStatus.DRAFT.value)
    return Announcement.objects.filter(
        is_published(now), is_still_meant(), is_shown, mails=True, mailed_at=None
    ).order_by("pk")


def unsent_announcement_notices(announcement_id: int) -> QuerySet[Notice]:
    """Notices of one announcement that have not been sent."""
    return Notice.objects.filter(announcement=announcement_id, sent_at=None).order_by("pk")


def due_invitations(*, now: datetime) -> QuerySet[Invitation]:
    """
    Invitations that have come to an end, because they ran out, their session is over, or their address has an active
    account; and those whose letter has not left, and that nobody has asked for of late.
    """
    is_over = (
        Q(expires_at__lte=now)
        | Q(session__status__in=[SessionStatus.CANCELLED.value, SessionStatus.ARCHIVED.value])
        | Q(session__finished_at__isnull=False)
    )
    is_published = Q(session__status=SessionStatus.PUBLISHED.value)
    has_account = Exists(get_user_model().objects.filter(is_active=True, email=OuterRef("email")))
    is_unsent = Q(sent_at=None) & _has_come("send_again_at", now)
    return Invitation.objects.filter(is_over | (is_published & (has_account | is_unsent))).order_by("pk")


def open_invitations(address: str, *, now: datetime) -> QuerySet[Invitation]:
    """The invitations of an e-mail address, in any case, that have not run out."""
    return Invitation.objects.filter(email=address.strip().lower(), expires_at__gt=now).order_by("pk")


def due_exports(*, now: datetime) -> QuerySet[ResultExport]:
    """Files of results that have expired, and those that are not made yet: among them are any whose task was lost."""
    is_unfinished = Q(status__in=[ExportStatus.WAITING.value, ExportStatus.RUNNING.value])
    return ResultExport.objects.filter(is_unfinished | Q(expires_at__lte=now)).order_by("pk")


def special_memberships(session: CohortSession) -> list[Membership]:
    """What the active members have of their own in matters of time; one for all who have the same. One query."""
    members = session.members.filter(status=MemberStatus.ACTIVE.value).order_by()
    values = members.values_list("opens_at", "closes_at", "extra_days", "first_entered_at").distinct()
    return [Membership(Window(opens, closes), extra, entered) for opens, closes, extra, entered in values]


def _has_come(field: str, now: datetime) -> Q:
    return Q(**{field: None}) | Q(**{f"{field}__lte": now})
