"""
Where people stand in the editions of this request: what the guard has found out, kept for the repairs that depend on a
person.

The platform knows one window for a course. Its problems, its dates tab and its front ends would show everybody the
edition's envelope; the repairs that ask here show each person their own. Kept for a request, so that asking costs no
SQL. Outside a request that the guard has let in (tasks, commands, its switch turned off) nothing is known, and whoever
asks keeps to the envelope.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ccx_keys.locator import CCXLocator
from crum import get_current_user
from edx_django_utils.cache import RequestCache
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import AfterClose
from cohort_sessions.edxapp.hooks.keys import canonical
from cohort_sessions.queries.access import EditionAccess, edition_access
from cohort_sessions.timeline import Entry, Window

CACHE_NAMESPACE = "cohort_sessions.visits"


@dataclass(frozen=True, slots=True)
class Visit:
    """
    One person in one edition, as they stand in this request.

    Attributes:
        now: when the request came in, UTC.
    """

    edition: EditionAccess
    now: datetime

    @property
    def work_ends_at(self) -> datetime | None:
        """
        Until when what they hand in is taken (UTC), ``None`` for without end; never later than `now` where the guard
        takes nothing any more.
        """
        closes_at = self.edition.access.window.closes_at
        has_passed = closes_at is not None and closes_at <= self.now
        if self.edition.access.entry != Entry.FULL:
            return closes_at if has_passed else self.now
        return None if has_passed or self._stays_open else closes_at

    @property
    def learning_period(self) -> Window | None:
        """
        The window a learner is told of as beginning and end of the course; without an end where work goes on after it,
        as the host is told of the envelope. ``None`` for the team, which teaches by everybody's dates.
        """
        if self.edition.on_team or not self.edition.is_member:
            return None
        window = self.edition.access.window
        return Window(window.opens_at, None if self._stays_open else window.closes_at)

    @property
    def _stays_open(self) -> bool:
        return self.edition.after_close == AfterClose.FULL


def remember(edition: EditionAccess, *, user_id: int, now: datetime) -> None:
    """Keep for the rest of the request what the guard decided when it let this person in."""
    RequestCache(CACHE_NAMESPACE).data.setdefault(edition.edition_key, {})[user_id] = Visit(edition, now)


def visit_of(user_id: int | None, course_key: CourseKey | None) -> Visit | None:
    """
    What is known of the person in the edition that `course_key` names; ``None`` for other courses, outside requests to
    the edition, and for people without a relation to it.

    Somebody of the team who looks at the course as "a learner" is nobody in particular, hence unknown. Where they look
    at it as one certain learner, that learner's visit is asked for, the first time with one query.
    """
    if user_id is None or not isinstance(course_key, CCXLocator):
        return None
    edition_key = canonical(course_key)
    visits = RequestCache(CACHE_NAMESPACE).data.get(edition_key)
    if not visits or _is_any_learner(user_id, edition_key):
        return None
    if user_id not in visits:
        visits[user_id] = _look_up(user_id, edition_key, now=next(iter(visits.values())).now)
    return visits[user_id]


def _look_up(user_id: int, edition_key: CCXLocator, *, now: datetime) -> Visit | None:
    edition = edition_access(edition_key, user_id=user_id, is_platform_admin=False, now=now)
    return Visit(edition, now) if edition is not None and (edition.is_member or edition.on_team) else None


def _is_any_learner(user_id: int, edition_key: CCXLocator) -> bool:
    """Whether the person at the keyboard looks at the course as a learner whom they did not name."""
    from lms.djangoapps.courseware.masquerade import get_course_masquerade

    user = get_current_user()
    masquerade = None if user is None or user.pk != user_id else get_course_masquerade(user, edition_key)
    return masquerade is not None and masquerade.role == "student" and masquerade.user_name is None
