"""Which tools of a course the learners of a session have."""

from __future__ import annotations

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Lock
from cohort_sessions.errors import InvalidInput, Locked, NotFound
from cohort_sessions.models import ToolChoice
from cohort_sessions.operations.tools import show_tools
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.specs import edition_spec
from cohort_sessions.queries.tools import ToolLine, edition_tools
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

BY_SYSTEM = {"actor": SYSTEM, "now": NOW}


@pytest.fixture
def coach(make_user):
    return make_user("carla")


@pytest.fixture
def edition(make_session, make_base_course, coach):
    base_key = make_base_course(title="Tides")
    edition = make_session(courses=[base_key]).editions.select_related("session").get()
    api.assign_course_coaches(edition, [coach.username], **BY_SYSTEM)
    return edition


def hidden(edition) -> tuple[str, ...]:
    return edition_spec(edition, now=NOW).hidden_tools


def test_the_wiki_is_hidden_and_all_else_is_shown(edition):
    assert edition_tools(edition) == [ToolLine("progress", "Progress", is_usual=True, is_shown=True)]
    assert hidden(edition) == ("wiki",)


def test_which_tools_are_usual_the_operator_says(edition, settings):
    settings.COHORT_SESSIONS_HIDDEN_TOOLS = ["progress"]
    assert edition_tools(edition) == [ToolLine("progress", "Progress", is_usual=False, is_shown=False)]
    assert hidden(edition) == ("progress",)
    assert show_tools(edition, {"progress": True}, **BY_SYSTEM) == 1
    assert edition_tools(edition) == [ToolLine("progress", "Progress", is_usual=False, is_shown=True)]
    assert hidden(edition) == ()


def test_hidden_and_shown_again(edition, coach):
    edition.refresh_from_db()
    revision = edition.wanted_revision
    by_coach = {"actor": load_actor(coach, now=NOW), "now": NOW}
    assert show_tools(edition, {"progress": False}, **by_coach) == 1
    edition.refresh_from_db()
    assert (hidden(edition), edition.wanted_revision) == (("progress", "wiki"), revision + 1)
    assert show_tools(edition, {"progress": True}, **by_coach) == 1
    assert (hidden(edition), ToolChoice.objects.count()) == (("wiki",), 0)
    lines = ToolChoice.history.order_by("history_id").values_list("history_change_reason", "history_user")
    assert list(lines) == [("Hidden from learners.", coach.pk), ("Shown to learners.", coach.pk)]


def test_saying_it_again_changes_nothing(edition):
    show_tools(edition, {"progress": False}, **BY_SYSTEM)
    edition.refresh_from_db()
    revision = edition.wanted_revision
    assert show_tools(edition, {"progress": False}, **BY_SYSTEM) == 0
    edition.refresh_from_db()
    assert edition.wanted_revision == revision


def test_a_tool_that_the_course_does_not_have(edition):
    with pytest.raises(InvalidInput) as refusal:
        show_tools(edition, {"progress": False, "dice": True}, **BY_SYSTEM)
    assert refusal.value.errors == {"tools": "The course has no such tool: dice. Name those it has."}
    assert hidden(edition) == ("wiki",)


def test_a_lock_keeps_it_from_the_coach_and_leaves_what_was_done(edition, coach):
    show_tools(edition, {"progress": False}, actor=load_actor(coach, now=NOW), now=NOW)
    api.set_locks(edition.session, {Lock.TOOL_VISIBILITY}, reason="One look for all.", **BY_SYSTEM)
    with pytest.raises(Locked, match="One look for all"):
        show_tools(edition, {"progress": True}, actor=load_actor(coach, now=NOW), now=NOW)
    assert hidden(edition) == ("progress", "wiki")
    assert show_tools(edition, {"progress": True}, **BY_SYSTEM) == 1


def test_a_coach_of_another_course_finds_none(edition, make_user, make_session, make_base_course):
    stranger = make_user("nadia")
    elsewhere = make_base_course(title="Stars")
    session = make_session(title="Elsewhere", courses=[elsewhere])
    api.assign_course_coaches(session.editions.get(), [stranger.username], **BY_SYSTEM)
    with pytest.raises(NotFound):
        show_tools(edition, {"progress": False}, actor=load_actor(stranger, now=NOW), now=NOW)
