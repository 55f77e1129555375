"""
Celery tasks: each fetches nothing itself, reads the clock and calls one operation.

They always run in the LMS, where the platform's side of an edition lives, whichever process asked; see `send`.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from celery import Task, shared_task
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, transaction
from django.db.models import Model
from django.utils import timezone
from edx_django_utils.monitoring import set_code_owner_attribute
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import SYSTEM, ResultPart
from cohort_sessions.models import Announcement, CohortSession, CourseEdition, Invitation, Notice, ResultExport
from cohort_sessions.operations import (
    announcements,
    application,
    edition_days,
    exports,
    invitations,
    lifecycle,
    notices,
    results,
)
from cohort_sessions.queries import due

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

# Deadlocks and lost connections pass; anything else is kept on the edition and waits for the reconcile command.
_RETRIES = {"autoretry_for": (OperationalError,), "retry_backoff": True, "max_retries": 5}


def send(task: Task, *, countdown: float | None = None, **arguments) -> None:
    """
    Queue a task for the LMS's workers: on the platform Studio has queues of its own, which cannot do this work.

    Args:
        countdown: seconds to wait before it is run; ``None``: none.
    """
    task.apply_async(kwargs=arguments, queue=_lms_queue(), countdown=countdown)


def _lms_queue() -> str | None:
    """
    The queue that LMS workers listen to, for a process that is not the LMS; ``None`` is this process's own default.

    The platform names its queues after the process that listens (``edx.cms.core.default``, ``edx.lms.core.default``),
    and creates those it is sent to. It is asked when sending, since it settles them after plugins have had their say.
    """
    configured = getattr(settings, "COHORT_SESSIONS_LMS_QUEUE", "")
    if configured or getattr(settings, "SERVICE_VARIANT", "lms") == "lms":
        return configured or None
    own = getattr(settings, "CELERY_DEFAULT_QUEUE", "")
    return own.replace(".cms.", ".lms.") or None


@shared_task(**_RETRIES)
@set_code_owner_attribute
def apply_edition(*, edition_id: int, revision: int | None = None, **_future) -> None:
    """
    Make the platform match an edition.

    Args:
        revision: the change that asked for it; already confirmed means nothing is left to do. ``None`` applies
            whatever stands.
    """
    edition = CourseEdition.objects.filter(pk=edition_id).first()
    if edition is None:
        log.info("Edition %s was removed before it could be applied.", edition_id)
        return
    if revision is not None and edition.applied_revision >= revision and not edition.apply_error:
        return
    report = application.apply_edition(edition_id, actor=SYSTEM, now=timezone.now())
    for failure in report.failed:
        log.error("Edition %s, %s: %s", edition.edition_key, failure.facet, failure.reason)


@shared_task(**_RETRIES)
@set_code_owner_attribute
def relay_publish(*, base_key: str, **_future) -> None:
    """The content of a base course has changed: each of its editions follows in a task of its own."""
    editions = CourseEdition.objects.filter(base_key=CourseKey.from_string(base_key))
    for edition_id in editions.values_list("pk", flat=True):
        send(apply_edition, edition_id=edition_id)


@shared_task(**_RETRIES)
@set_code_owner_attribute
def send_notice(*, notice_id: int, **_future) -> None:
    """Somebody is to be told of their place. What fails is on the row, and the tick tries again."""
    notices.send_notice(notice_id, now=timezone.now())


@shared_task(**_RETRIES)
@set_code_owner_attribute
def send_message(*, message_id: int, **_future) -> None:
    """
    Members are to be told what the team wrote, whoever of them has not been yet. One that fails stops no other: it is
    on its row, and the tick tries again.
    """
    _send_all(f"Message {message_id}", due.unsent_notices(message_id))


@shared_task(**_RETRIES)
@set_code_owner_attribute
def send_announcement(*, announcement_id: int, **_future) -> None:
    """Members are to be told what the team announced, whoever of them has not been yet; as `send_message`."""
    _send_all(f"Announcement {announcement_id}", due.unsent_announcement_notices(announcement_id))


def _send_all(what: str, unsent: Iterable[Notice]) -> None:
    failures: list[str] = []
    sent = _each(unsent, lambda notice: notices.send_notice(notice.pk, now=timezone.now()), failures)
    log.info("%s: sent to %s, failed for %s.", what, sum(sent), len(failures))


@shared_task(**_RETRIES)
@set_code_owner_attribute
def send_invitation(*, invitation_id: int, **_future) -> None:
    """Somebody without an account is to be invited. What fails is on the row, and the tick tries again."""
    invitations.send_invitation(invitation_id, now=timezone.now())


@shared_task(**_RETRIES)
@set_code_owner_attribute
def redeem_invitation(*, invitation_id: int, **_future) -> None:
    """Somebody may have answered an invitation. What fails, the tick tries again."""
    invitations.redeem_invitation(invitation_id, actor=SYSTEM, now=timezone.now())


def redeem_invitations(address: str) -> None:
    """
    Have every open invitation of an e-mail address looked at after the commit. One query.

    For doors that hear of an account and must never break what they hear of: a queue that is down is logged, and the
    tick finds what was not asked for.
    """
    for invitation_id in due.open_invitations(address, now=timezone.now()).values_list("pk", flat=True):
        _redeem_after_commit(invitation_id)


def _redeem_after_commit(invitation_id: int) -> None:
    def ask() -> None:
        send(redeem_invitation, invitation_id=invitation_id)

    transaction.on_commit(ask, robust=True)


# Long enough for what one answer sets off to come in, short enough for a learner who looks at their sessions next.
_SETTLING_S = 3

# How long a request for a result stands in for those that follow it. It ends when the task begins; this is for tasks
# that never do. Then the next event asks anew, and `cohort_sessions_resync` finds what nothing followed.
_ASKED_FOR_S = 60


def ask_for_result(edition_key: CourseKey, user_id: int, part: ResultPart) -> None:
    """
    A part of a learner's result may have changed: have it recorded after the commit, once for a burst of changes.

    No query.
    """

    def ask() -> None:
        if cache.add(_asked_for(str(edition_key), user_id, part), value=True, timeout=_ASKED_FOR_S):
            arguments = {"edition_key": str(edition_key), "user_id": user_id, "part": part.value}
            send(record_result, countdown=_SETTLING_S, **arguments)

    transaction.on_commit(ask)


@shared_task(**_RETRIES)
@set_code_owner_attribute
def record_result(*, edition_key: str, user_id: int, part: str, **_future) -> None:
    """A part of a learner's result in an edition may have changed."""
    # Before anything is read: what changes from here on asks anew.
    cache.delete(_asked_for(edition_key, user_id, part))
    key = CourseKey.from_string(edition_key)
    results.record_results(key, [user_id], parts={ResultPart(part)}, now=timezone.now())


def _asked_for(edition_key: str, user_id: int, part: str) -> str:
    return f"cohort_sessions.asked_for.{edition_key}.{user_id}.{part}"


@shared_task(**_RETRIES)
@set_code_owner_attribute
def finalise_results(*, session_id: int, **_future) -> None:
    """Results of a session are to become final. Who is killed in between goes on at the next tick."""
    session = CohortSession.objects.filter(pk=session_id).first()
    if session is not None:
        results.finalise_results(session, actor=SYSTEM, now=timezone.now())


@shared_task(**_RETRIES)
@set_code_owner_attribute
def write_export(*, export_id: int, **_future) -> None:
    """Somebody asked for a file of results. What fails is on the row; who is killed in between, the tick finds."""
    exports.write_export(export_id, now=timezone.now())


@shared_task
@set_code_owner_attribute
def tick(**_future) -> None:
    """Time has passed; every few minutes, by the beat schedule of the platform. What fails comes up again by itself."""
    pass_time(now=timezone.now())


@dataclass(frozen=True, slots=True)
class TickReport:
    """
    What one tick did.

    Attributes:
        sessions: how many were due.
        steps: how many sessions lived through what.
        editions, notices, letters: how many were asked for again; letters are those of invitations.
        finals: in how many sessions results were asked to be made final.
        invitations: how many came to their end.
        exports: how many files of results were deleted.
        announcements: of how many members are told by mail from now on.
        failures: a sentence for each that failed.
    """

    sessions: int
    steps: Mapping[lifecycle.Step, int]
    editions: int
    notices: int
    letters: int = 0
    finals: int = 0
    invitations: int = 0
    exports: int = 0
    announcements: int = 0
    failures: tuple[str, ...] = ()

    def __str__(self) -> str:
        happened = ", ".join(f"{step} {self.steps[step]}" for step in lifecycle.Step if self.steps[step])
        return (
            f"Sessions looked at: {self.sessions} ({happened or 'nothing happened'}). "
            f"Asked again: editions {self.editions}, notices {self.notices}, letters {self.letters}. "
            f"Results to be final: {self.finals}. Invitations ended: {self.invitations}. "
            f"Exports deleted: {self.exports}. Announcements mailed: {self.announcements}. "
            f"Failed: {len(self.failures)}."
        )


def pass_time(*, now: datetime) -> TickReport:
    """
    Everything that is due: what has not arrived is asked for again, then time is brought to each session. The first
    tick of every hour counts how the members of each edition stand.

    Each in a transaction of its own: one failure is kept, logged and told, and stops no other. Late, twice, or in two
    processes at once comes to the same.
    """
    failures: list[str] = []
    editions = _each(due.due_editions(now=now), lambda edition: _ask_again(edition, now=now), failures)
    notes = _each(due.due_notices(now=now), lambda notice: _send_again(notice, now=now), failures)
    mailed = _each(due.due_announcements(now=now), lambda each: _mail(each, now=now), failures)
    ended = _each(due.due_invitations(now=now), lambda invitation: _see_to(invitation, now=now), failures)
    advances, seen = [], set()
    # A repetition made on the way is looked at as well.
    while fresh := [session for session in due.due_sessions(now=now) if session.pk not in seen]:
        seen |= {session.pk for session in fresh}
        advances += _each(fresh, lambda session: _advance(session.pk, now=now), failures)
    finals = _each(due.due_finals(now=now), lambda session: _make_final(session, now=now), failures)
    _count_days(failures, now=now)
    files = _each(due.due_exports(now=now), lambda export: _tidy(export, now=now), failures)
    report = TickReport(
        sessions=sum(advance.was_due for advance in advances),
        steps=Counter(step for advance in advances for step in advance.steps),
        editions=len(editions),
        notices=len(notes),
        letters=ended.count(False),
        finals=len(finals),
        invitations=ended.count(True),
        exports=files.count(True),
        announcements=mailed.count(True),
        failures=tuple(failures),
    )
    log.info("%s", report)
    return report


def _each(items: Iterable[Model], work: Callable[[Model], Answer], failures: list[str]) -> list[Answer]:
    """What `work` answered for each item; those that failed are added to `failures` instead."""
    answers = []
    for item in items:
        try:
            answers.append(work(item))
        except Exception as error:
            log.exception("Failed for %s %s.", item._meta.verbose_name, item)
            failures.append(f"{item._meta.verbose_name} {item}: {error}")
    return answers


# Longer than the hour that it stands for.
_COUNTED_S = 2 * 60 * 60


def _count_days(failures: list[str], *, now: datetime) -> None:
    """
    Once in an hour of UTC, by one process: pages show days, and everybody is counted. Where the cache is lost they are
    counted once more, which comes to the same.
    """
    hour = counted_in(now)
    if not cache.add(hour, value=True, timeout=_COUNTED_S):
        return
    try:
        edition_days.record_edition_days(actor=SYSTEM, now=now)
    except Exception as error:
        cache.delete(hour)  # the next tick tries again
        log.exception("The tick could not count how members stand.")
        failures.append(f"edition days: {error}")


def counted_in(now: datetime) -> str:
    """What stands in the cache once a tick has counted how members stand in the hour of `now`."""
    return f"cohort_sessions.edition_days.{now.astimezone(UTC):%Y-%m-%dT%H}"


def _advance(session_id: int, *, now: datetime) -> lifecycle.Advance:
    try:
        return lifecycle.advance_session(session_id, actor=SYSTEM, now=now)
    except Exception as error:
        lifecycle.note_failure(session_id, error, now=now)
        raise


def _ask_again(edition: CourseEdition, *, now: datetime) -> None:
    """Put off only once it is in the queue: who is killed in between asks twice, and never not at all."""
    send(apply_edition, edition_id=edition.pk, revision=edition.wanted_revision)
    application.put_off_asking(edition, now=now)


def _send_again(notice: Notice, *, now: datetime) -> None:
    send(send_notice, notice_id=notice.pk)
    notices.put_off_sending(notice, now=now)


def _mail(announcement: Announcement, *, now: datetime) -> bool:
    """Whether anybody is told of it; sending begins after the commit, and what of it is lost the next tick finds."""
    return announcements.mail_announcement(announcement.pk, now=now) > 0


def _make_final(session: CohortSession, *, now: datetime) -> None:
    send(finalise_results, session_id=session.pk)
    results.put_off_finalising(session, now=now)


def _tidy(export: ResultExport, *, now: datetime) -> bool:
    """Whether it had expired, and is deleted; otherwise it is asked for again, if nobody writes it."""
    if export.expires_at <= now:
        exports.discard_export(export)
        return True
    if exports.take_up_again(export, now=now):
        send(write_export, export_id=export.pk)
    return False


def _see_to(invitation: Invitation, *, now: datetime) -> bool:
    """Whether it has come to its end; otherwise its letter is asked for again, which does nothing where it was sent."""
    if invitations.redeem_invitation(invitation.pk, actor=SYSTEM, now=now) is not None:
        return True
    send(send_invitation, invitation_id=invitation.pk)
    invitations.put_off_sending(invitation, now=now)
    return False
