"""Enrol and remove members, give them dates of their own, and record their first entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor, LineOutcome, MemberStatus
from cohort_sessions.errors import InvalidInput
from cohort_sessions.events import (
    COHORT_MEMBER_ENTERED,
    COHORT_MEMBER_RESCHEDULED,
    CohortEntryData,
    CohortMemberDatesData,
    announce,
)
from cohort_sessions.models import CohortSession, Member
from cohort_sessions.operations._ground import locked_session, locked_sessions, look_again, want_anew
from cohort_sessions.operations._invitations import InvitationDesk
from cohort_sessions.operations._lines import answer_lines, as_before, done, refused
from cohort_sessions.operations._places import active_places, give_places, store_members, take_places
from cohort_sessions.operations._seats import room_for, settled_seats
from cohort_sessions.queries.accounts import accounts_named
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.parallel_groups import taken_in_parallel


class Unchanged:
    """Stands for "leave it as it is" where ``None`` has a meaning of its own."""


UNCHANGED: Final = Unchanged()


def enrol_members(session: CohortSession, people: Sequence[str], *, actor: Actor, now: datetime) -> list[LineOutcome]:
    """
    Give people a place in the session, one outcome a line, in the order given. Who was removed before comes back to
    their results; who had asked for a place, or was offered one, has it now. Addresses that no active account has are
    invited, see `operations.invitations`.

    The team is not bound by enrolment window, code or prerequisites, but by seats: nobody is enrolled past the
    capacity, or past those who wait; nor by a place in a parallel session.

    Args:
        people: usernames or e-mail addresses; empty lines are answered as such.

    Raises:
        NotFound, NotAllowed, Locked: see `authorise`. A line that cannot be enrolled raises nothing and stops nothing.
    """
    with transaction.atomic():
        [fresh] = locked_sessions(session)
        authorise(actor, permissions.ENROL_MEMBER, fresh)
        seats = settled_seats(fresh, actor=actor, now=now)
        accounts = accounts_named(people)
        named = {user.pk for user in accounts.values()}
        members = active_places(fresh, named)
        elsewhere = taken_in_parallel(fresh, named)
        offered = set(fresh.requests.filter(user__in=named, offer_expires_at__gt=now).values_list("user_id", flat=True))
        room = room_for(seats, len(people))
        enrolled = []
        invitations = InvitationDesk(fresh, people, accounts, now=now)

        def enrol(user) -> LineOutcome:
            if user.pk in members or user.pk in enrolled:
                return as_before(_("Is a member already."))
            if user.pk in elsewhere:
                return refused(
                    _("Has a place, or waits, in the parallel session “%(session)s”. Move them instead.")
                    % {"session": elsewhere[user.pk]}
                )
            # A held seat is counted as taken; whoever it is held for needs no other.
            if user.pk not in offered and len([each for each in enrolled if each not in offered]) >= room:
                return refused(_("No seat is free. Raise the capacity, or let them join the waiting list."))
            enrolled.append(user.pk)
            return done()

        def invite(line: str) -> LineOutcome:
            return invitations.answer(line, room=room - len([each for each in enrolled if each not in offered]))

        outcomes = answer_lines(people, accounts, enrol, invite)
        give_places(fresh, enrolled, actor=actor, now=now, reason=_("Enrolled."))
        invitations.close(actor=actor)
    return outcomes


def remove_members(session: CohortSession, people: Sequence[str], *, actor: Actor, now: datetime) -> list[LineOutcome]:
    """
    Take people's places away, one outcome a line. Their row, their results and their work stay; their seats go to the
    line.

    Raises:
        NotFound, NotAllowed, Locked: see `authorise`.
    """
    with transaction.atomic():
        [fresh] = locked_sessions(session)
        authorise(actor, permissions.ENROL_MEMBER, fresh)
        accounts = accounts_named(people, active_only=False)
        members = active_places(fresh, {user.pk for user in accounts.values()})
        gone = []

        def remove(user) -> LineOutcome:
            place = members.pop(user.pk, None)
            if place is None:
                return as_before(_("Is not a member."))
            gone.append(place)
            return done()

        outcomes = answer_lines(people, accounts, remove)
        take_places(fresh, gone, actor=actor, now=now, reason=_("Removed."))
        settled_seats(fresh, actor=actor, now=now)
    return outcomes


def set_member_dates(
    session: CohortSession,
    people: Sequence[str],
    *,
    opens_at: datetime | Unchanged | None = UNCHANGED,
    closes_at: datetime | Unchanged | None = UNCHANGED,
    extra_days: int | Unchanged = UNCHANGED,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> list[LineOutcome]:
    """
    Give members an opening, a closing or extra days of their own, one outcome a line; the platform follows.

    Args:
        opens_at, closes_at: aware UTC; ``None`` is the session's own again.
        extra_days: days added to whichever closing holds, 0 or more; they replace what was given before.
        reason: kept in the member's history.

    Raises:
        NotFound, NotAllowed, Locked: see `authorise`.
        InvalidInput: the values cannot stand together. Nothing is stored.
    """
    wanted = {"opens_at": opens_at, "closes_at": closes_at, "extra_days": extra_days}
    wanted = {name: value for name, value in wanted.items() if value is not UNCHANGED}
    _check_dates(wanted)
    with transaction.atomic():
        fresh = locked_session(session)
        authorise(actor, permissions.ENROL_MEMBER, fresh)
        accounts = accounts_named(people, active_only=False)
        members = active_places(fresh, {user.pk for user in accounts.values()})
        changed = []

        def set_dates(user) -> LineOutcome:
            place = members.get(user.pk)
            if place is None:
                return refused(_("Is not a member."))
            if all(getattr(place, name) == value for name, value in wanted.items()):
                return as_before()
            if _is_reversed(wanted.get("opens_at", place.opens_at), wanted.get("closes_at", place.closes_at)):
                return refused(_("The closing must lie after the opening that this member has."))
            for name, value in wanted.items():
                setattr(place, name, value)
            changed.append(place)
            return done()

        outcomes = answer_lines(people, accounts, set_dates)
        why = reason.strip() or _("Own dates changed.")
        store_members([], changed, sorted(wanted), actor=actor, now=now, reason=why)
        for place in changed:
            announce(COHORT_MEMBER_RESCHEDULED, now=now, dates=_dates_data(fresh, place))
        if changed:
            want_anew(fresh.editions.filter(withdrawn_at=None), now=now)
            look_again(fresh, now=now)
    return outcomes


def record_first_entry(edition_id: int, *, user_id: int, now: datetime) -> bool:
    """
    Start a duration session's clock for a member who enters one of its editions; the first moment recorded stands
    for ever.

    Asks no permission: the guard calls it for a person whom it has just let in. Returns whether this call recorded
    it. One query when it was recorded before; concurrent entries meet the condition of the update.
    """
    with transaction.atomic():
        session = CohortSession.objects.filter(editions__pk=edition_id, duration_days__isnull=False)
        waiting = Member.objects.filter(
            session__in=session, user_id=user_id, status=MemberStatus.ACTIVE, first_entered_at=None
        )
        if not waiting.exists():
            return False
        entering = session.select_for_update().get()
        recorded = waiting.filter(session=entering).update(first_entered_at=now)
        if recorded:
            data = CohortEntryData(session_uuid=str(entering.uuid), user_id=user_id)
            announce(COHORT_MEMBER_ENTERED, now=now, entry=data)
            want_anew(entering.editions.filter(withdrawn_at=None), now=now)
            look_again(entering, now=now)
    return bool(recorded)


def _dates_data(session: CohortSession, place: Member) -> CohortMemberDatesData:
    return CohortMemberDatesData(
        session_uuid=str(session.uuid),
        user_id=place.user_id,
        opens_at=place.opens_at.astimezone(UTC).isoformat() if place.opens_at else "",
        closes_at=place.closes_at.astimezone(UTC).isoformat() if place.closes_at else "",
        extra_days=place.extra_days,
    )


def _check_dates(wanted: dict) -> None:
    errors = {}
    for name in ("opens_at", "closes_at"):
        moment = wanted.get(name)
        if moment is not None and moment.tzinfo is None:
            errors[name] = _("Say in which time zone this moment is.")
    if not errors and _is_reversed(wanted.get("opens_at"), wanted.get("closes_at")):
        errors["closes_at"] = _("The closing must lie after the opening.")
    if wanted.get("extra_days", 0) < 0:
        errors["extra_days"] = _("Extra days are 0 or more; for an earlier end give the member a closing of their own.")
    if errors:
        raise InvalidInput(errors)


def _is_reversed(opens_at: datetime | None, closes_at: datetime | None) -> bool:
    return None not in (opens_at, closes_at) and closes_at <= opens_at
