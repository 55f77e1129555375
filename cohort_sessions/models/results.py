"""What members have achieved, as of a moment; pages read this and never the platform."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cohort_sessions.models import fields
from cohort_sessions.models.editions import CourseEdition
from cohort_sessions.models.people import Member


class EditionResult(models.Model):
    """
    One member's grade, progress and last activity in one edition, as of `as_of` (UTC).

    `grade` is 0..1, empty while nothing is graded. Progress is `completed` of `completable` blocks.

    .. no_pii: Links results to a membership; the account itself is retired by the platform.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="results")
    edition = models.ForeignKey(CourseEdition, on_delete=models.PROTECT, related_name="results")
    grade = models.FloatField(null=True, blank=True)
    letter = models.CharField(max_length=255, blank=True)
    passed = models.BooleanField(default=False)
    completed = models.PositiveIntegerField(default=0)
    completable = models.PositiveIntegerField(default=0)
    last_activity_at = fields.moment_field()
    as_of = models.DateTimeField()

    class Meta:
        ordering = ("member", "edition")
        constraints = [
            models.UniqueConstraint(fields=("member", "edition"), name="cohort_sessions_result_uniq"),
            fields.constraint(
                Q(grade__isnull=True) | Q(grade__gte=0, grade__lte=1), "cohort_sessions_result_grade_is_0_to_1"
            ),
            fields.constraint(Q(passed=False) | Q(grade__isnull=False), "cohort_sessions_result_passed_has_grade"),
            fields.constraint(Q(completed__lte=F("completable")), "cohort_sessions_result_completed_of_completable"),
        ]

    def __str__(self) -> str:
        return f"result of {self.member_id} in {self.edition_id}"

    @property
    def progress(self) -> float:
        """Share of completable blocks that are done, 0..1; 0 for a course without any."""
        return self.completed / self.completable if self.completable else 0.0
