"""
Hangs everything in place that edx-platform does not find by itself; called once per process, when all models are
loaded.
"""

from __future__ import annotations

from typing import Any


def connect(settings: Any) -> None:
    """
    Connect receivers and checks, and mend what no setting can mend.

    Args:
        settings: the host's; what belongs to doors of the LMS stays out of Studio, which does not serve them.
    """
    from cohort_sessions.edxapp import checks
    from cohort_sessions.edxapp.hooks import ora, receivers

    checks.register()
    receivers.connect()
    ora.install()
    if settings.ROOT_URLCONF == "lms.urls":
        from cohort_sessions.edxapp.hooks import listings

        listings.install()
