"""Who is in a session and who runs it. Rows of people who left stay: results hang on them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohort_sessions.data import MemberStatus, TeamRole
from cohort_sessions.models import fields
from cohort_sessions.models.editions import CourseEdition
from cohort_sessions.models.sessions import CohortSession
from cohort_sessions.timeline import Membership, Window

SESSION_ROLES = (TeamRole.ADMINISTRATOR, TeamRole.SESSION_COACH)


class Member(models.Model):
    """
    A learner's place in a session, with what is theirs alone of its dates.

    .. no_pii: Links an account to a session; the account itself is retired by the platform.
    """

    session = models.ForeignKey(CohortSession, on_delete=models.PROTECT, related_name="members")
    user = fields.account_field("cohort_session_memberships")
    status = fields.choice_field(MemberStatus, default=MemberStatus.ACTIVE.value)
    opens_at = fields.moment_field(_("Replaces the session's opening for this member, UTC."))
    closes_at = fields.moment_field(_("Replaces the session's closing for this member, UTC."))
    extra_days = models.PositiveIntegerField(default=0)
    first_entered_at = fields.moment_field(_("First entry into the session, UTC; starts a duration session's clock."))
    enrolled_at = models.DateTimeField()
    removed_at = fields.moment_field()

    history = fields.history()

    class Meta:
        ordering = ("session", "pk")
        constraints = [
            models.UniqueConstraint(fields=("session", "user"), name="cohort_sessions_member_uniq"),
            fields.is_one_of("status", MemberStatus, "cohort_sessions_member_status"),
            fields.opens_before_it_closes("opens_at", "closes_at", "cohort_sessions_member_window"),
            fields.constraint(
                Q(status=MemberStatus.ACTIVE.value, removed_at__isnull=True)
                | Q(status=MemberStatus.REMOVED.value, removed_at__isnull=False),
                "cohort_sessions_member_removed_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.session_id}"

    @property
    def membership(self) -> Membership:
        """What this row says of time, for `timeline`."""
        return Membership(Window(self.opens_at, self.closes_at), self.extra_days, self.first_entered_at)


class MemberMove(models.Model):
    """
    Somebody went from one session to another: seen from both places, with who moved them and why. What they earned
    before stays with the place they left.

    .. no_pii: Links two memberships of one account and the account that moved it.
    """

    origin = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="moves_away")
    destination = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="moves_here")
    moved_at = models.DateTimeField()
    moved_by = fields.actor_field()
    reason = models.TextField()

    class Meta:
        ordering = ("moved_at", "pk")
        constraints = [
            fields.constraint(~Q(origin=F("destination")), "cohort_sessions_move_goes_elsewhere"),
            fields.constraint(~Q(reason=""), "cohort_sessions_move_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} to {self.destination_id}"


class SessionTeamMember(models.Model):
    """
    Somebody who runs a whole session: as its administrator or as session coach. One person may be both.

    .. no_pii: Links an account to a session.
    """

    session = models.ForeignKey(CohortSession, on_delete=models.CASCADE, related_name="team")
    user = fields.account_field("cohort_session_roles")
    role = fields.choice_field(TeamRole)
    assigned_at = models.DateTimeField()

    history = fields.history()

    class Meta:
        ordering = ("session", "role", "pk")
        constraints = [
            models.UniqueConstraint(fields=("session", "user", "role"), name="cohort_sessions_team_uniq"),
            fields.constraint(Q(role__in=[role.value for role in SESSION_ROLES]), "cohort_sessions_team_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} of {self.session_id}"


class EditionCoach(models.Model):
    """
    Somebody who teaches one course in one session.

    .. no_pii: Links an account to an edition.
    """

    edition = models.ForeignKey(CourseEdition, on_delete=models.CASCADE, related_name="coaches")
    user = fields.account_field("cohort_session_coached_editions")
    assigned_at = models.DateTimeField()

    history = fields.history()

    class Meta:
        ordering = ("edition", "pk")
        constraints = [
            models.UniqueConstraint(fields=("edition", "user"), name="cohort_sessions_coach_uniq"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} coaches {self.edition_id}"


class AdministratorScope(models.Model):
    """
    Somebody who administers every session of an organisation, or, where `organisation` is empty, every session
    there is.

    .. no_pii: Links an account to an organisation.
    """

    EVERYWHERE = ""

    user = fields.account_field("cohort_session_scopes")
    organisation = models.CharField(max_length=255, blank=True, help_text=_("Empty: all organisations."))
    assigned_at = models.DateTimeField()

    history = fields.history()

    class Meta:
        ordering = ("organisation", "pk")
        constraints = [
            models.UniqueConstraint(fields=("user", "organisation"), name="cohort_sessions_scope_uniq"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} administers {self.organisation or 'everything'}"
