"""
The rules of time: from windows and a moment to phase, listing, entry and envelope (design, section 5).

Pure functions over frozen values; no Django, no clock, no I/O. Every list, card, page, API, guard and date told to
the host derives from `access`, so they cannot disagree. All moments are aware UTC datetimes; windows are half open,
``[opens_at, closes_at)``; ``None`` is unbounded everywhere.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from cohort_sessions.data import AfterClose, DeadlinePolicy, SessionStatus

# The days on which anything of a session lies. Years outside are slips of the keyboard: 0026, 20226; and near the ends
# of the calendar moments cannot be told in every time zone.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)

_DAY = timedelta(days=1)


def is_within_reach(moment: datetime) -> bool:
    """Whether this is a moment of those days, or the end of the last one, in some time zone: all lie within a day."""
    return FIRST_DAY - _DAY <= moment.date() <= LAST_DAY + _DAY


class Phase(enum.StrEnum):
    """In which of the three lists a session stands, for one person, at one moment."""

    UPCOMING = "upcoming"
    CURRENT = "current"
    PAST = "past"


class Listing(enum.StrEnum):
    """Whether a person is shown the session now."""

    HIDDEN = "hidden"
    SHOWN = "shown"


class Entry(enum.IntEnum):
    """
    Whether a person may go in now; ordered, so that ``max`` is the union of two rights.

    Read only means: no new score, submission, completion, post or note, through any door; navigation and player
    position may still be written.
    """

    CLOSED = 0
    READ_ONLY = 1
    FULL = 2


class Reason(enum.StrEnum):
    """Why the entry is what it is; pages and problems word it."""

    OPEN = "open"
    NOT_OPEN_YET = "not_open_yet"
    ENDED = "ended"
    DRAFT = "draft"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    NO_RELATION = "no_relation"


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, ``[opens_at, closes_at)`` in UTC; ``None`` is unbounded."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def has_opened(self, now: datetime) -> bool:
        """Whether the window's beginning lies behind, or at, `now`."""
        return self.opens_at is None or self.opens_at <= now

    def has_closed(self, now: datetime) -> bool:
        """Whether the window's end lies behind, or at, `now`."""
        return self.closes_at is not None and self.closes_at <= now

    def contains(self, now: datetime) -> bool:
        """Whether `now` lies inside."""
        return self.has_opened(now) and not self.has_closed(now)

    def encloses(self, other: Window) -> bool:
        """Whether every moment of `other` is a moment of this window."""
        opens_first = self.opens_at is None or (other.opens_at is not None and self.opens_at <= other.opens_at)
        closes_last = self.closes_at is None or (other.closes_at is not None and other.closes_at <= self.closes_at)
        return opens_first and closes_last

    def hull(self, other: Window) -> Window:
        """The smallest window that encloses both."""
        opens = None if None in (self.opens_at, other.opens_at) else min(self.opens_at, other.opens_at)
        closes = None if None in (self.closes_at, other.closes_at) else max(self.closes_at, other.closes_at)
        return Window(opens, closes)


UNBOUNDED = Window()


@dataclass(frozen=True, slots=True)
class CalendarShift:
    """
    The step from one moment to another on the clocks and calendars of a time zone: what was at nine stays at nine,
    what was at midnight at midnight, though the clocks were changed in between.

    A time that is skipped on its day moves forward by as much as the clocks did; of one that comes twice it is the
    first.
    """

    origin: datetime
    target: datetime
    zone: tzinfo

    @classmethod
    def by_days(cls, origin: datetime, days: int, zone: tzinfo) -> CalendarShift:
        """To the same time of day, so many days later."""
        return cls(origin, _on_the_clock(_clock(origin, zone) + timedelta(days=days), zone), zone)

    def moment(self, moment: datetime | None) -> datetime | None:
        """Where this moment comes to lie; UTC. `origin` comes to lie at `target` exactly; ``None`` is unbounded."""
        if moment is None:
            return None
        if moment == self.origin:
            return self.target
        distance = _clock(self.target, self.zone) - _clock(self.origin, self.zone)
        return _on_the_clock(_clock(moment, self.zone) + distance, self.zone)

    def window(self, window: Window) -> Window:
        """Where this window comes to lie; one that the change of clocks would turn around keeps its length instead."""
        opens, closes = self.moment(window.opens_at), self.moment(window.closes_at)
        if None not in (opens, closes) and closes <= opens:
            closes = opens + (window.closes_at - window.opens_at)
        return Window(opens, closes)


def _clock(moment: datetime, zone: tzinfo) -> datetime:
    """What clocks show at this moment, naive."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _on_the_clock(shown: datetime, zone: tzinfo) -> datetime:
    """The moment at which clocks show this, UTC; for a time that is skipped PEP 495 counts as if it were not."""
    return shown.replace(tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Schedule:
    """
    What a session says of time.

    Attributes:
        duration_days: where set, the session has no dates of its own and each member's window runs from their first
            entry.
        team_window: when the team may enter beyond what members may.
    """

    status: SessionStatus
    window: Window = Window()
    duration_days: int | None = None
    team_window: Window = Window()
    after_close: AfterClose = AfterClose.READ_ONLY


@dataclass(frozen=True, slots=True)
class Membership:
    """
    What a member's row says of time.

    Attributes:
        own_window: bounds that replace the session's, each where set.
        extra_days: days added to the closing, whichever rule gave it (0 or more).
        first_entered_at: when a member of a duration session first went in; ``None`` before.
    """

    own_window: Window = Window()
    extra_days: int = 0
    first_entered_at: datetime | None = None


_AFTER_CLOSE = {
    AfterClose.READ_ONLY: Entry.READ_ONLY,
    AfterClose.FULL: Entry.FULL,
    AfterClose.HIDDEN: Entry.CLOSED,
}

ORDINARY_MEMBERSHIP = Membership()


@dataclass(frozen=True, slots=True)
class Access:
    """
    The one decision about one person, one session, one moment.

    Attributes:
        window: the period by which the session is listed for this person; what pages show.
    """

    phase: Phase
    listing: Listing
    entry: Entry
    reason: Reason
    window: Window


def member_window(schedule: Schedule, membership: Membership) -> Window:
    """
    The window of one member: their own bounds where set, else the session's, else counted from the first entry.

    A duration session is open until the first entry is recorded. Extra days extend whatever closing results. An own
    opening that lies after the closing gives an empty window, never a reversed one.
    """
    opens = membership.own_window.opens_at or schedule.window.opens_at
    closes = membership.own_window.closes_at or schedule.window.closes_at
    if closes is None and schedule.duration_days is not None and membership.first_entered_at is not None:
        closes = membership.first_entered_at + timedelta(days=schedule.duration_days)
    if closes is not None:
        closes += timedelta(days=membership.extra_days)
    if None not in (opens, closes):
        closes = max(opens, closes)
    return Window(opens, closes)


def final_at(
    schedule: Schedule, membership: Membership, *, after_days: int | None, reopened_at: datetime | None = None
) -> datetime | None:
    """
    When a member's results become final: so many days after their window has closed, or after the results were opened
    again. ``None`` for never: no days are given, or the window has no end (yet).
    """
    closes_at = member_window(schedule, membership).closes_at
    if after_days is None or closes_at is None:
        return None
    return max(closes_at, reopened_at or closes_at) + timedelta(days=after_days)


def team_period(schedule: Schedule) -> Window:
    """
    The period by which a session is listed for its team.

    A team bound that is not set leaves the team's *access* unbounded, but the session is listed by its own date:
    else every session a coach ever taught would be current for ever.
    """
    return Window(
        schedule.team_window.opens_at or schedule.window.opens_at,
        schedule.team_window.closes_at or schedule.window.closes_at,
    )


def access(schedule: Schedule, *, membership: Membership | None, on_team: bool, now: datetime) -> Access:
    """
    Decide for one person: in which list the session stands, whether it is shown, whether they may go in, and why.

    Args:
        membership: ``None`` for somebody who is not a member.
        on_team: whether they run the session, or one edition of it.

    Who is both gets the union of the two rights, and is listed by the hull of the two periods.
    """
    as_member = _member_access(schedule, membership, now) if membership is not None else None
    as_team = _team_access(schedule, now) if on_team else None
    if as_member is None and as_team is None:
        return Access(Phase.PAST, Listing.HIDDEN, Entry.CLOSED, Reason.NO_RELATION, Window())
    if as_member is None or as_team is None:
        return as_member or as_team
    strongest = max(as_team, as_member, key=lambda decision: decision.entry)
    window = as_member.window.hull(as_team.window)
    return Access(_phase(schedule, window, now), Listing.SHOWN, strongest.entry, strongest.reason, window)


def withdrawn(decision: Access, *, on_team: bool) -> Access:
    """What is left of a decision about one edition once it was taken out of its session: the team may look back."""
    listing = decision.listing if on_team else Listing.HIDDEN
    entry = min(decision.entry, Entry.READ_ONLY if on_team else Entry.CLOSED)
    return replace(decision, listing=listing, entry=entry, reason=Reason.WITHDRAWN)


def envelope(schedule: Schedule, memberships: Iterable[Membership]) -> Window:
    """
    The one window the host is told: from the earliest opening to the latest closing of the session's learners.

    An ordinary member counts even when there is none yet, so that a new edition opens with its session. The team
    does not count: the host lets its staff in at any time.
    """
    result = member_window(schedule, ORDINARY_MEMBERSHIP)
    for membership in memberships:
        result = result.hull(member_window(schedule, membership))
    return result


def boundaries(schedule: Schedule, memberships: Iterable[Membership]) -> frozenset[datetime]:
    """Every moment at which the session opens or closes for an ordinary member or for one of these."""
    windows = [member_window(schedule, membership) for membership in (ORDINARY_MEMBERSHIP, *memberships)]
    return frozenset(moment for each in windows for moment in (each.opens_at, each.closes_at) if moment is not None)


def deadline_shift(policy: DeadlinePolicy, *, base_start: datetime | None, schedule: Schedule) -> timedelta | None:
    """
    By how much an edition moves the deadlines inside its base course; ``None``: it carries none of them.

    Where one of the two moments that make the distance is missing they are kept as they are, except in a duration
    session: one calendar cannot fit people who begin on different days.
    """
    if policy == DeadlinePolicy.NONE:
        return None
    if policy == DeadlinePolicy.KEEP:
        return timedelta()
    if schedule.duration_days is not None:
        return None
    if base_start is None or schedule.window.opens_at is None:
        return timedelta()
    return schedule.window.opens_at - base_start


def edition_deadline(due: datetime, *, shift: timedelta, window: Window) -> datetime:
    """A deadline of the base course as the edition has it for ordinary members: moved, and inside `window`."""
    moved = due + shift
    if window.opens_at is not None:
        moved = max(moved, window.opens_at)
    return moved if window.closes_at is None else min(moved, window.closes_at)


def member_deadline(due: datetime, *, ordinary: Window, own: Window, extra_days: int) -> datetime:
    """
    A deadline of the edition as one member has it: later by their extra days, never after their own end.

    Args:
        due: what `edition_deadline` gave.
        ordinary: the window of an ordinary member; a deadline at its very end stands at the end of `own`.
        own: the member's window.
    """
    if own.closes_at is None:
        return due + timedelta(days=extra_days)
    if ordinary.closes_at is not None and due >= ordinary.closes_at:
        return own.closes_at
    return min(due + timedelta(days=extra_days), own.closes_at)


def _phase(schedule: Schedule, window: Window, now: datetime) -> Phase:
    if schedule.status == SessionStatus.ARCHIVED or window.has_closed(now):
        return Phase.PAST
    return Phase.CURRENT if window.has_opened(now) else Phase.UPCOMING


def _member_access(schedule: Schedule, membership: Membership, now: datetime) -> Access:
    window = member_window(schedule, membership)
    phase = _phase(schedule, window, now)
    if schedule.status == SessionStatus.DRAFT:
        return Access(phase, Listing.HIDDEN, Entry.CLOSED, Reason.DRAFT, window)
    hidden = window.has_closed(now) and schedule.after_close == AfterClose.HIDDEN
    listing = Listing.HIDDEN if hidden else Listing.SHOWN
    entry, reason = _member_entry(schedule, window, now)
    return Access(phase, listing, entry, reason, window)


def _member_entry(schedule: Schedule, window: Window, now: datetime) -> tuple[Entry, Reason]:
    if schedule.status == SessionStatus.CANCELLED:
        return Entry.CLOSED, Reason.CANCELLED
    if not window.has_opened(now):
        return Entry.CLOSED, Reason.NOT_OPEN_YET
    by_clock, reason = Entry.FULL, Reason.OPEN
    if window.has_closed(now):
        by_clock, reason = _AFTER_CLOSE[schedule.after_close], Reason.ENDED
    if schedule.status == SessionStatus.ARCHIVED:
        return min(by_clock, Entry.READ_ONLY), Reason.ARCHIVED
    return by_clock, reason


def _team_access(schedule: Schedule, now: datetime) -> Access:
    """The team may do what an ordinary member may, and inside the team window more: prepare, teach, look back."""
    period = team_period(schedule)
    as_member = _member_access(schedule, ORDINARY_MEMBERSHIP, now)
    entry, reason = as_member.entry, as_member.reason
    if schedule.team_window.contains(now):
        finished = {SessionStatus.CANCELLED: Reason.CANCELLED, SessionStatus.ARCHIVED: Reason.ARCHIVED}
        by_team = Entry.READ_ONLY if schedule.status in finished else Entry.FULL
        if by_team > entry:
            entry, reason = by_team, finished.get(schedule.status, Reason.OPEN)
    return Access(_phase(schedule, period, now), Listing.SHOWN, entry, reason, period)
