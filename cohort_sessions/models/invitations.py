"""Who was invited into a session by an e-mail address that no account has yet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohort_sessions.models import fields
from cohort_sessions.models.sessions import CohortSession


class Invitation(models.Model):
    """
    An address that the team enrolled before it belonged to anybody: for as long as it is open, with its letter.

    It ends as a membership, as a place in the line or as nothing, and the row with it, so that no address is kept
    longer than it is needed; the history keeps how it ended, and never the address. It holds no seat.

    .. pii: The e-mail address of somebody who has no account yet. Deleted with the row: when the invitation is
        answered, withdrawn or runs out, and when an account of that address is retired.
    .. pii_types: email_address
    .. pii_retirement: local_api
    """

    session = models.ForeignKey(CohortSession, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(db_index=True, help_text=_("In lower case."))
    invited_by = fields.actor_field()
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text=_("From when it is worth nothing, UTC."))
    sent_at = fields.moment_field(_("When the letter was handed to the mailer, UTC; empty: not yet."))
    failures = models.PositiveSmallIntegerField(default=0)
    send_again_at = fields.moment_field(_("When a failed attempt is repeated, UTC."))

    history = fields.history(without=("email", "sent_at", "failures", "send_again_at"))

    class Meta:
        ordering = ("session", "pk")
        constraints = [
            models.UniqueConstraint(fields=("session", "email"), name="cohort_sessions_invitation_uniq"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} into {self.session_id}"
