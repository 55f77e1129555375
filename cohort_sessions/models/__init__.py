"""Tables and named constraints; no behaviour beyond invariants."""

from cohort_sessions.models.editions import CourseEdition
from cohort_sessions.models.grants import GrantedRole
from cohort_sessions.models.people import AdministratorScope, EditionCoach, Member, SessionTeamMember
from cohort_sessions.models.results import EditionResult
from cohort_sessions.models.sessions import CohortSession, SessionCategory, SessionLock

__all__ = [
    "AdministratorScope",
    "CohortSession",
    "CourseEdition",
    "EditionCoach",
    "EditionResult",
    "GrantedRole",
    "Member",
    "SessionCategory",
    "SessionLock",
    "SessionTeamMember",
]
