"""
The facets of an edition, in the order in which they are applied.

First what is written down (fields, title, due dates), then what the platform builds from it, then who may do what in
it. People's own dates hang on those that the publish builds. The outline stands last among what is built: its version
says that all of it was built.
"""

from cohort_sessions.edxapp.host.facets.base import Facet
from cohort_sessions.edxapp.host.facets.blocks import Blocks
from cohort_sessions.edxapp.host.facets.content import BlockStructure, Outline, Publish
from cohort_sessions.edxapp.host.facets.deadlines import DatesVersion, Deadlines, PersonalDeadlines
from cohort_sessions.edxapp.host.facets.elements import Elements
from cohort_sessions.edxapp.host.facets.fields import (
    CoachDashboard,
    EnrolmentDoors,
    Envelope,
    Listing,
    Title,
    Visibility,
)
from cohort_sessions.edxapp.host.facets.roles import ForumRoles, TeamRoles

FACETS: tuple[Facet, ...] = (
    Title(),
    Envelope(),
    Visibility(),
    Listing(),
    EnrolmentDoors(),
    CoachDashboard(),
    Deadlines(),
    Blocks(),
    Elements(),
    Publish(),
    PersonalDeadlines(),
    DatesVersion(),
    BlockStructure(),
    Outline(),
    ForumRoles(),
    TeamRoles(),
)
