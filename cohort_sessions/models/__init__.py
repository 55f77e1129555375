"""Tables and named constraints; no behaviour beyond invariants."""

from cohort_sessions.models.activity import ActiveDay, EditionDay
from cohort_sessions.models.agenda import SessionAgenda
from cohort_sessions.models.announcements import Announcement, AnnouncementRead
from cohort_sessions.models.customisation import BlockCustomisation, CustomisationDraft
from cohort_sessions.models.editions import CourseEdition
from cohort_sessions.models.exports import ResultExport
from cohort_sessions.models.grading import EditionGrading
from cohort_sessions.models.grants import GrantedRole
from cohort_sessions.models.invitations import Invitation
from cohort_sessions.models.materials import Material
from cohort_sessions.models.messages import SessionMessage
from cohort_sessions.models.people import AdministratorScope, EditionCoach, Member, MemberMove, SessionTeamMember
from cohort_sessions.models.requests import JoinRequest, Notice
from cohort_sessions.models.results import EditionResult
from cohort_sessions.models.sessions import (
    CohortSession,
    ParallelGroup,
    SessionCategory,
    SessionLock,
    SessionPrerequisite,
    SessionRepetition,
)
from cohort_sessions.models.templates import CustomisationTemplate
from cohort_sessions.models.tools import ToolChoice
from cohort_sessions.models.words import EditionWelcome, ElementCustomisation

__all__ = [
    "ActiveDay",
    "AdministratorScope",
    "Announcement",
    "AnnouncementRead",
    "BlockCustomisation",
    "CohortSession",
    "CourseEdition",
    "CustomisationDraft",
    "CustomisationTemplate",
    "EditionCoach",
    "EditionDay",
    "EditionGrading",
    "EditionResult",
    "EditionWelcome",
    "ElementCustomisation",
    "GrantedRole",
    "Invitation",
    "JoinRequest",
    "Material",
    "Member",
    "MemberMove",
    "Notice",
    "ParallelGroup",
    "ResultExport",
    "SessionAgenda",
    "SessionCategory",
    "SessionLock",
    "SessionMessage",
    "SessionPrerequisite",
    "SessionRepetition",
    "SessionTeamMember",
    "ToolChoice",
]
