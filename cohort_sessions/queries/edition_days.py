"""How the members of every edition that is under way stand now; the tick keeps it, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, FilteredRelation, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from cohort_sessions.data import MemberStatus, SessionStatus
from cohort_sessions.models import CourseEdition, Member

# How long an edition is still counted when its session is over and no result of it becomes final any more: grades
# given by hand come late.
LINGERS = timedelta(days=7)


def counted_editions(*, now: datetime) -> QuerySet[CourseEdition]:
    """
    The editions of published sessions, from the opening (the first member's own, where that is earlier) until all of
    their results are final; of sessions that are over without that, for `LINGERS`. None that was withdrawn.
    """
    early = Member.objects.filter(
        session=OuterRef("session"), status=MemberStatus.ACTIVE.value, opens_at__lte=now
    ).order_by()
    has_opened = Q(session__opens_at=None) | Q(session__opens_at__lte=now) | Q(Exists(early))
    is_under_way = (
        Q(session__finished_at=None)
        | Q(session__finished_at__gt=now - LINGERS)
        | Q(session__agenda__finals_due_at__isnull=False)
    )
    return CourseEdition.objects.filter(
        has_opened, is_under_way, session__status=SessionStatus.PUBLISHED.value, withdrawn_at=None
    )


def standings(editions: QuerySet[CourseEdition], day: date) -> dict[int, Mapping[str, float]]:
    """
    For each of these editions, by primary key, the counts of an `EditionDay`: of those who have a place, what the
    ledger says now, and who of them worked on `day`. One query, whatever the number of editions and people.

    Who has not begun has all of the course before them, which nobody has counted for them: the most that anybody has.
    """
    rows = (
        editions.annotate(
            place=FilteredRelation("session__members", condition=Q(session__members__status=MemberStatus.ACTIVE.value)),
            # The column by its alias, as in the ledger: conditions cannot name another filtered relation.
            result=FilteredRelation("results", condition=Q(results__member=RawSQL("place.id", ()))),
            work=FilteredRelation(
                "active_days", condition=Q(active_days__member=RawSQL("place.id", ()), active_days__day=day)
            ),
        )
        .order_by("pk")
        .values("pk")
        .annotate(
            learners=Count("place__pk"),
            active=Count("work__pk"),
            passed=Count("result__pk", filter=Q(result__passed=True)),
            graded=Count("result__grade"),
            grades=Sum("result__grade"),
            completed=Sum("result__completed"),
            completable=Sum("result__completable"),
            begun=Count("result__pk", filter=Q(result__completable__gt=0)),
            whole=Max(F("result__completable")),
        )
    )
    return {row.pop("pk"): _counts(row) for row in rows}


def _counts(row: dict[str, float | None]) -> Mapping[str, float]:
    found = {name: value or 0 for name, value in row.items()}
    begun, whole = found.pop("begun"), found.pop("whole")
    found["completable"] += (found["learners"] - begun) * whole
    return found
