"""The people of a session: members, those who asked, the waiting list, and those who were there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions import permissions
from cohort_sessions.data import RequestStatus
from cohort_sessions.joining import Seats
from cohort_sessions.models import CohortSession
from cohort_sessions.queries.people import (
    InvitationLine,
    MemberLine,
    PeopleList,
    RequestLine,
    SessionPeople,
    session_people,
)
from cohort_sessions.timeline import Phase
from cohort_sessions.web import moments
from cohort_sessions.web.manage.page import SessionPage, Way, address
from cohort_sessions.web.wording import PHASE_NAMES, Badge, Notice, Tone

LIST_NAMES = {
    PeopleList.MEMBERS: gettext_lazy("Members"),
    PeopleList.REQUESTS: gettext_lazy("Requests"),
    PeopleList.WAITING: gettext_lazy("Waiting list"),
    PeopleList.FORMER: gettext_lazy("Former members"),
    PeopleList.INVITED: gettext_lazy("Invited"),
}

NOBODY_HERE = {
    PeopleList.MEMBERS: gettext_lazy("Nobody has a place yet"),
    PeopleList.REQUESTS: gettext_lazy("Nobody asks for a place"),
    PeopleList.WAITING: gettext_lazy("Nobody is waiting"),
    PeopleList.FORMER: gettext_lazy("Nobody has left, or was removed"),
    PeopleList.INVITED: gettext_lazy("Nobody is invited"),
}

_PHASE_TONES = {Phase.CURRENT: Tone.SUCCESS, Phase.UPCOMING: Tone.INFO, Phase.PAST: Tone.NEUTRAL}


@dataclass(frozen=True, slots=True)
class Row:
    """
    A person in a table.

    Attributes:
        username: what they are chosen by; the address of who has no account.
        url: where their own page is; empty for who has none.
        cells: pairs of a heading and what stands below it.
    """

    username: str
    name: str
    url: str
    cells: tuple[tuple[str, str | SafeString | Badge], ...]


@dataclass(frozen=True, slots=True)
class Action:
    """A button below a table, which asks before it does anything."""

    name: str
    url: str
    is_main: bool = False


class PeopleView(SessionPage):
    """
    One list of the session's people, with what can be done for those who are ticked.

    Query parameters, all optional: ``list`` (a `PeopleList`), ``search``, ``page``.
    """

    permission = permissions.VIEW_ROSTER
    template = "people.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show the list."""
        people = session_people(
            self.session,
            actor=self.actor,
            now=self.now,
            listed=listed_in(request.GET.get("list", "")),
            search=request.GET.get("search", "").strip(),
            page=_page_number(request.GET.get("page", "")),
        )
        rows = [_PRESENT[people.listed](line, self) for line in people.page]
        return self.render(
            people=people,
            listed=people.listed.value,
            seats=seats_sentence(people.seats),
            tabs=_tabs(people, self.session),
            rows=rows,
            headings=[heading for heading, _cell in rows[0].cells] if rows else (),
            nobody_here=NOBODY_HERE[people.listed],
            actions=_actions(people, self.session) if people.may_act else (),
            enrol_url=address("enrol", self.session.code) if people.may_act else "",
            notice=_lock_notice(people),
            page_url=address("people", self.session.code),
            pages=_pages(people, self.session),
        )


def listed_in(text: str) -> PeopleList:
    """The list of this name; that of members for a name that is none."""
    return PeopleList(text) if text in set(PeopleList) else PeopleList.MEMBERS


def list_address(session: CohortSession, listed: PeopleList, **more: str | int) -> str:
    """Where a list stands; `more` are further query parameters, left out where empty."""
    asked = {"list": listed.value, **{name: value for name, value in more.items() if value}}
    return f"{address('people', session.code)}?{urlencode(asked)}"


def seats_sentence(seats: Seats) -> str:
    """How full the session is, in a sentence."""
    if seats.capacity is None:
        return (
            ngettext("%d member; no limit of seats.", "%d members; no limit of seats.", seats.members) % seats.members
        )
    words = {"taken": seats.taken, "capacity": seats.capacity}
    sentence = ngettext(
        "%(taken)d of %(capacity)d seat is taken", "%(taken)d of %(capacity)d seats are taken", seats.capacity
    )
    sentence %= words
    if seats.held:
        held = ngettext("%d of them is held for an offer", "%d of them are held for offers", seats.held)
        sentence = _("%(taken)s, %(held)s") % {"taken": sentence, "held": held % seats.held}
    return _("%s.") % sentence


def _page_number(text: str) -> int:
    return int(text) if text.isdecimal() else 1


def _tabs(people: SessionPeople, session: CohortSession) -> list[Mapping[str, object]]:
    """Members always, the others where there is anybody or somebody looks."""
    return [
        {
            "name": name,
            "url": list_address(session, listed, search=people.search),
            "count": people.counts[listed],
            "is_current": listed == people.listed,
        }
        for listed, name in LIST_NAMES.items()
        if listed == PeopleList.MEMBERS or people.counts.get(listed) or listed == people.listed
    ]


def _pages(people: SessionPeople, session: CohortSession) -> tuple[Way, ...]:
    """The ways to the page before and after."""
    page, ways = people.page, []
    if page.has_previous():
        url = list_address(session, people.listed, search=people.search, page=page.previous_page_number())
        ways.append(Way(_("Previous page"), url, is_current=False))
    if page.has_next():
        url = list_address(session, people.listed, search=people.search, page=page.next_page_number())
        ways.append(Way(_("Next page"), url, is_current=False))
    return tuple(ways)


def _actions(people: SessionPeople, session: CohortSession) -> tuple[Action, ...]:
    decline = Action(_("Decline…"), address("decline", session.code))
    return {
        PeopleList.MEMBERS: (
            Action(_("Give own dates…"), address("own_dates", session.code)),
            Action(_("Move to another session…"), address("move", session.code)),
            Action(_("Remove…"), address("remove", session.code)),
        ),
        PeopleList.REQUESTS: (Action(_("Approve…"), address("approve", session.code), is_main=True), decline),
        PeopleList.WAITING: (Action(_("Take off the list…"), address("decline", session.code)),),
        PeopleList.FORMER: (Action(_("Enrol again…"), address("enrol", session.code)),),
        PeopleList.INVITED: (Action(_("Withdraw…"), address("withdraw_invitations", session.code)),),
    }[people.listed]


def _member(line: MemberLine, view: PeopleView) -> Row:
    if line.removed_at is not None:
        return _row(line, view, [(_("Had a place"), _two_moments(line))])
    cells = [(_("Period"), _period(line, view)), (_("Now"), phase_badge(line.phase))]
    if view.session.duration_days is not None:
        entered = moments.opening(line.first_entered_at) if line.first_entered_at else _("Not yet")
        cells.append((_("First entry"), entered))
    return _row(line, view, cells)


def phase_badge(phase: Phase) -> Badge:
    """How the session stands for a member now."""
    return Badge(str(PHASE_NAMES[phase]), _PHASE_TONES[phase])


def _period(line: MemberLine, view: PeopleView) -> SafeString:
    period = moments.period(line.window, now=view.now, duration_days=view.session.duration_days)
    if not line.has_own_dates:
        return period
    extra = ngettext("%d extra day", "%d extra days", line.extra_days) % line.extra_days
    return format_html(
        '{} <span class="cs-badge cs-tone--info">{}</span>', period, extra if line.extra_days else _("Own dates")
    )


def _two_moments(line: MemberLine) -> SafeString:
    return format_html(
        _("{opens} – {closes}"), opens=moments.opening(line.enrolled_at), closes=moments.opening(line.removed_at)
    )


def _request(line: RequestLine, view: PeopleView) -> Row:
    cells = [(_("Asked"), moments.exact(line.requested_at))]
    if line.status != RequestStatus.REQUESTED:
        cells.insert(0, (_("Place in line"), _standing(line, view)))
    return _row(line, view, cells)


def _standing(line: RequestLine, view: PeopleView) -> str | SafeString | Badge:
    if line.offer_expires_at is None:
        return str(line.position)
    if line.offer_expires_at <= view.now:
        return Badge(_("Offer ran out"), Tone.WARNING)
    until = format_html(_("A seat is offered until {until}"), until=moments.exact(line.offer_expires_at))
    return Badge(until, Tone.INFO)


def _invited(line: InvitationLine, view: PeopleView) -> Row:
    by = line.invited_by
    letter = moments.exact(line.sent_at) if line.sent_at else Badge(_("Not sent yet"), Tone.WARNING)
    cells = (
        (_("Invited"), moments.exact(line.invited_at)),
        (_("By"), by.name if by else _("Nobody any more")),
        (_("Letter sent"), letter),
        (_("Good until"), moments.exact(min(line.expires_at, view.session.closes_at or line.expires_at))),
    )
    return Row(line.email, line.email, "", cells)


_PRESENT = {
    PeopleList.MEMBERS: _member,
    PeopleList.REQUESTS: _request,
    PeopleList.WAITING: _request,
    PeopleList.FORMER: _member,
    PeopleList.INVITED: _invited,
}


def _row(line: MemberLine | RequestLine, view: PeopleView, cells: list) -> Row:
    person = line.person
    url = address("member", view.session.code, username=person.username)
    return Row(person.username, person.name, url, tuple(cells))


def _lock_notice(people: SessionPeople) -> Notice | None:
    """Why a coach cannot do here what coaches usually may."""
    lock = people.lock
    if lock is None:
        return None
    who = people.locker.name if people.locker else _("a session administrator")
    locked = format_html(_("Locked by {who} on {when}."), who=who, when=moments.exact(lock.locked_at))
    reason = _("Reason given: %(why)s") % {"why": lock.reason}
    ask = _("You can see who is here; to change anything, ask a session administrator.")
    said = (locked, reason, ask) if lock.reason else (locked, ask)
    return Notice(_("Enrolment is locked"), format_html_join(" ", "{}", ((each,) for each in said)), Tone.INFO)
