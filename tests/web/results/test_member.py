"""One member's results."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cohort_sessions.models import ActiveDay, EditionResult
from tests.web.conftest import signed_in
from tests.web.kit import address
from tests.web.results.kit import DAY, THEN, edition

pytestmark = pytest.mark.django_db(databases="__all__")


class TestMember:
    """One member's results."""

    @pytest.fixture
    def told(self, crew):
        """What the platform says since of Ana's result in Tides, a certificate, and the days on which she worked."""
        row = EditionResult.objects.filter(edition=edition(crew), member__user__username="ana")
        later = {"grade": 0.9, "letter": "", "completed": 4, "passed": False, "as_of": THEN.isoformat()}
        row.update(later=later, certified_at=THEN + DAY)
        place = crew.members.get(user__username="ana")
        for back in (0, 3, 100):
            day = (datetime.now(UTC) - back * DAY).date()
            ActiveDay.objects.create(member=place, edition=edition(crew), day=day)
        return crew

    def test_each_course_with_all_there_is(self, told, people, visit):
        page = visit(address("member_results", told, username="ana"), people["ben"])
        assert page.words("//h1") == ["Results of ana"]
        assert page.words("//h2") == ["Tides", "Stars"]
        tides = "//section[h2='Tides' or .//h2='Tides']"
        assert page.words(f"{tides}//ul[@class='cs-badges']/li") == ["Passed", "Final"]
        assert page.words(f"{tides}//dl/div") == [
            "Grade 80%",
            "Letter A",
            "Passed Jan. 9, 2026, 9 a.m. UTC",
            "Done 3 of 4 parts",
            "First activity Jan. 5, 2026, 9 a.m. UTC",
            "Last activity Jan. 9, 2026, 9 a.m. UTC",
            "Active days 3",
            "Final since Jan. 10, 2026, 9 a.m. UTC",
            "Certificate Jan. 11, 2026, 9 a.m. UTC",
            "As of Jan. 10, 2026, 9 a.m. UTC",
        ]
        assert page.words(f"{tides}//div[@class='cs-record__later']/p") == [
            "Grade 90%. No letter. Not passed. 100% done. As of Jan. 10, 2026, 9 a.m. UTC.",
            "The final result above stays as it is.",
        ]
        assert page.words(f"{tides}//div[@role='region']//tr") == [
            "SectionPointsShare",
            "Homework2.5 of 4",
            "Ebb1.5 of 275%",
            "Flow1 of 250%",
            "Exam5 of 5",
            "Moon5 of 5100%",
        ]
        assert page.words(f"{tides}//div[@class='cs-record__policy']//tbody/tr") == [
            "Homework40%1",
            "Exam60%0",
            "A80% and more",
            "Pass50% and more",
        ]
        stars = "//section[h2='Stars' or .//h2='Stars']"
        assert page.words(f"{stars}//ul[@class='cs-badges']/li") == ["Active"]
        assert page.words(f"{stars}//dl/div") == [
            "Grade Nothing is graded",
            "Passed No",
            "Done 2 of 4 parts",
            "First activity Jan. 10, 2026, 9 a.m. UTC",
            "Last activity Jan. 11, 2026, 9 a.m. UTC",
            "Final since Not final",
            "As of Jan. 12, 2026, 9 a.m. UTC",
        ]
        assert page.words(f"{stars}//h3") == []

    def test_the_strip_of_the_last_twelve_weeks(self, told, people, visit):
        page = visit(address("member_results", told, username="ana"), people["ben"])
        (strip,) = page.tree.xpath("//div[@class='cs-strip__weeks']")
        assert (strip.get("role"), strip.get("aria-label")) == ("img", "Active on 2 days of the last 12 weeks.")
        assert [len(week) for week in strip] == [7] * 12
        looks = [day.get("class").rpartition("--")[2] for week in strip for day in week]
        today = len(looks) - looks[::-1].index("active") - 1
        assert [place for place, look in enumerate(looks) if look == "active"] == [today - 3, today]
        assert set(looks[today + 1 :]) <= {"ahead"}
        assert "ahead" not in looks[:today]
        assert len(page.words("//ul[@class='cs-strip__days']/li")) == 3

    def test_who_did_nothing(self, crew, people, visit):
        page = visit(address("member_results", crew, username="eve"), people["ben"])
        assert page.words("//section/p[@class='cs-record__none']") == ["They have not worked in this course."] * 2

    def test_a_former_member(self, crew, people, visit):
        page = visit(address("member_results", crew, username="tom"), people["ben"])
        assert page.words("//ul[@class='cs-badges']/li") == ["Former member", "Passed", "Not started"]

    def test_a_course_coach_sees_their_own_course_alone(self, told, people, visit):
        page = visit(address("member_results", told, username="ana"), people["cleo"])
        assert page.words("//h2") == ["Stars"]

    def test_when_it_became_final_and_was_opened_again(self, decided, people, visit, now):
        page = visit(address("member_results", decided, username="ana"), people["greta"])
        assert [line.split(", by ")[-1] for line in page.words("//ol/li")] == ["itself", "greta", "itself"]
        assert page.words("//ol/li//p[@class='cs-history__what']") == ["Made final", "Opened again", "Made final"]
        assert page.words("//ol/li[2]//p[@class='cs-history__why']") == ["An appeal."]

    @pytest.mark.parametrize("username", ["sam", "nobody", "ben"])
    def test_who_never_had_a_place_is_not_found(self, username, crew, people):
        assert signed_in(people["ben"]).get(address("member_results", crew, username=username)).status_code == 404

    def test_there_and_back(self, crew, people, visit):
        results, member = (address(page, crew, username="ana") for page in ("member_results", "member"))
        assert visit(results, people["ben"]).links("//p[contains(@class, 'cs-actions')]") == {
            "Their dates and history": member,
            "Results of everybody": address("results", crew),
        }
        assert visit(member, people["ben"]).links("//section[@aria-labelledby='cs-results']") == {
            "All about their results": results
        }

    def test_pages_of_the_platform(self, crew, people, visit, monkeypatch):
        from cohort_sessions.host import LearnerPage
        from sandbox.host import SandboxHost

        found = {LearnerPage.GRADEBOOK: "/gradebook", LearnerPage.STUDENT_ADMIN: "/dashboard#view-student_admin"}
        monkeypatch.setattr(SandboxHost, "learner_pages", lambda _host, _key, _person: found)
        page = visit(address("member_results", crew, username="ana"), people["cleo"])
        assert page.links("//ul[@class='cs-record__pages']") == {
            "Gradebook, Stars": "/gradebook",
            "Reset or rescore their work, Stars": "/dashboard#view-student_admin",
        }
