"""What a session is: its words, its dates, its status, and what is locked in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cohort_sessions.data import AfterClose, Lock, SessionStatus
from cohort_sessions.models import fields
from cohort_sessions.timeline import Schedule, Window


class SessionCategory(models.Model):
    """
    A heading under which sessions stand together on *My sessions*: a programme, a term, a department.

    .. no_pii:
    """

    name = models.CharField(max_length=100, unique=True)
    position = models.PositiveSmallIntegerField(default=0, help_text=_("Smaller numbers come first."))

    class Meta:
        ordering = ("position", "name")
        verbose_name = _("session category")
        verbose_name_plural = _("session categories")

    def __str__(self) -> str:
        return self.name


class CohortSession(models.Model):
    """
    A scheduled edition of a set of courses for a group of people.

    Either dated (`opens_at`, `closes_at`, each may be unbounded) or counted for each member from their first entry
    (`duration_days`), never both.

    .. no_pii: The history names the account that made each change.
    """

    uuid = fields.uuid_field()
    code = models.SlugField(max_length=100, unique=True, help_text=_("Names the session in addresses and files."))
    title = models.CharField(max_length=150)
    description = models.TextField(blank=True)
    category = models.ForeignKey(
        SessionCategory, on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions"
    )
    organisation = models.CharField(
        max_length=255, blank=True, db_index=True, help_text=_("Short name of the organisation that runs it.")
    )
    status = fields.choice_field(SessionStatus, default=SessionStatus.DRAFT.value, db_index=True)
    cancel_reason = models.TextField(blank=True, help_text=_("Shown to members of a cancelled session."))
    opens_at = fields.moment_field(_("When members may enter, UTC."))
    closes_at = fields.moment_field(_("When the members' period ends, UTC; this moment itself is outside."))
    duration_days = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Days each member has from the first entry, instead of dates.")
    )
    team_opens_at = fields.moment_field(_("From when the team may enter, UTC; empty is always."))
    team_closes_at = fields.moment_field(_("Until when the team may enter, UTC; empty is always."))
    after_close = fields.choice_field(AfterClose, default=AfterClose.READ_ONLY.value)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()

    history = fields.history()

    class Meta:
        ordering = ("opens_at", "title", "pk")
        verbose_name = _("cohort session")
        verbose_name_plural = _("cohort sessions")
        constraints = [
            fields.constraint(~Q(title=""), "cohort_sessions_session_has_title"),
            fields.is_one_of("status", SessionStatus, "cohort_sessions_session_status"),
            fields.is_one_of("after_close", AfterClose, "cohort_sessions_session_after_close"),
            fields.opens_before_it_closes("opens_at", "closes_at", "cohort_sessions_session_window"),
            fields.opens_before_it_closes("team_opens_at", "team_closes_at", "cohort_sessions_session_team_window"),
            fields.constraint(
                Q(duration_days__isnull=True) | Q(duration_days__gt=0, opens_at__isnull=True, closes_at__isnull=True),
                "cohort_sessions_session_dates_or_duration",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def schedule(self) -> Schedule:
        """What this session says of time, for `timeline`."""
        return Schedule(
            status=SessionStatus(self.status),
            window=Window(self.opens_at, self.closes_at),
            duration_days=self.duration_days,
            team_window=Window(self.team_opens_at, self.team_closes_at),
            after_close=AfterClose(self.after_close),
        )


class SessionLock(models.Model):
    """
    A setting that a session administrator has taken out of the coaches' hands, with the reason coaches are shown.

    .. no_pii: Names the account that locked.
    """

    session = models.ForeignKey(CohortSession, on_delete=models.CASCADE, related_name="locks")
    name = fields.choice_field(Lock)
    reason = models.TextField(blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    locked_at = models.DateTimeField()

    history = fields.history()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("session", "name"), name="cohort_sessions_lock_uniq"),
            fields.is_one_of("name", Lock, "cohort_sessions_lock_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} locked in {self.session_id}"
