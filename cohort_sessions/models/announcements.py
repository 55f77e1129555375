"""What the team announces to all members of a session, and who of them has read it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cohort_sessions.models import fields
from cohort_sessions.models.editions import CourseEdition
from cohort_sessions.models.sessions import CohortSession


class Announcement(models.Model):
    """
    Something that everybody in a session is told on its home page, for as long as it is published.

    Its `uuid` is that of the form it was written in: a form that is sent twice makes one announcement.

    .. no_pii: Names the accounts that wrote and changed it.
    """

    uuid = fields.uuid_field()
    session = models.ForeignKey(CohortSession, on_delete=models.CASCADE, related_name="announcements")
    edition = models.ForeignKey(
        CourseEdition,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="announcements",
        help_text=_("The course it is about; empty: the whole session."),
    )
    title = models.CharField(max_length=200)
    text = models.TextField(help_text=_("Markdown, as it was written: it is cleaned wherever it is shown."))
    is_pinned = models.BooleanField(default=False, help_text=_("Stands before all that are not."))
    published_from = models.DateTimeField(help_text=_("From when members see it, UTC."))
    published_to = fields.moment_field(_("The first moment at which they do not any more, UTC; empty: no end."))
    mails = models.BooleanField(default=False, help_text=_("Each member is told by mail as well, once."))
    mailed_at = fields.moment_field(_("When the mails were written, UTC; empty: not yet, or never."))
    created_by = fields.actor_field()
    created_at = models.DateTimeField()
    modified_by = fields.actor_field()
    modified_at = models.DateTimeField()

    history = fields.history()

    class Meta:
        ordering = ("-is_pinned", "-published_from", "-pk")
        indexes = [models.Index(fields=("mails", "mailed_at"), name="cohort_sessions_announce_mails")]
        constraints = [
            fields.constraint(~Q(title=""), "cohort_sessions_announcement_has_title"),
            fields.opens_before_it_closes("published_from", "published_to", "cohort_sessions_announcement_published"),
        ]

    def __str__(self) -> str:
        return self.title


class AnnouncementRead(models.Model):
    """
    A member has said that they read an announcement.

    .. no_pii: Links an account to an announcement; the account itself is retired by the platform.
    """

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="reads")
    user = fields.account_field("+")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ("announcement", "pk")
        constraints = [
            models.UniqueConstraint(fields=("announcement", "user"), name="cohort_sessions_announcement_read_uniq"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.announcement_id}"
