"""Hangs in place what edx-platform does not find by itself; called once per process, when models are loaded."""

from __future__ import annotations

from typing import Any

from cohort_sessions.settings import _host


def connect(settings: Any) -> None:
    """
    Connect checks and receivers; in the LMS, put the repairs in place that no setting can make.

    Args:
        settings: the host's. Studio serves no edition, so nothing of it needs repairing there.
    """
    from cohort_sessions.edxapp import checks
    from cohort_sessions.edxapp.hooks import receivers

    checks.register()
    receivers.connect()
    if _host.is_lms(settings):
        from cohort_sessions.edxapp.hooks import listings, patches

        listings.install()
        patches.install()
