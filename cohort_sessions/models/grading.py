"""How an edition is graded, where it is not as its base course."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cohort_sessions.models import fields
from cohort_sessions.models.editions import CourseEdition


class EditionGrading(models.Model):
    """
    The grading of an edition that has its own; others are graded as their base courses.

    .. no_pii: The rules of a course.
    """

    edition = models.OneToOneField(CourseEdition, on_delete=models.CASCADE, related_name="own_grading")
    pass_line = models.FloatField(null=True, blank=True, help_text=_("0..1; empty: as in the base course."))
    assignments = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Objects with the fields of host.AssignmentWeight; empty: as in the base course."),
    )
    base = models.JSONField(help_text=_("How the base course was graded then: the fields of host.GradingPolicy."))

    history = fields.history()

    class Meta:
        constraints = [
            fields.constraint(
                Q(pass_line__isnull=True) | Q(pass_line__gt=0, pass_line__lte=1), "cohort_sessions_pass_line_is_0_to_1"
            )
        ]

    def __str__(self) -> str:
        return f"grading of {self.edition_id}"
