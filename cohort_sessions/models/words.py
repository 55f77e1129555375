"""What an edition says in words and numbers of its own: the welcome, and fields of what stands in its units."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from opaque_keys.edx.django.models import UsageKeyField

from cohort_sessions.data import ElementKind
from cohort_sessions.models import fields
from cohort_sessions.models.editions import CourseEdition


class ElementCustomisation(models.Model):
    """
    One field of an element of a unit that an edition has otherwise than its base course.

    An element that the base course loses keeps its rows: they come to nothing, and the team is told.

    .. no_pii: The content of a course.
    """

    edition = models.ForeignKey(CourseEdition, on_delete=models.CASCADE, related_name="elements")
    usage_key = UsageKeyField(max_length=255, help_text=_("Of the block in the base course."))
    field = models.CharField(max_length=100, help_text=_("As the block calls it."))
    kind = fields.choice_field(ElementKind)
    value = models.JSONField(null=True, help_text=_("As the block's field keeps it."))
    base = models.JSONField(null=True, help_text=_("What the base course said when this was decided."))

    history = fields.history()

    class Meta:
        ordering = ("edition", "pk")
        constraints = [
            models.UniqueConstraint(fields=("edition", "usage_key", "field"), name="cohort_sessions_element_uniq"),
            fields.is_one_of("kind", ElementKind, "cohort_sessions_element_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.usage_key} in {self.edition_id}"


class EditionWelcome(models.Model):
    """
    What learners of an edition read first.

    .. no_pii: Words of the team to all learners of an edition.
    """

    edition = models.OneToOneField(CourseEdition, on_delete=models.CASCADE, related_name="welcome")
    text = models.TextField(help_text=_("Markdown."))

    history = fields.history()

    class Meta:
        constraints = [fields.constraint(~models.Q(text=""), "cohort_sessions_welcome_has_text")]

    def __str__(self) -> str:
        return f"welcome of {self.edition_id}"
