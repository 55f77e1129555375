"""On which days members worked in an edition, as the ledger hears of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from cohort_sessions import timeline
from cohort_sessions.data import AfterClose
from cohort_sessions.models import ActiveDay, Member

BATCH = 500


def with_days(places: QuerySet[Member]) -> QuerySet[Member]:
    """These memberships, each with an `edition_pk`, and with the first and the last day that are noted for it."""
    days = ActiveDay.objects.filter(member=OuterRef("pk"), edition=OuterRef("edition_pk"))
    return places.annotate(
        first_day=Subquery(days.order_by("day").values("day")[:1]),
        last_day=Subquery(days.order_by("-day").values("day")[:1]),
    )


def note_days(places: Collection[Member], said: Mapping[int, Mapping[str, Any]]) -> None:
    """
    Note the days, UTC, of the first and the last work that the host tells of these members. One query; none where
    both are noted, as for all but the first work of a day.

    A day that is noted stays, whatever becomes of the work, the result or the place: that somebody worked is a fact.
    So a result that is final, or a member who left, keeps nothing from being noted. Writers who meet note it once.

    Args:
        places: see `with_days`.
        said: what the host says, by account, as columns of a result.
    """
    days = [
        ActiveDay(member=place, edition_id=place.edition_pk, day=day)
        for place in places
        for day in sorted(_days(place, said.get(place.user_id, {})) - {place.first_day, place.last_day})
    ]
    ActiveDay.objects.bulk_create(days, batch_size=BATCH, ignore_conflicts=True)


def _days(place: Member, said: Mapping[str, Any]) -> set:
    moments = {said.get("first_activity_at"), said.get("last_activity_at")} - {None}
    return {moment.astimezone(UTC).date() for moment in moments if _is_work(place, moment)}


def _is_work(place: Member, moment: datetime) -> bool:
    """
    Who only looks back at what is read only does not work, though the platform keeps where they were. After the close
    it is work where members may still do everything.
    """
    window = timeline.member_window(place.session.schedule, place.membership)
    return not window.has_closed(moment) or place.session.after_close == AfterClose.FULL
