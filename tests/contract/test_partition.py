"""The same person in a course and in two editions of it: nothing of one is seen in another."""

from __future__ import annotations

import pytest

from tests.contract import Stored

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def three(base_key, make_edition):
    """A base course and two of its editions."""
    return base_key, make_edition(session_title="Spring").edition_key, make_edition(session_title="Autumn").edition_key


def test_state_grade_completion_and_enrolment_are_kept_apart(
    three, make_user, make_foreign_enrolment, enrol, answer, stored
):
    base, spring, autumn = three
    lea = make_user()
    make_foreign_enrolment(base, lea)
    enrol(spring, lea)

    assert answer(base, lea, correct=True)
    assert answer(spring, lea, correct=False)
    assert [stored(key, lea) for key in three] == [
        Stored(is_enrolled=True, answers=1, score=1.0, completed=1),
        Stored(is_enrolled=True, answers=1, score=0.0, completed=1),
        Stored(),
    ]

    enrol(autumn, lea)
    assert answer(autumn, lea, correct=True)
    assert [stored(key, lea).score for key in three] == [1.0, 0.0, 1.0]


def test_answering_again_changes_this_edition_only(three, make_user, make_foreign_enrolment, enrol, answer, stored):
    base, spring, autumn = three
    lea = make_user()
    make_foreign_enrolment(base, lea)
    for key in (spring, autumn):
        enrol(key, lea)
    for key in three:
        answer(key, lea, correct=False)
    assert answer(spring, lea, correct=True)
    assert [stored(key, lea).score for key in three] == [0.0, 1.0, 0.0]


def test_one_persons_work_is_nobody_elses(three, make_user, enrol, answer, stored):
    _, spring, _ = three
    lea, max_ = make_user("lea"), make_user("max")
    enrol(spring, lea, max_)
    answer(spring, lea)
    assert stored(spring, max_) == Stored(is_enrolled=True)


def test_leaving_keeps_the_work(host, three, make_user, enrol, answer, stored):
    from cohort_sessions.host import WantedEnrolment

    _, spring, _ = three
    lea = make_user()
    enrol(spring, lea)
    answer(spring, lea)
    host.apply_enrolments([WantedEnrolment(spring, lea.pk, is_active=False)])
    assert stored(spring, lea) == Stored(is_enrolled=False, answers=1, score=1.0, completed=1)
