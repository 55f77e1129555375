"""
What time alone brings about in a session: its line moves, it ends, it is put away, its next repetition is made, and
the platform is told of openings and closings.

Lists and access never wait for any of it: they are computed from the dates (`timeline`).
"""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cohort_sessions import permissions, timeline
from cohort_sessions.data import Actor, SessionChange, SessionStatus
from cohort_sessions.events import COHORT_SESSION_CHANGED, announce, session_data
from cohort_sessions.models import CohortSession, SessionAgenda, SessionRepetition
from cohort_sessions.operations._archiving import archive_at
from cohort_sessions.operations._copies import make_repetition
from cohort_sessions.operations._finals import next_finals
from cohort_sessions.operations._ground import locked_sessions, save, want_anew
from cohort_sessions.operations._retries import again_at
from cohort_sessions.operations._seats import end_line, settled_seats
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.due import special_memberships
from cohort_sessions.timeline import Membership


class Step(enum.StrEnum):
    """One thing that time can bring about in a session."""

    LINE_MOVED = "line moved"
    FINISHED = "finished"
    RESUMED = "resumed"
    REPEATED = "repeated"
    ARCHIVED = "archived"
    TOLD = "told to the platform"


@dataclass(frozen=True, slots=True)
class Advance:
    """
    What came of looking at one session.

    Attributes:
        was_due: whether there was any reason to look.
        steps: what happened; empty where the agenda was only found out.
    """

    was_due: bool = False
    steps: frozenset[Step] = frozenset()


def advance_session(session_id: int, *, actor: Actor, now: datetime) -> Advance:
    """
    Bring about everything that is due in one session, and find the next moment at which something will be.

    One transaction under the session's lock. Nothing happens before the agenda is due, so running it late, twice or
    from two processes at once comes to the same. A session that is gone is no error.

    Raises:
        NotFound, NotAllowed: see `authorise`.
    """
    with transaction.atomic():
        session = CohortSession.objects.filter(pk=session_id).first()
        if session is None:
            return Advance()
        [session] = locked_sessions(session)
        authorise(actor, permissions.MANAGE_SESSION, session)
        agenda = SessionAgenda.objects.filter(session=session).first() or SessionAgenda(session=session, due_at=now)
        if agenda.due_at is None or agenda.due_at > now:
            return Advance()
        line = _line(session)
        settled_seats(session, actor=actor, now=now)
        memberships = special_memberships(session)
        steps = _steps(session, memberships, actor=actor, now=now)
        line_now = _line(session) if line else line
        if line_now != line:
            steps.add(Step.LINE_MOVED)
        if _is_to_be_told(session, memberships, agenda, now) or Step.ARCHIVED in steps:
            want_anew(session.editions.all(), now=now)
            steps.add(Step.TOLD)
        agenda.due_at = min((moment for moment in _ahead(session, memberships, line_now) if moment > now), default=None)
        agenda.finals_due_at = next_finals(session, now=now)
        agenda.seen_at, agenda.failures, agenda.error = now, 0, ""
        agenda.save()
    return Advance(was_due=True, steps=frozenset(steps))


def note_failure(session_id: int, error: Exception, *, now: datetime) -> None:
    """
    Keep on the agenda that looking at a session failed, and why; it is looked at again after a while, longer with each
    failure in a row.
    """
    agenda, _is_new = SessionAgenda.objects.get_or_create(session_id=session_id, defaults={"due_at": now})
    SessionAgenda.objects.filter(pk=agenda.pk).update(
        failures=F("failures") + 1,
        error=str(error) or type(error).__name__,
        due_at=again_at(now, agenda.failures + 1),
    )


def _steps(session: CohortSession, memberships: Collection[Membership], *, actor: Actor, now: datetime) -> set[Step]:
    """What a session lives through by itself; only a published one does. The last of its steps is to be put away."""
    steps = set()
    if session.status != SessionStatus.PUBLISHED:
        return steps
    by_actor = {"actor": actor, "now": now}
    envelope = timeline.envelope(session.schedule, memberships)
    if _has_come(_repetition_at(session), now) and not SessionRepetition.objects.filter(original=session).exists():
        make_repetition(session, **by_actor)
        steps.add(Step.REPEATED)
    if session.join_terms.is_over(now):
        end_line(session, reason=_("The session is over."), **by_actor)
    if envelope.has_closed(now) and session.finished_at is None:
        session.finished_at = now
        save(session, reason=_("Over for everybody."), **by_actor)
        announce(COHORT_SESSION_CHANGED, now=now, session=session_data(session, SessionChange.FINISHED))
        steps.add(Step.FINISHED)
    elif session.finished_at is not None and not envelope.has_closed(now):
        session.finished_at = None
        save(session, reason=_("Not over any more: dates were extended."), **by_actor)
        announce(COHORT_SESSION_CHANGED, now=now, session=session_data(session, SessionChange.RESUMED))
        steps.add(Step.RESUMED)
    if _has_come(archive_at(session, envelope), now):
        session.status, session.modified_at = SessionStatus.ARCHIVED.value, now
        save(session, reason=_("Archived by itself, as long after its end as it was told."), **by_actor)
        announce(COHORT_SESSION_CHANGED, now=now, session=session_data(session, SessionChange.ARCHIVED))
        steps.add(Step.ARCHIVED)
    return steps


def _line(session: CohortSession) -> frozenset[tuple[int, str, datetime | None]]:
    return frozenset(session.requests.values_list("user_id", "status", "offer_expires_at"))


def _is_to_be_told(
    session: CohortSession, memberships: Collection[Membership], agenda: SessionAgenda, now: datetime
) -> bool:
    """
    Whether an opening or a closing has come since somebody last looked. What lay behind when the session was made was
    told by those who made it.
    """
    since = agenda.seen_at or session.created_at
    return any(since < moment <= now for moment in _boundaries(session, memberships))


def _ahead(
    session: CohortSession, memberships: Collection[Membership], line: Collection[tuple[int, str, datetime | None]]
) -> set[datetime]:
    """Every moment at which time alone changes something, past ones among them."""
    moments = {expires_at for _user_id, _status, expires_at in line} | _boundaries(session, memberships)
    if session.status == SessionStatus.PUBLISHED:
        moments.add(_repetition_at(session))
        moments.add(archive_at(session, timeline.envelope(session.schedule, memberships)))
    return moments - {None}


def _boundaries(session: CohortSession, memberships: Collection[Membership]) -> frozenset[datetime]:
    """Openings and closings; a draft has none, whatever its dates say, as nobody is shown it."""
    if session.status == SessionStatus.DRAFT:
        return frozenset()
    return timeline.boundaries(session.schedule, memberships)


def _repetition_at(session: CohortSession) -> datetime | None:
    """By its own end, not by what single members were given beyond it; once made, it is never due again."""
    if session.repeat_lead_days is None:
        return None
    return session.closes_at - timedelta(days=session.repeat_lead_days)


def _has_come(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
