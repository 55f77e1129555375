"""What a session is: its words, its dates, its status, and what is locked in it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohort_sessions.data import AfterClose, Joining, Lock, PrerequisiteCondition, SessionStatus
from cohort_sessions.joining import JoinTerms
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


class ParallelGroup(models.Model):
    """
    Sessions that are offered side by side: a person may have a place, or stand in line, in only one of them.

    .. no_pii:
    """

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("group of parallel sessions")
        verbose_name_plural = _("groups of parallel sessions")

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
    archive_after_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Days after its end at which it is archived by itself; empty: never.")
    )
    results_final_after_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Days after a member's end at which results become final; empty: never.")
    )
    finished_at = fields.moment_field(_("When it was found to be over for everybody, UTC."))
    time_zone = models.CharField(
        max_length=64, blank=True, help_text=_("In whose calendar its dates are shifted when it is repeated.")
    )
    joining = fields.choice_field(Joining, default=Joining.CLOSED.value)
    enrolment_opens_at = fields.moment_field(_("From when people may join by themselves, UTC."))
    enrolment_closes_at = fields.moment_field(_("Until when people may join by themselves, UTC."))
    enrolment_code = models.CharField(max_length=64, blank=True, help_text=_("What people type who join by code."))
    capacity = models.PositiveIntegerField(null=True, blank=True, help_text=_("Seats; empty: no limit."))
    offer_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text=_("Days in which a freed seat must be accepted; empty: whoever is first in line simply gets it."),
    )
    parallel_group = models.ForeignKey(
        ParallelGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions"
    )
    repeat_every_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Days from its opening to that of its next repetition; empty: none.")
    )
    repeat_lead_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Days before its end at which the next repetition is made.")
    )
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
            fields.is_one_of("joining", Joining, "cohort_sessions_session_joining"),
            fields.opens_before_it_closes(
                "enrolment_opens_at", "enrolment_closes_at", "cohort_sessions_session_enrolment_window"
            ),
            fields.constraint(
                ~Q(joining=Joining.CODE.value) | ~Q(enrolment_code=""), "cohort_sessions_session_code_to_join"
            ),
            fields.is_empty_or_positive("capacity", "cohort_sessions_session_capacity"),
            fields.is_empty_or_positive("offer_days", "cohort_sessions_session_offer_days"),
            fields.constraint(
                Q(repeat_every_days__isnull=True, repeat_lead_days__isnull=True)
                | Q(
                    repeat_every_days__gt=0,
                    repeat_lead_days__isnull=False,
                    opens_at__isnull=False,
                    closes_at__isnull=False,
                ),
                "cohort_sessions_session_repeats_with_dates",
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

    @property
    def join_terms(self) -> JoinTerms:
        """What this session says of joining, for `joining`."""
        return JoinTerms(
            status=SessionStatus(self.status),
            joining=Joining(self.joining),
            enrolment=Window(self.enrolment_opens_at, self.enrolment_closes_at),
            period=Window(self.opens_at, self.closes_at),
        )


class SessionPrerequisite(models.Model):
    """
    Who wants to join `session` must have finished, or passed, `required`.

    .. no_pii: The history names the account that made each change.
    """

    session = models.ForeignKey(CohortSession, on_delete=models.CASCADE, related_name="prerequisites")
    required = models.ForeignKey(CohortSession, on_delete=models.CASCADE, related_name="required_by")
    condition = fields.choice_field(PrerequisiteCondition, default=PrerequisiteCondition.FINISHED.value)

    history = fields.history()

    class Meta:
        ordering = ("session", "pk")
        constraints = [
            models.UniqueConstraint(fields=("session", "required"), name="cohort_sessions_prerequisite_uniq"),
            fields.is_one_of("condition", PrerequisiteCondition, "cohort_sessions_prerequisite_condition"),
            fields.constraint(~Q(session=F("required")), "cohort_sessions_prerequisite_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} requires {self.required_id}"


class SessionRepetition(models.Model):
    """
    Which session was made as the next edition of which; a session has one successor at most.

    .. no_pii:
    """

    original = models.OneToOneField(CohortSession, on_delete=models.CASCADE, related_name="repetition")
    successor = models.OneToOneField(CohortSession, on_delete=models.CASCADE, related_name="repetition_of")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.successor_id} repeats {self.original_id}"


class SessionLock(models.Model):
    """
    A setting that a session administrator has taken out of the coaches' hands, with the reason coaches are shown.

    .. no_pii: Names the account that locked.
    """

    session = models.ForeignKey(CohortSession, on_delete=models.CASCADE, related_name="locks")
    name = fields.choice_field(Lock)
    reason = models.TextField(blank=True)
    locked_by = fields.actor_field()
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
