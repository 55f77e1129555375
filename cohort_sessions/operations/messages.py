"""What the team writes to members, each of them once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions.data import Actor, LineOutcome, MemberStatus, NoticeKind, SessionStatus
from cohort_sessions.errors import InvalidInput, WrongState
from cohort_sessions.events import COHORT_MESSAGE_CREATED, CohortMessageData, announce
from cohort_sessions.models import CohortSession, Notice, SessionMessage
from cohort_sessions.operations._ground import account, locked_session, save
from cohort_sessions.operations._lines import answer_lines, as_before, done, refused
from cohort_sessions.queries.accounts import accounts_named
from cohort_sessions.queries.messages import MOST_PEOPLE, message_editions
from cohort_sessions.queries.shown_editions import chosen_edition


def message_members(
    session: CohortSession,
    people: Sequence[str],
    *,
    subject: str,
    text: str,
    course: UUID | None = None,
    uuid: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> list[LineOutcome]:
    """
    Write a mail to members, one outcome a line, in the order given. It is sent to each of them once, by a task, with
    the name of who wrote it.

    Args:
        people: usernames, or e-mail addresses of accounts.
        course: the UUID of the edition it is about; ``None``: the session.
        uuid: names the message, so that repeating the call sends nothing again.

    Raises:
        NotFound: the actor may not see the results of this course, or of none.
        InvalidInput: without a subject or a text, or to too many at once.
        WrongState: the session is a draft, of which members do not know.
    """
    subject, text = " ".join(subject.split()), text.strip()
    with transaction.atomic():
        fresh = locked_session(session)
        editions = message_editions(fresh, actor=actor)
        edition = None if course is None else chosen_edition(editions, course)
        _check(fresh, people, subject, text)
        outcomes, chosen = _answers(fresh, people)
        if not chosen:
            return outcomes
        if SessionMessage.objects.filter(uuid=uuid).exists():
            return [_unless_refused(line) for line in outcomes]
        message = SessionMessage(
            uuid=uuid or uuid4(),
            session=fresh,
            edition_id=edition and edition.edition_id,
            subject=subject,
            text=text,
            recipients=len(chosen),
            sent_by=account(actor),
            sent_at=now,
        )
        save(message, actor=actor, now=now, reason="")
        Notice.objects.bulk_create(
            Notice(session=fresh, user_id=user_id, kind=NoticeKind.MESSAGE.value, message=message, created_at=now)
            for user_id in chosen
        )
        announce(
            COHORT_MESSAGE_CREATED, now=now, message=CohortMessageData(id=message.pk, session_uuid=str(fresh.uuid))
        )
    return outcomes


def _check(session: CohortSession, people: Sequence[str], subject: str, text: str) -> None:
    faults: dict[str, str] = {}
    if not subject:
        faults["subject"] = _("Write a subject.")
    if not text:
        faults["text"] = _("Write what you want to say.")
    if len(set(people)) > MOST_PEOPLE:
        faults["who"] = _("Write to at most %(most)d people at a time; these are %(given)d. Choose fewer.") % {
            "most": MOST_PEOPLE,
            "given": len(set(people)),
        }
    if faults:
        raise InvalidInput(faults)
    if session.status == SessionStatus.DRAFT:
        raise WrongState(_("This session is a draft: its members do not know of it yet. Publish it first."))


def _answers(session: CohortSession, people: Sequence[str]) -> tuple[list[LineOutcome], list[int]]:
    """An outcome for each line, and the accounts to write to."""
    accounts: Mapping[str, object] = accounts_named(people)
    members = session.members.filter(status=MemberStatus.ACTIVE.value, user__in=[user.pk for user in accounts.values()])
    ids, chosen = set(members.values_list("user_id", flat=True)), []

    def answer(user) -> LineOutcome:
        if user.pk not in ids:
            return refused(_("Has no place in this session, so nothing was sent."))
        if user.pk in chosen:
            return as_before(_("Is among them already."))
        chosen.append(user.pk)
        return done()

    return answer_lines(people, accounts, answer), chosen


def _unless_refused(line: LineOutcome) -> LineOutcome:
    if not line.ok:
        return line
    return LineOutcome(line.given, ok=True, changed=False, message=_("This message was sent before."))
