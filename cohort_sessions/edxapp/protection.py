"""
The rows of editions are deleted by this plugin only, and say so while it happens.

All learner data of a session hangs on a key whose meaning is one CCX row. The platform lets any staff member of the
*base* course delete that row through its REST API; afterwards every page of the edition answers 500 and the work in it
is out of reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import PermissionDenied

_DISCARDING: ContextVar[bool] = ContextVar("cohort_sessions_discarding", default=False)


class EditionIsProtected(PermissionDenied):
    """
    Somebody tried to delete the row of an edition; the platform's pages and REST API both answer this with 403 and the
    reason.
    """


@contextmanager
def discarding() -> Iterator[None]:
    """Rows of editions may be deleted inside this block, in this thread or task."""
    token = _DISCARDING.set(True)
    try:
        yield
    finally:
        _DISCARDING.reset(token)


def is_discarding() -> bool:
    """Whether this plugin is discarding an edition right now."""
    return _DISCARDING.get()
