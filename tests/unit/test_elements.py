"""What stands in the units of an edition: set, kept, taken back; and its welcome."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from cohort_sessions import api
from cohort_sessions.data import AS_IN_BASE, SYSTEM, EditionState, ElementChange, Lock, TeamRole
from cohort_sessions.errors import InvalidInput, Locked, NotAllowed, NotFound
from cohort_sessions.models import CourseEdition, EditionWelcome, ElementCustomisation
from cohort_sessions.operations import elements as operation
from cohort_sessions.operations.elements import ElementsOutcome, change_elements, keep_elements
from cohort_sessions.operations.welcome import WELCOME_LENGTH, set_welcome
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.elements import (
    ElementBaseChange,
    OwnElements,
    element_name,
    own_elements,
    unit_elements,
)
from cohort_sessions.queries.specs import edition_spec
from cohort_sessions.queries.welcome import session_welcomes, welcome_text, welcome_under
from tests.attacks import XSS, running
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
BY_SYSTEM = {"actor": SYSTEM, "now": NOW}
BASE_TEXT = "Water rises and falls twice a day."


@pytest.fixture
def base_key(make_base_course):
    return make_base_course(title="Tides")


@pytest.fixture
def edition(make_session, base_key):
    return make_session(courses=[base_key]).editions.select_related("session").get()


@pytest.fixture
def text(base_key):
    return base_key.make_usage_key("html", "text")


@pytest.fixture
def problem(base_key):
    return base_key.make_usage_key("problem", "problem")


@pytest.fixture
def unit(base_key):
    return base_key.make_usage_key("vertical", "unit")


def elements(edition) -> dict:
    return {(each.usage_key, each.field): each.value for each in edition_spec(edition, now=NOW).elements}


def revision(edition) -> int:
    return CourseEdition.objects.get(pk=edition.pk).wanted_revision


def lines(edition, unit) -> dict:
    found = unit_elements(edition, unit, actor=SYSTEM)
    return {(line.usage_key.block_type, line.field.name): line for line in found.fields}


class TestChanging:
    def test_values_are_typed_and_reach_the_spec_in_order(self, edition, text, problem):
        before = revision(edition)
        changes = {(problem, "weight"): "2,5", (problem, "max_attempts"): "3", (text, "data"): "<p>Own</p>"}
        assert change_elements(edition, changes, **BY_SYSTEM) == ElementsOutcome(3, {})
        assert edition_spec(edition, now=NOW).elements == (
            ElementChange(text, "data", "<p>Own</p>"),
            ElementChange(problem, "max_attempts", 3),
            ElementChange(problem, "weight", 2.5),
        )
        assert revision(edition) == before + 1

    def test_again_changes_nothing(self, edition, problem):
        change_elements(edition, {(problem, "max_attempts"): 3}, **BY_SYSTEM)
        before = revision(edition), ElementCustomisation.history.count()
        assert change_elements(edition, {(problem, "max_attempts"): "3"}, **BY_SYSTEM).changed == 0
        assert (revision(edition), ElementCustomisation.history.count()) == before

    @pytest.mark.parametrize("wish", [AS_IN_BASE, "", None])
    def test_back_to_the_base_course(self, edition, problem, wish):
        change_elements(edition, {(problem, "max_attempts"): 3}, **BY_SYSTEM)
        assert change_elements(edition, {(problem, "max_attempts"): wish}, **BY_SYSTEM).changed == 1
        assert (elements(edition), ElementCustomisation.objects.count()) == ({}, 0)
        assert change_elements(edition, {(problem, "max_attempts"): wish}, **BY_SYSTEM).changed == 0

    def test_what_is_as_in_the_base_course_leaves_no_row(self, edition, text):
        assert change_elements(edition, {(text, "data"): BASE_TEXT}, **BY_SYSTEM).changed == 0
        assert ElementCustomisation.objects.count() == 0

    def test_no_limit_is_a_value(self, edition, problem, limited):
        limited()
        change_elements(edition, {(problem, "max_attempts"): None}, **BY_SYSTEM)
        assert elements(edition) == {(problem, "max_attempts"): None}

    def test_what_cannot_be_is_said_by_field_and_nothing_is_stored(self, edition, base_key, text, problem):
        gone = base_key.make_usage_key("html", "gone")
        changes = {
            (text, "data"): "<p>Own</p>",
            (problem, "max_attempts"): "-1",
            (problem, "data"): "<problem/>",
            (gone, "data"): "x",
        }
        with pytest.raises(InvalidInput) as refusal:
            change_elements(edition, changes, **BY_SYSTEM)
        assert refusal.value.errors == {
            element_name(problem, "max_attempts"): "Give a number from 0.",
            element_name(problem, "data"): "The operator of this platform does not let sessions set this.",
            element_name(gone, "data"): "The course does not have this any more. Please open the page anew.",
        }
        assert elements(edition) == {}

    def test_a_block_of_another_course_is_none_of_this(self, edition, make_base_course):
        other = make_base_course().make_usage_key("html", "text")
        with pytest.raises(InvalidInput):
            change_elements(edition, {(other, "data"): "x"}, **BY_SYSTEM)

    def test_not_everything_at_once(self, edition, base_key):
        changes = {(base_key.make_usage_key("html", str(number)), "data"): "x" for number in range(501)}
        with pytest.raises(InvalidInput, match="at most 500"):
            change_elements(edition, changes, **BY_SYSTEM)
        with pytest.raises(InvalidInput, match="at most 500"):
            keep_elements(edition, list(changes), **BY_SYSTEM)

    def test_keeping_nothing_asks_nothing(self, edition, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert keep_elements(edition, [], **BY_SYSTEM) == 0

    @pytest.fixture
    def limited(self, base_key, edit_base_course):
        return lambda: edit_base_course(base_key, lambda root: next(root.iter("problem")).set("max_attempts", "3"))


class TestTheOperator:
    def test_lists_the_fields(self, edition, unit, problem, settings):
        change_elements(edition, {(problem, "max_attempts"): 3, (problem, "weight"): 2}, **BY_SYSTEM)
        settings.COHORT_SESSIONS_ELEMENT_FIELDS = {"problem": ["weight", "nonsense"]}
        assert list(lines(edition, unit)) == [("problem", "weight")]
        assert elements(edition) == {(problem, "weight"): 2.0}
        assert own_elements(edition).fields == {unit: 1}
        with pytest.raises(InvalidInput, match="does not let sessions set this"):
            change_elements(edition, {(problem, "max_attempts"): AS_IN_BASE}, **BY_SYSTEM)

    def test_does_not_trust_coaches(self, edition, text):
        html = '<p onclick="x()" style="color: red">Own</p><script>x()</script><iframe src="//e"></iframe>'
        outcome = change_elements(edition, {(text, "data"): html}, **BY_SYSTEM)
        parts = ("<iframe>", "<script>", "onclick", "src", "style")
        assert outcome == ElementsOutcome(1, {(text, "data"): parts})
        assert elements(edition) == {(text, "data"): "<p>Own</p>"}

    def test_cleaning_keeps_nobody_waiting_for_the_session(self, edition, text, monkeypatch):
        order = []
        for name in ("taken_out", "locked_edition"):
            real = getattr(operation, name)
            monkeypatch.setattr(
                operation,
                name,
                lambda *args, name=name, real=real, **kwargs: (order.append(name), real(*args, **kwargs))[1],
            )
        change_elements(edition, {(text, "data"): "<p>Own</p><script>x()</script>"}, **BY_SYSTEM)
        assert order == ["taken_out", "locked_edition"]

    def test_trusts_coaches(self, edition, text, settings):
        settings.COHORT_SESSIONS_TRUST_COACH_HTML = True
        html = "<p>Own</p><script>x()</script>"
        assert change_elements(edition, {(text, "data"): html}, **BY_SYSTEM) == ElementsOutcome(1, {})
        assert elements(edition) == {(text, "data"): html}
        settings.COHORT_SESSIONS_TRUST_COACH_HTML = False
        assert elements(edition) == {(text, "data"): "<p>Own</p>"}

    @pytest.mark.parametrize("attack", XSS)
    def test_nothing_that_runs_reaches_the_platform(self, edition, text, attack):
        change_elements(edition, {(text, "data"): attack}, **BY_SYSTEM)
        assert [running(str(value)) for value in elements(edition).values()] in ([[]], [])

    def test_names_are_no_html(self, edition, text):
        change_elements(edition, {(text, "display_name"): "a < b & <b>c</b>"}, **BY_SYSTEM)
        assert elements(edition) == {(text, "display_name"): "a < b & <b>c</b>"}


class TestTheBaseCourse:
    """It changes under what a session has decided."""

    def test_is_told_until_the_coach_decides(self, edition, base_key, unit, text, rewrite_base_course):
        change_elements(edition, {(text, "data"): "Own"}, **BY_SYSTEM)
        assert own_elements(edition) == OwnElements({unit: 1}, {}, 0)
        rewrite_base_course(base_key, "New")
        assert own_elements(edition) == OwnElements({unit: 1}, {unit: ("Text",)}, 0)
        assert lines(edition, unit)["html", "data"].base_change == ElementBaseChange(BASE_TEXT, "New")
        before = revision(edition)
        assert keep_elements(edition, [(text, "data"), (text, "display_name")], **BY_SYSTEM) == 1
        assert keep_elements(edition, [(text, "data")], **BY_SYSTEM) == 0
        assert own_elements(edition) == OwnElements({unit: 1}, {}, 0)
        assert (elements(edition), revision(edition)) == ({(text, "data"): "Own"}, before)

    def test_is_taken_over(self, edition, base_key, unit, text, rewrite_base_course):
        change_elements(edition, {(text, "data"): "Own"}, **BY_SYSTEM)
        rewrite_base_course(base_key, "New")
        change_elements(edition, {(text, "data"): AS_IN_BASE}, **BY_SYSTEM)
        assert (own_elements(edition), elements(edition)) == (OwnElements({}, {}, 0), {})

    def test_writing_anew_decides_as_well(self, edition, base_key, unit, text, rewrite_base_course):
        change_elements(edition, {(text, "data"): "Own"}, **BY_SYSTEM)
        rewrite_base_course(base_key, "New")
        change_elements(edition, {(text, "data"): "Own, anew"}, **BY_SYSTEM)
        assert own_elements(edition).changed == {}

    def test_an_element_that_goes_drops_out_with_a_notice(self, edition, base_key, unit, text, shorten_base_course):
        change_elements(edition, {(text, "data"): "Own", (text, "display_name"): "Moon"}, **BY_SYSTEM)
        shorten_base_course(base_key)
        assert own_elements(edition) == OwnElements({}, {}, 1)
        assert {place[0] for place in lines(edition, unit)} == {"problem"}
        edition.refresh_from_db()
        assert (edition.apply_error, edition.state) == ("", EditionState.READY)

    def test_no_unit(self, edition, base_key):
        for key in (base_key.make_usage_key("vertical", "gone"), base_key.make_usage_key("chapter", "section")):
            with pytest.raises(NotFound):
                unit_elements(edition, key, actor=SYSTEM)


def test_reading_costs_the_same_with_two_elements_and_with_many(
    edition, unit, text, problem, base_key, edit_base_course
):
    def more(root):
        (vertical,) = root.iter("vertical")
        for number in range(30):
            etree.SubElement(vertical, "html", url_name=f"more{number}", display_name="More")

    counts = []
    for number in (0, 30):
        if number:
            edit_base_course(base_key, more)
        more_texts = [base_key.make_usage_key("html", f"more{each}") for each in range(number)]
        change_elements(edition, {(each, "data"): "Own" for each in (text, *more_texts)}, **BY_SYSTEM)
        with CaptureQueriesContext(connection) as queries:
            assert len(unit_elements(edition, unit, actor=SYSTEM).elements) == 2 + number
            assert own_elements(edition).fields == {unit: 1 + number}
        counts.append(len(queries))
    assert counts == [6, 6]


class TestWho:
    @pytest.fixture
    def people(self, edition, make_user):
        people = {name: make_user(name) for name in ("ada", "carl", "cleo", "lea", "stranger")}
        api.assign_session_team(edition.session, TeamRole.ADMINISTRATOR, ["ada"], **BY_SYSTEM)
        api.assign_session_team(edition.session, TeamRole.SESSION_COACH, ["carl"], **BY_SYSTEM)
        api.assign_course_coaches(edition, ["cleo"], **BY_SYSTEM)
        api.enrol_members(edition.session, ["lea"], **BY_SYSTEM)
        return people

    @pytest.fixture
    def deeds(self, edition, problem):
        place = (problem, "weight")
        return (
            lambda actor: change_elements(edition, {place: 3}, actor=actor, now=NOW),
            lambda actor: keep_elements(edition, [place], actor=actor, now=NOW),
            lambda actor: set_welcome(edition, "Welcome.", actor=actor, now=NOW),
        )

    @pytest.mark.parametrize(
        ("name", "refusal"),
        [("ada", None), ("carl", None), ("cleo", None), ("lea", NotAllowed), ("stranger", NotFound)],
    )
    def test_may(self, edition, problem, people, deeds, name, refusal):
        actor = load_actor(people[name], now=NOW)
        for deed in deeds:
            if refusal is None:
                deed(actor)
                continue
            with pytest.raises(refusal):
                deed(actor)
        assert (elements(edition) == {}) == (refusal is not None)
        assert (welcome_text(edition) == "") == (refusal is not None)

    @pytest.mark.parametrize("name", ["ada", "carl", "cleo"])
    def test_the_lock_of_contents(self, edition, unit, problem, people, deeds, name):
        api.set_locks(edition.session, [Lock.CONTENT_EDITS], reason="The exam board decides.", **BY_SYSTEM)
        actor = load_actor(people[name], now=NOW)
        found = unit_elements(edition, unit, actor=actor)
        assert found.may is (name == "ada")
        assert (found.lock.reason if found.lock else "") == ("" if name == "ada" else "The exam board decides.")
        for deed in deeds:
            if name == "ada":
                deed(actor)
                continue
            with pytest.raises(Locked, match="The exam board decides"):
                deed(actor)

    def test_a_course_that_was_taken_out(self, edition, deeds):
        CourseEdition.objects.filter(pk=edition.pk).update(withdrawn_at=NOW)
        for deed in deeds:
            with pytest.raises(NotFound):
                deed(SYSTEM)


class TestWelcome:
    def test_set_changed_and_taken_away(self, edition):
        assert set_welcome(edition, " Welcome *aboard*.\r\n", **BY_SYSTEM) is True
        assert set_welcome(edition, "Welcome *aboard*.", **BY_SYSTEM) is False
        assert welcome_text(edition) == welcome_under(edition.edition_key) == "Welcome *aboard*."
        [welcome] = session_welcomes(edition.session)
        assert (welcome.uuid, welcome.html) == (edition.uuid, "<p>Welcome <em>aboard</em>.</p>")
        assert set_welcome(edition, "Back again.", **BY_SYSTEM) is True
        assert set_welcome(edition, "  ", **BY_SYSTEM) is True
        assert set_welcome(edition, "", **BY_SYSTEM) is False
        assert (welcome_text(edition), session_welcomes(edition.session)) == ("", ())
        assert list(EditionWelcome.history.order_by("history_id").values_list("history_type", flat=True)) == [
            "+",
            "~",
            "-",
        ]

    def test_not_too_long(self, edition):
        with pytest.raises(InvalidInput) as refusal:
            set_welcome(edition, "x" * (WELCOME_LENGTH + 1), **BY_SYSTEM)
        assert refusal.value.errors == {"text": "Use at most 20000 characters."}

    @pytest.mark.parametrize("attack", XSS)
    def test_nothing_runs(self, edition, attack):
        set_welcome(edition, attack, **BY_SYSTEM)
        assert [running(welcome.html) for welcome in session_welcomes(edition.session)] == [[]]

    def test_of_a_course_that_was_taken_out(self, edition):
        set_welcome(edition, "Welcome.", **BY_SYSTEM)
        CourseEdition.objects.filter(pk=edition.pk).update(withdrawn_at=NOW)
        assert (session_welcomes(edition.session), welcome_under(edition.edition_key)) == ((), "")


@pytest.mark.parametrize("days", [28, None])
def test_a_copy_of_the_session_takes_it_along(edition, text, problem, days):
    changes = {(text, "data"): "<p>Own</p>", (problem, "max_attempts"): 3}
    change_elements(edition, changes, **BY_SYSTEM)
    set_welcome(edition, "Welcome.", **BY_SYSTEM)
    opens_at = None if days is None else edition.session.opens_at + days * DAY
    copy = api.duplicate_session(edition.session, title="Next", opens_at=opens_at, zone=UTC, **BY_SYSTEM)
    made = copy.editions.select_related("session").get()
    assert elements(made) == elements(edition) == changes
    assert welcome_text(made) == "Welcome."
    assert own_elements(made).changed == {}
