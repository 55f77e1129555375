"""
Facets that the platform builds from the base course and the edition's fields: overview, tabs, dates, block structure,
outline.

Stock Open edX builds them for an edition once or never, and not again when the base course is published. All three ask
the same question: is the edition built from the base course's published version and from the fields it has now
(`EditionState.content_version`)? They are expensive, so they run only when not. The modulestore must not be in a bulk
operation here: inside one it shares block objects between the base course and all its editions.
"""

from __future__ import annotations

import attr
from cms.djangoapps.contentstore.outlines import get_outline_from_modulestore
from edx_django_utils.cache import RequestCache
from openedx.core.djangoapps.content.block_structure.api import clear_course_from_cache, get_course_in_cache
from openedx.core.djangoapps.content.block_structure.exceptions import BlockStructureNotFound
from openedx.core.djangoapps.content.learning_sequences.api import replace_course_outline
from xmodule.modulestore.django import SignalHandler

from cohort_sessions.edxapp.host import countable
from cohort_sessions.edxapp.host.facets.base import Facet, FacetError
from cohort_sessions.edxapp.host.state import EditionState


class BuiltContent(Facet):
    """A facet that is right when the edition was built from what it is made of now."""

    def differs(self, state: EditionState) -> bool:
        """Whether anything the edition is made of has changed since."""
        return state.built_version != state.content_version


class Publish(BuiltContent):
    """
    Everything that hears of published courses has heard of this edition in its present state.

    This is what builds its CourseOverview (title, dates, tabs), the dates of edx-when, and whatever other plugins keep
    of courses. One receiver that fails does not keep the others from hearing.
    """

    name = "publish"
    in_savepoint = False

    def bring_about(self, state: EditionState) -> None:
        """Forget what this process has read of the edition, then send the platform's own signal."""
        RequestCache.clear_all_namespaces()
        outcomes = SignalHandler.course_published.send_robust(sender=type(state.row), course_key=state.spec.edition_key)
        failures = [
            f"{receiver.__module__}: {type(error).__name__}: {error}"
            for receiver, error in outcomes
            if isinstance(error, Exception)
        ]
        if failures:
            raise FacetError("; ".join(failures))


class BlockStructure(BuiltContent):
    """
    The collected block structure, from which grades and progress are computed, is of the edition's present state.

    The platform's own receiver collects it too, but half a minute later.
    """

    name = "block_structure"

    def bring_about(self, state: EditionState) -> None:
        """Collect it anew, whatever version the platform believes to have."""
        edition_key = state.spec.edition_key
        try:
            clear_course_from_cache(edition_key)
        except BlockStructureNotFound:
            pass  # never collected
        countable.remember(edition_key, get_course_in_cache(edition_key))


class Outline(BuiltContent):
    """
    The learning-sequence outline, which the Learning micro-frontend cannot do without, is of the edition's present
    state.

    It is the last of what is built, and its version is the mark that all of it was: when something failed before it,
    the mark says so, and the next run builds everything again.
    """

    name = "outline"

    def bring_about(self, state: EditionState) -> None:
        """Build it here, in the LMS: Studio reads editions without their fields."""
        outline, errors = get_outline_from_modulestore(state.spec.edition_key)
        version = f"{state.content_version}-incomplete" if state.failed_facets else state.content_version
        replace_course_outline(attr.evolve(outline, published_version=version), content_errors=errors)
