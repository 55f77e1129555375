"""
The API about what stands in the units of a course of a session, and its welcome; to whom it answers,
``test_permission_matrix_editions`` asks.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from cohort_sessions.models import ElementCustomisation
from cohort_sessions.queries.elements import element_name
from tests.attacks import XSS, running
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db(databases="__all__")

NOT_ACTIVE = {"inactive", "retired"}


def address(door: str, edition) -> str:
    return reverse(f"cohort_sessions:{door}", kwargs={"code": edition.session.code, "uuid": edition.uuid})


def place(edition, block_type: str, field: str, **more) -> dict:
    block_id = {"html": "text", "problem": "problem"}[block_type]
    return {"usage_key": str(edition.base_key.make_usage_key(block_type, block_id)), "field": field, **more}


def unit_of(edition) -> str:
    return str(edition.base_key.make_usage_key("vertical", "unit"))


# By address and method, what is sent when it is to succeed.
SENT = {
    ("api-elements", "get"): lambda edition: {"unit": unit_of(edition)},
    ("api-elements", "patch"): lambda edition: {"changes": [place(edition, "problem", "weight", value=2)]},
    ("api-welcome", "get"): lambda _edition: {},
    ("api-welcome", "put"): lambda _edition: {"text": "Welcome."},
}


def ask(client, door: str, method: str, edition, sent: dict | None = None):
    data = SENT[door, method](edition) if sent is None else sent
    form = {} if method == "get" else {"content_type": "application/json"}
    return getattr(client, method)(address(door, edition), data, **form)


@pytest.fixture
def edition(world):
    session, _users = world
    return session.editions.select_related("session").get(position=0)


@pytest.fixture
def coach(world):
    return signed_in(world[1]["course coach"])


def test_a_unit_and_what_is_changed_in_it(coach, edition):
    changes = [place(edition, "html", "data", value="<p>Own</p>"), place(edition, "problem", "max_attempts", value=3)]
    answer = ask(coach, "api-elements", "patch", edition, {"changes": changes}).json()
    assert answer == {"changed": 2, "kept": 0, "taken_out": []}
    unit = ask(coach, "api-elements", "get", edition).json()
    assert {name: unit[name] for name in ("unit", "title", "may_change")} == {
        "unit": unit_of(edition),
        "title": "Unit",
        "may_change": True,
    }
    text, problem = unit["elements"]
    assert (text["usage_key"], text["block_type"], text["title"], text["is_own"]) == (
        changes[0]["usage_key"],
        "html",
        "Text",
        True,
    )
    data = next(each for each in text["fields_to_set"] if each["field"] == "data")
    assert {name: data[name] for name in ("name", "kind", "base", "value", "is_own", "base_change")} == {
        "name": element_name(edition.base_key.make_usage_key("html", "text"), "data"),
        "kind": "html",
        "base": "Water rises and falls twice a day.",
        "value": "<p>Own</p>",
        "is_own": True,
        "base_change": None,
    }
    values = {each["field"]: (each["base"], each["value"], each["is_own"]) for each in problem["fields_to_set"]}
    assert values == {
        "display_name": ("Problem", "Problem", False),
        "max_attempts": (None, 3, True),
        "weight": (1.0, 1.0, False),
    }
    back = ask(coach, "api-elements", "patch", edition, {"changes": [place(edition, "html", "data")]})
    assert back.json()["changed"] == 1
    assert list(ElementCustomisation.objects.values_list("field", flat=True)) == ["max_attempts"]


def test_null_is_a_value_where_the_field_may_be_empty(coach, edition):
    for value in (3, None):
        changes = [place(edition, "problem", "max_attempts", value=value)]
        assert ask(coach, "api-elements", "patch", edition, {"changes": changes}).json()["changed"] == 1


def test_what_cannot_be_is_said_in_the_sentences_of_the_page(coach, edition):
    wrong = [place(edition, "problem", "max_attempts", value=-1), place(edition, "html", "data", value=5)]
    response = ask(coach, "api-elements", "patch", edition, {"changes": wrong})
    names = [
        element_name(edition.base_key.make_usage_key(*each), field)
        for each, field in (
            (("problem", "problem"), "max_attempts"),
            (("html", "text"), "data"),
        )
    ]
    assert (response.status_code, response.json()["errors"]) == (
        400,
        {names[0]: ["Give a number from 0."], names[1]: ["Give a text."]},
    )
    assert response.json()["type"].endswith(":invalid-input")


@pytest.mark.parametrize(
    "sent",
    [
        {"changes": [{"usage_key": "nonsense", "field": "data", "value": "x"}]},
        {"changes": [{"usage_key": None, "field": "data"}]},
        {"changes": [{"field": "data"}]},
        {"changes": "x"},
        {"keep": [{"usage_key": 5, "field": "data"}]},
        [],
    ],
)
def test_what_is_no_change_is_refused(coach, edition, sent):
    assert ask(coach, "api-elements", "patch", edition, sent).status_code == 400


@pytest.mark.parametrize("unit", ["", "nonsense", "block-v1:A+B+C+type@vertical+block@gone"])
def test_a_unit_that_is_none(coach, edition, unit):
    assert ask(coach, "api-elements", "get", edition, {"unit": unit}).status_code in {400, 404}


def test_keeping_what_the_session_has(coach, edition, rewrite_base_course):
    ask(coach, "api-elements", "patch", edition, {"changes": [place(edition, "html", "data", value="Own")]})
    rewrite_base_course(edition.base_key, "New")
    unit = ask(coach, "api-elements", "get", edition).json()
    data = next(each for each in unit["elements"][0]["fields_to_set"] if each["field"] == "data")
    assert data["base_change"] == {"then": "Water rises and falls twice a day.", "now": "New"}
    kept = {"keep": [place(edition, "html", "data")]}
    assert ask(coach, "api-elements", "patch", edition, kept).json() == {"changed": 0, "kept": 1, "taken_out": []}
    assert ask(coach, "api-elements", "patch", edition, kept).json()["kept"] == 0


@pytest.mark.parametrize("attack", XSS)
def test_nothing_that_runs_comes_in(coach, edition, attack):
    changes = [place(edition, "html", "data", value=f"{attack}<script>x</script>")]
    answer = ask(coach, "api-elements", "patch", edition, {"changes": changes}).json()
    (row,) = ElementCustomisation.objects.all()
    assert running(row.value) == []
    assert answer["taken_out"][0]["parts"]
    welcome = ask(coach, "api-welcome", "put", edition, {"text": attack}).json()
    assert running(welcome["html"]) == []


def test_the_welcome(coach, edition):
    assert ask(coach, "api-welcome", "get", edition).json() == {"text": "", "html": ""}
    answer = ask(coach, "api-welcome", "put", edition, {"text": "Welcome *aboard*."})
    assert answer.json() == {"text": "Welcome *aboard*.", "html": "<p>Welcome <em>aboard</em>.</p>"}
    assert ask(coach, "api-welcome", "get", edition).json() == answer.json()
    assert ask(coach, "api-welcome", "put", edition, {"text": ""}).json() == {"text": "", "html": ""}
    too_long = ask(coach, "api-welcome", "put", edition, {"text": "x" * 20_001})
    assert too_long.json()["errors"] == {"text": ["Use at most 20000 characters."]}
    assert ask(coach, "api-welcome", "put", edition, {}).status_code == 400
