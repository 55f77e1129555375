"""What becomes of the deadlines inside a base course: the rule of an edition, and what it would do, before it does."""

from __future__ import annotations

from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import permissions, timeline
from cohort_sessions.data import Actor, DeadlinePolicy
from cohort_sessions.errors import NotFound
from cohort_sessions.host import Deadline, Deadlines, get_host
from cohort_sessions.models import CohortSession
from cohort_sessions.timeline import ORDINARY_MEMBERSHIP, Schedule


def edition_deadlines(
    session: CohortSession, base_key: CourseKey, policy: DeadlinePolicy, *, actor: Actor
) -> list[Deadline]:
    """
    Each deadline of a base course beside the one that an edition in this session would have for ordinary members.

    Changes nothing, and needs no edition: the course may be one that is only being considered, the policy another than
    the one in force, the session one that is not stored as it stands here. Empty for a course without deadlines of its
    own, and for one that does not exist.

    Raises:
        NotFound: the actor neither chooses the courses of this session nor sets the deadlines of its edition of this
            one.
    """
    if not _may_see(session, base_key, actor):
        raise NotFound(_("There is no such course in this session."))
    return get_host().deadlines(base_key, deadline_rule(base_key, policy, session.schedule))


def deadline_rule(base_key: CourseKey, policy: DeadlinePolicy, schedule: Schedule) -> Deadlines:
    """What happens to the deadlines for ordinary members. One query, where they are shifted by a distance."""
    is_measured = policy == DeadlinePolicy.SHIFT and schedule.window.opens_at is not None
    base = get_host().base_courses([base_key]).get(base_key) if is_measured else None
    return Deadlines(
        shift=timeline.deadline_shift(
            policy, base_start=None if base is None else base.window.opens_at, schedule=schedule
        ),
        ordinary=timeline.member_window(schedule, ORDINARY_MEMBERSHIP),
    )


def _may_see(session: CohortSession, base_key: CourseKey, actor: Actor) -> bool:
    """At most two queries."""
    if permissions.allows(actor, permissions.CHOOSE_COURSE, session):
        return True
    edition = session.editions.filter(base_key=base_key).first() if session.pk else None
    return edition is not None and permissions.allows(actor, permissions.CUSTOMISE_EDITION, edition)
