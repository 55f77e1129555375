"""What this plugin has granted on the platform, so that it takes back that and nothing else."""

from __future__ import annotations

from django.db import models

from cohort_sessions.models import fields


class GrantedRole(models.Model):
    """
    A role of the platform that this plugin gave somebody in one edition, and why.

    A role the person had already, or got from somebody else, has no row here and is never taken away. The edition
    is named by its
    key: the record must outlive whatever happens to the rows that asked for it.

    .. no_pii: Links an account to an edition.
    """

    edition_key = fields.key_field()
    user = fields.account_field("cohort_session_grants")
    platform_role = models.CharField(max_length=64)
    reasons = models.CharField(max_length=200, help_text="The team roles that call for it, comma separated.")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("edition_key", "user", "platform_role")
        constraints = [
            models.UniqueConstraint(
                fields=("edition_key", "user", "platform_role"), name="cohort_sessions_granted_role_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.platform_role} in {self.edition_key}"
