"""What members have achieved; pages read this and never the platform."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohort_sessions.models import fields
from cohort_sessions.models.editions import CourseEdition
from cohort_sessions.models.people import Member


class EditionResult(models.Model):
    """
    One member's result in one edition: the ledger.

    Until it is final it follows the platform; `as_of` is when it last changed, UTC. From `final_at` on it stays as it
    is, with the grading policy it was earned under, and what the platform says since stands beside it in `later`.

    `grade` is 0..1, empty while nothing is graded. Progress is `completed` of `completable` blocks.

    .. no_pii: Links results to a membership; the account itself is retired by the platform.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="results")
    edition = models.ForeignKey(CourseEdition, on_delete=models.PROTECT, related_name="results")
    grade = models.FloatField(null=True, blank=True)
    letter = models.CharField(max_length=255, blank=True)
    passed = models.BooleanField(default=False)
    passed_at = fields.moment_field(_("When the passing line was first reached, UTC."))
    sections = models.JSONField(
        default=list,
        blank=True,
        help_text=_("Graded sections: objects with the fields of host.SectionGrade, in the order of the course."),
    )
    version = models.CharField(
        max_length=255, blank=True, help_text=_("The platform's name for the content and policy it was graded with.")
    )
    completed = models.PositiveIntegerField(default=0)
    completable = models.PositiveIntegerField(default=0)
    first_activity_at = fields.moment_field(_("When they first worked in the edition, UTC."))
    last_activity_at = fields.moment_field(_("When they last worked in the edition, UTC."))
    as_of = models.DateTimeField()
    final_at = fields.moment_field(_("Since when it is final, UTC; empty: it still follows the platform."))
    grading_policy = models.JSONField(
        default=dict, blank=True, help_text=_("What a final result was earned under: the fields of host.GradingPolicy.")
    )
    later = models.JSONField(
        default=dict, blank=True, help_text=_("What the platform says since it is final, where that differs.")
    )
    certificate_given_at = fields.moment_field(_("When the team last had the platform make a certificate, UTC."))
    certified_at = fields.moment_field(_("When the platform's certificate was given, UTC; empty: it was not."))
    reopened_at = fields.moment_field(_("When it was last opened again, UTC; it becomes final anew from there."))

    # Only what people and time decide is kept, not what the platform tells: operations write it in bulk.
    history = fields.history(without=("later",))

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
