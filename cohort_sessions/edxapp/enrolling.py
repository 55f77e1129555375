"""
How our own enrolments are told from everybody else's.

Nobody enters an edition by any other door than a session's, so the step we add to the platform's enrolment filter
refuses every enrolment in an edition. This plugin enrols through the same platform code; it says so here, for the time
of the call.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_OURS: ContextVar[bool] = ContextVar("cohort_sessions_enrolling", default=False)


@contextmanager
def ours() -> Iterator[None]:
    """Enrolments made inside this block, in this thread or task, are this plugin's own."""
    token = _OURS.set(True)
    try:
        yield
    finally:
        _OURS.reset(token)


def is_ours() -> bool:
    """Whether the enrolment under way is this plugin's own."""
    return _OURS.get()
