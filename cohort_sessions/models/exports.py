"""Tables of results that somebody asked for and that take too long to be made while they wait."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cohort_sessions.data import ExportFormat, ExportStatus
from cohort_sessions.models import fields
from cohort_sessions.models.editions import CourseEdition
from cohort_sessions.models.sessions import CohortSession


class ResultExport(models.Model):
    """
    Results of a session, or of one of its editions, as a file that only who asked for it may fetch, until it expires.

    The row goes with its file: when it has expired, and when the account of who asked is retired.

    .. pii: Names a file with names, e-mail addresses and results of learners. Deleted together with the file when it
        expires, and when the account that asked for it is retired.
    .. pii_types: other
    .. pii_retirement: local_api
    """

    uuid = fields.uuid_field()
    session = models.ForeignKey(CohortSession, on_delete=models.CASCADE, related_name="exports")
    edition = models.ForeignKey(
        CourseEdition,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="exports",
        help_text=_("Empty: every edition whose results the person may export."),
    )
    requested_by = fields.account_field("cohort_session_exports")
    requested_at = models.DateTimeField()
    format = fields.choice_field(ExportFormat)
    wanted = models.JSONField(default=dict, help_text=_("What was asked for: filter, people, language and time zone."))
    status = fields.choice_field(ExportStatus, default=ExportStatus.WAITING.value)
    written = models.PositiveIntegerField(default=0, help_text=_("Lines that are written by now."))
    total = models.PositiveIntegerField(default=0, help_text=_("Lines there will be, as counted at the beginning."))
    file_name = models.CharField(max_length=255, blank=True, help_text=_("Where the storage has it."))
    failure = models.TextField(blank=True)
    expires_at = models.DateTimeField(help_text=_("From when it is gone, UTC."))

    class Meta:
        ordering = ("-requested_at", "-pk")
        constraints = [
            fields.is_one_of("format", ExportFormat, "cohort_sessions_export_format"),
            fields.is_one_of("status", ExportStatus, "cohort_sessions_export_status"),
            fields.constraint(
                ~Q(status=ExportStatus.DONE.value) | ~Q(file_name=""), "cohort_sessions_export_done_has_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} of {self.session_id}"
