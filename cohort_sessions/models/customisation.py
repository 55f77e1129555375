"""What an edition has otherwise than its base course, and what its team is still preparing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import UsageKeyField

from cohort_sessions.data import BlockField
from cohort_sessions.models import fields
from cohort_sessions.models.editions import CourseEdition


class BlockCustomisation(models.Model):
    """
    One thing about one block that an edition has otherwise than its base course.

    A block that the base course loses keeps its rows: they come to nothing, and the team is told.

    .. no_pii: The content of a course.
    """

    edition = models.ForeignKey(CourseEdition, on_delete=models.CASCADE, related_name="customisations")
    usage_key = UsageKeyField(max_length=255, help_text=_("Of the block in the base course."))
    field = fields.choice_field(BlockField)
    value = models.JSONField(null=True, help_text=_("As data.BlockField says; moments as ISO 8601, UTC."))
    base = models.JSONField(null=True, help_text=_("What the base course said when this was decided."))

    history = fields.history()

    class Meta:
        ordering = ("edition", "pk")
        constraints = [
            models.UniqueConstraint(fields=("edition", "usage_key", "field"), name="cohort_sessions_customised_uniq"),
            fields.is_one_of("field", BlockField, "cohort_sessions_customised_field"),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.usage_key} in {self.edition_id}"


class CustomisationDraft(models.Model):
    """
    Changes of an edition that its team prepares together and has not applied yet.

    .. no_pii: The content of a course, and the account that changed it last.
    """

    edition = models.OneToOneField(CourseEdition, on_delete=models.CASCADE, related_name="draft")
    changes = models.JSONField(
        default=list,
        help_text=_("Objects with usage_key, field and value; without value it is to be as in the base course."),
    )
    changed_by = fields.actor_field()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft of {self.edition_id}"
