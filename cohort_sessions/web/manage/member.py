"""One person in one session, as its team sees them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions import permissions
from cohort_sessions.data import MemberStatus, RequestStatus
from cohort_sessions.host import Person
from cohort_sessions.models import Member
from cohort_sessions.queries.member_page import CourseResult, HistoryLine, MemberPage, Move, member_page
from cohort_sessions.web import moments
from cohort_sessions.web.cards import Result
from cohort_sessions.web.manage.page import SessionPage, Way, address
from cohort_sessions.web.manage.people import phase_badge

STANDINGS = {
    MemberStatus.ACTIVE: gettext_lazy("Has a place"),
    MemberStatus.REMOVED: gettext_lazy("Has no place any more"),
}

WISHES = {
    RequestStatus.REQUESTED: gettext_lazy("Asked for a place"),
    RequestStatus.WAITING: gettext_lazy("On the waiting list"),
    RequestStatus.OFFERED: gettext_lazy("A seat was offered"),
}

FIELDS = {
    "opens_at": gettext_lazy("Own opening"),
    "closes_at": gettext_lazy("Own closing"),
    "extra_days": gettext_lazy("Extra days"),
    "first_entered_at": gettext_lazy("First entry"),
}


class MemberView(SessionPage):
    """Their dates, results and history in this session, with what can be done for them."""

    permission = permissions.VIEW_ROSTER
    template = "member.html"

    def get(self, request: HttpRequest, code: str, username: str) -> HttpResponse:
        """Show the person of this username."""
        page = member_page(self.session, username, actor=self.actor, now=self.now)
        return self.render(
            person=page.person,
            standing=_standing(page),
            dates=self._dates(page),
            badge=phase_badge(page.access.phase) if page.access and _is_active(page) else None,
            results=[_result(each) for each in page.results],
            moves=[_move(move) for move in page.moves],
            history=[_line(line) for line in page.history],
            actions=self._actions(page) if page.may_act else (),
            people_url=address("people", self.session.code),
            results_url=address("member_results", self.session.code, username=page.person.username)
            if page.place is not None
            else "",
        )

    def _dates(self, page: MemberPage) -> list[tuple[str, str]]:
        """Pairs of a word and a date: what holds for them, and what of it is theirs alone."""
        place = page.place
        if place is None:
            return []
        period = moments.period(page.access.window, now=self.now, duration_days=self.session.duration_days)
        own = {
            _("Own opening"): place.opens_at and moments.opening(place.opens_at),
            _("Own closing"): place.closes_at and moments.closing(place.closes_at),
            _("Extra days"): place.extra_days or None,
        }
        return [
            (_("Period"), period),
            *((word, value) for word, value in own.items() if value is not None),
            *([(_("First entry"), _first_entry(place))] if self.session.duration_days is not None else []),
            (_("Enrolled"), moments.exact(place.enrolled_at)),
            *([(_("Place ended"), moments.exact(place.removed_at))] if place.removed_at else []),
        ]

    def _actions(self, page: MemberPage) -> tuple[Way, ...]:
        def way(name: str, step: str, listed: str) -> Way:
            query = urlencode({"who": page.person.username, "list": listed})
            return Way(name, f"{address(step, self.session.code)}?{query}", is_current=False)

        if _is_active(page):
            return (
                way(_("Give own dates…"), "own_dates", "members"),
                way(_("Move to another session…"), "move", "members"),
                way(_("Remove…"), "remove", "members"),
            )
        if page.wish is None:
            return (way(_("Enrol again…"), "enrol", "former"),)
        if page.wish.status == RequestStatus.REQUESTED:
            return (way(_("Approve…"), "approve", "requests"), way(_("Decline…"), "decline", "requests"))
        return (way(_("Take off the list…"), "decline", "waiting"),)


def _first_entry(place: Member) -> str:
    return moments.exact(place.first_entered_at) if place.first_entered_at else _("Not yet")


def _is_active(page: MemberPage) -> bool:
    return page.place is not None and page.place.status == MemberStatus.ACTIVE


def _standing(page: MemberPage) -> str:
    if page.wish is not None:
        return str(WISHES[RequestStatus(page.wish.status)])
    if page.place is not None:
        return str(STANDINGS[MemberStatus(page.place.status)])
    return _("Never had a place here")


def _result(result: CourseResult) -> Mapping[str, object]:
    """A result as ``components/result.html`` shows it; rounded down, since 100 % is for who has done everything."""
    return {
        "title": result.course_title,
        "result": Result(
            progress=math.floor(result.progress * 100),
            grade=None if result.grade is None else round(result.grade * 100),
            passed=result.passed,
            as_of=moments.exact(result.as_of),
        ),
        "last_activity": moments.exact(result.last_activity_at) if result.last_activity_at else "",
    }


def _move(move: Move) -> Mapping[str, object]:
    url = reverse("cohort_sessions:people", kwargs={"code": move.other_code}) if move.other_code else ""
    title = format_html("<bdi>{}</bdi>", move.other_title)
    return {
        "other": format_html('<a href="{}">{}</a>', url, title) if url else title,
        "is_arrival": move.is_arrival,
        "note": _signed(move.at, move.by),
        "why": move.why,
        "results": [_result(each) for each in move.results],
    }


def _line(line: HistoryLine) -> Mapping[str, object]:
    return {"what": _what(line), "why": line.why, "note": _signed(line.at, line.by)}


def _what(line: HistoryLine) -> list[str]:
    """What was done, in words: where they stood afterwards, and each date that became another."""
    if line.is_wish:
        if not line.after:
            return [_("Request ended")] if line.before else []
        status = line.after.get("status")
        return [str(WISHES[RequestStatus(status)])] if status else []
    said = []
    if "status" in line.after:
        said.append(str(STANDINGS[MemberStatus(line.after["status"])]))
    for name, word in FIELDS.items():
        # A place that is new has nothing to tell of dates that nobody gave.
        if name in line.after and (name in line.before or line.after[name]):
            said.append(format_html(_("{what}: {value}"), what=word, value=_value(name, line.after[name])))
    return said


def _value(name: str, value: Any) -> str:
    if value is None:
        return _("as in the session")
    if name == "extra_days":
        return str(value)
    return moments.closing(value) if name == "closes_at" else moments.opening(value)


def _signed(at: datetime, by: Person | None) -> str:
    """When, and by whom."""
    when = moments.exact(at)
    if by is None:
        return format_html(_("{when}, by itself"), when=when)
    return format_html(_("{when}, by {who}"), when=when, who=format_html("<bdi>{}</bdi>", by.name))
