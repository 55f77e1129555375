"""
Who may come in, asked at every door of a course: page, handler and API.

Two answers are combined, and the stricter one holds: what the host itself knows of the course key (its dates, whether
it is hidden, who is enrolled or staff), and what the plugin says of this person in this session.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.queries.access import EditionAccess, edition_access
from cohort_sessions.timeline import Entry, Listing, Reason, Window
from sandbox.content import CourseContent, content_of
from sandbox.customisation import content_for
from sandbox.host.editions import find_edition
from sandbox.models import CourseRole, CourseRun, Edition, Enrolment


@dataclass(frozen=True, slots=True)
class Admission:
    """
    One person before one course key, now.

    Attributes:
        course: whose content is shown.
        content: of it what this person finds now.
        title: of the course, or of the edition with the session's name.
        entry: how far they may go in; `reason` why not further.
        window: when they may; what the page says where they may not.
        session: what the plugin knows; ``None`` for a base course.
        hidden_tools: what there is no page for here; its team still comes to it by address.
    """

    course_key: CourseKey
    course: CourseRun
    content: CourseContent
    title: str
    entry: Entry
    reason: Reason
    window: Window
    session: EditionAccess | None = None
    hidden_tools: frozenset[str] = frozenset()
    is_staff: bool = False

    def lacks(self, tool: str) -> bool:
        """Whether there is no such tool for this person, even by its address."""
        return tool in self.hidden_tools and not self.is_staff

    @property
    def may_work(self) -> bool:
        """Whether answers are accepted now."""
        return self.entry == Entry.FULL


def admit(course_key: CourseKey, user: AbstractBaseUser, *, now: datetime) -> Admission | None:
    """What this person may do under this course key; ``None`` when they may not learn that it exists."""
    is_staff = is_course_staff(course_key, user)
    edition = find_edition(course_key)
    if edition is not None:
        return _admit_to_edition(edition, user, is_staff=is_staff, now=now)
    course = CourseRun.objects.filter(course_key=course_key).first()
    if course is None or not (is_staff or _is_enrolled(course_key, user)):
        return None
    window = Window(course.starts_at, course.ends_at)
    has_begun = is_staff or window.has_opened(now)
    entry, reason = (Entry.FULL, Reason.OPEN) if has_begun else (Entry.CLOSED, Reason.NOT_OPEN_YET)
    return Admission(course_key, course, content_of(course), course.title, entry, reason, window)


def is_course_staff(course_key: CourseKey, user: AbstractBaseUser) -> bool:
    """Whether this person has staff rights under exactly this course key."""
    return user.is_staff or CourseRole.objects.filter(course_key=course_key, user_id=user.pk).exists()


def _admit_to_edition(edition: Edition, user: AbstractBaseUser, *, is_staff: bool, now: datetime) -> Admission | None:
    key = edition.edition_key
    session = edition_access(key, user_id=user.pk, is_platform_admin=user.is_staff, now=now)
    is_known = session.access.listing == Listing.SHOWN if session else is_staff or _is_enrolled(key, user)
    if not is_known or (edition.is_hidden and not is_staff):
        return None
    window = edition.window
    entry, reason = _entry_by_dates(edition, is_staff=is_staff, now=now)
    if session is not None and session.access.entry <= entry:
        entry, reason, window = session.access.entry, session.access.reason, session.access.window
    content = content_for(edition, on_team=is_staff, now=now)
    return Admission(
        key,
        edition.course,
        content,
        edition.title,
        entry,
        reason,
        window,
        session,
        hidden_tools=frozenset(edition.hidden_tools),
        is_staff=is_staff,
    )


def _entry_by_dates(edition: Edition, *, is_staff: bool, now: datetime) -> tuple[Entry, Reason]:
    """
    What the edition's own dates say: staff need not wait for the opening; after a final close nobody's answer is
    accepted.
    """
    if edition.window.has_closed(now):
        return (Entry.READ_ONLY if edition.closed_read_only else Entry.FULL), Reason.ENDED
    if edition.window.has_opened(now) or is_staff:
        return Entry.FULL, Reason.OPEN
    return Entry.CLOSED, Reason.NOT_OPEN_YET


def _is_enrolled(course_key: CourseKey, user: AbstractBaseUser) -> bool:
    return Enrolment.objects.filter(course_key=course_key, user_id=user.pk, is_active=True).exists()
