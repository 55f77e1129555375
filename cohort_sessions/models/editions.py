"""One course run as delivered in one session, and how far the platform has followed what we want of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohort_sessions.data import DeadlinePolicy, EditionState
from cohort_sessions.models import fields
from cohort_sessions.models.sessions import CohortSession


class CourseEdition(models.Model):
    """
    A course in a session. All learner data of this session in this course hangs on `edition_key`; the content is
    `base_key`'s.

    `wanted_revision` grows with every change of what the platform should show; `applied_revision` is the last one
    it confirmed. The difference is the outbox, the repair list and the "being prepared" badge.

    .. no_pii:
    """

    uuid = fields.uuid_field()
    session = models.ForeignKey(CohortSession, on_delete=models.PROTECT, related_name="editions")
    base_key = fields.key_field(db_index=True)
    edition_key = fields.key_field(unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    deadlines = fields.choice_field(DeadlinePolicy, default=DeadlinePolicy.SHIFT.value)
    wanted_revision = models.PositiveIntegerField(default=1)
    applied_revision = models.PositiveIntegerField(default=0)
    applied_at = fields.moment_field(_("When the platform last confirmed a revision, UTC."))
    apply_error = models.TextField(blank=True, help_text=_("What the platform could not do, and why."))
    apply_failures = models.PositiveSmallIntegerField(default=0, help_text=_("Attempts in a row that failed."))
    apply_again_at = fields.moment_field(_("When a failed attempt is repeated by itself, UTC."))
    withdrawn_at = fields.moment_field(_("When the course was taken out of the session; its results stay."))

    history = fields.history()

    class Meta:
        ordering = ("session", "position", "pk")
        verbose_name = _("course edition")
        verbose_name_plural = _("course editions")
        constraints = [
            models.UniqueConstraint(fields=("session", "base_key"), name="cohort_sessions_edition_uniq"),
            fields.constraint(
                Q(applied_revision__lte=F("wanted_revision")), "cohort_sessions_edition_applied_is_wanted"
            ),
            fields.is_one_of("deadlines", DeadlinePolicy, "cohort_sessions_edition_deadlines"),
        ]

    def __str__(self) -> str:
        return str(self.edition_key)

    @property
    def state(self) -> EditionState:
        """How far the platform has followed; for badges and repair lists."""
        if self.withdrawn_at is not None:
            return EditionState.WITHDRAWN
        if self.apply_error:
            return EditionState.FAILED
        return EditionState.READY if self.applied_revision == self.wanted_revision else EditionState.PREPARING
