"""When an edition is read and when it takes answers, tried through the host's real doors by an enrolled learner."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cohort_sessions.data import TeamRole
from cohort_sessions.host import TeamGrant
from tests.contract import Stored

pytestmark = pytest.mark.django_db(databases="__all__")

CASES = {
    # name: (window, fields of the spec) -> (may read, may answer)
    "running": ("running", {}, (True, True)),
    "not started": ("ahead", {}, (False, False)),
    "over and read only": ("over", {"closed_read_only": True}, (True, False)),
    "over and still open": ("over", {"closed_read_only": False}, (True, True)),
    "hidden": ("running", {"hidden": True}, (False, False)),
    "hidden and over": ("over", {"hidden": True, "closed_read_only": False}, (False, False)),
}


@pytest.mark.parametrize(("window", "fields", "expected"), CASES.values(), ids=CASES)
def test_the_doors_follow_the_spec(
    request, make_edition, make_user, enrol, can_read, answer, stored, window, fields, expected
):
    lea = make_user()
    key = make_edition(window=request.getfixturevalue(window), **fields).edition_key
    enrol(key, lea)
    answered = answer(key, lea)
    kept = stored(key, lea)
    assert (can_read(key, lea), answered) == expected
    assert kept == (
        Stored(is_enrolled=True, answers=1, score=1.0, completed=1) if answered else Stored(is_enrolled=True)
    )


def test_closing_stops_answers_and_keeps_those_given(
    host, make_edition, make_user, enrol, answer, stored, running, over
):
    lea = make_user()
    spec = make_edition(window=running)
    enrol(spec.edition_key, lea)
    answer(spec.edition_key, lea, correct=False)
    host.apply_edition(replace(spec, revision=2, window=over))
    assert not answer(spec.edition_key, lea, correct=True)
    assert stored(spec.edition_key, lea) == Stored(is_enrolled=True, answers=1, score=0.0, completed=1)


def test_opening_again_takes_answers_again(host, make_edition, make_user, enrol, answer, running, over):
    lea = make_user()
    spec = make_edition(window=over)
    enrol(spec.edition_key, lea)
    host.apply_edition(replace(spec, revision=2, window=running))
    assert answer(spec.edition_key, lea)


def test_a_final_close_holds_for_the_team_too(make_edition, make_user, answer, over):
    cora = make_user("cora")
    spec = make_edition(window=over, team=(TeamGrant(cora.pk, TeamRole.SESSION_COACH),))
    assert not answer(spec.edition_key, cora)


def test_the_end_of_the_base_course_closes_no_running_edition(
    make_base_course, make_edition, make_user, enrol, can_read, answer, over
):
    lea = make_user()
    spec = make_edition(base_key=make_base_course(window=over))
    enrol(spec.edition_key, lea)
    assert (can_read(spec.edition_key, lea), answer(spec.edition_key, lea)) == (True, True)


def test_a_base_course_that_has_not_started_holds_no_running_edition_back(
    make_base_course, make_edition, make_user, enrol, can_read, answer, ahead
):
    lea = make_user()
    spec = make_edition(base_key=make_base_course(window=ahead))
    enrol(spec.edition_key, lea)
    assert (can_read(spec.edition_key, lea), answer(spec.edition_key, lea)) == (True, True)


def test_who_has_no_place_reads_nothing(make_edition, make_user, can_read):
    assert not can_read(make_edition().edition_key, make_user("stranger"))
