"""The team goes in before the opening and after the closing as the team window says; a bounded one bounds it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.platform.sessions import create_session, edition_key
from tests.platform.windows import HANDED_IN, give_dates, inside, knock, not_taken, read, refused, unknown

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.usefixtures("every_api")]

AHEAD, OVER = {"opens": 5, "closes": 10}, {"opens": -10, "closes": -1}
# The platform counts what people complete where they are enrolled, and coaches are not.
UNCOUNTED = {"completion": 400}
IN, READING = (inside(), HANDED_IN | UNCOUNTED), (inside(), not_taken("session-read-only"))
TOO_EARLY = (refused("session-not-open-yet"), not_taken("session-not-open-yet"))


def days(**numbers):
    return {name: timezone.now() + timedelta(days=number) for name, number in numbers.items()}


@pytest.mark.parametrize(
    ("state", "team_window", "coach", "learner"),
    [
        (AHEAD, {}, IN, TOO_EARLY),
        (AHEAD, {"team_opens_at": -1}, IN, TOO_EARLY),
        (AHEAD, {"team_opens_at": 2}, TOO_EARLY, TOO_EARLY),
        (OVER, {}, IN, READING),
        (OVER, {"team_closes_at": 3}, IN, READING),
        (OVER, {"team_closes_at": -0.5}, READING, READING),
    ],
)
def test_coaches_and_learners(state, team_window, coach, learner, base_key, make_user, signed_in):
    lea, cora = make_user("lea"), make_user("cora")
    key = edition_key(create_session(base_key, members=[lea], coaches=[cora], **state, **days(**team_window)))
    clients = {"lea": signed_in(lea), "cora": signed_in(cora)}
    seen = {name: knock(client, key, name) for name, client in clients.items()}
    assert seen == {"lea": learner, "cora": coach}


def test_where_learners_see_nothing_any_more_the_team_does_until_its_own_end(base_key, make_user, signed_in):
    lea, cora, cleo = make_user("lea"), make_user("cora"), make_user("cleo")
    running = create_session(base_key, members=[lea], coaches=[cora], **OVER, after_close="hidden")
    over = create_session(
        base_key,
        title="Autumn",
        members=[lea],
        coaches=[cleo],
        **OVER,
        after_close="hidden",
        **days(team_closes_at=-0.5),
    )
    assert read(signed_in(lea), edition_key(running), "lea") == unknown()
    assert read(signed_in(cora), edition_key(running), "cora") == inside()
    assert read(signed_in(cleo), edition_key(over), "cleo") == refused("session-ended")


def test_a_coach_who_learns_as_well_has_the_wider_of_both(base_key, make_user, signed_in):
    cora, cleo = make_user("cora"), make_user("cleo")
    session = create_session(base_key, members=[cora], coaches=[cora, cleo], **AHEAD, **days(team_opens_at=2))
    give_dates(session, cora, opens=-1)
    key = edition_key(session)
    assert read(signed_in(cora), key, "cora") == inside()
    assert read(signed_in(cleo), key, "cleo") == refused("session-not-open-yet")
