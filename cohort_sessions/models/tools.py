"""Which tools of a course the learners of a session have, where somebody decided."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohort_sessions.models import fields
from cohort_sessions.models.editions import CourseEdition


class ToolChoice(models.Model):
    """
    That an edition shows a tool of its course, or does without it. Tools that nobody decided about are as usual.

    .. no_pii: The pages of a course.
    """

    edition = models.ForeignKey(CourseEdition, on_delete=models.CASCADE, related_name="tool_choices")
    tool = models.CharField(max_length=255, help_text=_("As the platform names it; see host.CourseTool."))
    is_shown = models.BooleanField()

    history = fields.history()

    class Meta:
        ordering = ("edition", "tool")
        constraints = [models.UniqueConstraint(fields=("edition", "tool"), name="cohort_sessions_tool_choice_uniq")]

    def __str__(self) -> str:
        return f"{self.tool} of {self.edition_id}"
