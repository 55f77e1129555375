"""How an edition is graded, where it is not as its base course."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cohort_sessions.host import AssignmentWeight, GradingChange

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def editions(make_edition):
    return [make_edition(session_title=title) for title in ("Spring", "Autumn")]


@pytest.fixture
def grade(host):
    """Apply an edition with this grading. Returns its spec."""

    def apply(spec, change):
        spec = replace(spec, revision=spec.revision + 1, grading=change)
        report = host.apply_edition(spec)
        assert report.failed == ()
        assert "grading" in (*report.changed, *report.unchanged)
        return spec

    return apply


def policies(host, *keys):
    found = host.grading_policies(keys)
    return [found[key] for key in keys]


def test_passing_line_and_drops_of_this_edition_only(host, editions, grade):
    spring, autumn = editions
    keys = (spring.edition_key, autumn.edition_key, spring.base_key)
    [before] = policies(host, spring.base_key)
    [assignment] = before.assignments
    changed = grade(spring, GradingChange(0.8, (replace(assignment, dropped=1),)))
    assert policies(host, *keys) == [
        replace(before, letters=((before.letters[0][0], 0.8),), assignments=(replace(assignment, dropped=1),)),
        before,
        before,
    ]
    grade(changed, None)
    assert policies(host, *keys) == [before] * 3


def test_what_is_not_named_is_as_in_the_base_course(host, editions, grade):
    [before] = policies(host, editions[0].base_key)
    grade(editions[0], GradingChange(assignments=(AssignmentWeight("Nothing of the kind", 1.0, 3),)))
    assert policies(host, editions[0].edition_key) == [before]


def test_it_stands_when_the_course_is_published_anew(host, editions, grade, retitle_base_course):
    spec = grade(editions[0], GradingChange(0.8))
    retitle_base_course(spec.base_key, "Tides, anew")
    assert host.apply_edition(spec).failed == ()
    [policy] = policies(host, spec.edition_key)
    assert [least for _letter, least in policy.letters] == [0.8]


def test_applying_twice_changes_nothing(host, editions, grade, make_user, enrol, answer):
    lea = make_user()
    enrol(editions[0].edition_key, lea)
    answer(editions[0].edition_key, lea)
    spec = grade(editions[0], GradingChange(0.8))
    assert host.apply_edition(spec).changed == ()
    assert host.plan_edition(spec).changed == ()
