"""Who did what in a session, and when: one list out of the histories of all its tables."""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import TeamRole
from cohort_sessions.host import Person, get_host
from cohort_sessions.models import (
    Announcement,
    BlockCustomisation,
    CohortSession,
    CourseEdition,
    EditionCoach,
    EditionGrading,
    EditionResult,
    EditionWelcome,
    ElementCustomisation,
    Invitation,
    JoinRequest,
    Material,
    Member,
    SessionLock,
    SessionMessage,
    SessionPrerequisite,
    SessionTeamMember,
    ToolChoice,
)
from cohort_sessions.queries.names import name_of
from cohort_sessions.timeline import UNBOUNDED, Window

PAGE_SIZE = 50
# How many lines of an export are in memory at once.
_BATCH = 500


class ChangeKind(enum.StrEnum):
    """What a change is about, in the order in which pages offer it."""

    SESSION = "session"
    COURSES = "courses"
    MEMBERS = "members"
    INVITATIONS = "invitations"
    REQUESTS = "requests"
    TEAM = "team"
    LOCKS = "locks"
    PREREQUISITES = "prerequisites"
    MESSAGES = "messages"
    ANNOUNCEMENTS = "announcements"
    MATERIALS = "materials"
    RESULTS = "results"
    CONTENT = "content"
    WORDS = "words"
    TOOLS = "tools"
    GRADING = "grading"


class Deed(enum.StrEnum):
    """What became of a row; the values are those of django-simple-history."""

    ADDED = "+"
    CHANGED = "~"
    REMOVED = "-"


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """
    What is looked for; nothing given is everything.

    Attributes:
        person: a part of the name or username of who did it, or of whom it concerns.
        window: in which it was done.
    """

    kind: ChangeKind | None = None
    person: str = ""
    window: Window = UNBOUNDED


@dataclass(frozen=True, slots=True)
class SessionChange:
    """
    One line.

    Attributes:
        by: who did it; ``None`` for the plugin itself, and for accounts that are gone.
        person: whom it concerns, where it concerns a person whose account is still there.
        subject: the lock, required session, announcement, link or file that it concerns, as stored, or the title of
            the course; of what is customised the `BlockField`, or the name of the element's field, a space and the
            usage key in the base course; else empty.
        before, after: the values that differ, by field; of a row that is new, what is not as usual.
        why: the reason that was kept with it.
    """

    at: datetime
    by: Person | None
    kind: ChangeKind
    deed: Deed
    person: Person | None
    role: TeamRole | None
    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    why: str


@dataclass(frozen=True, slots=True)
class _Source:
    """
    A table whose history tells of sessions.

    Attributes:
        of_session: which rows of the history are the session's.
        subject: finds what the row is about, beside the person.
        role: which all its rows are about.
        fields: what is told of, by the lookup that leads to it.
        account: the lookup that leads to the account that a row is about; empty where it is about none.
    """

    kind: ChangeKind
    model: type[Model]
    of_session: Callable[[CohortSession], Q] = lambda session: Q(session_id=session.pk)
    subject: Combinable | None = None
    role: TeamRole | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    account: str = ""


def _same(*names: str) -> Mapping[str, str]:
    return {name: name for name in names}


def _of_editions(session: CohortSession) -> Q:
    """By the history of the editions as well: a course that was taken out again has left no other trace."""
    return Q(edition_id__in=CourseEdition.history.filter(session_id=session.pk).order_by().values("id"))


def _base_key_of_edition() -> Subquery:
    """By the history as well: the edition itself may be gone."""
    return Subquery(CourseEdition.history.filter(id=OuterRef("edition_id")).order_by().values("base_key")[:1])


def _decided(session: CohortSession) -> Q:
    """Of results what was decided: that they became final, were opened again, or brought a certificate."""
    is_final = Q(final_at=F("history_date"))
    is_open = Q(final_at=None, reopened_at=F("history_date"))
    is_certified = Q(certificate_given_at=F("history_date"))
    return _of_editions(session) & (is_final | is_open | is_certified)


_SOURCES = (
    _Source(
        ChangeKind.SESSION,
        CohortSession,
        of_session=lambda session: Q(id=session.pk),
        fields={
            **_same("title", "code", "organisation"),
            "category": "category__name",
            **_same("description", "status", "cancel_reason", "opens_at", "closes_at", "duration_days"),
            **_same("after_close", "archive_after_days", "results_final_after_days", "team_opens_at", "team_closes_at"),
            **_same("joining", "enrolment_code", "enrolment_opens_at", "enrolment_closes_at"),
            **_same("capacity", "offer_days"),
            "parallel_group": "parallel_group__name",
            **_same("repeat_every_days", "repeat_lead_days", "time_zone"),
        },
    ),
    _Source(
        ChangeKind.COURSES,
        CourseEdition,
        subject=F("base_key"),
        fields=_same("position", "deadlines", "withdrawn_at"),
    ),
    _Source(
        ChangeKind.MEMBERS,
        Member,
        fields=_same("status", "opens_at", "closes_at", "extra_days", "first_entered_at"),
        account="user",
    ),
    # Their history keeps no address, so it tells of none.
    _Source(ChangeKind.INVITATIONS, Invitation, fields=_same("expires_at")),
    _Source(ChangeKind.REQUESTS, JoinRequest, fields=_same("status", "offer_expires_at"), account="user"),
    _Source(ChangeKind.TEAM, SessionTeamMember, subject=F("role"), account="user"),
    _Source(
        ChangeKind.TEAM,
        EditionCoach,
        of_session=_of_editions,
        subject=_base_key_of_edition(),
        role=TeamRole.COURSE_COACH,
        account="user",
    ),
    _Source(ChangeKind.LOCKS, SessionLock, subject=F("name"), fields=_same("reason")),
    _Source(ChangeKind.PREREQUISITES, SessionPrerequisite, subject=F("required__title"), fields=_same("condition")),
    _Source(ChangeKind.MESSAGES, SessionMessage, fields=_same("subject", "recipients")),
    _Source(
        ChangeKind.ANNOUNCEMENTS,
        Announcement,
        subject=F("title"),
        fields=_same("title", "text", "is_pinned", "published_from", "published_to", "mails", "mailed_at"),
    ),
    _Source(ChangeKind.MATERIALS, Material, subject=F("title"), fields=_same("title", "url", "file_name")),
    _Source(
        ChangeKind.RESULTS,
        EditionResult,
        of_session=_decided,
        subject=_base_key_of_edition(),
        fields=_same("final_at", "certificate_given_at"),
        account="member__user",
    ),
    _Source(
        ChangeKind.CONTENT,
        BlockCustomisation,
        of_session=_of_editions,
        # What it is that the block has otherwise, and which block.
        subject=Concat("field", Value(" "), Cast("usage_key", CharField())),
        fields=_same("value"),
    ),
    _Source(
        ChangeKind.WORDS,
        ElementCustomisation,
        of_session=_of_editions,
        subject=Concat("field", Value(" "), Cast("usage_key", CharField())),
        fields=_same("value"),
    ),
    _Source(
        ChangeKind.WORDS,
        EditionWelcome,
        of_session=_of_editions,
        subject=_base_key_of_edition(),
        fields=_same("text"),
    ),
    _Source(ChangeKind.TOOLS, ToolChoice, of_session=_of_editions, subject=F("tool"), fields=_same("is_shown")),
    _Source(
        ChangeKind.GRADING,
        EditionGrading,
        of_session=_of_editions,
        subject=_base_key_of_edition(),
        fields=_same("pass_line", "assignments"),
    ),
)


# A line by where it stands: the number of its source, and its `history_id` there.
_Place = tuple[int, int]


def session_changes(session: CohortSession, wanted: ChangeFilter, *, page: int) -> Page[SessionChange]:
    """
    One page of `PAGE_SIZE` lines, newest first; a page that there is not is the last.

    At most twenty-one queries: the count, the places, the lines before them, each history that occurs, the courses.
    """
    found = Paginator(_places(session, wanted), PAGE_SIZE).get_page(page)
    found.object_list = _told(list(found.object_list))
    return found


def all_changes(session: CohortSession, wanted: ChangeFilter) -> Iterator[SessionChange]:
    """All of them, newest first, read a few hundred at a time. What is done meanwhile is not among them."""
    places = list(_places(session, wanted))
    return chain.from_iterable(_told(places[start : start + _BATCH]) for start in range(0, len(places), _BATCH))


def _places(session: CohortSession, wanted: ChangeFilter) -> QuerySet:
    """Where the lines that are wanted stand: places, newest first."""
    each = [
        _found(source, session, wanted)
        .order_by()
        .annotate(source=Value(number, IntegerField()), line=F("history_id"), at=F("history_date"))
        .values_list("source", "line", "at")
        for number, source in enumerate(_SOURCES)
        if wanted.kind in (None, source.kind)
    ]
    first, *rest = each
    # Of one moment, what came about first stands last: the session itself, then what is in it.
    return (first.union(*rest, all=True) if rest else first).order_by("-at", "-source", "-line")


def _found(source: _Source, session: CohortSession, wanted: ChangeFilter) -> QuerySet:
    rows = source.model.history.filter(source.of_session(session))
    if wanted.window.opens_at is not None:
        rows = rows.filter(history_date__gte=wanted.window.opens_at)
    if wanted.window.closes_at is not None:
        rows = rows.filter(history_date__lt=wanted.window.closes_at)
    if not wanted.person:
        return rows
    named = Q(history_user__username__icontains=wanted.person) | Q(by_name__icontains=wanted.person)
    rows = rows.annotate(by_name=name_of("history_user"))
    if source.account:
        rows = rows.annotate(name=name_of(source.account))
        named |= Q(**{f"{source.account}__username__icontains": wanted.person}) | Q(name__icontains=wanted.person)
    return rows.filter(named)


def _told(places: Sequence[tuple[int, int, datetime]]) -> list[SessionChange]:
    """The lines that stand there, in this order."""
    wanted = [(number, history_id) for number, history_id, _at in places]
    earlier = _earlier(wanted)
    rows = _rows({*wanted, *earlier.values()})
    titles = _titles(rows[place] for place in wanted)
    return [_change(place, rows[place], rows.get(earlier.get(place)), titles) for place in wanted]


def _earlier(places: Collection[_Place]) -> dict[_Place, _Place]:
    """Where the line before each stands, about the same row. One query; lines that are the first are left out."""
    each = []
    for number, source in enumerate(_SOURCES):
        history = source.model.history
        before = history.filter(id=OuterRef("id")).filter(
            Q(history_date__lt=OuterRef("history_date"))
            | Q(history_date=OuterRef("history_date"), history_id__lt=OuterRef("history_id"))
        )
        ids = [history_id for at, history_id in places if at == number]
        if ids:
            each.append(
                history.filter(history_id__in=ids)
                .order_by()
                .annotate(
                    source=Value(number, IntegerField()),
                    line=F("history_id"),
                    earlier=Subquery(before.order_by("-history_date", "-history_id").values("history_id")[:1]),
                )
                .values_list("source", "line", "earlier")
            )
    if not each:
        return {}
    first, *rest = each
    found = first.union(*rest, all=True) if rest else first
    return {(number, now): (number, before) for number, now, before in found if before is not None}


def _rows(places: Collection[_Place]) -> dict[_Place, Mapping[str, Any]]:
    """What stands in each line. A query for each history that occurs."""
    found = {}
    for number, source in enumerate(_SOURCES):
        ids = [history_id for at, history_id in places if at == number]
        if not ids:
            continue
        told = {f"told_{name}": F(lookup) for name, lookup in source.fields.items()}
        if source.account:
            told |= {
                "whom_id": F(f"{source.account}_id"),
                "whom": F(f"{source.account}__username"),
                "whom_name": name_of(source.account),
            }
        if source.subject is not None:
            told["subject"] = source.subject
        rows = source.model.history.filter(history_id__in=ids).values(
            "history_id",
            "history_date",
            "history_type",
            "history_change_reason",
            "history_user_id",
            by=F("history_user__username"),
            by_name=name_of("history_user"),
            **told,
        )
        found |= {(number, row["history_id"]): row for row in rows}
    return found


def _titles(rows: Iterable[Mapping[str, Any]]) -> dict[CourseKey, str]:
    keys = {row["subject"] for row in rows if isinstance(row.get("subject"), CourseKey)}
    return {key: course.title for key, course in get_host().base_courses(keys).items()} if keys else {}


def _change(
    place: _Place, row: Mapping[str, Any], earlier: Mapping[str, Any] | None, titles: Mapping[CourseKey, str]
) -> SessionChange:
    source, deed = _SOURCES[place[0]], Deed(row["history_type"])
    before, after = _difference(source, deed, row, earlier)
    subject, is_team = row.get("subject"), source.model is SessionTeamMember
    return SessionChange(
        at=row["history_date"],
        by=_person(row["history_user_id"], row["by"], row["by_name"]),
        kind=source.kind,
        deed=deed,
        person=_person(row["whom_id"], row["whom"], row["whom_name"]) if source.account else None,
        role=TeamRole(subject) if is_team else source.role,
        subject="" if is_team or subject is None else titles.get(subject, str(subject)),
        before=before,
        after=after,
        why=row["history_change_reason"] or "",
    )


def _difference(
    source: _Source, deed: Deed, row: Mapping[str, Any], earlier: Mapping[str, Any] | None
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The values before and after that differ: of a new row from an empty one's, of one that goes none."""
    if deed == Deed.REMOVED:
        return {}, {}
    after = {name: row[f"told_{name}"] for name in source.fields}
    if deed == Deed.CHANGED and earlier is not None:
        before = {name: earlier[f"told_{name}"] for name in source.fields}
    else:
        before = {name: _usual(source.model, name) for name in source.fields}
    differ = [name for name in source.fields if before[name] != after[name]]
    return {name: before[name] for name in differ}, {name: after[name] for name in differ}


def _usual(model: type[Model], name: str) -> Any:
    """What a field holds where nobody gave it anything."""
    return model._meta.get_field(name).get_default()


def _person(user_id: int | None, username: str | None, name: str | None) -> Person | None:
    """``None`` where there is no such account, or not any more."""
    return None if username is None else Person(user_id, username, name)
