"""Who wants a place in a session and has none yet, and what people are told of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cohort_sessions.data import NoticeKind, RequestStatus
from cohort_sessions.models import fields
from cohort_sessions.models.announcements import Announcement
from cohort_sessions.models.messages import SessionMessage
from cohort_sessions.models.sessions import CohortSession


class JoinRequest(models.Model):
    """
    Somebody's wish for a place, for as long as it is open: asked of the team, waiting in line, or offered a seat.

    It ends as a membership or as nothing, and the row with it; the history keeps how. The line is ordered by
    `queue_number`, which is given out under the lock of the session and never twice.

    .. no_pii: Links an account to a session; the account itself is retired by the platform.
    """

    session = models.ForeignKey(CohortSession, on_delete=models.CASCADE, related_name="requests")
    user = fields.account_field("cohort_session_requests")
    status = fields.choice_field(RequestStatus)
    queue_number = models.PositiveIntegerField(default=0, help_text=_("Place in the line; 0: not in the line."))
    requested_at = models.DateTimeField()
    offer_expires_at = fields.moment_field(_("Until when an offered seat is kept, UTC."))

    history = fields.history()

    class Meta:
        ordering = ("session", "queue_number", "pk")
        constraints = [
            models.UniqueConstraint(fields=("session", "user"), name="cohort_sessions_request_uniq"),
            fields.is_one_of("status", RequestStatus, "cohort_sessions_request_status"),
            fields.constraint(
                Q(status=RequestStatus.REQUESTED.value, queue_number=0)
                | (~Q(status=RequestStatus.REQUESTED.value) & Q(queue_number__gt=0)),
                "cohort_sessions_request_in_line",
            ),
            fields.constraint(
                Q(status=RequestStatus.OFFERED.value, offer_expires_at__isnull=False)
                | (~Q(status=RequestStatus.OFFERED.value) & Q(offer_expires_at__isnull=True)),
                "cohort_sessions_request_offer_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} wants into {self.session_id}"


class Notice(models.Model):
    """
    Something a person is to be told by mail: written in the transaction that brought it about, sent after it, and sent
    again by the tick where that failed. Delivered at least once.

    .. no_pii: Links an account to a session; addresses are read when sending.
    """

    session = models.ForeignKey(CohortSession, on_delete=models.CASCADE, related_name="notices")
    user = fields.account_field("+")
    kind = fields.choice_field(NoticeKind)
    message = models.ForeignKey(
        SessionMessage,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        help_text=_("What the team wrote, for a notice that is nothing else."),
    )
    announcement = models.ForeignKey(
        Announcement,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        help_text=_("What the team announced, for a notice that is nothing else."),
    )
    words = models.TextField(blank=True, help_text=_("What the team wrote to go with it."))
    created_at = models.DateTimeField()
    sent_at = fields.moment_field(_("When it was handed to the mailer, UTC; empty: not yet."))
    failures = models.PositiveSmallIntegerField(default=0)
    send_again_at = fields.moment_field(_("When a failed attempt is repeated, UTC."))

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("sent_at", "send_again_at"), name="cohort_sessions_notice_unsent")]
        constraints = [
            fields.is_one_of("kind", NoticeKind, "cohort_sessions_notice_kind"),
            fields.constraint(
                ~Q(kind=NoticeKind.MESSAGE.value) | Q(message__isnull=False), "cohort_sessions_notice_has_message"
            ),
            fields.constraint(
                ~Q(kind=NoticeKind.ANNOUNCEMENT.value) | Q(announcement__isnull=False),
                "cohort_sessions_notice_has_announcement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.session_id} for {self.user_id}"
