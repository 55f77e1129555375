"""What the decisions of `timeline` and the states of an edition mean to a reader, in whole sentences, written once."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.data import EditionState, SessionStatus, TeamRole
from cohort_sessions.queries.result_table import STANDING_NAMES
from cohort_sessions.standing import Standing
from cohort_sessions.timeline import Access, Entry, Phase, Reason
from cohort_sessions.web import moments

PHASE_NAMES = {
    Phase.CURRENT: gettext_lazy("Current"),
    Phase.UPCOMING: gettext_lazy("Upcoming"),
    Phase.PAST: gettext_lazy("Past"),
}

NOTHING_HERE = {
    Phase.CURRENT: gettext_lazy("You have no current session"),
    Phase.UPCOMING: gettext_lazy("You have no upcoming session"),
    Phase.PAST: gettext_lazy("You have no past session"),
}

ROLE_NAMES = {
    TeamRole.ADMINISTRATOR: gettext_lazy("Session administrator"),
    TeamRole.SESSION_COACH: gettext_lazy("Session coach"),
    TeamRole.COURSE_COACH: gettext_lazy("Course coach"),
}


STATUS_NAMES = {
    SessionStatus.DRAFT: gettext_lazy("Draft"),
    SessionStatus.PUBLISHED: gettext_lazy("Published"),
    SessionStatus.CANCELLED: gettext_lazy("Cancelled"),
    SessionStatus.ARCHIVED: gettext_lazy("Archived"),
}


class Tone(enum.StrEnum):
    """How a badge or notice is coloured; the words alone always say the same."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


_STATUS_TONES = {
    SessionStatus.DRAFT: Tone.WARNING,
    SessionStatus.PUBLISHED: Tone.SUCCESS,
    SessionStatus.CANCELLED: Tone.DANGER,
    SessionStatus.ARCHIVED: Tone.NEUTRAL,
}


STANDING_TONES = {
    Standing.NOT_STARTED: Tone.NEUTRAL,
    Standing.ACTIVE: Tone.INFO,
    Standing.BEHIND: Tone.WARNING,
    Standing.PASSED: Tone.SUCCESS,
    Standing.FAILED: Tone.DANGER,
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in a word or two."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Notice:
    """Why something is as it is, and what that means: a heading and a sentence. `text` may hold ``<time>`` elements."""

    title: str
    text: str
    tone: Tone


def status_badge(status: SessionStatus) -> Badge:
    """How a session stands."""
    return Badge(str(STATUS_NAMES[status]), _STATUS_TONES[status])


def result_badges(standing: Standing, *, is_final: bool) -> tuple[Badge, ...]:
    """How a learner stands in a course, and whether that is final."""
    badges = (Badge(str(STANDING_NAMES[standing]), STANDING_TONES[standing]),)
    return (*badges, Badge(_("Final"), Tone.NEUTRAL)) if is_final else badges


def session_badges(status: SessionStatus, access: Access, roles: Collection[str]) -> tuple[Badge, ...]:
    """The states of a session that change what this person may do in it, then their roles on its team."""
    badges = []
    if status == SessionStatus.DRAFT:
        badges.append(Badge(_("Draft"), Tone.WARNING))
    elif status == SessionStatus.CANCELLED:
        badges.append(Badge(_("Cancelled"), Tone.DANGER))
    elif status == SessionStatus.ARCHIVED:
        badges.append(Badge(_("Archived"), Tone.NEUTRAL))
    if access.entry == Entry.READ_ONLY:
        badges.append(Badge(_("Read only"), Tone.NEUTRAL))
    badges.extend(Badge(str(name), Tone.INFO) for role, name in ROLE_NAMES.items() if role in roles)
    return tuple(badges)


def edition_badge(state: EditionState, *, on_team: bool, enterable: bool) -> Badge | None:
    """What stands in the way of a course, if anything. That applying failed is the team's business, not learners'."""
    if state == EditionState.WITHDRAWN:
        return Badge(_("Withdrawn"), Tone.NEUTRAL)
    if state == EditionState.FAILED and on_team:
        return Badge(_("Could not be prepared"), Tone.DANGER)
    if state in (EditionState.PREPARING, EditionState.FAILED) and not enterable:
        return Badge(_("Being prepared"), Tone.INFO)
    return None


def entry_label(entry: Entry, *, started: bool, is_member: bool) -> str:
    """What the link into a course is called."""
    if entry == Entry.READ_ONLY:
        return _("Look back")
    if not is_member:
        return _("Open")
    return _("Resume") if started else _("Start")


def notice(access: Access, *, status: SessionStatus | None = None, cancel_reason: str = "") -> Notice | None:
    """
    Why the session is not simply open to this person, and since or until when; ``None`` where it is.

    Args:
        status: where known; a draft is open to its team, which must still be told that nobody else sees it.
        cancel_reason: the words of whoever cancelled.
    """
    if status == SessionStatus.DRAFT:
        return Notice(
            _("This session is a draft"),
            _("Only its team can see it until it is published."),
            Tone.WARNING,
        )
    if access.reason == Reason.NOT_OPEN_YET:
        return Notice(_("This session has not opened yet"), _opens(access), Tone.INFO)
    if access.reason == Reason.ENDED:
        return Notice(_("This session has ended"), _ended(access), Tone.INFO)
    if access.reason == Reason.CANCELLED:
        return Notice(
            _("This session was cancelled"), cancel_reason or _("Its courses cannot be entered."), Tone.DANGER
        )
    if access.reason == Reason.ARCHIVED:
        return Notice(_("This session is archived"), str(_LOOK_BACK[access.entry]), Tone.NEUTRAL)
    if access.reason == Reason.WITHDRAWN:
        return Notice(
            _("This course is no longer part of the session"), _("The results reached in it are kept."), Tone.INFO
        )
    if access.reason == Reason.OPEN:
        return None
    return Notice(_("This session is not open to you"), _("Only its members and its team can enter it."), Tone.INFO)


_LOOK_BACK = {
    Entry.CLOSED: gettext_lazy("Its courses can no longer be entered."),
    Entry.READ_ONLY: gettext_lazy("You can still look back at its courses, but not hand anything in."),
    Entry.FULL: gettext_lazy("Its courses stay open to you."),
}


def _opens(access: Access) -> str:
    return format_html(_("Its courses open on {opens}."), opens=moments.opening(access.window.opens_at))


def _ended(access: Access) -> str:
    if access.window.closes_at is None:
        return str(_LOOK_BACK[access.entry])
    ended = format_html(_("It was open until {closes}."), closes=moments.closing(access.window.closes_at))
    return format_html("{} {}", ended, _LOOK_BACK[access.entry])
