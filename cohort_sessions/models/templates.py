"""What sessions have otherwise in a course, kept to be used again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohort_sessions.models import fields


class CustomisationTemplate(models.Model):
    """
    What an edition had otherwise than its base course when it was saved, for other editions of the same course in
    sessions of the same organisation.

    .. no_pii: The content of a course, and the account that saved it.
    """

    uuid = fields.uuid_field()
    title = models.CharField(max_length=150)
    base_key = fields.key_field(db_index=True)
    organisation = models.CharField(max_length=255, blank=True, help_text=_("Of the session; empty for none."))
    opens_at = fields.moment_field(_("When the session opened, UTC; its dates are moved by the distance to it."))
    content = models.JSONField(help_text=_("See queries.edition_content."))
    size = models.PositiveIntegerField(help_text=_("How many things are otherwise in it."))
    created_by = fields.actor_field()
    created_at = models.DateTimeField()

    history = fields.history(without=("content",))

    class Meta:
        ordering = ("title", "-created_at", "pk")
        constraints = [fields.constraint(~models.Q(title=""), "cohort_sessions_template_has_title")]

    def __str__(self) -> str:
        return self.title
