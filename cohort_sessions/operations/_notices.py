"""What people are to be told: written in the transaction that brought it about, sent after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cohort_sessions.data import NoticeKind
from cohort_sessions.events import COHORT_NOTICE_CREATED, CohortNoticeData, announce
from cohort_sessions.models import CohortSession, Notice


def tell(session: CohortSession, user_ids: Iterable[int], kind: NoticeKind, *, now: datetime, words: str = "") -> None:
    """
    Tell these people of their place in the session.

    Args:
        words: what the team wrote to go with it.
    """
    for user_id in user_ids:
        notice = Notice.objects.create(
            session=session, user_id=user_id, kind=kind.value, words=words.strip(), created_at=now
        )
        data = CohortNoticeData(id=notice.pk, session_uuid=str(session.uuid), user_id=user_id, kind=kind.value)
        announce(COHORT_NOTICE_CREATED, now=now, notice=data)
