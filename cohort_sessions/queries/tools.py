"""The tools of a course, and which of them the learners of a session have."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from cohort_sessions.host import get_host
from cohort_sessions.models import CourseEdition


@dataclass(frozen=True, slots=True)
class ToolLine:
    """
    A tool of the course.

    Attributes:
        tool: its name; see `host.CourseTool`.
        is_usual: whether sessions have it where nobody decides otherwise.
        is_shown: whether this one has it.
    """

    tool: str
    title: str
    is_usual: bool
    is_shown: bool


def edition_tools(edition: CourseEdition) -> list[ToolLine]:
    """The tools that the base course offers, in the host's order. One query beside the host's."""
    chosen = dict(edition.tool_choices.values_list("tool", "is_shown"))
    return [
        ToolLine(each.tool, each.title, is_usual(each.tool), chosen.get(each.tool, is_usual(each.tool)))
        for each in get_host().tools(edition.base_key)
    ]


def hidden_tools(edition: CourseEdition) -> tuple[str, ...]:
    """Every tool that the edition does without, whether its course has it or not, sorted. One query."""
    chosen = dict(edition.tool_choices.values_list("tool", "is_shown"))
    usual = dict.fromkeys(settings.COHORT_SESSIONS_HIDDEN_TOOLS, False)
    return tuple(sorted(tool for tool, is_shown in (usual | chosen).items() if not is_shown))


def is_usual(tool: str) -> bool:
    """Whether sessions have the tool where nobody decides otherwise."""
    return tool not in settings.COHORT_SESSIONS_HIDDEN_TOOLS
