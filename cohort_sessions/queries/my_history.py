"""*My history*: every session that one person has or had a place in, with what they earned there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from cohort_sessions.queries.records import SessionRecord, places_on_record, session_records

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class MyHistory:
    """
    One page of *My history*.

    Attributes:
        name: the person's own, as other people may see it; empty for who has no record.
        records: newest first.
        total: sessions on all pages.
        passed: results in them, on all pages, that reach the passing line: a course that was passed in two sessions
            counts in each.
        page, pages: from 1; there is always a first page.
    """

    name: str
    records: tuple[SessionRecord, ...]
    total: int
    passed: int
    page: int
    pages: int


def my_history(user_id: int, *, now: datetime, page: int = 1) -> MyHistory:
    """
    A page of `PAGE_SIZE` sessions, by their opening for this person; where there is none, by their first entry, else by
    when they were enrolled.

    Also those that are not shown to them any more, that they left, or that were cancelled; see `queries.records`.

    Args:
        page: the nearest there is, where there is no such page.

    Five queries, whatever the number of sessions; one for who has none.
    """
    places = places_on_record(user_id)
    counts = places.order_by().aggregate(
        sessions=Count("pk", distinct=True), passed=Count("results", filter=Q(results__passed=True), distinct=True)
    )
    pages = max(1, math.ceil(counts["sessions"] / PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = []
    if counts["sessions"]:
        begins = Coalesce("opens_at", "session__opens_at", "first_entered_at", "enrolled_at")
        newest_first = places.annotate(begins=begins).order_by("-begins", "-pk")
        shown = list(newest_first[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    return MyHistory(
        name=shown[0].name if shown else "",
        records=session_records(shown, now=now),
        total=counts["sessions"],
        passed=counts["passed"],
        page=page,
        pages=pages,
    )
