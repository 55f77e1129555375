"""A session that somebody may join, worded for them: what it is, whether there is room, and what one button does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohort_sessions.data import PrerequisiteCondition
from cohort_sessions.joining import JoinAction, Obstacle, Seats, Standing
from cohort_sessions.operations.joining import REFUSALS
from cohort_sessions.queries.cards import SessionCard
from cohort_sessions.queries.catalogue import CatalogueEntry
from cohort_sessions.queries.prerequisites import Prerequisite
from cohort_sessions.queries.wishes import Wish
from cohort_sessions.web import moments
from cohort_sessions.web.wording import Badge, Tone

# So few seats are worth a warning.
_FEW_SEATS = 3


@dataclass(frozen=True, slots=True)
class Course:
    """A course of an offered session; `mark` stands in for a missing picture."""

    title: str
    image_url: str
    mark: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must be behind somebody before they may join, and whether it is."""

    text: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """
    A session in the catalogue, worded for one reader at one moment.

    Attributes:
        seats: how full it is; ``None`` where there is no limit.
        enrolment: until or from when people may join by themselves; empty where that is not bounded.
        state: where the reader stands already; empty for nowhere.
        action: what the button will do, in its words; empty where there is nothing to do, for the reason in `obstacle`.
        promised: the `JoinAction` behind `action`.
        note: what follows from the action, in a sentence.
        withdraw: what taking the wish back is called; empty where there is none.
        is_member: the reader has a place, and finds it at `home_url`.
    """

    code: str
    title: str
    url: str
    description: str
    category: str
    organisation: str
    period: str
    seats: Badge | None
    enrolment: str
    courses: tuple[Course, ...]
    requirements: tuple[Requirement, ...]
    state: str
    action: str
    promised: str
    needs_code: bool
    note: str
    obstacle: str
    withdraw: str
    withdraw_url: str
    is_member: bool
    home_url: str


def present(entry: CatalogueEntry, *, now: datetime) -> Offer:
    """Word one entry of the catalogue for its reader, in the active time zone."""
    decision = entry.decision
    wish = entry.wish if entry.standing != Standing.MEMBER else None
    return Offer(
        code=entry.code,
        title=entry.title,
        url=reverse("cohort_sessions:available_session", kwargs={"code": entry.code}),
        description=entry.description,
        category=entry.category,
        organisation=entry.organisation,
        period=moments.period(entry.period, now=now, duration_days=entry.duration_days),
        seats=_seats(entry.seats),
        enrolment=_enrolment(entry, now),
        courses=tuple(Course(course.title, course.image_url, course.title[:1].upper()) for course in entry.courses),
        requirements=tuple(_requirement(each) for each in entry.prerequisites),
        state=standing(wish) if wish else _("You have a place.") if entry.standing == Standing.MEMBER else "",
        action=_action(entry),
        promised=decision.action.value,
        needs_code=decision.needs_code,
        note=_note(entry),
        obstacle="" if wish or entry.standing == Standing.MEMBER else _obstacle(entry),
        withdraw=withdrawal(wish) if wish else "",
        withdraw_url=reverse("cohort_sessions:withdraw", kwargs={"code": entry.code}),
        is_member=entry.standing == Standing.MEMBER,
        home_url=reverse("cohort_sessions:session_home", kwargs={"code": entry.code}),
    )


@dataclass(frozen=True, slots=True)
class Wished:
    """A session that the reader waits for, in a line of *My sessions*; `is_offered`: they can accept a seat in it."""

    title: str
    url: str
    state: str
    is_offered: bool


def wished(card: SessionCard) -> Wished:
    """Word the open request of a card."""
    url = reverse("cohort_sessions:available_session", kwargs={"code": card.code})
    return Wished(card.title, url, standing(card.wish), card.wish.standing == Standing.OFFERED)


def standing(wish: Wish) -> str:
    """Where somebody stands who wants a place, in a sentence."""
    if wish.standing == Standing.OFFERED:
        return format_html(_("A seat is kept for you until {moment}."), moment=moments.exact(wish.offer_expires_at))
    if wish.standing == Standing.WAITING:
        if wish.position == 1:
            return _("You are the first on the waiting list.")
        return _("You are number %(position)d on the waiting list.") % {"position": wish.position}
    return _("You have asked for a place; the team will answer.")


def withdrawal(wish: Wish) -> str:
    """What taking this wish back is called."""
    if wish.standing == Standing.OFFERED:
        return _("Decline the seat")
    return _("Leave the waiting list") if wish.standing == Standing.WAITING else _("Take the question back")


def _seats(seats: Seats) -> Badge | None:
    if seats.free is None:
        return None
    if seats.has_room:
        words = ngettext("%(free)d seat left", "%(free)d seats left", seats.free) % {"free": seats.free}
        return Badge(words, Tone.WARNING if seats.free <= _FEW_SEATS else Tone.SUCCESS)
    if seats.waiting:
        words = ngettext("Full, %(waiting)d person waiting", "Full, %(waiting)d people waiting", seats.waiting)
        return Badge(words % {"waiting": seats.waiting}, Tone.NEUTRAL)
    return Badge(_("Full"), Tone.NEUTRAL)


def _enrolment(entry: CatalogueEntry, now: datetime) -> str:
    """The next bound of the enrolment window."""
    window = entry.enrolment
    if window.has_closed(now):
        return ""
    if not window.has_opened(now):
        return format_html(_("Enrolment opens on {moment}."), moment=moments.opening(window.opens_at))
    if window.closes_at is None:
        return ""
    return format_html(_("Enrolment is open until {moment}."), moment=moments.closing(window.closes_at))


def _requirement(prerequisite: Prerequisite) -> Requirement:
    if prerequisite.condition == PrerequisiteCondition.PASSED:
        text = _("Pass every course of “%(session)s”")
    else:
        text = _("Finish “%(session)s”")
    return Requirement(text % {"session": prerequisite.title}, prerequisite.is_met)


def _action(entry: CatalogueEntry) -> str:
    action = entry.decision.action
    if action == JoinAction.QUEUE:
        if not entry.seats.waiting:
            return _("Join the waiting list (nobody before you)")
        words = ngettext(
            "Join the waiting list (%(people)d person before you)",
            "Join the waiting list (%(people)d people before you)",
            entry.seats.waiting,
        )
        return words % {"people": entry.seats.waiting}
    return {
        JoinAction.JOIN: _("Join"),
        JoinAction.REQUEST: _("Ask for a place"),
        JoinAction.ACCEPT: _("Accept the seat"),
        JoinAction.NOTHING: "",
    }[action]


def _note(entry: CatalogueEntry) -> str:
    action = entry.decision.action
    if action == JoinAction.REQUEST:
        return _("The session's team answers, and you get a mail.")
    if action == JoinAction.QUEUE:
        return _("You get a mail as soon as a seat is yours.")
    return ""


def _obstacle(entry: CatalogueEntry) -> str:
    obstacle = entry.decision.obstacle
    if obstacle is None:
        return ""
    if obstacle == Obstacle.NOT_YET:
        # The moment stands beside the dates already; here it is the reason.
        return format_html(_("You can join from {moment} on."), moment=moments.opening(entry.enrolment.opens_at))
    if obstacle == Obstacle.PARALLEL and entry.parallel:
        return _(
            "You have a place, or are waiting, in the parallel session “%(session)s”. Leave that one first, or ask its "
            "team to move you."
        ) % {"session": entry.parallel}
    return str(REFUSALS[obstacle])


def outcome(standing_now: Standing, position: int | None, *, title: str, promised: str) -> tuple[Tone, str]:
    """
    What an action came to, in a sentence.

    Args:
        promised: the `JoinAction` that the button spoke of; seats may have gone meanwhile.
    """
    names = {"session": title, "position": position}
    if standing_now == Standing.MEMBER:
        return Tone.SUCCESS, _("You have a place in “%(session)s”.") % names
    if standing_now == Standing.REQUESTED:
        return Tone.SUCCESS, _(
            "You have asked for a place in “%(session)s”. Its team will answer, and you get a mail."
        ) % names
    if promised == JoinAction.JOIN:
        return Tone.WARNING, _(
            "The last seat was taken a moment before you. You are number %(position)d on the waiting list of "
            "“%(session)s”."
        ) % names
    return Tone.SUCCESS, _(
        "You are number %(position)d on the waiting list of “%(session)s”. You get a mail as soon as a seat is yours."
    ) % names
