"""
Repair: blocks fetched by an edition's key are read as the edition's.

``CCXModulestoreWrapper`` asks the modulestore for the base course's block and then puts the CCX key on what it got.
Since 2023 the platform chooses a block's field data on the first read, which happens in between, while the key is
still the base's; so whatever comes from ``get_item``, ``get_items`` or ``get_course`` ignores all overrides (closed
problems take answers, hidden units are served, edx-when stores the base course's dates). The repair stands at the
moment when the key is put on. A platform that chose the field data again by itself would make this module a no-op.
"""

from typing import Any

from lms.djangoapps.ccx import modulestore as ccx_modulestore
from xblock.core import XBlock

from cohort_sessions.edxapp.hooks.field_overrides import dress

_stock_restore_ccx = ccx_modulestore.restore_ccx


def restore_ccx(val: Any, ccx_id: str) -> Any:
    """Put the CCX's key on `val`, as the platform does, and read it accordingly if it is a block."""
    restored = _stock_restore_ccx(val, ccx_id)
    if isinstance(restored, XBlock):
        dress(restored)
    return restored


def install() -> None:
    """Stand in for the platform's ``restore_ccx``. Safe to call twice."""
    ccx_modulestore.restore_ccx = restore_ccx
