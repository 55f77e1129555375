"""Links and files that a session keeps for its learners."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cohort_sessions.data import MaterialKind
from cohort_sessions.models import fields
from cohort_sessions.models.editions import CourseEdition
from cohort_sessions.models.sessions import CohortSession


class Material(models.Model):
    """
    A link, or a small file in the host's private storage, that belongs to a session or to one of its courses.

    Materials of a session that was duplicated name the file of the original: it goes with the last row that names it.
    Its `uuid` is that of the form it was added by: a form that is sent twice makes one.

    .. no_pii: Names the account that added it, and what the team called it.
    """

    uuid = fields.uuid_field()
    session = models.ForeignKey(CohortSession, on_delete=models.CASCADE, related_name="materials")
    edition = models.ForeignKey(
        CourseEdition,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="materials",
        help_text=_("The course it is for; empty: the whole session."),
    )
    kind = fields.choice_field(MaterialKind)
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=2000, blank=True, help_text=_("Where a link leads, http or https."))
    file_name = models.CharField(max_length=200, blank=True, help_text=_("What a file is called when it is fetched."))
    content_type = models.CharField(max_length=100, blank=True, help_text=_("By the ending of its name, for a file."))
    size = models.PositiveBigIntegerField(default=0, help_text=_("Bytes of a file."))
    stored_name = models.CharField(
        max_length=255, blank=True, db_index=True, help_text=_("Where the storage has a file.")
    )
    position = models.PositiveIntegerField(default=0)
    created_by = fields.actor_field()
    created_at = models.DateTimeField()

    # Where a file is kept is nobody's business.
    history = fields.history(without=("stored_name",))

    class Meta:
        ordering = ("session", "position", "pk")
        constraints = [
            fields.constraint(~Q(title=""), "cohort_sessions_material_has_title"),
            fields.is_one_of("kind", MaterialKind, "cohort_sessions_material_kind"),
            fields.constraint(
                Q(kind=MaterialKind.LINK.value, stored_name="") & ~Q(url="")
                | Q(kind=MaterialKind.FILE.value, url="") & ~Q(stored_name=""),
                "cohort_sessions_material_is_there",
            ),
        ]

    def __str__(self) -> str:
        return self.title
