"""What somebody teaches, and who in it needs attention: counts for lists, names for one session."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.attention import Attention
from cohort_sessions.data import SYSTEM, Actor, Joining, Lock, TeamRole
from cohort_sessions.host import Person
from cohort_sessions.models import AdministratorScope, EditionResult
from cohort_sessions.queries.actors import load_team_actor
from cohort_sessions.queries.teaching import (
    EditionLearners,
    LearnerLine,
    SessionLearners,
    TaughtEdition,
    TaughtSession,
    session_learners,
    taught_sessions,
)
from cohort_sessions.timeline import Window
from tests.rows import copy_session
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
RUNNING = Window(NOW - 10 * DAY, NOW + 10 * DAY)
NOT_STARTED, BEHIND, CLOSING_SOON = Attention


def work(session, username: str, title_position: int, completed: int, **values) -> None:
    """Let a member have done so many of four blocks of the course at this place."""
    EditionResult.objects.create(
        member=session.members.get(user__username=username),
        edition=session.editions.get(position=title_position),
        completed=completed,
        completable=4,
        as_of=NOW,
        **values,
    )


@pytest.fixture
def crew(make_session, make_base_course, make_user, django_capture_on_commit_callbacks):
    """
    Two courses, half of whose time is over, and three learners; with them a member who was removed, one who coaches,
    and one whose account is not active. Ben coaches the session, Cleo the second course; Max asks for a place.
    """
    ana, _ben, cleo, dan, eve, fay, gus = (
        make_user(name) for name in ("ana", "ben", "cleo", "dan", "eve", "fay", "gus")
    )
    dan.first_name = "Dan Abel"
    dan.save()
    session = make_session(
        title="Crew",
        courses=[make_base_course(title="Tides"), make_base_course(title="Stars")],
        members=[ana, cleo, dan, eve, fay, gus],
        joining=Joining.APPROVAL.value,
    )
    api.assign_session_team(session, TeamRole.SESSION_COACH, ["ben"], actor=SYSTEM, now=NOW)
    api.assign_course_coaches(session.editions.get(position=1), ["cleo"], actor=SYSTEM, now=NOW)
    api.remove_members(session, ["fay"], actor=SYSTEM, now=NOW)
    gus.is_active = False
    gus.save()
    work(session, "ana", 0, 1)
    work(session, "ana", 1, 4)
    work(session, "dan", 1, 2)
    api.join_session(session, actor=api.load_actor(make_user("max"), now=NOW), now=NOW)
    return session


@pytest.fixture
def actor_named(django_user_model):
    """The actor of this username."""
    return lambda username: load_team_actor(django_user_model.objects.get(username=username))


def in_order(session) -> list:
    """The UUIDs of its courses."""
    return list(session.editions.order_by("position").values_list("uuid", flat=True))


def test_a_session_coach_counts_everything(crew, actor_named):
    tides, stars = in_order(crew)
    assert taught_sessions([crew.code], actor=actor_named("ben"), now=NOW) == {
        crew.code: TaughtSession(
            learners=3,
            requests=1,
            editions=(
                TaughtEdition(tides, {NOT_STARTED: 2, BEHIND: 1}),
                TaughtEdition(stars, {NOT_STARTED: 1}),
            ),
        )
    }


def test_a_course_coach_counts_what_is_theirs(crew, actor_named):
    _tides, stars = in_order(crew)
    assert taught_sessions([crew.code], actor=actor_named("cleo"), now=NOW) == {
        crew.code: TaughtSession(3, requests=0, editions=(TaughtEdition(stars, {NOT_STARTED: 1}),))
    }


def test_the_names_behind_the_counts(crew, actor_named, django_user_model):
    tides, stars = in_order(crew)
    ana, dan, eve = (
        LearnerLine(Person(user.pk, user.username, user.first_name or user.username), 0.0, RUNNING)
        for user in django_user_model.objects.filter(username__in=["ana", "dan", "eve"]).order_by("username")
    )
    behind = LearnerLine(ana.person, 0.25, RUNNING)
    stars_only = (EditionLearners(stars, {NOT_STARTED: (eve,)}),)
    everything = (EditionLearners(tides, {BEHIND: (behind,), NOT_STARTED: (dan, eve)}), *stars_only)
    found = {name: session_learners(crew.code, actor=actor_named(name), now=NOW) for name in ("ben", "cleo")}
    assert found == {"ben": SessionLearners(3, 1, everything), "cleo": SessionLearners(3, 0, stars_only)}


def test_learners_and_strangers_get_nothing(crew, actor_named, make_user):
    make_user("sam")
    for name in ("ana", "sam", "fay"):
        actor = actor_named(name)
        assert taught_sessions([crew.code], actor=actor, now=NOW) == {}
        assert session_learners(crew.code, actor=actor, now=NOW) is None


def test_nothing_of_another_session(crew, actor_named, make_session, make_base_course, make_user):
    other = make_session(title="Other", courses=[make_base_course()], members=[make_user("zoe")])
    found = taught_sessions([crew.code, other.code], actor=actor_named("ben"), now=NOW)
    assert list(found) == [crew.code]
    assert session_learners(other.code, actor=actor_named("ben"), now=NOW) is None


def test_a_wider_administrator_counts_everything_of_what_is_asked(crew, actor_named, make_user):
    AdministratorScope.objects.create(user=make_user("ada"), organisation="", assigned_at=NOW)
    asked = {"actor": actor_named("ada"), "now": NOW}
    assert taught_sessions([crew.code], **asked) == taught_sessions([crew.code], actor=actor_named("ben"), now=NOW)


def test_who_may_not_decide_about_requests_counts_none(crew, actor_named):
    api.set_locks(crew, {Lock.ENROLMENT: "The list is closed."}, actor=SYSTEM, now=NOW)
    (found,) = taught_sessions([crew.code], actor=actor_named("ben"), now=NOW).values()
    assert (found.learners, found.requests) == (3, 0)


def test_ones_own_time_counts(crew, actor_named):
    """Ana has ten days more, and is not behind a third of the way; Dan's time ends in six days."""
    api.set_member_dates(crew, ["ana"], extra_days=30, reason="Ill", actor=SYSTEM, now=NOW)
    api.set_member_dates(crew, ["dan"], closes_at=NOW + 6 * DAY, reason="Leaves", actor=SYSTEM, now=NOW)
    tides, stars = in_order(crew)
    (found,) = taught_sessions([crew.code], actor=actor_named("ben"), now=NOW).values()
    assert found.editions == (
        TaughtEdition(tides, {NOT_STARTED: 2, CLOSING_SOON: 1}),
        TaughtEdition(stars, {NOT_STARTED: 1, BEHIND: 1, CLOSING_SOON: 1}),
    )
    named = session_learners(crew.code, actor=actor_named("ben"), now=NOW)
    assert [
        {reason: [line.person.username for line in lines] for reason, lines in each.lines.items()}
        for each in named.editions
    ] == [
        {NOT_STARTED: ["dan", "eve"], CLOSING_SOON: ["dan"]},
        {NOT_STARTED: ["eve"], BEHIND: ["dan"], CLOSING_SOON: ["dan"]},
    ]


def test_a_course_that_left_or_is_not_there_yet_blames_nobody(crew, actor_named):
    """And Cleo, whose course left, learns in the other like everybody."""
    tides, _stars = in_order(crew)
    crew.editions.filter(position=0).update(applied_revision=0)
    crew.editions.filter(position=1).update(withdrawn_at=NOW)
    (found,) = taught_sessions([crew.code], actor=actor_named("ben"), now=NOW).values()
    assert found == TaughtSession(4, 1, (TaughtEdition(tides, {}),))


@pytest.mark.parametrize("count", [1, 3])
def test_two_queries_whatever_the_number_of_sessions(count, crew, actor_named, django_assert_num_queries):
    codes = [crew.code] + [copy_session(crew, number).code for number in range(1, count)]
    copy_session(crew, count)
    actor = actor_named("ben")
    with django_assert_num_queries(2):
        found = taught_sessions(codes, actor=actor, now=NOW)
    assert [(code, each.learners) for code, each in sorted(found.items())] == [(code, 3) for code in sorted(codes)]
    with django_assert_num_queries(2):
        session_learners(crew.code, actor=actor, now=NOW)
    with django_assert_num_queries(0):
        assert taught_sessions(codes, actor=Actor(user_id=0), now=NOW) == {}
