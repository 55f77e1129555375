"""*My results*: what somebody earned in one session."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from cohort_sessions import api
from cohort_sessions.data import AfterClose
from cohort_sessions.host import SectionGrade
from cohort_sessions.models import CohortSession, EditionResult
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, ROWS, address

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
OPENS, CLOSES = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 3, 1, tzinfo=UTC)
BADGES = "//section[contains(@class, 'cs-earned')]//li[contains(@class, 'cs-badge')]"
FIGURES = "//dl[@class='cs-figures']/div"
FINALITY = "//p[@class='cs-earned__final']"
MEANING = "//p[@class='cs-earned__meaning']"


@pytest.fixture
def lea(make_user):
    user = make_user("lea")
    user.first_name = "Lea Brandt"
    user.save()
    return user


@pytest.fixture
def crew(lea, make_base_course, make_session):
    """A session of two courses that was over long ago."""
    courses = [make_base_course(title="Tides"), make_base_course(title="Stars")]
    return make_session("Crew", courses=courses, members=[lea], opens_at=OPENS, closes_at=CLOSES)


def earn(session, position: int = 0, **values) -> EditionResult:
    """What the ledger says of the session's one learner in the course at this place."""
    edition = session.editions.order_by("position")[position]
    given = {"completed": 1, "completable": 3, "as_of": datetime(2020, 2, 2, 9, 30, tzinfo=UTC)} | values
    return EditionResult.objects.create(member=session.members.get(), edition=edition, **given)


def test_a_final_result_to_its_sections_and_a_course_that_was_not_begun(crew, lea, visit):
    sections = [
        SectionGrade("quiz", "Quiz on tides", "Homework", 7.5, 10.0),
        SectionGrade("exam", "Exam", "Final exam", 20.0, 20.0),
    ]
    earn(
        crew,
        grade=0.875,
        letter="B",
        passed=True,
        passed_at=datetime(2020, 2, 1, 10, tzinfo=UTC),
        sections=[asdict(section) for section in sections],
        first_activity_at=datetime(2020, 1, 5, 8, tzinfo=UTC),
        last_activity_at=datetime(2020, 2, 1, 11, tzinfo=UTC),
        final_at=datetime(2020, 3, 31, 12, tzinfo=UTC),
        later={"grade": 0.1, "letter": "", "passed": False},
    )

    page = visit(address("my_results", crew), lea)

    assert page.words("//title") == ["My results | Crew"]
    assert page.words("//h1") == ["My results in “Crew”"]
    assert page.words("//p[@class='cs-head__note']") == ["Jan. 1, 2020 – Feb. 29, 2020"]
    assert page.words("//section//h2") == ["Tides", "Stars"]
    assert page.words(BADGES) == ["Passed", "Not started"]
    assert page.words(MEANING) == ["The passing line is reached.", "Nothing is done or graded."]
    assert page.words(FIGURES) == [
        "Grade 88% B",
        "Done 33% 1 of 3 33%",
        "Passed Feb. 1, 2020, 10 a.m. UTC",
        "First activity Jan. 5, 2020, 8 a.m. UTC",
        "Last activity Feb. 1, 2020, 11 a.m. UTC",
        "As of Feb. 2, 2020, 9:30 a.m. UTC",
    ]
    assert page.words(FINALITY) == [
        "Final since March 31, 2020, noon UTC: it stays as it is, whatever changes in the course later."
    ]
    assert page.words("//table/caption") == ["Graded sections of Tides"]
    assert page.words(f"{ROWS}/*") == [
        *("Quiz on tides", "Type Homework", "Points 7.5 of 10"),
        *("Exam", "Type Final exam", "Points 20 of 20"),
    ]
    assert page.words(NOTICE) == []


@pytest.mark.parametrize(
    ("values", "badge", "meaning", "passed"),
    [
        ({"grade": 0.5, "completed": 3}, "Active", "Under way, and up to date.", "Not so far"),
        (
            {"grade": 0.1},
            "Behind",
            "Under way; less of the course is done than of the time is over.",
            "Not so far",
        ),
        ({"completed": 0}, "Not started", "Nothing is done or graded.", "Not so far"),
        ({"grade": 0.9, "passed": True}, "Passed", "The passing line is reached.", "Yes"),
    ],
)
def test_how_somebody_stands_while_the_session_runs(
    values, badge, meaning, passed, lea, make_base_course, make_session, visit
):
    session = make_session(courses=[make_base_course()], members=[lea])
    earn(session, **values)
    page = visit(address("my_results", session), lea)
    assert [*page.words(BADGES), *page.words(MEANING)] == [badge, meaning]
    assert page.words(f"{FIGURES}[dt='Passed']/dd") == [passed]


def test_who_did_not_pass_is_told_so_without_alarm(crew, lea, visit):
    earn(crew, grade=0.2)
    page = visit(address("my_results", crew), lea)
    assert page.tree.xpath(f"{BADGES}/@class")[0] == "cs-badge cs-tone--neutral"
    assert page.words(BADGES)[0] == "Not passed"
    assert page.words(MEANING)[0] == "The course is over, and the passing line was not reached."
    assert page.words(f"{FIGURES}[dt='Passed']/dd") == ["No"]


def test_what_is_not_final_says_until_when(crew, lea, visit, now):
    earn(crew, grade=0.2)
    says = ["Not final: it follows what is done and graded in the course."]
    assert visit(address("my_results", crew), lea).words(FINALITY) == says
    ahead = datetime(2100, 1, 1, tzinfo=UTC)
    CohortSession.objects.update(opens_at=now - DAY, closes_at=ahead, results_final_after_days=31)
    (says,) = visit(address("my_results", crew), lea).words(FINALITY)
    until = "Feb. 1, 2100, midnight UTC"
    assert says == f"Not final yet: it follows what is done and graded until {until}, and stays as it is from then on."


def test_nothing_graded_and_nothing_to_do(crew, lea, visit):
    earn(crew, completed=0, completable=0)
    assert visit(address("my_results", crew), lea).words(FIGURES)[:2] == ["Grade Not graded", "Done 0% 0%"]


def test_two_sessions_and_the_base_course_are_three_results(
    lea, make_base_course, make_session, make_foreign_enrolment, answer, visit
):
    """As the platform tells them: the same answers, given in three places."""
    tides = make_base_course(title="Tides")
    right, wrong = (make_session(title, courses=[tides], members=[lea]) for title in ("Right", "Wrong"))
    make_foreign_enrolment(tides, lea)
    assert answer(right.editions.get().edition_key, lea)
    assert answer(wrong.editions.get().edition_key, lea, correct=False)
    assert answer(tides, lea)
    pages = [visit(address("my_results", session), lea) for session in (right, wrong)]
    assert [page.words(f"{FIGURES}[dt='Grade']") for page in pages] == [["Grade 100% Pass"], ["Grade 0%"]]
    assert [page.words(f"{ROWS}/*") for page in pages] == [
        ["Subsection", "Type Exercise", "Points 1 of 1"],
        ["Subsection", "Type Exercise", "Points 0 of 1"],
    ]
    assert "Wrong" not in pages[0].words()[0]


def test_a_moved_member_keeps_the_results_and_is_led_on(crew, lea, make_base_course, make_session, visit, now):
    other = make_session("Other", courses=[make_base_course()])
    earn(crew, grade=0.2)
    CohortSession.objects.filter(pk=crew.pk).update(closes_at=now + DAY)
    api.move_members(crew, other, ["lea"], reason="Works <nights>", actor=api.SYSTEM, now=now)
    left, there = (visit(address("my_results", session), lea) for session in (crew, other))
    title, text = left.words(NOTICE)
    assert title == "You have no place in this session any more"
    assert text.startswith("Moved to Other on ")
    assert text.endswith("What was earned until then stays. Reason: Works <nights>")
    assert left.links("//div[contains(@class, 'cs-notice')]") == {"Other": address("my_results", other)}
    assert left.words(f"{BADGES} | //ul[@class='cs-badges']/li[.='Moved']") == ["Moved", "Left before the end"]
    assert left.words(MEANING) == ["The place in this session ended with this course under way."]
    assert left.words("//section//h2") == ["Tides"]
    assert left.links("//p[@class='cs-back']") == {"My history": reverse("cohort_sessions:my_history")}
    (_period, came) = there.words("//p[@class='cs-head__note']")
    assert came.startswith("Moved here from Crew on ")
    assert came.endswith(": what was earned before is kept there.")
    assert there.links("//p[@class='cs-head__note']") == {"Crew": address("my_results", crew)}


def test_who_left_without_a_result_has_nothing_here(crew, lea, visit, now):
    api.remove_members(crew, ["lea"], actor=api.SYSTEM, now=now)
    page = visit(address("my_results", crew), lea)
    assert page.words("//h2") == ["You have no place in this session any more", "There are no results here"]


def test_years_later_when_the_session_is_hidden(crew, lea, visit):
    """Its own page is not found any more; the way back leads to where the person was."""
    earn(crew, grade=0.2)
    home = {"Crew": address("session_home", crew)}
    assert visit(address("my_results", crew), lea).links("//p[@class='cs-back']") == home
    CohortSession.objects.update(after_close=AfterClose.HIDDEN.value)
    assert signed_in(lea).get(address("session_home", crew)).status_code == 404
    page = visit(address("my_results", crew), lea)
    assert page.words(f"{FIGURES}[dt='Grade']") == ["Grade 20%"]
    assert page.links("//p[@class='cs-back']") == {"My history": reverse("cohort_sessions:my_history")}


def test_a_cancelled_session_says_why(crew, lea, visit, now):
    CohortSession.objects.update(closes_at=now + DAY)
    api.cancel_session(crew, reason="No wind.", actor=api.SYSTEM, now=now)
    page = visit(address("my_results", crew), lea)
    assert page.words(NOTICE) == ["This session was cancelled", "No wind."]


def test_nobody_else_finds_it_and_of_a_draft_nobody(crew, lea, make_user, make_base_course, make_session):
    draft = make_session("Draft", courses=[make_base_course()], members=[lea], is_published=False)
    admin = make_user("ada", is_staff=True)
    for url, user in (
        (address("my_results", crew), make_user("max")),
        (address("my_results", crew), admin),
        (address("my_results", draft), lea),
        (reverse("cohort_sessions:my_results", args=["no-such-session"]), lea),
    ):
        assert signed_in(user).get(url).status_code == 404


def test_paper_says_whose_it_is(crew, lea, visit):
    page = visit(address("my_results", crew), lea)
    name, printed = page.words("//dl[@class='cs-printed']/div")
    assert (name, printed[:8]) == ("Name Lea Brandt", "Printed ")
    assert page.tree.xpath("//dl[@class='cs-printed']//a") == []
    assert page.tree.xpath("//div[@data-print]/@hidden") != []


def test_hostile_words_stay_words(lea, make_base_course, make_session):
    hostile = "<script>alert(1)</script>"
    session = make_session(hostile, courses=[make_base_course()], members=[lea], organisation=hostile)
    section = asdict(SectionGrade("quiz", hostile, hostile, 1.0, 2.0))
    earn(session, grade=0.2, letter=hostile, sections=[section])
    for url in (address("my_results", session), reverse("cohort_sessions:my_history")):
        content = signed_in(lea).get(url).content.decode()
        assert "<script>" not in content
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content


@pytest.mark.parametrize("count", [1, 3])
def test_seven_queries_whatever_the_number_of_courses(
    count, lea, make_user, make_base_course, make_session, django_assert_num_queries
):
    """One each for the browser's session, the account and the time zone; four for the results."""
    courses = [make_base_course(title=f"Course {number}") for number in range(count)]
    session = make_session(courses=courses, members=[lea])
    for number in range(count):
        earn(session, number, grade=0.5)
    api.enrol_members(session, [make_user("max").username], actor=api.SYSTEM, now=session.opens_at)
    foreign = session.members.get(user__username="max")
    EditionResult.objects.create(
        member=foreign, edition=session.editions.first(), grade=0.99, as_of=session.opens_at, completed=0, completable=1
    )
    browser = signed_in(lea)
    with django_assert_num_queries(7):
        content = browser.get(address("my_results", session)).content.decode()
    assert (content.count("50%"), content.count("99%")) == (count, 0)
