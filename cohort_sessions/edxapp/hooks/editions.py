"""
What an edition of ours says about the blocks of its base course: one SQL statement per request and edition.

An edition's wishes stand in the ``CcxFieldOverride`` rows of its CCX, keyed by the *base* course's usage keys. This
module loads them, once, and answers by ``(block type, block id)``: no key is rebuilt, no parent block is asked, and a
block is judged alike whichever way it was fetched.

A CCX is ours when its row says so (``cohort_sessions.edxapp.marker``). Keys of other courses and of other people's CCX
courses are answered with ``None``; for a key that is no CCX key at all, before anything else happens.
"""

import json
import logging
from collections import defaultdict
from typing import Any

from ccx_keys.locator import CCXLocator
from django.db.models import F
from edx_django_utils.cache import RequestCache
from opaque_keys.edx.keys import CourseKey, UsageKey
from openedx.core.lib.cache_utils import get_cache
from xblock.core import XBlock
from xblock.fields import Field

from cohort_sessions.edxapp.hooks.block_tree import BlockTree
from cohort_sessions.edxapp.hooks.keys import canonical
from cohort_sessions.edxapp.marker import DATES_VERSION, HIDDEN_TOOLS, parse_marker
from cohort_sessions.edxapp.toggles import DISABLE_FIELD_OVERRIDE_REPAIRS

log = logging.getLogger(__name__)

CACHE_NAMESPACE = "cohort_sessions.editions"

# A block's place in its course, (block type, block id): the same in the base course and in all its editions.
BlockKey = tuple[str, str]

NO_VALUE = object()


class Edition:
    """
    The rows of one edition, as they stood when the request (or Celery task) first met it.

    Whoever writes rows and goes on reading blocks in the same request clears the request cache in between.

    Attributes:
        dates_version: changes whenever the dates of the edition, or of somebody in it, have changed; "" before there
            are any.
        hidden_tools: the names of the tools that its learners do not have.
        providers: the platform's other field-override providers that apply to this edition, once somebody has asked
            them (``field_overrides.other_providers``); ``None`` until then.
    """

    def __init__(
        self,
        rows: dict[BlockKey, dict[str, str]],
        dates_version: str = "",
        hidden_tools: frozenset[str] = frozenset(),
    ):
        self.dates_version = dates_version
        self.hidden_tools = hidden_tools
        self.providers = None
        self._texts = rows
        self._values = {}
        self._trees = {}

    def names(self, block_key: BlockKey) -> frozenset[str]:
        """Return the names of the fields that have a row on the block."""
        return frozenset(self._texts.get(block_key, ()))

    def value(self, block_key: BlockKey, field: Field) -> Any:
        """
        Return the raw JSON value of the row for `field`; the caller must not mutate it.

        Raises ``KeyError`` when there is no such row, or when the field cannot make sense of it: a row must never take
        a course down, as one bad ``tabs`` row does to a stock CCX. An unreadable row is logged once per request.
        """
        place = (block_key, field.name)
        if place not in self._values:
            self._values[place] = self._decoded(block_key, field)
        if self._values[place] is NO_VALUE:
            raise KeyError(field.name)
        return self._values[place]

    def tree(self, structure: dict, parents: dict) -> BlockTree:
        """
        Return this edition's view of one version of the base course.

        Arguments:
            structure: the split modulestore's structure, of which ``_id`` names the version.
            parents: block key of every block to the key of its parent.
        """
        version = structure["_id"]
        if version not in self._trees:
            self._trees[version] = BlockTree(self, structure, parents)
        return self._trees[version]

    def _decoded(self, block_key, field):
        """Return the row's raw JSON value, or ``NO_VALUE``."""
        text = self._texts.get(block_key, {}).get(field.name)
        if text is None:
            return NO_VALUE
        try:
            field.enforce_type(field.from_json(json.loads(text)))
        except Exception:  # noqa: BLE001 (each field type raises what it likes)
            log.warning("Ignored: field %s of %s cannot hold the override %r", field.name, block_key, text)
            return NO_VALUE
        # Decoded anew: some fields change in place what they are given to read.
        return json.loads(text)


def edition_of(course_key: CourseKey | None) -> Edition | None:
    """
    Return the edition that `course_key` names, or ``None`` when the key is not one of ours or repairs are turned off.

    Costs one SQL statement for the first question about a CCX in a request (or Celery task), none for other courses.
    """
    edition = _known(course_key)
    return None if edition is None or DISABLE_FIELD_OVERRIDE_REPAIRS.is_enabled() else edition


def course_key_of(block: XBlock) -> CourseKey | None:
    """Return the key under which `block` stands in a course, ``None`` where it stands in none (previews, scenarios)."""
    return getattr(block.scope_ids.usage_id, "context_key", None)


def is_edition_key(course_key: CourseKey | None) -> bool:
    """Tell whether `course_key` is one of ours, repairs turned off or not; costs what :func:`edition_of` costs."""
    return _known(course_key) is not None


def is_edition_key_as_known(course_key: CCXLocator) -> bool | None:
    """Tell what :func:`is_edition_key` has answered in this request; ``None`` where nobody has asked. No SQL, ever."""
    editions = RequestCache(CACHE_NAMESPACE).data
    name = _name(course_key)
    return editions[name] is not None if name in editions else None


def is_other_ccx_key(course_key: CCXLocator) -> bool:
    """
    Tell whether a CCX course that is not ours stands behind `course_key`; costs what :func:`edition_of` costs, which
    then need not be spent again: the platform finds the CCX that was loaded here.
    """
    if _known(course_key) is not None:
        return False
    row = get_cache("ccx").get(course_key)
    return row is not None and canonical(row.locator) == canonical(course_key)


def _known(course_key):
    """Return the edition behind `course_key`, loaded once in a request; ``None`` when it is not one of ours."""
    if not isinstance(course_key, CCXLocator):
        return None
    editions = RequestCache(CACHE_NAMESPACE).data
    name = _name(course_key)
    if name not in editions:
        editions[name] = _load(course_key)
    return editions[name]


def _name(course_key):
    """One edition's key comes with and without a branch and a version."""
    return course_key.ccx, course_key.org, course_key.course, course_key.run


def _load(course_key):
    """Read the CCX and its rows together. One outer join, because an edition that was only reserved has no rows yet."""
    from lms.djangoapps.ccx.models import CustomCourseForEdX

    found = list(
        CustomCourseForEdX.objects.filter(pk=course_key.ccx).annotate(
            location=F("ccxfieldoverride__location"),
            field=F("ccxfieldoverride__field"),
            text=F("ccxfieldoverride__value"),
        )
    )
    if not found:
        return None
    # The platform's own name for what is loaded here, so that a CCX which is not ours is not asked for twice.
    get_cache("ccx")[course_key] = found[0]
    if parse_marker(found[0].structure_json) is None:
        return None
    rows, dates_version, hidden_tools = defaultdict(dict), "", frozenset()
    # The number in a key is chosen by whoever writes the URL. Under another course's name it gets no rows, which is an
    # edition that nobody has prepared, and such an edition is hidden (BlockTree.is_hidden).
    if found[0].locator == course_key.version_agnostic().for_branch(None):
        for row in found:
            if row.field == DATES_VERSION:
                dates_version = row.text
            elif row.field == HIDDEN_TOOLS:
                hidden_tools = frozenset(json.loads(row.text))
            elif row.field is not None:
                usage_key = UsageKey.from_string(str(row.location))
                rows[usage_key.block_type, usage_key.block_id][row.field] = row.text
    return Edition(dict(rows), dates_version, hidden_tools)
