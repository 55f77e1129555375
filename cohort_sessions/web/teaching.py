"""What somebody teaches and who in it needs attention, worded: flags on a card, and names on the session home."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from cohort_sessions.attention import Attention, elapsed_share
from cohort_sessions.data import SessionStatus
from cohort_sessions.queries.cards import SessionCard
from cohort_sessions.queries.people import PeopleList
from cohort_sessions.queries.teaching import LearnerLine, SessionLearners, TaughtSession
from cohort_sessions.timeline import Phase
from cohort_sessions.web import moments
from cohort_sessions.web.manage.page import address
from cohort_sessions.web.wording import Tone

# More names than this are counted, and shown by a link.
_NAMES_SHOWN = 5

_COUNTED = {
    Attention.NOT_STARTED: ngettext_lazy("%d not started", "%d not started"),
    Attention.BEHIND: ngettext_lazy("%d behind", "%d behind"),
    Attention.CLOSING_SOON: ngettext_lazy("%d closing soon", "%d closing soon"),
}

_TITLES = {
    Attention.NOT_STARTED: gettext_lazy("Not started"),
    Attention.BEHIND: gettext_lazy("Behind"),
    Attention.CLOSING_SOON: gettext_lazy("Closing soon"),
}

_MEANINGS = {
    Attention.NOT_STARTED: gettext_lazy("Nothing is done or graded yet."),
    Attention.BEHIND: gettext_lazy("Less of the course is done than of their time is over."),
    Attention.CLOSING_SOON: gettext_lazy("Seven days or less are left, and not everything is done."),
}

_TONES = {Attention.NOT_STARTED: Tone.INFO, Attention.BEHIND: Tone.WARNING, Attention.CLOSING_SOON: Tone.WARNING}


@dataclass(frozen=True, slots=True)
class Flag:
    """How many people need attention and why, in a few words; `url` is where they are named."""

    text: str
    url: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Teaching:
    """
    What a card says to who teaches or runs the session.

    Attributes:
        requests: of the whole session; ``None`` where nobody waits for approval.
        courses: the flags of each course that is taught; empty where nobody in it needs attention.
        is_calm: whether nobody needs attention though the session runs.
    """

    learners: str
    requests: Flag | None
    courses: Mapping[UUID, tuple[Flag, ...]]
    is_calm: bool


@dataclass(frozen=True, slots=True)
class Learner:
    """A name that leads to the person's page, and why it stands here."""

    name: str
    url: str
    why: str


@dataclass(frozen=True, slots=True)
class Names:
    """
    Who needs attention for one reason in one course.

    Attributes:
        more, more_url: how many are not shown, in words, and where they are; empty where all are.
    """

    anchor: str
    title: str
    meaning: str
    count: int
    learners: tuple[Learner, ...]
    more: str
    more_url: str


@dataclass(frozen=True, slots=True)
class CourseAttention:
    """A course that is taught, with those who need attention in it."""

    title: str
    lists: tuple[Names, ...]


@dataclass(frozen=True, slots=True)
class SessionAttention:
    """What the session home says to who teaches or runs it; `is_calm`: that nobody needs attention."""

    learners: str
    requests: Flag | None
    courses: tuple[CourseAttention, ...]
    is_calm: bool


def teaching(card: SessionCard, taught: TaughtSession) -> Teaching:
    """Word the counts of the session of this card."""
    home = address("session_home", card.code)
    return Teaching(
        learners=_learners(taught.learners),
        requests=_requests(card.code, taught.requests),
        is_calm=_runs(card) and not taught.requests and not any(edition.counts for edition in taught.editions),
        courses={
            edition.uuid: tuple(
                Flag(
                    _COUNTED[reason] % edition.counts[reason], f"{home}#{_anchor(reason, edition.uuid)}", _TONES[reason]
                )
                for reason in Attention
                if reason in edition.counts
            )
            for edition in taught.editions
        },
    )


def session_attention(
    card: SessionCard, found: SessionLearners, *, now: datetime, unfolded: str = ""
) -> SessionAttention | None:
    """
    Word the names in the session of this card, in the active time zone; ``None`` where nobody needs attention and it
    does not run.

    Args:
        unfolded: the anchor of the one list that is shown to its end.
    """
    is_calm = not found.requests and not any(edition.lines for edition in found.editions)
    if is_calm and not _runs(card):
        return None
    titles = {row.uuid: row.course_title for row in card.editions}
    courses = []
    # A course that was added since the card was read is left to the next visit.
    for edition in (each for each in found.editions if each.uuid in titles):
        lists = (
            _names(card.code, _anchor(reason, edition.uuid), reason, edition.lines[reason], now=now, unfolded=unfolded)
            for reason in Attention
            if reason in edition.lines
        )
        courses.append(CourseAttention(titles[edition.uuid], tuple(lists)))
    return SessionAttention(_learners(found.learners), _requests(card.code, found.requests), tuple(courses), is_calm)


def _runs(card: SessionCard) -> bool:
    return card.access.phase == Phase.CURRENT and card.status == SessionStatus.PUBLISHED


def _names(
    code: str, anchor: str, reason: Attention, lines: tuple[LearnerLine, ...], *, now: datetime, unfolded: str
) -> Names:
    shown = lines if unfolded == anchor else lines[:_NAMES_SHOWN]
    hidden = len(lines) - len(shown)
    return Names(
        anchor=anchor,
        title=str(_TITLES[reason]),
        meaning=str(_MEANINGS[reason]),
        count=len(lines),
        learners=tuple(_named(code, shown, reason, now)),
        more=ngettext("and %d more", "and %d more", hidden) % hidden if hidden else "",
        more_url=f"{address('session_home', code)}?{urlencode({'all': anchor})}#{anchor}" if hidden else "",
    )


def _named(code: str, lines: Iterable[LearnerLine], reason: Attention, now: datetime) -> Iterable[Learner]:
    for line in lines:
        url = address("member", code, username=line.person.username)
        yield Learner(line.person.name, url, _why(line, reason, now))


def _why(line: LearnerLine, reason: Attention, now: datetime) -> str:
    """Rounded so that what is smaller never looks equal: what is done down, the time that is over up."""
    done = _("%(percent)s%% done") % {"percent": math.floor(line.progress * 100)}
    if reason == Attention.BEHIND:
        over = _("%(percent)s%% of the time over") % {"percent": math.ceil(elapsed_share(line.window, now) * 100)}
        return _("%(done)s, %(over)s") % {"done": done, "over": over}
    if reason == Attention.CLOSING_SOON:
        left = moments.countdown(line.window, Phase.CURRENT, now)
        return _("%(left)s, %(done)s") % {"left": left, "done": done}
    return ""


def _learners(number: int) -> str:
    return ngettext("%d learner", "%d learners", number) % number


def _requests(code: str, number: int) -> Flag | None:
    if not number:
        return None
    text = ngettext("%d waiting for approval", "%d waiting for approval", number) % number
    return Flag(text, f"{address('people', code)}?{urlencode({'list': PeopleList.REQUESTS.value})}", Tone.INFO)


def _anchor(reason: Attention, uuid: UUID) -> str:
    return f"cs-{reason.value.replace('_', '-')}-{uuid}"
