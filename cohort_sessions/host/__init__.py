"""
The platform below us, as this plugin sees it: a protocol, its frozen data and the one way to get the implementation.

The implementation is named by the setting ``COHORT_SESSIONS_HOST`` (dotted path of a class without constructor
arguments), so that nothing here knows which platform it is.
"""

from cohort_sessions.host.data import (
    ApplyReport,
    AssignmentWeight,
    BaseCourse,
    BaseElement,
    CourseTool,
    Deadline,
    Deadlines,
    EditionSpec,
    Element,
    ElementField,
    Enrolment,
    EnrolmentOutcome,
    FacetFailure,
    GradingChange,
    GradingPolicy,
    LearnerCertificate,
    LearnerGrade,
    LearnerPage,
    LearnerProgress,
    Letter,
    OutlineBlock,
    Person,
    PersonalWindow,
    SectionGrade,
    TeamGrant,
    WantedEnrolment,
)
from cohort_sessions.host.protocol import Host, get_host

__all__ = [
    "ApplyReport",
    "AssignmentWeight",
    "BaseCourse",
    "BaseElement",
    "CourseTool",
    "Deadline",
    "Deadlines",
    "EditionSpec",
    "Element",
    "ElementField",
    "Enrolment",
    "EnrolmentOutcome",
    "FacetFailure",
    "GradingChange",
    "GradingPolicy",
    "Host",
    "LearnerCertificate",
    "LearnerGrade",
    "LearnerPage",
    "LearnerProgress",
    "Letter",
    "OutlineBlock",
    "Person",
    "PersonalWindow",
    "SectionGrade",
    "TeamGrant",
    "WantedEnrolment",
    "get_host",
]
