"""
An edition is customised: one change applied, in a course of 186 blocks and in one of 2,000, each in an edition with a
hundred customisations; and a publish of the base course that such editions follow.

Beside it stands what the platform itself spends on one edition of that size when it collects its block structure and
builds its outline, which no way of customising can do without.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, islice, product

import pytest
from cms.djangoapps.contentstore.outlines import update_outline_from_modulestore
from django.test import TestCase
from django.utils.timezone import now
from opaque_keys.edx.keys import CourseKey
from openedx.core.djangoapps.content.block_structure.api import update_course_in_cache
from xmodule.modulestore.django import SignalHandler

from benchmarks.measure import LONG_AGO, Cost, cost, counting, create_big_course, say, show, tasks_run
from cohort_sessions import api, tasks
from cohort_sessions.data import BlockField
from cohort_sessions.host import get_host
from cohort_sessions.models import BlockCustomisation, CourseEdition
from cohort_sessions.operations.customisation import apply_draft, draft_block
from cohort_sessions.queries.specs import edition_spec
from tests.platform import courses
from tests.platform.ccx import our_platform

CUSTOMISATIONS = 100
# By size: sections of 37 blocks, as `create_big_course` makes them, and how many editions follow a publish. Of the
# larger course fewer, since each takes as long as ten of the other; a task costs the same whatever their number.
SIZES = {"186 blocks": (5, 50), "1,999 blocks": (54, 50)}


@pytest.mark.django_db(databases="__all__")
def bench_customise(make_session, committed):
    """Print the tables."""
    with our_platform():
        for size, (sections, editions) in SIZES.items():
            with committed():
                base_key = create_big_course(sections)
            edition = _customised(make_session, base_key)
            costs = {
                "the platform's share": cost(lambda key=edition.edition_key: _platform_share(key)),
                "one change applied": cost(_one_change(edition)),
                "applied again, nothing changed": cost(_again(edition)),
            }
            show(f"Customising an edition of {size}", costs, "the platform's share")
            for _ in range(editions - 1):
                _customised(make_session, base_key)
            title = f"A publish that {editions} editions of {size} follow"
            show(title, _publish(base_key), "each task, median")


def _customised(make_session, base_key: CourseKey) -> CourseEdition:
    """An edition with a hundred customisations: names, then openings, of sections, subsections and units; applied."""
    edition = make_session(courses=[base_key]).editions.select_related("session").get()
    values = {BlockField.TITLE: "Ours", BlockField.OPENS_AT: LONG_AGO.isoformat()}
    places = product(values, get_host().outline(base_key))
    BlockCustomisation.objects.bulk_create(
        BlockCustomisation(edition=edition, usage_key=block.usage_key, field=field.value, value=values[field])
        for field, block in islice(places, CUSTOMISATIONS)
    )
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.apply_edition(edition_id=edition.pk)
    return edition


def _platform_share(edition_key: CourseKey) -> None:
    """What the platform does for a course of this size after any publish, and the outline that it builds in Studio."""
    SignalHandler.course_published.send_robust(sender=_platform_share, course_key=edition_key)
    update_course_in_cache(edition_key)
    update_outline_from_modulestore(edition_key)


def _one_change(edition: CourseEdition) -> Callable[[], None]:
    """Prepare another name of a section, apply it, and let the platform follow."""
    section = get_host().outline(edition.base_key)[0].usage_key
    titles = (f"Ours {number}" for number in count())

    def change() -> None:
        by_system = {"actor": api.SYSTEM, "now": now()}
        with TestCase.captureOnCommitCallbacks(execute=True):
            draft_block(edition, section, {BlockField.TITLE: next(titles)}, **by_system)
            apply_draft(edition, drafted_at=None, **by_system)

    return change


def _again(edition: CourseEdition) -> Callable[[], object]:
    spec = edition_spec(CourseEdition.objects.select_related("session").get(pk=edition.pk), now=now())
    return lambda: get_host().apply_edition(spec)


def _publish(base_key: CourseKey) -> dict[str, Cost]:
    """The author renames a section; every edition follows in a task of its own."""
    with SignalHandler.course_published.for_state(is_enabled=False), courses.authoring(base_key) as store:
        section = store.get_item(base_key.make_usage_key("chapter", "section_0"))
        section.display_name = "The author's"
        store.update_item(section, courses.AUTHOR)
    with counting() as statements, tasks_run(statements) as ran:
        tasks.relay_publish(base_key=str(base_key))
    found = sorted(ran)
    say("", f"{len(found)} tasks, {len(statements) - sum(each for each, _seconds in found)} SQL to queue them")
    return {"each task, median": Cost(*found[len(found) // 2]), "each task, most": Cost(*found[-1])}
