"""
Facets that are fields of the edition's course block.

Each is kept as rows of the platform's ``CcxFieldOverride``, in the raw JSON of the field, on the *base* course's usage
key. There is never a ``due`` on the course block: the platform would let it replace the due date of every assignment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from xmodule.fields import Date

from cohort_sessions.data import Tool
from cohort_sessions.edxapp.host.editions import TITLE_LENGTH
from cohort_sessions.edxapp.host.facets.base import Facet
from cohort_sessions.edxapp.host.state import EditionState
from cohort_sessions.edxapp.host.titles import edition_title
from cohort_sessions.edxapp.marker import HIDDEN_TOOLS
from cohort_sessions.host import GradingChange

# Stands for "always" where the platform needs a date: a course without a start answers 500 at its home page.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class CourseFields(Facet):
    """
    A facet that consists of fields of the course block.

    Attributes:
        fields: the names it owns; a name that is not wanted has no row.
    """

    name: ClassVar[str]
    fields: ClassVar[tuple[str, ...]]

    def wanted(self, state: EditionState) -> dict[str, object]:
        """Field name -> raw JSON value."""
        raise NotImplementedError

    def differs(self, state: EditionState) -> bool:
        """Whether any of the fields is stored otherwise than wanted."""
        wanted = _texts(self.wanted(state))
        state.wanted_rows.update({(state.base.root, name): wanted.get(name) for name in self.fields})
        return state.stored_fields(self.fields) != wanted

    def bring_about(self, state: EditionState) -> None:
        """Replace the rows of this facet."""
        state.store_fields(self.fields, _texts(self.wanted(state)))


class Title(CourseFields):
    """
    The edition is called "Course title - Session title", in the CCX row (for lists and headers) and on the course block
    (for the outline).
    """

    name = "title"
    fields = ("display_name",)

    def wanted(self, state: EditionState) -> dict[str, object]:
        """The composed title, as long as the CCX row's column admits."""
        return {"display_name": edition_title(state.base.title, state.spec.session_title, TITLE_LENGTH)}

    def differs(self, state: EditionState) -> bool:
        """Whether one of the two places has another title."""
        in_fields = super().differs(state)
        return in_fields or state.row.display_name != self.wanted(state)["display_name"]

    def bring_about(self, state: EditionState) -> None:
        """Write both places."""
        super().bring_about(state)
        state.row.display_name = self.wanted(state)["display_name"]
        state.row.save(update_fields=["display_name"])


class Envelope(CourseFields):
    """
    The course block starts when the envelope opens and ends when it closes.

    Without an opening it has started with the base course, or long ago. Without a closing it has no end, whatever the
    base course says; nor has an edition that stays open for work after its close, for the platform refuses answers
    after a course's end.
    """

    name = "envelope"
    fields = ("start", "end")

    def wanted(self, state: EditionState) -> dict[str, object]:
        """`start` always, `end` when answers stop there."""
        window = state.spec.window
        wanted = {"start": Date().to_json(window.opens_at or state.base.started_at or LONG_AGO)}
        if window.closes_at is not None and state.spec.closed_read_only:
            wanted["end"] = Date().to_json(window.closes_at)
        return wanted


class Visibility(CourseFields):
    """A hidden edition is visible to its team only; any other is as visible as its base course."""

    name = "visibility"
    fields = ("visible_to_staff_only",)

    def wanted(self, state: EditionState) -> dict[str, object]:
        """A row only for hidden editions."""
        return {"visible_to_staff_only": True} if state.spec.hidden else {}


class Listing(CourseFields):
    """The edition is in no catalogue and has no about page: people come to it through their session."""

    name = "listing"
    fields = ("catalog_visibility",)

    def wanted(self, state: EditionState) -> dict[str, object]:
        """Neither catalogue nor about page."""
        return {"catalog_visibility": "none"}


class EnrolmentDoors(CourseFields):
    """
    Nobody can enrol themselves: enrolment is by invitation and its period is over.

    The period is what the platform's enrolment API obeys; our own enrolments do not ask for it.
    """

    name = "enrolment_doors"
    fields = ("invitation_only", "enrollment_start", "enrollment_end")

    def wanted(self, state: EditionState) -> dict[str, object]:
        """By invitation, in a period that was over before it began to matter."""
        long_ago = Date().to_json(LONG_AGO)
        return {"invitation_only": True, "enrollment_start": long_ago, "enrollment_end": long_ago}


class CoachDashboard(CourseFields):
    """
    The platform's own CCX coach dashboard stays away, even where the base course offers it: whoever is staff of the
    edition could rewrite there what the session says.
    """

    name = "coach_dashboard"
    fields = ("enable_ccx",)

    def wanted(self, state: EditionState) -> dict[str, object]:
        """Off."""
        return {"enable_ccx": False}


class Tools(CourseFields):
    """
    The tools that the edition does without are named on its course block, for our own hooks; for the progress page the
    platform has a field as well.
    """

    name = "tools"
    fields = (HIDDEN_TOOLS, "hide_progress_tab")

    def wanted(self, state: EditionState) -> dict[str, object]:
        """Rows only where something is hidden."""
        hidden = sorted(state.spec.hidden_tools)
        wanted: dict[str, object] = {HIDDEN_TOOLS: hidden} if hidden else {}
        return wanted | ({"hide_progress_tab": True} if Tool.PROGRESS in hidden else {})


class Grading(CourseFields):
    """The edition has a grading policy of its own where it grades otherwise: the base course's, with what differs."""

    name = "grading"
    fields = ("grading_policy",)

    def wanted(self, state: EditionState) -> dict[str, object]:
        """The whole policy, since the platform knows no part of one; nothing where it comes to the base course's."""
        policy = changed_policy(state.base.grading_policy, state.spec.grading)
        return {} if policy == state.base.grading_policy else {"grading_policy": policy}


def changed_policy(policy: Mapping[str, Any], change: GradingChange | None) -> dict[str, Any]:
    """A grading policy as the platform has it, with what `change` has otherwise."""
    if change is None:
        return dict(policy)
    graders = list(policy["GRADER"])
    if change.fits(each["type"] for each in graders):
        wanted = {each.assignment_type: each for each in change.assignments}
        graders = [
            {**each, "weight": wanted[each["type"]].weight, "drop_count": wanted[each["type"]].dropped}
            for each in graders
        ]
    return {**policy, "GRADER": graders, "GRADE_CUTOFFS": _cutoffs(policy["GRADE_CUTOFFS"], change.pass_line)}


def _cutoffs(cutoffs: Mapping[str, float], pass_line: float | None) -> dict[str, float]:
    if pass_line is None or not cutoffs:
        return dict(cutoffs)
    lowest = min(cutoffs, key=cutoffs.__getitem__)
    return {letter: pass_line if letter == lowest else max(least, pass_line) for letter, least in cutoffs.items()}


def _texts(values: dict[str, object]) -> dict[str, str]:
    return {name: json.dumps(value) for name, value in values.items()}
