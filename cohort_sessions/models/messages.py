"""What the team writes to members of a session."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohort_sessions.models import fields
from cohort_sessions.models.editions import CourseEdition
from cohort_sessions.models.sessions import CohortSession


class SessionMessage(models.Model):
    """
    A mail that somebody on the team wrote to members, once for all of them; each is sent it as a `Notice`.

    Its `uuid` is that of the form it was written in: a form that is sent twice makes one message.

    .. no_pii: Names the account that wrote it; to whom it went, notices say.
    """

    uuid = fields.uuid_field()
    session = models.ForeignKey(CohortSession, on_delete=models.CASCADE, related_name="messages")
    edition = models.ForeignKey(
        CourseEdition,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The course it is about; empty: the session."),
    )
    subject = models.CharField(max_length=200)
    text = models.TextField()
    recipients = models.PositiveIntegerField(help_text=_("To how many it went."))
    sent_by = fields.actor_field()
    sent_at = models.DateTimeField()

    # That something was written, and about what; the words themselves stand in the row alone.
    history = fields.history(without=("text",))

    class Meta:
        ordering = ("-sent_at", "-pk")

    def __str__(self) -> str:
        return self.subject
