"""A session as its card and its home page show it: everything a template needs, decided and worded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohort_sessions.data import SessionStatus
from cohort_sessions.host import Person
from cohort_sessions.queries.cards import MEMBER, EditionRow, SessionCard
from cohort_sessions.queries.earlier import EarlierResult, EarlierSession
from cohort_sessions.rich_text import inert_html
from cohort_sessions.timeline import Entry, Phase
from cohort_sessions.web import moments, wording
from cohort_sessions.web.teaching import Flag, Teaching


@dataclass(frozen=True, slots=True)
class Result:
    """A member's achievement in a course, in whole percents, 0..100; `grade` is ``None`` while nothing is graded."""

    progress: int
    grade: int | None
    passed: bool
    as_of: str


@dataclass(frozen=True, slots=True)
class CourseLine:
    """
    A course in a card.

    Attributes:
        mark: stands in for a missing picture.
        result: ``None`` for the team, who learn nothing here, and before the first work.
        url: empty where the person may not go in now; `entry` is what the link is called.
        error: why the platform could not prepare the course; only ever filled for administrators.
        is_main_step: whether there is work left for a member, so that the link stands out.
        flags: for who teaches the course, why its learners need attention.
        welcome: what the course says first, clean HTML; empty for nothing, and wherever it is not asked for.
    """

    title: str
    image_url: str
    mark: str
    coaches: str
    badge: wording.Badge | None
    error: str
    result: Result | None
    url: str
    entry: str
    is_main_step: bool
    flags: tuple[Flag, ...] = ()
    welcome: SafeString | str = ""

    @property
    def inert_welcome(self) -> SafeString:
        """Without links."""
        return inert_html(self.welcome)


@dataclass(frozen=True, slots=True)
class Card:
    """
    A session, worded for one reader at one moment.

    Attributes:
        period, countdown: its dates, and how near the next of them is; `is_soon` marks a closing within a week.
        remark: what a list must say beside dates and badges.
        notice: why the session is not simply open, for its home page.
        teaching: for who teaches or runs it, its learners; ``None`` for others, and where that was not asked.
        results_url: the page of the reader's own results; empty before the first one.
        news: that there are announcements a member has not read; empty for none.
    """

    code: str
    title: str
    url: str
    description: str
    category: str
    organisation: str
    period: str
    countdown: str
    is_soon: bool
    badges: tuple[wording.Badge, ...]
    remark: str
    notice: wording.Notice | None
    coaches: str
    courses: tuple[CourseLine, ...]
    teaching: Teaching | None = None
    results_url: str = ""
    news: str = ""


def present(
    card: SessionCard,
    *,
    now: datetime,
    manages: bool = False,
    teaching: Teaching | None = None,
    welcomes: Mapping[UUID, SafeString] | None = None,
    unread: int = 0,
) -> Card:
    """
    Word one card of a query for its reader, in the active time zone.

    Args:
        manages: the reader administers the session by a wider role than its own team table tells.
        teaching: what the reader teaches of it; who does not learn in it as well is shown no other course.
        welcomes: what courses say first, by the UUIDs of their editions.
        unread: how many announcements the reader has not read.
    """
    access = card.access
    is_member = MEMBER in card.roles
    on_team = manages or bool(card.roles - {MEMBER})
    cancelled = card.status == SessionStatus.CANCELLED
    rows = card.editions
    if teaching is not None and not is_member:
        rows = tuple(row for row in rows if row.uuid in teaching.courses)
    flags = teaching.courses if teaching is not None else {}
    names = {"code": card.code}
    has_results = is_member and any(row.started for row in rows)
    return Card(
        code=card.code,
        title=card.title,
        url=reverse("cohort_sessions:session_home", kwargs=names),
        description=card.description,
        category=card.category,
        organisation=card.organisation,
        period=moments.period(access.window, now=now, duration_days=card.duration_days),
        countdown="" if cancelled else moments.countdown(access.window, access.phase, now),
        is_soon=access.phase == Phase.CURRENT and moments.closes_soon(access.window, now),
        badges=wording.session_badges(card.status, access, card.roles),
        remark=card.cancel_reason if cancelled else "",
        notice=wording.notice(access, status=card.status, cancel_reason=card.cancel_reason),
        coaches=_names(card.coaches),
        courses=tuple(
            _course(
                row,
                access.entry,
                is_member=is_member,
                on_team=on_team,
                flags=flags.get(row.uuid, ()),
                welcome=(welcomes or {}).get(row.uuid, ""),
            )
            for row in rows
        ),
        teaching=teaching,
        results_url=reverse("cohort_sessions:my_results", kwargs=names) if has_results else "",
        news=ngettext("%d new announcement", "%d new announcements", unread) % unread if unread else "",
    )


def _course(
    row: EditionRow, entry: Entry, *, is_member: bool, on_team: bool, flags: tuple[Flag, ...], welcome: SafeString | str
) -> CourseLine:
    return CourseLine(
        title=row.course_title,
        image_url=row.image_url,
        mark=row.course_title[:1].upper(),
        coaches=_names(row.coaches),
        badge=wording.edition_badge(row.state, on_team=on_team, enterable=bool(row.url)),
        error=row.error,
        result=_result(row) if is_member and row.started else None,
        url=row.url,
        entry=wording.entry_label(entry, started=row.started, is_member=is_member) if row.url else "",
        is_main_step=is_member and entry == Entry.FULL and row.progress < 1,
        flags=flags,
        welcome=welcome,
    )


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """A course of a session that was left, with what was achieved in it."""

    title: str
    result: Result


@dataclass(frozen=True, slots=True)
class Earlier:
    """A session from which the reader was moved, when and why."""

    title: str
    moved: str
    reason: str
    results: tuple[EarlierLine, ...]


def earlier(session: EarlierSession) -> Earlier:
    """Word what a member left behind, in the active time zone."""
    lines = tuple(EarlierLine(each.course_title, _result(each)) for each in session.results)
    return Earlier(session.title, moments.exact(session.moved_at), session.reason, lines)


def _result(row: EditionRow | EarlierResult) -> Result:
    return Result(
        # Rounded down: 100 % is for those who have done everything.
        progress=math.floor(row.progress * 100),
        grade=None if row.grade is None else round(row.grade * 100),
        passed=row.passed,
        as_of=moments.exact(row.as_of) if row.as_of else "",
    )


def _names(people: tuple[Person, ...]) -> str:
    return _(", ").join(person.name for person in people)
