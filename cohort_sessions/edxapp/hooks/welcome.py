"""
Addition: the welcome to an edition stands where the platform shows the newest update of a course.

The Learning micro-frontend shows that update above the outline, as a message that each learner can dismiss; the
platform remembers the dismissal by the message's words, on the edition's own key. The welcome comes first until it has
been dismissed, and again when it was written anew; the updates of the base course follow. No update of an edition can
be written in Studio, so nothing is lost by it.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from openedx.features.course_experience import course_updates

from cohort_sessions.edxapp.hooks.editions import is_edition_key
from cohort_sessions.edxapp.hooks.keys import canonical
from cohort_sessions.queries.welcome import welcome_under
from cohort_sessions.rich_text import markdown_html

# The platform numbers updates from 1.
_ID = 0

_stock_updates = course_updates.get_ordered_updates


def ordered_updates(request: HttpRequest, course: Any) -> list[dict]:
    """Return the visible updates of a course, newest first; in an edition after its welcome, if that still stands."""
    updates = _stock_updates(request, course)
    if not is_edition_key(course.id):
        return updates
    text = welcome_under(canonical(course.id))
    if not text:
        return updates
    welcome = {"id": _ID, "date": "", "status": course_updates.STATUS_VISIBLE, "content": markdown_html(text)}
    mark = course_updates._calculate_update_hash(welcome)  # noqa: SLF001 (by which it remembers dismissals)
    dismissed = course_updates._get_dismissed_hashes(request.user, course.id)  # noqa: SLF001
    return updates if dismissed is None or mark in dismissed else [welcome, *updates]


def install() -> None:
    """Stand in for what the platform asks for the update to show, and to dismiss. Safe to call twice."""
    # Looked up here: in a release that keeps dismissals otherwise, `manage.py check` says so.
    for name in ("_calculate_update_hash", "_get_dismissed_hashes", "get_current_update_for_user"):
        getattr(course_updates, name)
    course_updates.get_ordered_updates = ordered_updates
