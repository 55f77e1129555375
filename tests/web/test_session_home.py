"""The home of one session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cohort_sessions import api
from cohort_sessions.models import AdministratorScope, EditionResult
from tests.web.conftest import Page, signed_in

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
FACTS = "//dl/div"


def home_of(session) -> str:
    """Its address."""
    return reverse("cohort_sessions:session_home", args=[session.code])


@pytest.fixture
def crew(make_user, make_base_course, make_session, now):
    """A running session of two courses with one learner, a session coach, a course coach and an administrator."""
    tides, stars = make_base_course(title="Tides"), make_base_course(title="Stars")
    return make_session(
        "Crew",
        courses=[tides, stars],
        members=[make_user("lea")],
        administrators=[make_user("greta")],
        session_coaches=[make_user("ben")],
        coaches={stars: [make_user("cleo")]},
        description="We sail.\n\nBring a coat.",
        organisation="Sea",
        opens_at=datetime(2020, 1, 1, tzinfo=UTC),
        closes_at=None,
    )


def test_what_a_learner_sees(crew, visit, django_user_model):
    page = visit(home_of(crew), django_user_model.objects.get(username="lea"))
    assert page.words("//h1") == ["Crew"]
    assert page.words("//section[contains(@class, 'cs-prose')]/p") == ["We sail.", "Bring a coat."]
    assert page.words("//li[@class='cs-course']") == [
        "T Tides Start Tides",
        "S Stars Taught by cleo Start Stars",
    ]
    assert page.words("//li[@class='cs-person']") == [
        "G greta Session administrator",
        "B ben Session coach",
        "C cleo Course coach: Stars",
    ]
    assert page.words(FACTS) == ["Dates From Jan. 1, 2020", "Time zone UTC", "Organisation Sea"]
    assert page.links("//p[@class='cs-back']") == {"My sessions": reverse("cohort_sessions:my_sessions")}
    assert page.words("//div[contains(@class, 'cs-notice')]") == []


def test_a_result_says_how_old_it_is(crew, visit, django_user_model):
    as_of = datetime(2026, 1, 1, 12, tzinfo=UTC)
    place, tides = crew.members.get(), crew.editions.first()
    EditionResult.objects.create(member=place, edition=tides, completed=1, completable=4, as_of=as_of)
    page = visit(home_of(crew), django_user_model.objects.get(username="lea"))
    assert page.words("//li[@class='cs-course']")[0] == "T Tides 25% done 25% As of Jan. 1, 2026, noon UTC Resume Tides"


def test_the_team_sees_how_many_members_there_are_and_what_they_are_themselves(crew, visit, django_user_model):
    page = visit(home_of(crew), django_user_model.objects.get(username="ben"))
    assert page.words(FACTS)[-1] == "Members 1"
    assert page.words("//ul[@class='cs-badges']/li") == ["Session coach"]
    assert page.words("//li[@class='cs-course']") == ["T Tides Open Tides", "S Stars Taught by cleo Open Stars"]


def test_an_administrator_of_the_organisation_reads_what_could_not_be_prepared(crew, visit, make_user, now):
    ada = make_user("ada")
    AdministratorScope.objects.create(user=ada, organisation="Sea", assigned_at=now)
    crew.editions.filter(position=1).update(apply_error="outline: no structure", applied_revision=0)
    lines = visit(home_of(crew), ada).words("//li[@class='cs-course']")
    assert lines[1] == "S Stars Taught by cleo Could not be prepared outline: no structure"


def test_a_session_that_is_to_come_says_when_it_opens(visit, make_user, make_base_course, make_session, reads_in):
    lea = make_user("lea")
    reads_in(lea, "America/New_York")
    opens = datetime(2100, 1, 1, tzinfo=UTC)
    session = make_session("Crew", courses=[make_base_course()], members=[lea], opens_at=opens, closes_at=None)
    page = visit(home_of(session), lea)
    assert page.words("//div[contains(@class, 'cs-notice')]/*") == [
        "This session has not opened yet",
        "Its courses open on Dec. 31, 2099, 7 p.m. EST.",
    ]
    assert page.words("//li[@class='cs-course']") == ["T Tides"]


def test_a_cancelled_session_says_why(crew, visit, django_user_model, now):
    api.cancel_session(crew, reason="The slipway is closed.", actor=api.SYSTEM, now=now)
    page = visit(home_of(crew), django_user_model.objects.get(username="lea"))
    assert page.words("//div[contains(@class, 'cs-notice')]/*") == [
        "This session was cancelled",
        "The slipway is closed.",
    ]
    assert page.words("//ul[@class='cs-badges']/li") == ["Cancelled"]


def test_who_was_moved_here_reads_what_they_earned_before(visit, make_user, make_base_course, make_session, now):
    lea, tides, stars = make_user("lea"), make_base_course(title="Tides"), make_base_course(title="Stars")
    first, second, third, other = (
        make_session(title, courses=[tides, stars], members=members)
        for title, members in (("First", [lea]), ("Second", []), ("Third", []), ("Other", [lea]))
    )
    for session in (first, other):
        EditionResult.objects.create(
            member=session.members.get(),
            edition=session.editions.get(base_key=tides),
            grade=0.8,
            passed=True,
            letter="Pass",
            completed=3,
            completable=4,
            as_of=datetime(2026, 1, 1, 12, tzinfo=UTC),
        )
    for number, (origin, destination, reason) in enumerate([(first, second, "Fell ill."), (second, third, "Is back.")]):
        moment = datetime(2026, 2, 1 + number, 9, tzinfo=UTC)
        api.move_members(origin, destination, ["lea"], reason=reason, actor=api.SYSTEM, now=moment)
    earlier = "//section[starts-with(@aria-labelledby, 'cs-earlier')]"
    assert visit(home_of(third), lea).words(f"{earlier}/*") == [
        "Before, in “Second”",
        "You were moved here on Feb. 2, 2026, 9 a.m. UTC: Is back.",
        "You had no results there.",
        "Before, in “First”",
        "You were moved here on Feb. 1, 2026, 9 a.m. UTC: Fell ill.",
        "Tides 75% done Passed, 80% 75% As of Jan. 1, 2026, noon UTC",
    ]
    assert visit(home_of(other), lea).words(earlier) == []


def test_strangers_learn_nothing(crew, make_user):
    """The same 404 as for a session that does not exist."""
    browser = signed_in(make_user("sam"))
    missing = browser.get(reverse("cohort_sessions:session_home", args=["no-such-session"]))
    refused = browser.get(home_of(crew))
    assert [missing.status_code, refused.status_code] == [404, 404]
    # All but the token of the form in the host's header is the same.
    assert Page(refused.content.decode()).words("//html") == Page(missing.content.decode()).words("//html")


def test_nobody_is_sent_to_sign_in(crew):
    response = Client().get(home_of(crew))
    assert (response.status_code, response.url) == (302, f"{reverse('sandbox:sign_in')}?next={home_of(crew)}")


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(
    count, make_user, make_base_course, make_session, django_assert_num_queries
):
    lea = make_user("lea")
    people = [make_user(f"coach{number}") for number in range(count)]
    courses = [make_base_course() for _ in range(count)]
    session = make_session(
        courses=courses, members=[lea], session_coaches=people, coaches=dict.fromkeys(courses, people)
    )
    make_session("Another", courses=courses, members=[lea])
    browser = signed_in(lea)
    with django_assert_num_queries(14):
        content = browser.get(home_of(session)).content.decode()
    assert content.count('class="cs-course"') == count
    assert "Another" not in content
