"""
Settings once the operator's YAML has been read: nothing of ours is assigned again, the host is told once more what it
must contain.
"""

from __future__ import annotations

from typing import Any

from cohort_sessions.settings import _host


def plugin_settings(settings: Any) -> None:
    """Make good what the YAML replaced as a whole, and what the host leaves out where the YAML turns CCX off."""
    if _host.is_edxapp(settings):
        _host.require_hooks(settings)
        _host.require_ccx(settings)
