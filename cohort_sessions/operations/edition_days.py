"""How far the learners of each edition had come, day by day: the tick keeps it, so that no page counts it anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from django.db import connections, router
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import NotAllowed
from cohort_sessions.models import CourseEdition, EditionDay
from cohort_sessions.queries.edition_days import counted_editions, standings

BATCH = 500

_KEY = ("edition", "day")
_COUNTS = ("learners", "active", "passed", "graded", "grades", "completed", "completable")


def record_edition_days(*, actor: Actor, now: datetime) -> int:
    """
    Keep how the members of every edition that is under way stand on the current day, UTC, in the place of what was
    counted earlier that day; returns how many editions. See `queries.edition_days.counted_editions`.

    In the first hour of a day the day before is brought to its end as well, where it was counted at all: who worked on
    it by what the ledger has noted, the rest as it stands now. A day on which nobody called this has no row, and never
    gets one: what stood then is not known any more. Late, twice or from two processes at once comes to the same. Two
    queries for every 500 editions at most.

    Raises:
        NotAllowed: the actor manages no session. Editions of sessions that they do not manage are left out.
    """
    if not permissions.allows_somewhere(actor, permissions.MANAGE_SESSION):
        raise NotAllowed(_("Only session administrators can manage sessions."))
    editions = permissions.rows(actor, permissions.MANAGE_SESSION, counted_editions(now=now))
    moment = now.astimezone(UTC)
    if moment.hour == 0:
        yesterday = moment.date() - timedelta(days=1)
        _record(editions.filter(pk__in=EditionDay.objects.filter(day=yesterday).values("edition")), yesterday)
    return _record(editions, moment.date())


def _record(editions: QuerySet[CourseEdition], day: date) -> int:
    rows = [EditionDay(edition_id=pk, day=day, **counts) for pk, counts in standings(editions, day).items()]
    EditionDay.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, update_fields=_COUNTS, unique_fields=_unique_fields()
    )
    return len(rows)


def _unique_fields() -> Collection[str] | None:
    """MySQL and MariaDB know by themselves which rows meet, and Django refuses to be told."""
    features = connections[router.db_for_write(EditionDay)].features
    return _KEY if features.supports_update_conflicts_with_target else None
