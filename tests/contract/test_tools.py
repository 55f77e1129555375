"""The tools of a course, which an edition may do without."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cohort_sessions.data import SYSTEM, Tool
from cohort_sessions.operations.tools import show_tools

pytestmark = pytest.mark.django_db(databases="__all__")

PROGRESS = Tool.PROGRESS.value


@pytest.fixture
def lea(make_user):
    return make_user()


@pytest.fixture
def editions(make_edition, enrol, lea):
    """Two editions of one course; Lea is in both."""
    found = [make_edition(session_title=title) for title in ("Spring", "Autumn")]
    for spec in found:
        enrol(spec.edition_key, lea)
    return found


@pytest.fixture
def hide(host):
    """Apply an edition without these tools, and with all others. Returns its spec."""

    def apply(spec, *tools):
        spec = replace(spec, revision=spec.revision + 1, hidden_tools=tuple(sorted(tools)))
        report = host.apply_edition(spec)
        assert report.failed == ()
        assert "tools" in (*report.changed, *report.unchanged)
        return spec

    return apply


def test_the_tools_of_a_base_course(host, base_key):
    tools = host.tools(base_key)
    assert PROGRESS in [each.tool for each in tools]
    assert len({each.tool for each in tools}) == len(tools)
    assert all(each.title for each in tools)


def test_no_tools_of_a_course_that_is_not_there(host, base_key):
    assert host.tools(base_key.replace(course="Nowhere")) == []


def test_every_tool_is_there_at_first(host, editions, lea, tools_of):
    shown = tools_of(editions[0].edition_key, lea)
    assert PROGRESS in shown
    assert set(shown) <= {each.tool for each in host.tools(editions[0].base_key)}


def test_a_hidden_tool_is_gone_in_this_edition_only(editions, hide, lea, tools_of, make_foreign_enrolment, committed):
    spring, autumn = editions
    make_foreign_enrolment(spring.base_key, lea)
    with committed():
        hidden = hide(spring, PROGRESS)
    keys = (spring.edition_key, autumn.edition_key, spring.base_key)
    assert [PROGRESS in tools_of(key, lea) for key in keys] == [False, True, True]
    with committed():
        hide(hidden)
    assert PROGRESS in tools_of(spring.edition_key, lea)


def test_it_stays_hidden_when_the_course_is_published_anew(host, editions, hide, lea, tools_of, retitle_base_course):
    hidden = hide(editions[0], PROGRESS)
    retitle_base_course(hidden.base_key, "Tides, anew")
    assert host.apply_edition(hidden).failed == ()
    assert PROGRESS not in tools_of(hidden.edition_key, lea)


def test_by_its_address_only_the_team_comes_to_it(make_session, base_key, make_user, committed, can_open, lea, now):
    """A coach looks at a learner's progress, whether learners see it or not."""
    coach = make_user("carla")
    spring, autumn = (
        make_session(title, courses=[base_key], members=[lea], coaches={base_key: [coach]}).editions.get()
        for title in ("Spring", "Autumn")
    )
    with committed():
        show_tools(spring, {PROGRESS: False}, actor=SYSTEM, now=now)
    keys = (spring.edition_key, autumn.edition_key)
    assert [can_open(key, lea) for key in keys] == [False, True]
    assert [can_open(key, coach) for key in keys] == [True, True]


def test_applying_twice_changes_nothing(host, editions, hide):
    spec = hide(editions[0], PROGRESS, "page:gone")
    assert host.apply_edition(spec).changed == ()
    assert host.plan_edition(spec).changed == ()
