"""Outline, tools and grading of a course of a session by the API: what the pages say, and the same sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from cohort_sessions.data import BlockField
from cohort_sessions.models import CustomisationDraft, EditionGrading, EditionResult, ToolChoice
from cohort_sessions.queries.specs import edition_spec
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db(databases="__all__")

DUE = datetime(2099, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def coach(make_user):
    return make_user("carla")


@pytest.fixture
def session(make_session, make_base_course, coach, make_user):
    base_key = make_base_course(title="Tides")
    return make_session(courses=[base_key], coaches={base_key: [coach]}, members=[make_user("lea")])


@pytest.fixture
def edition(session):
    return session.editions.select_related("session").get()


@pytest.fixture
def ask(session, edition, coach):
    """``ask(method, address, body)`` as the coach: status and answer."""
    client = signed_in(coach)

    def send(method: str, address: str, body: dict | None = None):
        url = reverse(f"cohort_sessions:api-{address}", kwargs={"code": session.code, "uuid": edition.uuid})
        more = {} if method == "get" else {"content_type": "application/json"}
        response = getattr(client, method)(url, body or {}, **more)
        return response.status_code, response.json() if response.content else None

    return send


@pytest.fixture
def section(edition):
    return edition.base_key.make_usage_key("chapter", "section")


def values(answer, number=0) -> dict:
    return {each["field"]: each for each in answer["lines"][number]["values"]}


class TestOutline:
    def test_as_it_is(self, ask, edition):
        status, answer = ask("get", "outline")
        assert status == 200
        assert [(line["kind"], line["level"]) for line in answer["lines"]] == [
            ("section", 0),
            ("subsection", 1),
            ("unit", 2),
        ]
        assert values(answer)["title"] == {
            "field": "title",
            "default": "Section",
            "now": "Section",
            "wanted": "Section",
            "is_own": False,
            "is_drafted": False,
            "base_then": None,
            "base_now": None,
        }
        assert {name: answer[name] for name in ("lost", "may_change", "locks", "drafted_at", "can_undo")} == {
            "lost": [],
            "may_change": [name.value for name in BlockField],
            "locks": [],
            "drafted_at": None,
            "can_undo": False,
        }

    def test_prepare_apply_and_undo(self, ask, edition, section):
        subsection = edition.base_key.make_usage_key("sequential", "subsection")
        changes = [
            {"usage_key": str(section), "field": "title", "value": "Week 1"},
            {"usage_key": str(section), "field": "hidden", "value": True},
            {"usage_key": str(subsection), "field": "due", "value": DUE.isoformat()},
        ]
        status, answer = ask("patch", "outline-draft", {"changes": changes})
        assert status == 200
        assert (values(answer)["title"]["now"], values(answer)["title"]["wanted"]) == ("Section", "Week 1")
        assert edition_spec(edition, now=DUE).changes == ()
        assert ask("post", "outline-apply", {"drafted_at": answer["drafted_at"]}) == (200, {"changed": 3})
        found = {(each.usage_key, each.field): each.value for each in edition_spec(edition, now=DUE).changes}
        assert found == {
            (section, BlockField.TITLE): "Week 1",
            (section, BlockField.HIDDEN): True,
            (subsection, BlockField.DUE): DUE,
        }
        assert ask("post", "outline-undo") == (200, {"changed": 3})
        assert edition_spec(edition, now=DUE).changes == ()

    def test_many_at_once(self, ask, edition, section):
        subsection = edition.base_key.make_usage_key("sequential", "subsection")
        ask(
            "patch",
            "outline-draft",
            {"changes": [{"usage_key": str(subsection), "field": "due", "value": DUE.isoformat()}]},
        )
        status, answer = ask("patch", "outline-draft", {"deed": "shift", "blocks": [str(subsection)], "days": 7})
        assert status == 200
        assert datetime.fromisoformat(values(answer, 1)["due"]["wanted"]) == DUE + timedelta(days=7)

    def test_as_in_the_base_course(self, ask, section):
        ask("patch", "outline-draft", {"changes": [{"usage_key": str(section), "field": "title", "value": "Week 1"}]})
        ask("patch", "outline-draft", {"changes": [{"usage_key": str(section), "field": "title"}]})
        assert not CustomisationDraft.objects.exists()

    def test_all_or_nothing(self, ask, section):
        changes = [
            {"usage_key": str(section), "field": "title", "value": "Week 1"},
            {"usage_key": str(section), "field": "opens_at", "value": "soon"},
        ]
        status, answer = ask("patch", "outline-draft", {"changes": changes})
        assert (status, answer["type"]) == (400, "urn:cohort-sessions:problem:invalid-input")
        assert list(answer["errors"]) == ["changes.1.non_field_errors"]
        gone = str(section.course_key.make_usage_key("chapter", "gone"))
        changes = [changes[0], {"usage_key": gone, "field": "title", "value": "Week 2"}]
        status, answer = ask("patch", "outline-draft", {"changes": changes})
        assert (status, answer["detail"]) == (404, "The course has no such section, subsection or unit any more.")
        assert not CustomisationDraft.objects.exists()

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"usage_key": "week-1", "field": "title", "value": "X"}, "This is not the key of a block."),
            ({"field": "colour", "value": "X"}, '"colour" is not a valid choice.'),
            ({"field": "title", "value": "  "}, "Give it a name, or take the one of the base course."),
            ({"field": "hidden", "value": "perhaps"}, "Must be a valid boolean."),
            ({"field": "opens_at", "value": None}, "This field may not be null."),
        ],
    )
    def test_what_cannot_be(self, ask, section, change, sentence):
        status, answer = ask("patch", "outline-draft", {"changes": [{"usage_key": str(section)} | change]})
        assert status == 400
        assert sentence in answer["detail"]
        assert not CustomisationDraft.objects.exists()

    def test_changes_and_a_deed_at_once_or_neither(self, ask, section):
        change = {"usage_key": str(section), "field": "title", "value": "Week 1"}
        for body in ({}, {"changes": [change], "deed": "hide", "blocks": [str(section)]}):
            status, answer = ask("patch", "outline-draft", body)
            assert (status, "Send either changes, or a deed" in answer["detail"]) == (400, True)
        assert not CustomisationDraft.objects.exists()

    def test_a_draft_that_somebody_has_changed_since(self, ask, section):
        ask("patch", "outline-draft", {"changes": [{"usage_key": str(section), "field": "title", "value": "Week 1"}]})
        status, answer = ask("post", "outline-apply", {"drafted_at": DUE.isoformat()})
        assert (status, answer["type"]) == (409, "urn:cohort-sessions:problem:changed-meanwhile")

    def test_forget_it(self, ask, section):
        ask("patch", "outline-draft", {"changes": [{"usage_key": str(section), "field": "title", "value": "Week 1"}]})
        assert ask("delete", "outline-draft") == (204, None)
        assert not CustomisationDraft.objects.exists()


class TestTools:
    def test_hide_one(self, ask):
        tool = {"tool": "progress", "title": "Progress", "is_usual": True, "is_shown": True}
        assert ask("get", "tools") == (200, {"tools": [tool]})
        hidden = {"tools": [tool | {"is_shown": False}]}
        assert ask("patch", "tools", {"tools": [{"tool": "progress", "is_shown": False}]}) == (200, hidden)
        assert ToolChoice.objects.get().tool == "progress"

    def test_one_that_the_course_does_not_have(self, ask):
        status, answer = ask("patch", "tools", {"tools": [{"tool": "dice", "is_shown": True}]})
        assert (status, answer["errors"]) == (400, {"tools": ["The course has no such tool: dice. Name those it has."]})


class TestGrading:
    POLICY = {
        "letters": [["Pass", 0.5]],
        "assignments": [{"assignment_type": "Exercise", "weight": 1.0, "dropped": 0}],
    }

    def test_set_and_follow_again(self, ask):
        plain = {"base": self.POLICY, "then": None, "policy": self.POLICY, "is_own": False, "is_final": False}
        assert ask("get", "grading") == (200, plain)
        own = plain | {"policy": self.POLICY | {"letters": [["Pass", 0.6]]}, "is_own": True}
        assert ask("put", "grading", {"pass_line": 0.6, "assignments": []}) == (200, own)
        assert ask("put", "grading", {"pass_line": None, "assignments": []}) == (200, plain)

    def test_what_cannot_be(self, ask):
        body = {"pass_line": 7, "assignments": [{"assignment_type": "Exercise", "weight": 0.4, "dropped": 0}]}
        status, answer = ask("put", "grading", body)
        assert (status, answer["errors"]) == (
            400,
            {
                "pass_line": ["The passing line lies above 0 and is at most 100 percent."],
                "assignments": ["The weights must make 100 percent together; they make 40."],
            },
        )

    def test_not_once_results_are_final(self, ask, session, edition, now):
        EditionResult.objects.create(member=session.members.get(), edition=edition, as_of=now, final_at=now)
        status, answer = ask("put", "grading", {"pass_line": 0.6, "assignments": []})
        assert (status, answer["type"]) == (409, "urn:cohort-sessions:problem:wrong-state")
        assert not EditionGrading.objects.exists()

    def test_a_misspelt_name_changes_nothing(self, ask):
        ask("put", "grading", {"pass_line": 0.6, "assignments": []})
        status, answer = ask("put", "grading", {"passline": 0.7})
        assert (status, set(answer["errors"])) == (400, {"pass_line", "assignments"})
        assert EditionGrading.objects.get().pass_line == 0.6

    @pytest.mark.parametrize("wrong", ["NaN", "Infinity", -1, 1e-320, "half"])
    def test_a_weight_or_a_line_that_is_no_share(self, ask, wrong):
        exercise = {"assignment_type": "Exercise", "weight": wrong, "dropped": 0}
        for body in ({"pass_line": wrong, "assignments": []}, {"pass_line": None, "assignments": [exercise]}):
            assert ask("put", "grading", body)[0] == 400
        assert not EditionGrading.objects.exists()
