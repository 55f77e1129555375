"""The table that results are exported as: its headings, and a row for each member and course."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.models import CohortSession
from cohort_sessions.queries.result_values import MemberResults, Result
from cohort_sessions.queries.shown_editions import ShownEdition
from cohort_sessions.standing import Standing
from cohort_sessions.tables import Cell

STANDING_NAMES = {
    Standing.NOT_STARTED: gettext_lazy("Not started"),
    Standing.ACTIVE: gettext_lazy("Active"),
    Standing.BEHIND: gettext_lazy("Behind"),
    Standing.PASSED: gettext_lazy("Passed"),
    Standing.FAILED: gettext_lazy("Not passed"),
}

# Digits of a percentage: more than any platform shows, fewer than floating point invents.
_DIGITS = 2


def headings() -> tuple[str, ...]:
    """What stands above each column, in the active language; moments name the active time zone."""
    return (
        _("Name"),
        _("Username"),
        _("E-mail address"),
        _("Session"),
        _("Course"),
        _("Standing"),
        _("Grade (%)"),
        _("Letter"),
        _("Passed"),
        _in_zone(_("First passed")),
        _("Completed"),
        _("To be completed"),
        _("Progress (%)"),
        _in_zone(_("First activity")),
        _in_zone(_("Last activity")),
        _in_zone(_("Final since")),
        _in_zone(_("As of")),
    )


def rows(
    session: CohortSession, editions: Sequence[ShownEdition], members: Iterable[MemberResults]
) -> Iterator[tuple[Cell, ...]]:
    """
    A row for each of `members` and each course, member by member.

    Args:
        editions: the courses of the results, in their order.
        members: named, as `results.all_results` has them.
    """
    for member in members:
        for edition, result in zip(editions, member.results, strict=True):
            yield _row(session, edition, member, result)


def _row(session: CohortSession, edition: ShownEdition, member: MemberResults, result: Result) -> tuple[Cell, ...]:
    return (
        member.person.name,
        member.person.username,
        member.email,
        session.title,
        edition.title,
        str(STANDING_NAMES[result.standing]),
        _percent(result.grade),
        result.letter,
        _("yes") if result.standing == Standing.PASSED else _("no"),
        result.passed_at,
        result.completed,
        result.completable,
        _percent(result.progress),
        result.first_activity_at,
        result.last_activity_at,
        result.final_at,
        result.as_of,
    )


def _percent(share: float | None) -> float | None:
    """0..1 as 0..100."""
    return None if share is None else round(100 * share, _DIGITS)


def _in_zone(heading: str) -> str:
    return _("%(what)s (%(zone)s)") % {"what": heading, "zone": timezone.get_current_timezone_name()}
