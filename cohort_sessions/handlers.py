"""Receivers of our own events, and of the platform's about accounts, connected by `apps`: thin doors to tasks."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from openedx_events.learning.data import UserData
from openedx_events.learning.signals import SESSION_LOGIN_COMPLETED, STUDENT_REGISTRATION_COMPLETED

from cohort_sessions import tasks
from cohort_sessions.events import (
    COHORT_ANNOUNCEMENT_MAILED,
    COHORT_EXPORT_REQUESTED,
    COHORT_INVITATION_CREATED,
    COHORT_MESSAGE_CREATED,
    COHORT_NOTICE_CREATED,
    COURSE_EDITION_CHANGED,
    CohortAnnouncementMailData,
    CohortExportData,
    CohortInvitationData,
    CohortMessageData,
    CohortNoticeData,
    CourseEditionData,
)
from cohort_sessions.models import Material, ResultExport
from cohort_sessions.operations.exports import discard_file
from cohort_sessions.operations.materials import discard_unnamed_file


@receiver(COURSE_EDITION_CHANGED, dispatch_uid="cohort_sessions.apply_changed_edition")
def apply_changed_edition(edition: CourseEditionData, **_metadata) -> None:
    """What is wanted of an edition has changed and is committed: the platform follows."""
    tasks.send(tasks.apply_edition, edition_id=edition.id, revision=edition.wanted_revision)


@receiver(COHORT_NOTICE_CREATED, dispatch_uid="cohort_sessions.send_created_notice")
def send_created_notice(notice: CohortNoticeData, **_metadata) -> None:
    """Somebody is to be told something, and that is committed: a mail follows."""
    tasks.send(tasks.send_notice, notice_id=notice.id)


@receiver(COHORT_INVITATION_CREATED, dispatch_uid="cohort_sessions.send_created_invitation")
def send_created_invitation(invitation: CohortInvitationData, **_metadata) -> None:
    """Somebody without an account was invited, and that is committed: a mail follows."""
    tasks.send(tasks.send_invitation, invitation_id=invitation.id)


@receiver(COHORT_MESSAGE_CREATED, dispatch_uid="cohort_sessions.send_created_message")
def send_created_message(message: CohortMessageData, **_metadata) -> None:
    """The team wrote to members, and that is committed: mails follow."""
    tasks.send(tasks.send_message, message_id=message.id)


@receiver(COHORT_ANNOUNCEMENT_MAILED, dispatch_uid="cohort_sessions.send_mailed_announcement")
def send_mailed_announcement(mail: CohortAnnouncementMailData, **_metadata) -> None:
    """Members are to be told of an announcement, and that is committed: mails follow."""
    tasks.send(tasks.send_announcement, announcement_id=mail.id)


@receiver(COHORT_EXPORT_REQUESTED, dispatch_uid="cohort_sessions.write_requested_export")
def write_requested_export(export: CohortExportData, **_metadata) -> None:
    """Somebody asked for a file, and that is committed: it is written."""
    tasks.send(tasks.write_export, export_id=export.id)


@receiver(post_delete, sender=ResultExport, dispatch_uid="cohort_sessions.discard_file_of_export")
def discard_file_of_export(instance: ResultExport, **_signal) -> None:
    """A row is gone, perhaps together with its session, its course or its account: so is its file."""
    transaction.on_commit(partial(discard_file, instance.file_name), robust=True)


@receiver(post_delete, sender=Material, dispatch_uid="cohort_sessions.discard_file_of_material")
def discard_file_of_material(instance: Material, **_signal) -> None:
    """A row is gone, perhaps together with its session or its course: so is its file, if no other names it."""
    if instance.stored_name:
        transaction.on_commit(partial(discard_unnamed_file, instance.stored_name), robust=True)


@receiver(STUDENT_REGISTRATION_COMPLETED, dispatch_uid="cohort_sessions.redeem_after_registration")
@receiver(SESSION_LOGIN_COMPLETED, dispatch_uid="cohort_sessions.redeem_after_login")
def redeem_invitations_of(user: UserData, **_metadata) -> None:
    """
    Somebody registered, or signed in: perhaps with an address that was invited. One query where not.

    Most accounts are not active when they register. Those are left alone here: they come again when they have proven
    their address and sign in, or by way of the host's own signal of that.
    """
    if user.is_active:
        tasks.redeem_invitations(user.pii.email)
