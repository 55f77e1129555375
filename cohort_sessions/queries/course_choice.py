"""Which courses of the host somebody may put into a session, and finding them."""

from __future__ import annotations

from dataclasses import dataclass

from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import Actor
from cohort_sessions.host import BaseCourse, get_host
from cohort_sessions.models import CohortSession

# More than these nobody reads; another word narrows them.
LONGEST_LIST = 20


@dataclass(frozen=True, slots=True)
class CourseReach:
    """The base courses that somebody may use: those of `organisations`, and `base_keys`; or `everything`."""

    everything: bool = False
    organisations: frozenset[str] = frozenset()
    base_keys: frozenset[CourseKey] = frozenset()

    def includes(self, base_key: CourseKey) -> bool:
        """Whether this course is among them."""
        return self.everything or base_key.org in self.organisations or base_key in self.base_keys


def course_reach(session: CohortSession, *, actor: Actor) -> CourseReach:
    """
    What an administrator of `session` may choose from; callers have asked whether they may choose at all.

    Who administers everything may use every course; others those of the organisations they administer, of the
    organisation that the session belongs to, and those on whose course team they are. At most two queries of the host.
    """
    if actor.is_system or actor.is_platform_admin or actor.administers_all:
        return CourseReach(everything=True)
    return CourseReach(
        organisations=actor.organisations | ({session.organisation} - {""}),
        base_keys=get_host().taught_base_keys(actor.user_id),
    )


def find_courses(session: CohortSession, words: str, *, actor: Actor) -> list[BaseCourse]:
    """
    At most `LONGEST_LIST` courses that the actor may add to the session and that it does not have; see
    `Host.search_courses`. Two queries, and those of `course_reach`.
    """
    reach = course_reach(session, actor=actor)
    there = set(session.editions.filter(withdrawn_at=None).values_list("base_key", flat=True))
    found = get_host().search_courses(
        words,
        limit=LONGEST_LIST + len(there),
        organisations=None if reach.everything else reach.organisations,
        base_keys=reach.base_keys,
    )
    return [course for course in found if course.base_key not in there][:LONGEST_LIST]
