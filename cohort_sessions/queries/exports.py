"""Which results somebody wants as a file, and the files that they have asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import NotFound
from cohort_sessions.models import CohortSession, ResultExport
from cohort_sessions.queries.result_order import ResultFilter
from cohort_sessions.queries.result_table import rows
from cohort_sessions.queries.results import all_results
from cohort_sessions.queries.shown_editions import ShownEdition, chosen_edition, shown_editions
from cohort_sessions.standing import Standing
from cohort_sessions.tables import Cell

# Who has a place, as long as nothing else is looked for.
EVERYBODY = ResultFilter()


@dataclass(frozen=True, slots=True)
class ExportWish:
    """
    What of a session's results somebody wants.

    Attributes:
        course: the UUID of the one edition; ``None``: every one that they may export.
        usernames: only of these members; ``None``: of everybody who is looked for.
    """

    course: UUID | None = None
    usernames: tuple[str, ...] | None = None
    members: ResultFilter = EVERYBODY


def exported_editions(session: CohortSession, wish: ExportWish, *, actor: Actor) -> tuple[ShownEdition, ...]:
    """
    The courses that the file is of. At most two queries.

    Raises:
        NotFound: the actor may not export the results of this course, or of none.
    """
    editions = shown_editions(session, actor=actor, permission=permissions.EXPORT_RESULT)
    if not editions:
        raise NotFound(_("There are no results here that you may export."))
    return editions if wish.course is None else (chosen_edition(editions, wish.course),)


def exported_rows(
    session: CohortSession, editions: Sequence[ShownEdition], wish: ExportWish, *, now: datetime
) -> Iterator[tuple[Cell, ...]]:
    """The lines of the file, read a few hundred members at a time; callers have asked for whom."""
    found = all_results(session, editions, now=now, wanted=wish.members, usernames=wish.usernames)
    return rows(session, editions, found)


def own_export(session: CohortSession, uuid: UUID, *, actor: Actor, now: datetime) -> ResultExport:
    """
    What the actor asked for, as long as it has not expired and they may still export all that is in it. Two queries.

    Raises:
        NotFound: it is not there, or not for them.
    """
    found = _own(session, actor, now).filter(uuid=uuid).first()
    if found is None or not covered_editions(found) <= _exportable(session, actor):
        raise NotFound(_("There is no such file, or not any more."))
    return found


def own_exports(session: CohortSession, *, actor: Actor, now: datetime) -> list[ResultExport]:
    """All of those, the newest first. Two queries."""
    found = list(_own(session, actor, now))
    allowed = _exportable(session, actor) if found else frozenset()
    return [export for export in found if covered_editions(export) <= allowed]


def covered_editions(export: ResultExport) -> frozenset[UUID]:
    """The editions whose results are in the file, as they were when it was asked for."""
    return frozenset(UUID(each) for each in export.wanted["editions"])


def stored_wish(wish: ExportWish, editions: Collection[ShownEdition]) -> dict[str, Any]:
    """The wish as `ResultExport.wanted` keeps it; `wish_of` is the way back."""
    return {
        "course": None if wish.course is None else str(wish.course),
        "editions": [str(each.uuid) for each in editions],
        "usernames": None if wish.usernames is None else sorted(set(wish.usernames)),
        "search": wish.members.search,
        "standing": wish.members.standing.value if wish.members.standing else None,
        "final": wish.members.is_final,
        "former": wish.members.with_former,
    }


def wish_of(export: ResultExport) -> ExportWish:
    """What was asked for."""
    wanted: Mapping[str, Any] = export.wanted
    return ExportWish(
        course=None if wanted["course"] is None else UUID(wanted["course"]),
        usernames=None if wanted["usernames"] is None else tuple(wanted["usernames"]),
        members=ResultFilter(
            search=wanted["search"],
            standing=Standing(wanted["standing"]) if wanted["standing"] else None,
            is_final=wanted["final"],
            with_former=wanted["former"],
        ),
    )


def _own(session: CohortSession, actor: Actor, now: datetime):
    return ResultExport.objects.filter(session=session, requested_by=actor.user_id, expires_at__gt=now)


def _exportable(session: CohortSession, actor: Actor) -> frozenset[UUID]:
    editions = permissions.rows(actor, permissions.EXPORT_RESULT, session.editions.all())
    return frozenset(editions.order_by().values_list("uuid", flat=True))
