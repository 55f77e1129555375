"""
The facets of an edition, in the order in which they are applied.

First what is written down (fields, title, due dates), then what the platform builds from it, then who may do what in
it. People's own dates hang on those that the publish builds. The outline stands last among what is built: its version
says that all of it was built. Grades are computed from what was built.
"""

from cohort_sessions.edxapp.host.facets.base import Facet
from cohort_sessions.edxapp.host.facets.blocks import Blocks
from cohort_sessions.edxapp.host.facets.content import BlockStructure, Outline, Publish
from cohort_sessions.edxapp.host.facets.deadlines import DatesVersion, Deadlines, PersonalDeadlines
from cohort_sessions.edxapp.host.facets.discussion import Discussion
from cohort_sessions.edxapp.host.facets.fields import (
    CoachDashboard,
    EnrolmentDoors,
    Envelope,
    Grading,
    Listing,
    Title,
    Tools,
    Visibility,
)
from cohort_sessions.edxapp.host.facets.grades import Grades
from cohort_sessions.edxapp.host.facets.roles import ForumRoles, TeamRoles

FACETS: tuple[Facet, ...] = (
    Title(),
    Envelope(),
    Visibility(),
    Listing(),
    EnrolmentDoors(),
    CoachDashboard(),
    Tools(),
    Discussion(),
    Grading(),
    Deadlines(),
    Blocks(),
    Publish(),
    PersonalDeadlines(),
    DatesVersion(),
    BlockStructure(),
    Outline(),
    Grades(),
    ForumRoles(),
    TeamRoles(),
)
