"""
Make the platform match the spec of an edition, facet by facet, or say what that would change.

Facets are tried in order, each on its own: one that fails is reported with its reason, and the others go on. Applying
twice is applying once; the second time costs a handful of queries, because a facet first looks whether anything
differs.
"""

from __future__ import annotations

import logging
from contextlib import nullcontext

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions.edxapp.host import courses, editions
from cohort_sessions.edxapp.host.facets import FACETS
from cohort_sessions.edxapp.host.facets.base import FacetError
from cohort_sessions.edxapp.host.state import EditionState
from cohort_sessions.errors import HostRefused
from cohort_sessions.host import ApplyReport, EditionSpec, FacetFailure

log = logging.getLogger(__name__)


RESERVATION = "reservation"


def apply(spec: EditionSpec) -> ApplyReport:
    """
    Bring about what differs from `spec`.

    An edition that was never reserved, or whose base course is gone, is reported as one failure: there is nothing to
    work on.
    """
    return _go_through(spec, act=True)


def plan(spec: EditionSpec) -> ApplyReport:
    """What `apply` would change, without changing it."""
    return _go_through(spec, act=False)


def _go_through(spec: EditionSpec, *, act: bool) -> ApplyReport:
    try:
        state = _load(spec)
    except HostRefused as refusal:
        return ApplyReport(failed=(FacetFailure(RESERVATION, str(refusal)),))
    changed, unchanged, failed = [], [], []
    for facet in FACETS:
        try:
            with transaction.atomic() if facet.in_savepoint else nullcontext():
                differs = facet.differs(state)
                if differs and act:
                    facet.bring_about(state)
        except Exception as error:  # whatever the platform raises, the other facets go on
            log.exception("Facet %s of edition %s failed", facet.name, spec.edition_key)
            state.failed_facets.add(facet.name)
            failed.append(FacetFailure(facet.name, _reason(error)))
        else:
            (changed if differs else unchanged).append(facet.name)
    return ApplyReport(tuple(changed), tuple(unchanged), tuple(failed))


def _load(spec: EditionSpec) -> EditionState:
    if not apps.is_installed("lms.djangoapps.ccx"):
        # Studio reads editions without their overrides: what it built would show what the session hides.
        raise HostRefused(
            _("Editions are the LMS's work, not Studio's. Name the LMS's queue in COHORT_SESSIONS_LMS_QUEUE.")
        )
    row = editions.find(spec.base_key, spec.edition_uuid)
    if row is None or row.locator != spec.edition_key:
        raise HostRefused(_("%(key)s is not an edition this platform knows.") % {"key": spec.edition_key})
    return EditionState.load(spec, row, courses.published_run(spec.base_key))


def _reason(error: Exception) -> str:
    """A sentence for administrators; errors of the platform that say nothing are at least named."""
    return str(error) if isinstance(error, FacetError) else f"{type(error).__name__}: {error}".rstrip(": ")
