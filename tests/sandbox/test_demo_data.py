"""``manage.py demo_data`` tells the whole story, and tells it again unchanged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from cohort_sessions import api, models
from cohort_sessions.queries.actors import load_team_actor
from cohort_sessions.queries.teaching import taught_sessions
from cohort_sessions.timeline import Phase
from sandbox import models as host_models
from sandbox.demo.cast import CHARACTERS, CLASS
from sandbox.demo.stage import perform, set_stage

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 14, 15, 9, tzinfo=UTC)


@pytest.fixture
def play(committed):
    """The whole demo, as made on the day of `now`."""

    def play_on(now) -> None:
        for act in (set_stage, perform):
            with committed():
                act(now=now)

    return play_on


@pytest.fixture
def played(play):
    play(NOW)


def snapshot() -> dict[str, list]:
    """Every row that the demo makes, as comparable values; moments of bookkeeping and revisions left out."""
    passing = {"modified_at", "as_of", "applied_at", "wanted_revision", "applied_revision"}
    tables = [
        models.CohortSession,
        models.SessionCategory,
        models.CourseEdition,
        models.ParallelGroup,
        models.SessionPrerequisite,
        models.JoinRequest,
        models.Member,
        models.SessionTeamMember,
        models.EditionCoach,
        models.EditionResult,
        models.Announcement,
        models.Material,
        *(getattr(host_models, name) for name in ("CourseRun", "Edition", "Enrolment", "CourseRole", "Persona")),
        *(getattr(host_models, name) for name in ("BlockState", "Score", "Completion")),
    ]
    return {
        table.__name__: [
            {name: value for name, value in row.items() if name not in passing}
            for row in table.objects.order_by("pk").values()
        ]
        for table in tables
    }


def test_lea_takes_one_course_in_two_sessions_with_two_results(played):
    results = models.EditionResult.objects.filter(member__user__username="lea").order_by("edition__session__code")
    assert [
        (row.edition.session.code, str(row.edition.base_key), row.grade, row.passed, row.completed, row.completable)
        for row in results
    ] == [
        ("crew-a", "course-v1:Harbourside+NAV101+2026", 1.0, True, 10, 10),
        ("crew-b", "course-v1:Harbourside+NAV101+2026", 0.4, False, 6, 10),
    ]


def test_everybody_sees_their_sessions(played, django_user_model):
    people = django_user_model.objects.filter(username__in=["lea", "nadia", "felix", "sam"])
    seen = {user.username: api.my_sessions(user.pk, now=NOW).counts for user in people}
    assert seen == {
        "lea": {Phase.PAST: 1, Phase.CURRENT: 2, Phase.UPCOMING: 1},
        "nadia": {Phase.PAST: 1, Phase.CURRENT: 3, Phase.UPCOMING: 1},
        "felix": {Phase.PAST: 0, Phase.CURRENT: 1, Phase.UPCOMING: 0},
        "sam": {Phase.PAST: 0, Phase.CURRENT: 0, Phase.UPCOMING: 0},
    }


def test_a_coach_has_somebody_to_look_after(played, django_user_model):
    nadia = load_team_actor(django_user_model.objects.get(username="nadia"))
    (pilots,) = taught_sessions(["harbour-pilots"], actor=nadia, now=NOW).values()
    counts = [{reason.value: number for reason, number in edition.counts.items()} for edition in pilots.editions]
    assert (pilots.learners, counts) == (
        14,
        [{"not_started": 11, "behind": 2, "closing_soon": 13}, {"not_started": 13, "behind": 1, "closing_soon": 14}],
    )


def test_lea_resumes_where_she_stopped(play, now, client, django_user_model):
    play(now)
    edition = models.CourseEdition.objects.get(session__code="crew-b", position=0)
    client.force_login(django_user_model.objects.get(username="lea"))
    response = client.get(reverse("sandbox:resume", args=[edition.edition_key]))
    assert response.url == reverse("sandbox:unit", args=[edition.edition_key, "range"])


def test_a_newcomer_finds_something_announced_and_something_to_have(play, now, client, django_user_model):
    play(now)
    client.force_login(django_user_model.objects.get(username="lea"))
    page = client.get(reverse("cohort_sessions:session_home", args=["crew-b"])).content.decode()
    for words in ("We meet at the slipway", "<strong>8:00</strong>", "Link to example.com", "TXT file, 54 bytes"):
        assert words in page.replace("\xa0", " ")


def test_every_edition_is_ready(played):
    assert models.CourseEdition.objects.count() == 17
    assert {edition.state for edition in models.CourseEdition.objects.all()} == {"ready"}


def test_playing_it_again_changes_nothing(played, play):
    before = snapshot()
    play(NOW)
    assert snapshot() == before


def test_what_is_announced_follows_the_day(played, play):
    before = models.Announcement.objects.get().published_from
    play(NOW + timedelta(days=90))
    assert models.Announcement.objects.get().published_from == before + timedelta(days=90)


def test_on_another_day_the_dates_follow_and_the_work_stays(played, play):
    def dates() -> dict[str, tuple]:
        return {row.code: (row.opens_at, row.closes_at) for row in models.CohortSession.objects.all()}

    before, work = dates(), snapshot()["Score"]
    play(NOW + timedelta(days=90))
    moved = {code: tuple(moment and moment + timedelta(days=90) for moment in pair) for code, pair in before.items()}
    assert dates() == moved
    assert snapshot()["Score"] == work


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_command_says_whom_to_be_and_what_to_look_at():
    out = StringIO()
    call_command("demo_data", stdout=out)
    text = out.getvalue()
    assert [character.name for character in CHARACTERS if f"{character.name}, " not in text] == []
    assert [line.split(" (")[0].strip() for line in text.splitlines()[-2:]] == [
        "Crew A: 100%, 10 of 10 done",
        "Crew B: 40%, 6 of 10 done",
    ]


def test_the_sign_in_page_offers_everybody(played, client, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = client.get(reverse("sandbox:sign_in")).content.decode()
    assert [character.name for character in CHARACTERS if character.name not in page] == []


def test_a_class_waits_to_be_enrolled(played, client, django_user_model):
    """Accounts in no session and no list of the sign-in page, who are signed in by username."""
    learners = django_user_model.objects.filter(username__in=[username for username, _name in CLASS])
    assert {user.username: user.first_name for user in learners} == dict(CLASS)
    assert not models.Member.objects.filter(user__in=learners).exists()
    assert not host_models.Persona.objects.filter(user__in=learners).exists()
    answer = client.post(reverse("sandbox:sign_in"), {"username": "aino"})
    assert (answer.url, client.session["_auth_user_id"]) == ("/", str(learners.get(username="aino").pk))
    assert client.post(reverse("sandbox:sign_in"), {"username": "nobody"}).status_code == 404
