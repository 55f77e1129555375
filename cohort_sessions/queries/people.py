"""Who is in a session, who asked, who waits and who was there: the lists that its team works with."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from cohort_sessions import permissions, timeline
from cohort_sessions.data import Actor, MemberStatus, RequestStatus
from cohort_sessions.host import Person, get_host
from cohort_sessions.joining import Seats
from cohort_sessions.models import CohortSession, Invitation, JoinRequest, Member, SessionLock
from cohort_sessions.queries.names import name_of
from cohort_sessions.timeline import Phase, Window

PAGE_SIZE = 50


class PeopleList(enum.StrEnum):
    """The lists of one session; everybody who ever came near it, or is to come, stands in exactly one."""

    MEMBERS = "members"
    REQUESTS = "requests"
    WAITING = "waiting"
    FORMER = "former"
    INVITED = "invited"


@dataclass(frozen=True, slots=True)
class MemberLine:
    """
    Somebody who has, or had, a place.

    Attributes:
        window, phase: as they are for this member now.
        has_own_dates: whether an opening, closing or extra days of their own make `window` theirs alone.
        removed_at: ``None`` while they have the place.
    """

    person: Person
    window: Window
    phase: Phase
    has_own_dates: bool
    extra_days: int
    first_entered_at: datetime | None
    enrolled_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RequestLine:
    """
    Somebody who wants a place.

    Attributes:
        position: in the line, from 1; ``None`` unless they wait.
        offer_expires_at: until when their seat is held; ``None`` unless one is offered.
    """

    person: Person
    status: RequestStatus
    position: int | None
    requested_at: datetime
    offer_expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """
    Somebody who was invited and has no account yet.

    Attributes:
        invited_by: ``None`` for the plugin itself and for accounts that are gone.
        sent_at: when their letter was handed to the mailer; ``None``: not yet.
    """

    email: str
    invited_by: Person | None
    invited_at: datetime
    expires_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionPeople:
    """
    One page of one list of a session's people.

    Attributes:
        listed: the list that is shown; that of members in the place of one that the actor may not see.
        counts: of every list the actor may see, whatever is searched for.
        page: of `MemberLine`, `RequestLine` or `InvitationLine`, as `listed` says.
        may_act: whether the actor may enrol, extend, move and remove here.
        lock: the lock that alone is in the way of that, with `locker`, who set it; both may be ``None``.
    """

    listed: PeopleList
    search: str
    counts: Mapping[PeopleList, int]
    seats: Seats
    page: Page
    may_act: bool
    lock: SessionLock | None
    locker: Person | None


def session_people(
    session: CohortSession,
    *,
    actor: Actor,
    now: datetime,
    listed: PeopleList = PeopleList.MEMBERS,
    search: str = "",
    page: int = 1,
) -> SessionPeople:
    """
    A page of `PAGE_SIZE` people, for somebody who may view the roster (callers have asked). At most seven queries.

    Who is invited is known by an e-mail address only, so it is shown to those alone who may invite.

    Args:
        search: a part of a name, username or e-mail address.
        page: from 1; one that is not there is the nearest that is.
    """
    may_act = permissions.allows(actor, permissions.ENROL_MEMBER, session)
    counts, seats = _counts(session, now)
    if may_act:
        counts[PeopleList.INVITED] = _invitations(session, now).count()
    elif listed == PeopleList.INVITED:
        listed = PeopleList.MEMBERS
    found = _SOURCES[listed](session, now)
    if search:
        found = found.filter(_matches(listed, search))
    paginator = Paginator(found, PAGE_SIZE)
    if not search:
        # Counted already, together with the other lists.
        paginator.count = counts[listed]
    shown = paginator.get_page(page)
    shown.object_list = [_line(row, session, now) for row in shown.object_list]
    lock = None if may_act else permissions.lock_in_the_way(actor, permissions.ENROL_MEMBER, session)
    return SessionPeople(listed, search, counts, seats, shown, may_act, lock, _locker(lock))


def chosen_people(session: CohortSession, usernames: Collection[str]) -> list[Person]:
    """Those of these accounts that ever had a place here or want one now, by name. One query."""
    known = Q(cohort_session_memberships__session=session) | Q(cohort_session_requests__session=session)
    path = get_host().name_path
    found = get_user_model().objects.filter(known, username__in=usernames).distinct()
    people = [
        Person(pk, username, name or username) for pk, username, name in found.values_list("pk", "username", path)
    ]
    return sorted(people, key=lambda person: person.name.casefold())


def invited_addresses(session: CohortSession, addresses: Collection[str]) -> list[str]:
    """Those of these addresses that are invited into the session, sorted. One query."""
    return sorted(session.invitations.filter(email__in=addresses).values_list("email", flat=True))


def _counts(session: CohortSession, now: datetime) -> tuple[dict[PeopleList, int], Seats]:
    """How long each list is, and how full the session: two queries."""
    members = session.members.aggregate(
        active=Count("pk", filter=Q(status=MemberStatus.ACTIVE.value)),
        removed=Count("pk", filter=Q(status=MemberStatus.REMOVED.value)),
    )
    requests = session.requests.aggregate(
        asked=Count("pk", filter=Q(status=RequestStatus.REQUESTED.value)),
        waiting=Count("pk", filter=Q(status=RequestStatus.WAITING.value)),
        offered=Count("pk", filter=Q(status=RequestStatus.OFFERED.value)),
        held=Count("pk", filter=Q(status=RequestStatus.OFFERED.value, offer_expires_at__gt=now)),
    )
    counts = {
        PeopleList.MEMBERS: members["active"],
        PeopleList.REQUESTS: requests["asked"],
        PeopleList.WAITING: requests["waiting"] + requests["offered"],
        PeopleList.FORMER: members["removed"],
    }
    return counts, Seats(session.capacity, members["active"], requests["held"], requests["waiting"])


def _members(session: CohortSession, status: MemberStatus) -> QuerySet[Member]:
    return (
        session.members.filter(status=status.value)
        .annotate(name=name_of("user"))
        .select_related("user")
        .order_by(Lower("name"), "pk")
    )


def _requests(session: CohortSession, *statuses: RequestStatus) -> QuerySet[JoinRequest]:
    return (
        session.requests.filter(status__in=[status.value for status in statuses])
        .annotate(name=name_of("user"), position=_position())
        .select_related("user")
        .order_by("queue_number", "requested_at", "pk")
    )


def _invitations(session: CohortSession, now: datetime) -> QuerySet[Invitation]:
    """Those that stand; what ran out waits for the tick to delete it."""
    return (
        session.invitations.filter(expires_at__gt=now)
        .annotate(name=name_of("invited_by"))
        .select_related("invited_by")
        .order_by("email")
    )


def _matches(listed: PeopleList, search: str) -> Q:
    if listed == PeopleList.INVITED:
        return Q(email__icontains=search)
    return Q(name__icontains=search) | Q(user__username__icontains=search) | Q(user__email__icontains=search)


def _position() -> Subquery:
    """How many wait up to this one, by the line as it stands, whatever part of it is shown."""
    ahead = JoinRequest.objects.filter(
        session=OuterRef("session"), status=RequestStatus.WAITING.value, queue_number__lte=OuterRef("queue_number")
    )
    return Subquery(ahead.order_by().values("session").annotate(number=Count("pk")).values("number"))


_SOURCES = {
    PeopleList.MEMBERS: lambda session, _now: _members(session, MemberStatus.ACTIVE),
    PeopleList.REQUESTS: lambda session, _now: _requests(session, RequestStatus.REQUESTED),
    PeopleList.WAITING: lambda session, _now: _requests(session, RequestStatus.OFFERED, RequestStatus.WAITING),
    PeopleList.FORMER: lambda session, _now: _members(session, MemberStatus.REMOVED).order_by("-removed_at", "pk"),
    PeopleList.INVITED: _invitations,
}


def _line(
    row: Member | JoinRequest | Invitation, session: CohortSession, now: datetime
) -> MemberLine | RequestLine | InvitationLine:
    if isinstance(row, Invitation):
        by = row.invited_by
        inviter = None if by is None else Person(by.pk, by.username, row.name)
        return InvitationLine(row.email, inviter, row.invited_at, row.expires_at, row.sent_at)
    person = Person(row.user_id, row.user.username, row.name)
    if isinstance(row, JoinRequest):
        status = RequestStatus(row.status)
        position = row.position if status == RequestStatus.WAITING else None
        return RequestLine(person, status, position, row.requested_at, row.offer_expires_at)
    access = timeline.access(session.schedule, membership=row.membership, on_team=False, now=now)
    return MemberLine(
        person=person,
        window=access.window,
        phase=access.phase,
        has_own_dates=bool(row.opens_at or row.closes_at or row.extra_days),
        extra_days=row.extra_days,
        first_entered_at=row.first_entered_at,
        enrolled_at=row.enrolled_at,
        removed_at=row.removed_at,
    )


def _locker(lock: SessionLock | None) -> Person | None:
    """Who set a lock. One query, where somebody did and still has an account."""
    if lock is None or lock.locked_by_id is None:
        return None
    username, name = (
        SessionLock.objects.filter(pk=lock.pk).values_list("locked_by__username", name_of("locked_by")).get()
    )
    return Person(lock.locked_by_id, username, name)
