"""The discussion of an edition is on or off."""

from __future__ import annotations

from openedx.core.djangoapps.discussions.models import DiscussionsConfiguration

from cohort_sessions.data import Tool
from cohort_sessions.edxapp.host.facets.base import Facet
from cohort_sessions.edxapp.host.state import EditionState


class Discussion(Facet):
    """
    An edition that does without discussion has it turned off where the platform asks: then there is no tab, no sidebar
    and no discussion inside units. One that has it is as the platform makes it.
    """

    name = "discussion"

    def differs(self, state: EditionState) -> bool:
        """Whether it is on where it should be off, or the reverse. One query."""
        rows = DiscussionsConfiguration.objects.filter(context_key=state.spec.edition_key, enabled=False)
        return rows.exists() != (Tool.DISCUSSION in state.spec.hidden_tools)

    def bring_about(self, state: EditionState) -> None:
        """Turn it off, or on again; what else is configured of it stays."""
        configuration = DiscussionsConfiguration.get(state.spec.edition_key)
        configuration.enabled = Tool.DISCUSSION not in state.spec.hidden_tools
        configuration.save()
