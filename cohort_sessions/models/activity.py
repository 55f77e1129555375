"""Who worked in an edition on which day, and how far its learners had come each day: pages never count work anew."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cohort_sessions.models import fields
from cohort_sessions.models.editions import CourseEdition
from cohort_sessions.models.people import Member


class ActiveDay(models.Model):
    """
    A member worked in an edition on this day, UTC.

    .. no_pii: Links a membership to a day; the account itself is retired by the platform.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="active_days")
    edition = models.ForeignKey(CourseEdition, on_delete=models.CASCADE, related_name="active_days")
    day = models.DateField()

    class Meta:
        ordering = ("edition", "day", "pk")
        constraints = [
            models.UniqueConstraint(fields=("edition", "day", "member"), name="cohort_sessions_active_day_uniq"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.edition_id} on {self.day}"


class EditionDay(models.Model):
    """
    How the members of an edition stood at the end of a day, UTC; of the current day, as it was last counted.

    `learners` have a place, `active` of them worked that day, `passed` have reached the passing line. Their progress is
    `completed` of `completable` blocks, all learners together; `grades` is the sum of the grades (0..1) of those who
    are `graded`.

    .. no_pii: Counts only.
    """

    edition = models.ForeignKey(CourseEdition, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    learners = models.PositiveIntegerField()
    active = models.PositiveIntegerField()
    passed = models.PositiveIntegerField()
    graded = models.PositiveIntegerField()
    grades = models.FloatField()
    completed = models.PositiveIntegerField()
    completable = models.PositiveIntegerField()

    class Meta:
        ordering = ("edition", "day")
        constraints = [
            models.UniqueConstraint(fields=("edition", "day"), name="cohort_sessions_edition_day_uniq"),
            fields.constraint(
                Q(completed__lte=F("completable"), passed__lte=F("graded")),
                "cohort_sessions_edition_day_parts_of_wholes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} on {self.day}"
