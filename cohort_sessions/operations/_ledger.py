"""
How the ledger follows the platform: members' rows are locked, then the platform is read, then what differs is written.

Since nobody reads before they hold the lock, whoever writes last has read last: late, repeated and reordered events
come to the same. What is final is not touched; what the platform says of it since is written beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.db.models.expressions import RawSQL
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import ResultPart
from cohort_sessions.host import LearnerGrade, LearnerProgress, get_host
from cohort_sessions.models import EditionResult, Member, SessionAgenda
from cohort_sessions.operations._activity import note_days, with_days
from cohort_sessions.operations._finals import final_moment

EVERYTHING = frozenset(ResultPart)

_UNGRADED = {"grade": None, "letter": "", "passed": False, "passed_at": None, "sections": [], "version": ""}
_UNTOUCHED = {"completed": 0, "first_activity_at": None, "last_activity_at": None}
_UNCERTIFIED = {"certified_at": None}
_COLUMNS = (
    *_UNGRADED,
    "completed",
    "completable",
    "first_activity_at",
    "last_activity_at",
    "as_of",
    "later",
    "certified_at",
)

_ABSENT = {ResultPart.GRADE: _UNGRADED, ResultPart.PROGRESS: _UNTOUCHED, ResultPart.CERTIFICATE: _UNCERTIFIED}

# What stands beside a final result where the platform says something else by now.
_TOLD_LATER = ("grade", "letter", "passed", "completed", "completable")

BATCH = 500


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """
    What the platform says of a member, where the ledger said something else.

    Attributes:
        before, after: the columns that differ. For a result that is final they are what the platform said, and says;
            what counts stayed as it was.
    """

    user_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    is_final: bool


def follow(
    edition_key: CourseKey,
    user_ids: Collection[int],
    parts: Collection[ResultPart],
    *,
    now: datetime,
    write: bool = True,
) -> list[LedgerChange]:
    """
    Bring the results of these members of one edition up to date, and say what differed.

    Callers are inside a transaction. One query for our rows, those of the host for each part, and at most two to write,
    whatever the number of people; one more where somebody worked on a day that is not noted yet (`note_days`). Who is
    not, and never was, a member is ignored: a coach's trial answers are nobody's result.

    Args:
        write: ``False`` only says what differs.
    """
    hears_of_activity = write and ResultPart.PROGRESS in parts
    found = _places(edition_key, user_ids)
    found = with_days(found) if hears_of_activity else found
    places = list(found.select_for_update() if write else found)
    said = _said(edition_key, [place.user_id for place in places], parts)
    changes, new, changed = [], [], []
    for place in places:
        known = getattr(place, "result", None)
        # Django leaves the attribute out where a filtered relation is empty.
        row = known or EditionResult(edition_id=place.edition_pk, member=place)
        change = _brought_up(row, place.user_id, said.get(place.user_id, {}), parts, now)
        if change is not None:
            changes.append(change)
            (new if known is None else changed).append(row)
    if write:
        _have_late_ones_seen([row.member for row in new], now)
        EditionResult.objects.bulk_create(new, batch_size=BATCH)
        EditionResult.objects.bulk_update(changed, _COLUMNS, batch_size=BATCH)
    if hears_of_activity:
        note_days(places, said)
    return changes


def _places(edition_key: CourseKey, user_ids: Collection[int]) -> QuerySet[Member]:
    """The memberships of these people, each with `edition_pk` and, where there is one, its `result`."""
    return (
        Member.objects.filter(user_id__in=user_ids)
        .annotate(
            edition=FilteredRelation("session__editions", condition=Q(session__editions__edition_key=edition_key)),
            edition_pk=F("edition__pk"),
            # The column by its alias: until Django 5, `F("edition")` joins the table once more.
            result=FilteredRelation("results", condition=Q(results__edition=RawSQL("edition.id", ()))),
        )
        .filter(edition__isnull=False)
        .select_related("session", "result")
        .order_by("pk")
    )


def _have_late_ones_seen(places: Collection[Member], now: datetime) -> None:
    """A first result that comes in when results are final already becomes final too. No query but for those."""
    moments = {place.session_id: final_moment(place.session, place, None) for place in places}
    late = [session_id for session_id, moment in moments.items() if moment is not None and moment <= now]
    if late:
        SessionAgenda.objects.filter(session__in=late).update(finals_due_at=now)


def _said(
    edition_key: CourseKey, user_ids: Collection[int], parts: Collection[ResultPart]
) -> Mapping[int, Mapping[str, Any]]:
    """What the host says of these people, as columns; it is not asked about nobody."""
    said: dict[int, dict[str, Any]] = {}
    if user_ids and ResultPart.GRADE in parts:
        for grade in get_host().grades([edition_key], user_ids):
            said.setdefault(grade.user_id, {}).update(_grade_columns(grade))
    if user_ids and ResultPart.PROGRESS in parts:
        for progress in get_host().progress([edition_key], user_ids):
            said.setdefault(progress.user_id, {}).update(_progress_columns(progress))
    if user_ids and ResultPart.CERTIFICATE in parts:
        for certificate in get_host().certificates([edition_key], user_ids):
            said.setdefault(certificate.user_id, {})["certified_at"] = certificate.given_at
    return said


def _grade_columns(grade: LearnerGrade) -> dict[str, Any]:
    return {
        "grade": grade.grade,
        "letter": grade.letter,
        "passed": grade.passed,
        "passed_at": grade.passed_at,
        "sections": [asdict(section) for section in grade.sections],
        "version": grade.version,
    }


def _progress_columns(progress: LearnerProgress) -> dict[str, Any]:
    """Content that shrank since the work was done never makes progress exceed the whole."""
    return {
        "completed": progress.completed,
        "completable": max(progress.completable, progress.completed),
        "first_activity_at": progress.first_activity_at,
        "last_activity_at": progress.last_activity_at,
    }


def _brought_up(
    row: EditionResult, user_id: int, said: Mapping[str, Any], parts: Collection[ResultPart], now: datetime
) -> LedgerChange | None:
    """Change the row to what the host said, beside what counts where that is final; ``None`` for no difference."""
    wanted = {name: value for part in parts for name, value in _ABSENT[part].items()} | said
    if row.final_at is not None:
        return _told_later(row, user_id, wanted, now)
    after = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if not after:
        return None
    before = {name: getattr(row, name) for name in after}
    vars(row).update(after, as_of=now)
    return LedgerChange(user_id, before, after, is_final=False)


def _told_later(row: EditionResult, user_id: int, wanted: Mapping[str, Any], now: datetime) -> LedgerChange | None:
    """A certificate, which is mostly given when results are final, is no part of them."""
    said_before = {name: row.later.get(name, getattr(row, name)) for name in _TOLD_LATER}
    said_before |= {name: getattr(row, name) for name in _UNCERTIFIED}
    said_now = said_before | {name: wanted[name] for name in said_before if name in wanted}
    if said_now == said_before:
        return None
    row.certified_at = said_now["certified_at"]
    differing = {name: value for name, value in said_now.items() if value != getattr(row, name)}
    row.later = differing | {"as_of": now.isoformat()} if differing else {}
    after = {name: value for name, value in said_now.items() if value != said_before[name]}
    return LedgerChange(user_id, {name: said_before[name] for name in after}, after, is_final=True)
