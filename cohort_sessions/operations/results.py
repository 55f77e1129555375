"""The ledger of results: it follows the platform, until results are final; a person may open them again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey
from simple_history.utils import bulk_update_with_history

from cohort_sessions import permissions
from cohort_sessions.data import Actor, LineOutcome, ResultPart
from cohort_sessions.errors import InvalidInput
from cohort_sessions.events import COHORT_RESULT_CHANGED, CohortResultData, announce
from cohort_sessions.host import get_host
from cohort_sessions.models import CohortSession, CourseEdition, EditionResult, Member, SessionAgenda
from cohort_sessions.operations._finals import final_moment, next_finals
from cohort_sessions.operations._ground import account, locked_session
from cohort_sessions.operations._ledger import BATCH, EVERYTHING, LedgerChange, follow
from cohort_sessions.operations._lines import answer_lines, as_before, done, refused
from cohort_sessions.operations._retries import PATIENCE
from cohort_sessions.queries.accounts import accounts_named
from cohort_sessions.queries.authority import authorise

__all__ = [
    "LedgerChange",
    "finalise_results",
    "put_off_finalising",
    "record_results",
    "reopen_results",
    "resync_results",
]

_FINALITY = ("final_at", "grading_policy", "later", "reopened_at")


def record_results(
    edition_key: CourseKey, user_ids: Collection[int], *, parts: Collection[ResultPart] = EVERYTHING, now: datetime
) -> int:
    """
    Have the results of these members of one edition follow the platform; returns how many differed.

    Late, repeated, concurrent and reordered calls converge. One query for our rows, those of `host.grades` or
    `host.progress`, one or two to write what differs, whatever the number of people. Keys that are no edition, and
    people who never were members, are ignored. Asks no permission: it decides nothing.
    """
    with transaction.atomic():
        return len(follow(edition_key, user_ids, parts, now=now))


def resync_results(
    edition: CourseEdition, user_ids: Collection[int], *, write: bool = True, actor: Actor, now: datetime
) -> list[LedgerChange]:
    """
    Read the results of these members anew from the platform, and say what differed.

    Args:
        user_ids: a batch: all of it is read and written in one transaction.
        write: ``False`` only says what differs.

    Raises:
        NotFound, NotAllowed: see `authorise`.
    """
    authorise(actor, permissions.MANAGE_SESSION, edition)
    with transaction.atomic():
        return follow(edition.edition_key, user_ids, EVERYTHING, now=now, write=write)


def finalise_results(session: CohortSession, *, actor: Actor, now: datetime) -> int:
    """
    Make final what is due to be in one session, with the grading policies that hold now; returns how many results.

    Read once more from the platform first, in batches, each in a transaction of its own: who is killed in between
    goes on where it stopped. What is final already is left alone, so running it late, twice or from two processes at
    once comes to the same. A member without any result has none to be final.

    Raises:
        NotFound, NotAllowed: see `authorise`.
    """
    authorise(actor, permissions.MANAGE_SESSION, session)
    editions = list(session.editions.all())
    number = 0
    for edition in editions:
        open_results = edition.results.filter(final_at=None).select_related("member").order_by("pk")
        due = [result for result in open_results if _is_due(session, result, now)]
        for start in range(0, len(due), BATCH):
            members = [result.member for result in due[start : start + BATCH]]
            number += _finalise(session, edition, members, actor=actor, now=now)
    _plan(session, next_finals(session, now=now, is_done=True))
    return number


def put_off_finalising(session: CohortSession, *, now: datetime) -> None:
    """The session's results were asked to be made final: nobody need ask once more for a while."""
    SessionAgenda.objects.filter(session=session, finals_due_at__lte=now).update(finals_due_at=now + PATIENCE)


def reopen_results(
    edition: CourseEdition, people: Sequence[str], *, reason: str, actor: Actor, now: datetime
) -> list[LineOutcome]:
    """
    Have the final results of these members of one edition follow the platform again, one outcome a line.

    They become final anew as many days from now as the session gives after its end. The history keeps what they were.

    Args:
        people: usernames or e-mail addresses.
        reason: kept in the history, not empty.

    Raises:
        InvalidInput: no reason is given.
        NotFound, NotAllowed: see `authorise`.
    """
    if not reason.strip():
        raise InvalidInput({"reason": _("Say why the results are opened again.")})
    with transaction.atomic():
        session = locked_session(edition.session)
        authorise(actor, permissions.REOPEN_RESULT, edition)
        accounts = accounts_named(people, active_only=False)
        ids = {user.pk for user in accounts.values()}
        rows = EditionResult.objects.select_for_update().filter(edition=edition, member__user_id__in=ids)
        results = {row.member.user_id: row for row in rows.select_related("member")}
        opened: list[EditionResult] = []

        def reopen(user) -> LineOutcome:
            row = results.get(user.pk)
            if row is None:
                return refused(_("Has no result in this course."))
            if row.final_at is None:
                return as_before(_("Is not final."))
            row.final_at, row.grading_policy, row.later, row.reopened_at = None, {}, {}, now
            opened.append(row)
            return done()

        outcomes = answer_lines(people, accounts, reopen)
        _store_finality(opened, actor=actor, now=now, reason=reason.strip())
        _announce(session, edition, opened, is_final=False, now=now)
        follow(edition.edition_key, [row.member.user_id for row in opened], EVERYTHING, now=now)
        _plan(session, next_finals(session, now=now, is_done=True))
    return outcomes


def _is_due(session: CohortSession, result: EditionResult, now: datetime) -> bool:
    moment = final_moment(session, result.member, result.reopened_at)
    return moment is not None and moment <= now


def _finalise(
    session: CohortSession,
    edition: CourseEdition,
    members: Sequence[Member],
    *,
    actor: Actor,
    now: datetime,
) -> int:
    """
    One batch; whose dates have changed, or who is final, since they were found are left out. Who decides how the course
    is graded takes turns with it.
    """
    with transaction.atomic():
        locked_session(session)
        policy = get_host().grading_policies([edition.edition_key]).get(edition.edition_key)
        follow(edition.edition_key, [member.user_id for member in members], EVERYTHING, now=now)
        rows = EditionResult.objects.filter(edition=edition, member__in=members, final_at=None)
        due = [row for row in rows.select_for_update().select_related("member") if _is_due(session, row, now)]
        for row in due:
            row.final_at, row.grading_policy = now, asdict(policy) if policy else {}
        _store_finality(due, actor=actor, now=now, reason=_("Final: so many days after the end as the session gives."))
        _announce(session, edition, due, is_final=True, now=now)
    return len(due)


def _store_finality(rows: list[EditionResult], *, actor: Actor, now: datetime, reason: str) -> None:
    if rows:
        bulk_update_with_history(
            rows,
            EditionResult,
            _FINALITY,
            batch_size=BATCH,
            default_user=account(actor),
            default_date=now,
            default_change_reason=reason,
        )


def _announce(
    session: CohortSession, edition: CourseEdition, rows: Sequence[EditionResult], *, is_final: bool, now: datetime
) -> None:
    for row in rows:
        data = CohortResultData(
            session_uuid=str(session.uuid),
            edition_key=edition.edition_key,
            user_id=row.member.user_id,
            is_final=is_final,
        )
        announce(COHORT_RESULT_CHANGED, now=now, result=data)


def _plan(session: CohortSession, moment: datetime | None) -> None:
    """Note when results of the session become final next."""
    SessionAgenda.objects.filter(session=session).update(finals_due_at=moment)
