"""Sessions as the guard meets them: made through operations, applied to this LMS, with windows around now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ccx_keys.locator import CCXLocator
from django.test import TestCase
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, TeamRole
from cohort_sessions.models import CohortSession, CourseEdition

# name: fields of a session that a member finds in this state now
STATES = {
    "full": {"opens": -10, "closes": 10},
    "not started": {"opens": 5, "closes": 10},
    "read only": {"opens": -10, "closes": -1},
    "hidden": {"opens": -10, "closes": -1, "after_close": "hidden"},
}


def create_session(
    base_key: CourseKey,
    *,
    members: Sequence = (),
    coaches: Sequence = (),
    opens: int | None = -10,
    closes: int | None = 10,
    publish: bool = True,
    **values,
) -> CohortSession:
    """
    A session of one course.

    Args:
        opens, closes: days from now; ``None`` is unbounded.
        values: other fields of the session.
    """
    now = timezone.now()
    days = {"opens_at": opens, "closes_at": closes}
    window = {name: now + timedelta(days=number) for name, number in days.items() if number is not None}
    with TestCase.captureOnCommitCallbacks(execute=True):
        session = api.create_session(actor=SYSTEM, now=now, **({"title": "Spring"} | window | values))
        lines = api.add_courses(session, [base_key], actor=SYSTEM, now=now)
        lines += api.enrol_members(session, [user.username for user in members], actor=SYSTEM, now=now)
        names = [user.username for user in coaches]
        lines += api.assign_session_team(session, TeamRole.SESSION_COACH, names, actor=SYSTEM, now=now)
        assert [line.message for line in lines if not line.ok] == []
        if publish:
            session = api.publish_session(session, actor=SYSTEM, now=now)
    return session


def edition_key(session: CohortSession) -> CCXLocator:
    """The key of the session's only edition, applied."""
    edition = CourseEdition.objects.get(session=session)
    assert (edition.apply_error, edition.applied_revision) == ("", edition.wanted_revision)
    return edition.edition_key
