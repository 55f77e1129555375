"""Results from the platform's own tables: their meaning and their cost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.cache import cache

from cohort_sessions.data import BlockChange, BlockField
from tests.platform import courses

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def keys(make_edition, run, make_user, enrol, submit):
    """Two editions, five learners who have answered in both."""
    found = [make_edition(base_key=run.key, session_title=title).edition_key for title in ("Spring", "Autumn")]
    people = [make_user(f"learner{number}") for number in range(5)]
    for key in found:
        enrol(key, *people)
        for person in people:
            submit(key, person, courses.RIGHT)
    return found


@pytest.mark.parametrize("learners", [1, 5])
@pytest.mark.parametrize("editions", [1, 2])
@pytest.mark.parametrize("read", ["grades", "progress"])
def test_two_queries_at_any_number(host, keys, make_user, statements, learners, editions, read):
    ids = [make_user(f"learner{number}").pk for number in range(learners)]
    with statements() as queries:
        results = getattr(host, read)(keys[:editions], ids)
    assert len(results) == learners * editions
    assert len(queries) == 2


def test_a_cold_cache_is_filled_from_the_platforms_structure(host, keys, make_user, statements):
    ids = [make_user("learner0").pk]
    warm = (host.grades(keys, ids), host.progress(keys, ids))
    assert [len(each.sections) for each in warm[0]] == [1, 1]
    for name in [f"cohort_sessions.countable.{key}" for key in keys]:
        cache.delete(name)
    assert (host.grades(keys, ids), host.progress(keys, ids)) == warm
    with statements() as queries:
        host.grades(keys, ids)
    assert len(queries) == 2


def test_blocks_that_learners_cannot_see_do_not_count(host, make_edition, run, make_user, enrol, submit):
    spec, lea = make_edition(base_key=run.key), make_user("lea")
    key = spec.edition_key
    enrol(key, lea)
    for number in (1, 2):
        submit(key, lea, courses.RIGHT, number=number)
    assert [(each.completed, each.completable) for each in host.progress([key], [lea.pk])] == [(2, 4)]
    assert [len(each.sections) for each in host.grades([key], [lea.pk])] == [2]
    hidden = BlockChange(run.block("chapter", "section_2"), BlockField.HIDDEN, value=True)
    host.apply_edition(replace(spec, revision=2, changes=(hidden,)))
    assert [(each.completed, each.completable) for each in host.progress([key], [lea.pk])] == [(1, 2)]
    assert [[each.title for each in grade.sections] for grade in host.grades([key], [lea.pk])] == [["Lesson 1"]]


def test_hiding_an_edition_leaves_results_alone(host, make_edition, run, make_user, enrol, submit):
    spec, lea = make_edition(base_key=run.key), make_user("lea")
    enrol(spec.edition_key, lea)
    submit(spec.edition_key, lea, courses.RIGHT)
    place = ([spec.edition_key], [lea.pk])
    before = (host.grades(*place), host.progress(*place))
    host.apply_edition(replace(spec, revision=2, hidden=True))
    assert (host.grades(*place), host.progress(*place)) == before


class TestFeed:
    """Our own copy of the results follows the platform's."""

    @pytest.fixture
    def lea(self, make_user):
        return make_user("lea")

    def test_an_answer_reaches_the_copy(self, make_session, run, lea, submit):
        from cohort_sessions.models import EditionResult

        session = make_session(courses=[run.key], members=[lea])
        edition = session.editions.get()
        submit(edition.edition_key, lea, courses.RIGHT)
        (result,) = EditionResult.objects.filter(edition=edition)
        assert (result.member.user_id, result.grade, result.passed, result.completed, result.completable) == (
            lea.pk,
            0.5,
            True,
            1,
            4,
        )

    def test_other_courses_cost_no_sql_and_no_task(self, run, lea, statements, monkeypatch):
        from completion.models import BlockCompletion

        from cohort_sessions import tasks
        from cohort_sessions.edxapp.hooks.receivers import record_after_completion

        monkeypatch.setattr(tasks, "send", lambda *args, **kwargs: pytest.fail("a task was sent"))
        completion = BlockCompletion(
            user=lea, context_key=run.key, block_key=run.block("html", "text_1"), completion=1.0
        )
        with statements() as queries:
            record_after_completion(instance=completion)
        assert queries == []
