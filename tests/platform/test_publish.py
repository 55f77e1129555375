"""A fix in the base course reaches every edition, and is seen at once though everything is cached."""

from __future__ import annotations

import pytest
from edx_when.models import ContentDate
from openedx.core.djangoapps.content.block_structure.api import get_course_in_cache
from openedx.core.djangoapps.content.learning_sequences.api import get_course_outline

from tests.platform import courses

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def edition_keys(make_session, run, make_user):
    """Two sessions over the course, with Lea in both."""
    lea = make_user("lea")
    sessions = [make_session(title, courses=[run.key], members=[lea]) for title in ("Spring", "Autumn")]
    return [session.editions.get().edition_key for session in sessions]


def test_a_new_section_reaches_outline_structure_and_dates(committed, edition_keys, run, tomorrow):
    with committed(), courses.authoring(run.key):
        courses.add_section(run.key, 3, due=tomorrow)
    for key in edition_keys:
        subsection, problem = (
            key.make_usage_key("sequential", "subsection_3"),
            key.make_usage_key("problem", "problem_3"),
        )
        assert subsection in get_course_outline(key).sequences
        assert problem in get_course_in_cache(key)
        assert ContentDate.objects.filter(course_id=key, location=subsection, field="due", active=True).exists()


def test_it_is_seen_at_once(committed, edition_keys, run, make_user, learning_api, submit):
    lea, key = make_user("lea"), edition_keys[0]
    address = "/api/course_home/outline/{key}"
    assert "Section 3" not in learning_api(address, key, lea).content.decode()
    with committed(), courses.authoring(run.key):
        courses.add_section(run.key, 3)
    assert "Section 3" in learning_api(address, key, lea).content.decode()
    assert submit(key, lea, courses.RIGHT, number=3).status_code == 200


def test_a_renamed_course_renames_its_editions(edition_keys, run, retitle_base_course, title_of):
    retitle_base_course(run.key, "Tides and currents")
    assert [title_of(key) for key in edition_keys] == ["Tides and currents - Spring", "Tides and currents - Autumn"]


def test_progress_counts_what_was_added(committed, edition_keys, run, make_user, answer, host):
    lea, key = make_user("lea"), edition_keys[0]
    answer(key, lea)
    before = host.progress([key], [lea.pk])[0]
    with committed(), courses.authoring(run.key):
        courses.add_section(run.key, 3)
    after = host.progress([key], [lea.pk])[0]
    assert [(result.completed, result.completable) for result in (before, after)] == [(1, 4), (1, 6)]


def test_a_course_without_editions_costs_one_query(run, statements):
    from cohort_sessions.edxapp.hooks.receivers import relay_publish

    with statements() as queries:
        relay_publish(course_key=run.key)
    assert len(queries) == 1


def test_an_editions_own_publish_goes_no_further(edition_keys, statements):
    from cohort_sessions.edxapp.hooks.receivers import relay_publish

    with statements() as queries:
        relay_publish(course_key=edition_keys[0])
    assert queries == []
