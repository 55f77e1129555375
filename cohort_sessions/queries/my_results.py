"""*My results*: what one person earned in one session, as long as the session is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cohort_sessions.errors import NotFound
from cohort_sessions.queries.records import SessionRecord, places_on_record, session_records


@dataclass(frozen=True, slots=True)
class MyResults:
    """`name`: the person's own, as other people may see it."""

    name: str
    record: SessionRecord


def my_results(code: str, *, user_id: int, now: datetime) -> MyResults:
    """
    The record of one person in the session named `code`: for who has a place in it, and for who had one.

    It stays when the session has ended, was cancelled or is hidden from its members by now. Four queries.

    Raises:
        NotFound: there is no such session, or it is a draft, or the person never had a place in it; nothing tells
            which.
    """
    place = places_on_record(user_id).filter(session__code=code).first()
    if place is None:
        raise NotFound(_("There is no such session."))
    [record] = session_records([place], now=now)
    return MyResults(place.name, record)
