"""
A session made after another: what is taken over, and where its dates come to lie. Callers hold the lock of the original
and have asked for permission.

Taken over are words, courses with what is customised in them, materials, team, coaches, locks, prerequisites and terms,
and the calendar. Never people: no member, no request, no result. Nor announcements, which were news to others. Nor what
names this one session alone: its code, its enrolment code (who learnt the old one would get in), its group of parallel
sessions (the copy runs at another time), its status.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils.translation import gettext as _

from cohort_sessions.data import Actor, Joining, SessionChange, SessionStatus, TeamRole
from cohort_sessions.errors import HostRefused
from cohort_sessions.events import (
    COHORT_SESSION_CHANGED,
    COHORT_TEAM_CHANGED,
    CohortTeamData,
    announce,
    session_data,
)
from cohort_sessions.host import get_host
from cohort_sessions.models import (
    CohortSession,
    CourseEdition,
    EditionCoach,
    SessionLock,
    SessionPrerequisite,
    SessionRepetition,
    SessionTeamMember,
)
from cohort_sessions.operations._content import add_content
from cohort_sessions.operations._ground import account, save, want_anew
from cohort_sessions.operations._material_copies import copied_materials
from cohort_sessions.queries.edition_content import edition_content, moved
from cohort_sessions.queries.session_checks import refuse, session_faults
from cohort_sessions.queries.session_drafts import free_code
from cohort_sessions.timeline import CalendarShift, Window

TAKEN_OVER = (
    "description",
    "category",
    "organisation",
    "duration_days",
    "after_close",
    "archive_after_days",
    "results_final_after_days",
    "time_zone",
    "joining",
    "capacity",
    "offer_days",
)
WINDOWS = (
    ("opens_at", "closes_at"),
    ("team_opens_at", "team_closes_at"),
    ("enrolment_opens_at", "enrolment_closes_at"),
)
REPETITION = ("repeat_every_days", "repeat_lead_days")

# People read the code to one another: no letters or digits that look alike.
_CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 8
_TITLE_LENGTH = CohortSession._meta.get_field("title").max_length


@dataclass(frozen=True, slots=True)
class Copy:
    """A session just made, and the courses that could not come along, with the host's reasons."""

    session: CohortSession
    refusals: tuple[str, ...]


def draft_of(original: CohortSession, shift: CalendarShift | None, **values) -> CohortSession:
    """
    A draft with the terms of `original`, not stored yet.

    Args:
        shift: where its dates come to lie; ``None`` leaves every date empty.
        values: fields that differ.
    """
    fields = {name: getattr(original, name) for name in TAKEN_OVER}
    if shift is not None:
        for opens, closes in WINDOWS:
            window = shift.window(Window(getattr(original, opens), getattr(original, closes)))
            fields |= {opens: window.opens_at, closes: window.closes_at}
    if original.joining == Joining.CODE:
        fields["enrolment_code"] = "".join(secrets.choice(_CODE_ALPHABET) for _each in range(_CODE_LENGTH))
    return CohortSession(**(fields | values))


def store_copy(
    original: CohortSession, draft: CohortSession, shift: CalendarShift | None, *, actor: Actor, now: datetime
) -> Copy:
    """
    Store a draft with everything that hangs on `original` and is taken over.

    A course that the platform will not make an edition of is left out, and told.

    Args:
        shift: the one that the draft was made with; dates inside the courses come to lie by it as well.

    Raises:
        InvalidInput: naming each field that cannot stand.
    """
    why = _("Copied from “%(session)s”.") % {"session": original.code}
    draft.created_at = draft.modified_at = now
    draft.code = draft.code or free_code(draft)
    refuse(session_faults(draft))
    save(draft, actor=actor, now=now, reason=why)
    _store(_team(original, draft, now), actor=actor, now=now, reason=why)
    _store(_terms(original, draft, actor, now), actor=actor, now=now, reason=why)
    _store(copied_materials(original, None, draft, None, actor=actor, now=now), actor=actor, now=now, reason=why)
    refusals = _copy_courses(original, draft, shift, actor=actor, now=now, reason=why)
    announce(COHORT_SESSION_CHANGED, now=now, session=session_data(draft, SessionChange.CREATED))
    return Copy(draft, tuple(refusals))


def make_repetition(original: CohortSession, *, actor: Actor, now: datetime) -> CohortSession:
    """
    Make the next edition of a recurring session, in the calendar of its time zone; it recurs in turn.

    It is published at once, as the original was, so that enrolment opens by itself; a draft only where a course could
    not come along, for somebody has to decide then. One that would be over already is skipped for the next.
    """
    zone = ZoneInfo(original.time_zone or "UTC")
    days = original.repeat_every_days
    while (shift := CalendarShift.by_days(original.opens_at, days, zone)).moment(original.closes_at) <= now:
        days += original.repeat_every_days
    chain = {name: getattr(original, name) for name in REPETITION}
    draft = draft_of(original, shift, title=_next_title(original), **chain)
    copy = store_copy(original, draft, shift, actor=actor, now=now)
    SessionRepetition.objects.create(original=original, successor=copy.session, made_at=now)
    if copy.refusals:
        why = _("Left as a draft: %(why)s") % {"why": " ".join(copy.refusals)}
    else:
        copy.session.status = SessionStatus.PUBLISHED.value
        why = _("Published, as the session that it repeats.")
    save(copy.session, actor=actor, now=now, reason=why)
    if not copy.refusals:
        published = session_data(copy.session, SessionChange.PUBLISHED)
        announce(COHORT_SESSION_CHANGED, now=now, session=published)
    return copy.session


def _next_title(original: CohortSession) -> str:
    """What follows "Tides" is "Tides (2)", then "Tides (3)"; a number of people's own making is part of the title."""
    stem, number = original.title, 2
    counted = re.fullmatch(r"(.+) \((\d+)\)", original.title)
    if counted and SessionRepetition.objects.filter(successor=original).exists():
        stem, number = counted[1], int(counted[2]) + 1
    suffix = f" ({number})"
    return stem[: _TITLE_LENGTH - len(suffix)].rstrip() + suffix


def _team(original: CohortSession, copy: CohortSession, now: datetime) -> Iterable[SessionTeamMember]:
    """Whose account was closed is left out."""
    for row in original.team.filter(user__is_active=True):
        _announce(copy, "", row.user_id, TeamRole(row.role), now=now)
        yield SessionTeamMember(session=copy, user_id=row.user_id, role=row.role, assigned_at=now)


def _terms(original: CohortSession, copy: CohortSession, actor: Actor, now: datetime) -> Iterable[Model]:
    for lock in original.locks.all():
        yield SessionLock(session=copy, name=lock.name, reason=lock.reason, locked_by=account(actor), locked_at=now)
    for row in original.prerequisites.all():
        yield SessionPrerequisite(session=copy, required_id=row.required_id, condition=row.condition)


def _copy_courses(
    original: CohortSession,
    copy: CohortSession,
    shift: CalendarShift | None,
    *,
    actor: Actor,
    now: datetime,
    reason: str,
) -> list[str]:
    """Editions of the same courses, in order, with their coaches. Returns why any could not be made."""
    made, refusals = [], []
    for edition in original.editions.filter(withdrawn_at=None):
        uuid = uuid4()
        try:
            edition_key = get_host().reserve_edition(edition.base_key, uuid)
        except HostRefused as refusal:
            refusals.append(str(refusal))
            continue
        new = CourseEdition(
            uuid=uuid,
            session=copy,
            base_key=edition.base_key,
            edition_key=edition_key,
            position=edition.position,
            deadlines=edition.deadlines,
            wanted_revision=0,
        )
        save(new, actor=actor, now=now, reason=reason)
        made.append(new)
        add_content(new, moved(edition_content(edition), shift), reason=reason, actor=actor, now=now)
        materials = copied_materials(original, edition, copy, new, actor=actor, now=now)
        _store(materials, actor=actor, now=now, reason=reason)
        coaches = edition.coaches.filter(user__is_active=True).values_list("user_id", flat=True)
        rows = [EditionCoach(edition=new, user_id=user_id, assigned_at=now) for user_id in coaches]
        _store(rows, actor=actor, now=now, reason=reason)
        for row in rows:
            _announce(copy, str(edition_key), row.user_id, TeamRole.COURSE_COACH, now=now)
    want_anew(made, now=now)
    return refusals


def _store(rows: Iterable[Model], *, actor: Actor, now: datetime, reason: str) -> None:
    for row in rows:
        save(row, actor=actor, now=now, reason=reason)


def _announce(session: CohortSession, edition_key: str, user_id: int, role: TeamRole, *, now: datetime) -> None:
    data = CohortTeamData(
        session_uuid=str(session.uuid), edition_key=edition_key, user_id=user_id, role=role.value, is_active=True
    )
    announce(COHORT_TEAM_CHANGED, now=now, team=data)
