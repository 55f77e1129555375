"""
Repair: an opening that is put off holds at once.

For a learner, the platform reads dates out of edx-when before it reads them off the block. edx-when keeps those of a
course for five minutes, whatever is published meanwhile; so an edition whose opening is moved away stays open that
long. Nobody has an opening of their own in edx-when (the platform gives people due dates only), so in an edition the
block is asked.
"""

from typing import Any

from edx_when.field_data import NOT_FOUND, DateLookupFieldData
from xblock.core import XBlock

from cohort_sessions.edxapp.hooks.field_overrides import tree_of

_stock_get = DateLookupFieldData._get  # noqa: SLF001 (the one place where edx-when looks a date up)


def look_up(field_data: DateLookupFieldData, block: XBlock, name: str) -> Any:
    """Return the date that edx-when has for the field, ``NOT_FOUND`` for none, or for the opening of an edition."""
    if name == "start" and tree_of(block) is not None:
        return NOT_FOUND
    return _stock_get(field_data, block, name)


def install() -> None:
    """Stand in for edx-when's look-up. Safe to call twice."""
    DateLookupFieldData._get = look_up  # noqa: SLF001
