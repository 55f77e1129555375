"""
The host's own tables: what edx-platform keeps of courses, editions, people and their work, in small.

As there, everything a learner leaves behind hangs on a course key, so that an edition's key keeps its results apart.

All personal data here is that of invented people.
"""

from __future__ import annotations

from ccx_keys.locator import CCXLocator
from django.conf import settings
from django.db import models
from opaque_keys.edx.django.models import CourseKeyField, UsageKeyField
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.timeline import Window


class CourseRun(models.Model):
    """
    A published course run.

    Attributes:
        olx: the whole course as one OLX document; `sandbox.content` reads it.
        version: grows with every publish.
    """

    course_key = CourseKeyField(unique=True)
    title = models.CharField(max_length=255)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    olx = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """
    A course run under a course key of its own, as the plugin asked for it; hidden until it says otherwise.

    `title` is the whole title, "Course title - Session title". `blocks`: what single blocks have otherwise than in the
    course, from a base usage key to values by `BlockField`, moments as ISO 8601; deadlines stand in `EditionDue`.
    `hidden_tools`: the tools that its learners do not have. `grading`: ``pass_line`` (0..1) and ``dropped``, where they
    differ from `sandbox.host.results`.
    `elements`: the same of what stands in units, by the names of its fields.
    """

    uuid = models.UUIDField(unique=True)
    course = models.ForeignKey(CourseRun, on_delete=models.PROTECT, related_name="editions")
    title = models.CharField(max_length=410)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    is_hidden = models.BooleanField(default=True)
    closed_read_only = models.BooleanField(default=True)
    blocks = models.JSONField(default=dict)
    hidden_tools = models.JSONField(default=list)
    grading = models.JSONField(default=dict)
    elements = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.title

    @property
    def edition_key(self) -> CourseKey:
        """``ccx-v1:…+ccx@<id>``, the key that all work in this edition hangs on."""
        return CCXLocator.from_course_locator(self.course.course_key, str(self.pk))

    @property
    def window(self) -> Window:
        """When learners may enter."""
        return Window(self.starts_at, self.ends_at)


class EditionDue(models.Model):
    """The deadline of a block in an edition, where it is not its author's; ``None`` where there is to be none."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    usage_key = UsageKeyField(help_text="Of the block in the base course.")
    due = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("edition", "usage_key"), name="sandbox_edition_due_uniq")]

    def __str__(self) -> str:
        return f"{self.usage_key}: {self.due}"


class PersonalDue(models.Model):
    """The deadline of a block in an edition for one person, where it is not everybody's."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    usage_key = UsageKeyField(help_text="Of the block in the base course.")
    due = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("edition", "user", "usage_key"), name="sandbox_personal_due_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.usage_key} for {self.user_id}: {self.due}"


class Enrolment(models.Model):
    """A person's place under one course key. `is_ours`: made by the plugin, so that it may end it."""

    course_key = CourseKeyField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_active = models.BooleanField(default=True)
    is_ours = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("course_key", "user"), name="sandbox_enrolment_uniq")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.course_key}"


class CourseRole(models.Model):
    """Staff rights under exactly one course key. `is_ours`: given by the plugin, so that it may take it away."""

    STAFF = "staff"
    INSTRUCTOR = "instructor"

    course_key = CourseKeyField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, choices=[(STAFF, "Staff"), (INSTRUCTOR, "Instructor")])
    is_ours = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("course_key", "user", "role"), name="sandbox_role_uniq")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} of {self.course_key}"


class LearnerWork(models.Model):
    """What one person left behind in one block, under one course key. The block's key names the course key as well."""

    course_key = CourseKeyField(db_index=True)
    usage_key = UsageKeyField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    modified_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=("user", "usage_key"), name="sandbox_%(class)s_uniq")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.usage_key}"


class BlockState(LearnerWork):
    """The block's user-state fields, as one JSON object."""

    state = models.TextField(default="{}")


class Score(LearnerWork):
    """Points earned out of points possible."""

    earned = models.FloatField()
    possible = models.FloatField()


class Completion(LearnerWork):
    """A block the person is done with."""


class Certificate(models.Model):
    """A certificate of a course, under one course key."""

    course_key = CourseKeyField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("course_key", "user"), name="sandbox_certificate_uniq")]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.course_key}"


class Persona(models.Model):
    """
    What the sign-in page says of an invented person: who they are and what to look at as them.

    `time_zone`: IANA name of the zone in which they read dates; empty where they chose none.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="persona")
    position = models.PositiveSmallIntegerField()
    headline = models.CharField(max_length=100)
    time_zone = models.CharField(max_length=50, blank=True)
    look_at = models.TextField()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.headline
