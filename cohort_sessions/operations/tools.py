"""Decide which tools of a course the learners of a session have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import InvalidInput
from cohort_sessions.host import get_host
from cohort_sessions.models import CourseEdition, ToolChoice
from cohort_sessions.operations._editions import locked_edition
from cohort_sessions.operations._ground import delete, save, want_anew
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.tools import is_usual


def show_tools(edition: CourseEdition, shown: Mapping[str, bool], *, actor: Actor, now: datetime) -> int:
    """
    Show these tools to the learners of an edition, or do without them; returns how many this changed. The platform
    follows after the commit. Tools that are not named stay as they are.

    Args:
        shown: by the tool's name, see `host.CourseTool`.

    Raises:
        InvalidInput: the base course has no such tool. Nothing is stored.
        NotFound, NotAllowed, Locked: see `authorise`; asked only if something changes.
    """
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.CUSTOMISE_EDITION, actor=actor)
        known = {each.tool for each in get_host().tools(fresh.base_key)}
        unknown = sorted(shown.keys() - known)
        if unknown:
            raise InvalidInput(
                {
                    "tools": _("The course has no such tool: %(tools)s. Name those it has.")
                    % {"tools": ", ".join(unknown)}
                }
            )
        chosen = {row.tool: row for row in fresh.tool_choices.all()}
        number = 0
        for tool, is_shown in sorted(shown.items()):
            row = chosen.get(tool)
            if is_shown == (is_usual(tool) if row is None else row.is_shown):
                continue
            authorise(actor, permissions.SHOW_TOOL, fresh)
            _decide(fresh, row, tool, is_shown=is_shown, actor=actor, now=now)
            number += 1
        if number:
            want_anew([fresh], now=now)
    return number


def _decide(
    edition: CourseEdition, row: ToolChoice | None, tool: str, *, is_shown: bool, actor: Actor, now: datetime
) -> None:
    reason = _("Shown to learners.") if is_shown else _("Hidden from learners.")
    if row is not None and is_shown == is_usual(tool):
        delete(row, actor=actor, now=now, reason=reason)
        return
    row = row or ToolChoice(edition=edition, tool=tool)
    row.is_shown = is_shown
    save(row, actor=actor, now=now, reason=reason)
