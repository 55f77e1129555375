"""
Django's admin, for platform administrators: look at everything, change nothing that an operation keeps whole.

Editing a session, an edition or a membership here would go around permissions, audit, events and the host, so those are
read only; how sessions stand is changed by `steps`, which call operations. What has no operation is edited here: the
categories, the names of parallel groups, and who administers whole organisations.
"""

from __future__ import annotations

from django.contrib import admin
from django.utils import timezone

from cohort_sessions import models
from cohort_sessions.admin.steps import StepsMixin


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to list, search and look at."""

    def has_add_permission(self, request) -> bool:
        """Never: rows come from operations."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """Never; looking at a row needs the view permission only."""
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        """Never: learners' results hang on these rows."""
        return False


class _ReadOnlyInline(admin.TabularInline):
    """`related` is read along with the rows, so that many cost no more queries than one."""

    related: tuple[str, ...] = ()
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.related)


class _EditionInline(_ReadOnlyInline):
    model = models.CourseEdition
    fields = ("position", "base_key", "edition_key", "state", "apply_error")
    readonly_fields = fields


class _TeamInline(_ReadOnlyInline):
    model = models.SessionTeamMember
    fields = ("user", "role", "assigned_at")
    readonly_fields = fields
    related = ("user",)


class _CoachInline(_ReadOnlyInline):
    model = models.EditionCoach
    fields = ("user", "assigned_at")
    readonly_fields = fields
    related = ("user",)


class _LockInline(_ReadOnlyInline):
    model = models.SessionLock
    fields = ("name", "reason", "locked_by", "locked_at")
    readonly_fields = fields
    related = ("locked_by",)


class _PrerequisiteInline(_ReadOnlyInline):
    model = models.SessionPrerequisite
    fk_name = "session"
    fields = ("required", "condition")
    readonly_fields = fields
    related = ("required",)


@admin.register(models.CohortSession)
class CohortSessionAdmin(StepsMixin, ReadOnlyAdmin):
    """Sessions with their courses, team, locks and prerequisites; published, cancelled and put away by actions."""

    list_display = ("title", "code", "status", "organisation", "category", "opens_at", "closes_at")
    list_filter = ("status", "joining", "category")
    list_select_related = ("category",)
    search_fields = ("title", "code", "organisation")
    inlines = (_EditionInline, _TeamInline, _LockInline, _PrerequisiteInline)


@admin.register(models.CourseEdition)
class CourseEditionAdmin(ReadOnlyAdmin):
    """Editions: how far the platform has followed, and what it could not do."""

    list_display = (
        "edition_key",
        "session",
        "state",
        "wanted_revision",
        "applied_revision",
        "applied_at",
        "apply_error",
    )
    list_filter = (("apply_error", admin.EmptyFieldListFilter), ("withdrawn_at", admin.EmptyFieldListFilter))
    list_select_related = ("session",)
    search_fields = ("edition_key", "base_key", "session__title", "session__code")
    inlines = (_CoachInline,)


@admin.register(models.GrantedRole)
class GrantedRoleAdmin(ReadOnlyAdmin):
    """Which roles of the platform were given to whom in which edition, and for which of our roles."""

    list_display = ("user", "edition_key", "platform_role", "reasons", "granted_at")
    list_filter = ("platform_role",)
    list_select_related = ("user",)
    search_fields = ("user__username", "edition_key")


@admin.register(models.Member)
class MemberAdmin(ReadOnlyAdmin):
    """Members and what is theirs alone of a session's dates."""

    list_display = ("user", "session", "status", "opens_at", "closes_at", "extra_days", "first_entered_at")
    list_filter = ("status",)
    list_select_related = ("user", "session")
    search_fields = ("user__username", "session__title", "session__code")


@admin.register(models.MemberMove)
class MemberMoveAdmin(ReadOnlyAdmin):
    """Who went from which session to which, who moved them, and why."""

    list_display = ("moved_at", "origin", "destination", "moved_by", "reason")
    list_select_related = ("origin", "destination", "moved_by")
    search_fields = ("origin__user__username", "origin__session__code", "destination__session__code")


@admin.register(models.JoinRequest)
class JoinRequestAdmin(ReadOnlyAdmin):
    """Who wants a place: asked, in line, or offered a seat."""

    list_display = ("user", "session", "status", "queue_number", "requested_at", "offer_expires_at")
    list_filter = ("status",)
    list_select_related = ("user", "session")
    search_fields = ("user__username", "session__title", "session__code")


@admin.register(models.Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who was invited and has no account yet, and which letters could not be handed over yet."""

    list_display = ("email", "session", "invited_by", "invited_at", "expires_at", "sent_at", "failures")
    list_filter = (("sent_at", admin.EmptyFieldListFilter),)
    list_select_related = ("session", "invited_by")
    search_fields = ("email", "session__title", "session__code")


@admin.register(models.Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What people are told by mail, and which mails could not be handed over yet."""

    list_display = ("created_at", "user", "session", "kind", "sent_at", "failures", "send_again_at")
    list_filter = ("kind", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("user", "session")
    search_fields = ("user__username", "session__title", "session__code")


@admin.register(models.SessionMessage)
class SessionMessageAdmin(ReadOnlyAdmin):
    """What the team wrote to members, and to how many."""

    list_display = ("sent_at", "session", "subject", "sent_by", "recipients")
    list_select_related = ("session", "sent_by")
    search_fields = ("subject", "session__title", "session__code", "sent_by__username")


@admin.register(models.Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    """What the team announced, from when to when, and whether members were told by mail."""

    list_display = ("title", "session", "published_from", "published_to", "mails", "mailed_at", "created_by")
    list_filter = ("mails", ("mailed_at", admin.EmptyFieldListFilter))
    list_select_related = ("session", "created_by")
    search_fields = ("title", "session__title", "session__code")


@admin.register(models.Material)
class MaterialAdmin(ReadOnlyAdmin):
    """Which links and files the team gave, and how much room the files take."""

    list_display = ("title", "session", "kind", "file_name", "size", "created_by", "created_at")
    list_filter = ("kind",)
    list_select_related = ("session", "created_by")
    search_fields = ("title", "file_name", "url", "session__title", "session__code")
    # Where a file lies is nobody's to know.
    exclude = ("stored_name",)


@admin.register(models.ResultExport)
class ResultExportAdmin(ReadOnlyAdmin):
    """Which files of results were asked for by whom, and what became of them."""

    list_display = ("requested_at", "session", "requested_by", "format", "status", "written", "total", "expires_at")
    list_filter = ("status", "format")
    list_select_related = ("session", "requested_by")
    search_fields = ("session__title", "session__code", "requested_by__username")
    # Where a file lies is nobody's to know.
    exclude = ("file_name",)


@admin.register(models.SessionAgenda)
class SessionAgendaAdmin(ReadOnlyAdmin):
    """When the tick looks at a session next, and what it could not do."""

    list_display = ("session", "due_at", "seen_at", "failures", "error")
    list_filter = (("error", admin.EmptyFieldListFilter),)
    list_select_related = ("session",)
    search_fields = ("session__title", "session__code")


@admin.register(models.SessionRepetition)
class SessionRepetitionAdmin(ReadOnlyAdmin):
    """Which session was made as the next of which."""

    list_display = ("original", "successor", "made_at")
    list_select_related = ("original", "successor")
    search_fields = ("original__title", "original__code", "successor__code")


@admin.register(models.ParallelGroup)
class ParallelGroupAdmin(admin.ModelAdmin):
    """Sessions that are offered side by side; which ones those are, sessions say."""

    list_display = ("name",)
    search_fields = ("name",)


@admin.register(models.EditionResult)
class EditionResultAdmin(ReadOnlyAdmin):
    """Results as pages show them, since when they stand like that, and since when they are final."""

    list_display = ("member", "edition", "grade", "passed", "completed", "completable", "as_of", "final_at")
    list_filter = ("passed", ("final_at", admin.EmptyFieldListFilter))
    list_select_related = ("member__user", "member__session", "edition")
    search_fields = ("member__user__username", "edition__edition_key")


@admin.register(models.SessionCategory)
class SessionCategoryAdmin(admin.ModelAdmin):
    """The headings of *My sessions*."""

    list_display = ("name", "position")
    search_fields = ("name",)


@admin.register(models.AdministratorScope)
class AdministratorScopeAdmin(admin.ModelAdmin):
    """Who administers the sessions of an organisation, or all of them."""

    list_display = ("user", "organisation", "assigned_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "organisation")
    fields = ("user", "organisation")
    raw_id_fields = ("user",)

    def save_model(self, request, obj, form, change) -> None:
        """Note when the scope was given."""
        if not change:
            obj.assigned_at = timezone.now()
        super().save_model(request, obj, form, change)
