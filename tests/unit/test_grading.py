"""How a course is graded in a session."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, Lock
from cohort_sessions.errors import InvalidInput, Locked, WrongState
from cohort_sessions.host import AssignmentWeight, GradingChange, GradingPolicy, get_host
from cohort_sessions.models import EditionGrading, EditionResult
from cohort_sessions.operations.grading import keep_grading, set_grading
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.grading import edition_grading
from cohort_sessions.queries.specs import edition_spec
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

BY_SYSTEM = {"actor": SYSTEM, "now": NOW}
HOMEWORK, EXAM = AssignmentWeight("Homework", 0.4), AssignmentWeight("Exam", 0.6)
POLICY = GradingPolicy((("A", 0.9), ("B", 0.7), ("C", 0.5)), (HOMEWORK, EXAM))


@pytest.fixture
def coach(make_user):
    return make_user("carla")


@pytest.fixture
def edition(make_session, make_base_course, coach):
    base_key = make_base_course(title="Tides")
    edition = make_session(courses=[base_key]).editions.select_related("session").get()
    api.assign_course_coaches(edition, [coach.username], **BY_SYSTEM)
    return edition


@pytest.fixture
def policy(monkeypatch):
    """The base course is graded so; with two pieces of homework and one exam."""

    def of_base(wanted=POLICY):
        host = get_host()
        numbers = (("a", "Homework"), ("b", "Homework"), ("c", "Exam"))
        found = type(host).outline
        monkeypatch.setattr(type(host), "grading_policies", lambda _self, keys: dict.fromkeys(keys, wanted))
        monkeypatch.setattr(
            type(host),
            "outline",
            lambda self, key: [replace(found(self, key)[1], assignment_type=kind) for _name, kind in numbers],
        )

    of_base()
    return of_base


def wanted(edition) -> GradingChange | None:
    return edition_spec(edition, now=NOW).grading


def grade(edition, pass_line=None, assignments=(), **given) -> bool:
    return set_grading(edition, pass_line=pass_line, assignments=assignments, **(BY_SYSTEM | given))


def test_as_the_base_course_at_first(edition, policy):
    view = edition_grading(edition)
    assert (view.policy, view.change, view.then, view.is_final, dict(view.numbers)) == (
        POLICY,
        None,
        None,
        False,
        {"Homework": 2, "Exam": 1},
    )
    assert wanted(edition) is None


def test_passing_line_weights_and_drops(edition, policy, coach):
    weights = (replace(HOMEWORK, weight=0.25, dropped=1), replace(EXAM, weight=0.75))
    assert grade(edition, 0.6, weights, actor=load_actor(coach, now=NOW))
    change = GradingChange(0.6, (weights[1], weights[0]))
    assert wanted(edition) == change
    assert edition_grading(edition).policy == GradingPolicy((("A", 0.9), ("B", 0.7), ("C", 0.6)), weights)
    [line] = EditionGrading.history.all()
    assert (line.history_change_reason, line.history_user) == ("Grading decided.", coach)


def test_saying_what_the_base_course_says_is_following_it(edition, policy):
    assert not grade(edition, 0.5, (EXAM, HOMEWORK))
    grade(edition, 0.6)
    assert wanted(edition) == GradingChange(0.6)
    assert grade(edition, 0.5, (EXAM, HOMEWORK))
    assert (wanted(edition), EditionGrading.objects.count()) == (None, 0)


def test_saying_it_again_changes_nothing(edition, policy):
    grade(edition, 0.6)
    edition.refresh_from_db()
    revision = edition.wanted_revision
    assert not grade(edition, 0.6)
    edition.refresh_from_db()
    assert edition.wanted_revision == revision


def test_the_base_course_changes_and_the_session_keeps_its_own(edition, policy):
    grade(edition, 0.6)
    policy(replace(POLICY, letters=(("A", 0.9), ("B", 0.8), ("C", 0.4))))
    view = edition_grading(edition)
    assert (view.then, view.policy.letters) == (POLICY, (("A", 0.9), ("B", 0.8), ("C", 0.6)))
    assert grade(edition, 0.6)
    assert edition_grading(edition).then is None


def test_where_the_base_course_has_other_types_of_assignment_its_weights_hold(edition, policy):
    """Half of a decision would leave a total of less than the whole."""
    grade(edition, 0.6, (replace(HOMEWORK, weight=0.2), replace(EXAM, weight=0.8)))
    assert not edition_grading(edition).is_outdated
    for types in ((replace(EXAM, weight=1.0),), (HOMEWORK, EXAM, AssignmentWeight("Quiz", 0.0))):
        policy(replace(POLICY, assignments=types))
        view = edition_grading(edition)
        assert (view.policy.assignments, view.is_outdated) == (types, True)
        assert view.policy.letters[-1] == ("C", 0.6)


def test_thirds_are_not_taken_for_something_else(edition, policy):
    """What a page rounds, or sends in percent, is as in the base course."""
    thirds = tuple(AssignmentWeight(name, 1 / 3) for name in ("A", "B", "C"))
    policy(replace(POLICY, letters=(("Pass", 2 / 3),), assignments=thirds))
    rounded = tuple(AssignmentWeight(name, 0.333333) for name in ("A", "B", "C"))
    assert not grade(edition, 0.666667, rounded)
    assert wanted(edition) is None


def test_kept_although_the_base_course_has_changed(edition, policy):
    grade(edition, 0.6)
    assert not keep_grading(edition, **BY_SYSTEM)
    policy(replace(POLICY, letters=(("A", 0.9), ("B", 0.8), ("C", 0.4))))
    assert keep_grading(edition, **BY_SYSTEM)
    assert (edition_grading(edition).then, wanted(edition)) == (None, GradingChange(0.6))


@pytest.mark.parametrize(
    ("pass_line", "assignments", "fault"),
    [
        (0, (), {"pass_line": "The passing line lies above 0 and is at most 100 percent."}),
        (1e-320, (), {"pass_line": "The passing line lies above 0 and is at most 100 percent."}),
        (1.2, (), {"pass_line": "The passing line lies above 0 and is at most 100 percent."}),
        (0.7, (), {"pass_line": "The passing line must lie below 70 percent, from which on the letter is B."}),
        (None, (EXAM,), {"assignments": "Say once for each type of assignment how it counts: Exam, Homework."}),
        (
            None,
            (EXAM, HOMEWORK, HOMEWORK),
            {"assignments": "Say once for each type of assignment how it counts: Exam, Homework."},
        ),
        (
            None,
            (replace(EXAM, weight=0.7), HOMEWORK),
            {"assignments": "The weights must make 100 percent together; they make 110."},
        ),
        (
            None,
            (replace(EXAM, weight=1.6), replace(HOMEWORK, weight=-0.6)),
            {"assignments": "Exam: a weight is a number from 0 to 100 percent."},
        ),
        (
            None,
            (EXAM, replace(HOMEWORK, dropped=2)),
            {"assignments": "Homework: of 2, at least one must count. Drop fewer."},
        ),
    ],
)
def test_what_cannot_be(edition, policy, pass_line, assignments, fault):
    with pytest.raises(InvalidInput) as refusal:
        grade(edition, pass_line, assignments)
    assert refusal.value.errors == fault
    assert wanted(edition) is None


def test_not_after_results_are_final(edition, policy, make_user):
    api.enrol_members(edition.session, [make_user("lea").username], **BY_SYSTEM)
    member = edition.session.members.get()
    EditionResult.objects.create(member=member, edition=edition, as_of=NOW, final_at=NOW)
    with pytest.raises(WrongState, match="are final"):
        grade(edition, 0.6)
    assert edition_grading(edition).is_final


def test_a_lock_keeps_it_from_the_coach(edition, policy, coach):
    api.set_locks(edition.session, {Lock.GRADING_POLICY}, reason="By the book.", **BY_SYSTEM)
    with pytest.raises(Locked, match="By the book"):
        grade(edition, 0.6, actor=load_actor(coach, now=NOW))
    assert grade(edition, 0.6)


shares = st.floats(0.01, 1, allow_nan=False)


@given(lines=st.lists(shares, min_size=1, max_size=4, unique=True), pass_line=shares)
def test_letters_stay_in_order_whatever_the_line(lines, pass_line):
    letters = tuple((str(number), least) for number, least in enumerate(sorted(lines, reverse=True)))
    changed = GradingChange(pass_line).applied_to(GradingPolicy(letters)).letters
    assert [letter for letter, _least in changed] == [letter for letter, _least in letters]
    assert changed[-1][1] == pass_line
    assert sorted((least for _letter, least in changed), reverse=True) == [least for _letter, least in changed]
