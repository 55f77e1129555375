"""When the lifecycle looks at a session next."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohort_sessions.models import fields
from cohort_sessions.models.sessions import CohortSession


class SessionAgenda(models.Model):
    """
    The next moment at which time alone changes something that must be told or done; a session without a row is due.

    Whoever changes a session, its members or its line makes it due at once, and the tick finds the next moment from
    what then stands: so nobody has to know what else hangs on a change.

    .. no_pii:
    """

    session = models.OneToOneField(CohortSession, on_delete=models.CASCADE, related_name="agenda")
    due_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text=_("Empty: nothing lies ahead."))
    finals_due_at = models.DateTimeField(
        null=True, blank=True, db_index=True, help_text=_("When results next become final, UTC; empty: none will.")
    )
    seen_at = fields.moment_field(_("Up to when everything due was told, UTC."))
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("Attempts in a row that failed."))
    error = models.TextField(blank=True, help_text=_("Why the last attempt failed."))

    def __str__(self) -> str:
        return f"session {self.session_id} at {self.due_at}"
