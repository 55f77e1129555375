"""
Repair: editions stay out of the platform's course listings for people who have no relation to their session.

``/``, ``/courses`` and ``/api/courses/v1/courses/`` (the mobile apps' and every catalogue's source) all list what
``lms.djangoapps.branding.get_visible_courses`` yields and ``has_access(user, COURSE_CATALOG_VISIBILITY_PERMISSION,
...)`` lets pass. The platform's own means cannot help: its permission ``see_exists`` ignores ``catalog_visibility``;
setting the other one, ``see_in_catalog``, would change which of the operator's *other* courses everybody sees, in both
directions, and would hide an edition from its own learners too. So we narrow the one function that all listings call.
The search index never holds a CCX course, and pages and API of a single course are the guard's (`guard`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from crum import get_current_request
from django.db.models import QuerySet
from django.utils import timezone
from lms.djangoapps import branding

from cohort_sessions.data import ANONYMOUS
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.listings import unrelated_edition_keys

_STOCK = "_cohort_sessions_stock"


def install() -> None:
    """Stand in for the platform's function. Safe to call twice."""
    if not is_installed():
        branding.get_visible_courses = narrowed(branding.get_visible_courses)


def is_installed() -> bool:
    """Whether the platform's listings are narrowed in this process."""
    return hasattr(branding.get_visible_courses, _STOCK)


def narrowed(stock: Callable[..., QuerySet]) -> Callable[..., QuerySet]:
    """
    The function `stock`, without the editions that the person at whose request it is called has no relation to.

    Outside a request (commands, tasks) nobody is looking: nothing is left out. At most three queries, and none of them
    about the courses that are listed; the result is the queryset that callers go on refining.
    """

    @functools.wraps(stock)
    def get_visible_courses(*args, **kwargs) -> QuerySet:
        courses = stock(*args, **kwargs)
        request = get_current_request()
        if request is None:
            return courses
        user = getattr(request, "user", None)
        actor = load_actor(user, now=timezone.now()) if user is not None else ANONYMOUS
        hidden = unrelated_edition_keys(actor)
        return courses.exclude(id__in=hidden) if hidden else courses

    setattr(get_visible_courses, _STOCK, stock)
    return get_visible_courses
