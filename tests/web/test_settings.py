"""What a session is called and how it stands, as its administrators change it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM
from cohort_sessions.models import AdministratorScope, CohortSession, SessionCategory
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, address, errors, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")

CHECKS = "//ul[@class='cs-needs__list']/li"
STEPS = "//section[@aria-labelledby='cs-status']"


@pytest.fixture
def people(make_user, now):
    """Greta administers one session, olga all of the organisation Sea."""
    found = {name: make_user(name) for name in ("greta", "olga", "ben", "lea", "sam")}
    AdministratorScope.objects.create(user=found["olga"], organisation="Sea", assigned_at=now)
    return found


@pytest.fixture
def crew(people, make_base_course, make_session):
    return make_session(
        "Crew",
        courses=[make_base_course(title="Stars")],
        members=[people["lea"]],
        administrators=[people["greta"]],
        session_coaches=[people["ben"]],
        organisation="Sea",
    )


def status(session) -> str:
    return CohortSession.objects.get(pk=session.pk).status


class TestSettings:
    def test_words_are_saved(self, crew, people, visit):
        term = SessionCategory.objects.create(name="Term")
        url = address("settings", crew)
        data = filled(visit(url, people["greta"]))
        assert {name: data[name] for name in ("title", "organisation", "description")} == {
            "title": "Crew",
            "organisation": "Sea",
            "description": "",
        }
        response, page = send(
            url, people["greta"], **data | {"title": " New crew ", "category": " term ", "description": "Bring a rope."}
        )
        assert (response.redirect_chain, page.words(NOTICE)) == ([(url, 302)], ["Saved"])
        crew.refresh_from_db()
        assert (crew.title, crew.category, crew.description, crew.organisation) == (
            "New crew",
            term,
            "Bring a rope.",
            "Sea",
        )

    def test_a_category_is_chosen_or_made_by_its_name(self, crew, people, visit):
        term = SessionCategory.objects.create(name="Summer Term")
        url = address("settings", crew)

        def category_after(name):
            page = visit(url, people["greta"])
            send(url, people["greta"], **filled(page) | {"category": name})
            return CohortSession.objects.select_related("category").get(pk=crew.pk).category

        assert visit(url, people["greta"]).tree.xpath("//datalist[@id='cs-categories']/option/@value") == [
            "Summer Term"
        ]
        assert [category_after(name) for name in ("summer  TERM", "Summer Term")] == [term, term]
        assert filled(visit(url, people["greta"]))["category"] == "Summer Term"
        assert category_after("Night school").name == "Night school"
        assert category_after("") is None
        assert list(SessionCategory.objects.values_list("name", flat=True)) == ["Night school", "Summer Term"]

    def test_no_category_is_made_where_the_rest_is_not_saved(self, crew, people, visit, now):
        url = address("settings", crew)
        data = filled(visit(url, people["greta"])) | {"category": "Night school"}
        api.edit_session(crew, title="Theirs", actor=SYSTEM, now=now + timedelta(seconds=9))
        for wrong in ({}, {"title": ""}, {"organisation": "Sky"}, {"category": "x" * 101}):
            send(url, people["greta"], **data | wrong)
            assert SessionCategory.objects.count() == 0

    def test_a_title_is_asked_for(self, crew, people, visit):
        url = address("settings", crew)
        _response, page = send(url, people["greta"], **filled(visit(url, people["greta"])) | {"title": " "})
        assert errors(page) == {"title": "This field is required."}

    @pytest.mark.parametrize(
        ("who", "organisation", "refusal"),
        [
            ("greta", "Sky", "Choose an organisation whose sessions you administer."),
            ("olga", "Sky", "Choose an organisation whose sessions you administer."),
            ("olga", "Sea", None),
            ("greta", "Sea", None),
        ],
    )
    def test_a_session_goes_only_where_one_administers(self, who, organisation, refusal, crew, people, visit):
        url = address("settings", crew)
        data = filled(visit(url, people[who])) | {"organisation": organisation}
        _response, page = send(url, people[who], **data)
        assert errors(page) == ({"organisation": refusal} if refusal else {})
        assert CohortSession.objects.get(pk=crew.pk).organisation == "Sea"

    def test_whoever_saves_second_is_told_and_overwrites_nothing(self, crew, people, visit, now):
        url = address("settings", crew)
        data = filled(visit(url, people["greta"])) | {"title": "Mine"}
        api.edit_session(crew, title="Theirs", actor=SYSTEM, now=now + timedelta(seconds=9))
        response, page = send(url, people["greta"], **data)
        assert response.status_code == 200
        assert page.words("//div[@role='alert']/h2") == ["This session was changed while you were editing"]
        assert CohortSession.objects.get(pk=crew.pk).title == "Theirs"
        send(url, people["greta"], **filled(page))
        assert CohortSession.objects.get(pk=crew.pk).title == "Mine"

    def test_for_whom_it_is(self, crew, people):
        pages = ("settings", "publish", "cancel", "archive", "restore")
        seen = {
            name: {signed_in(people[name]).get(address(page, crew)).status_code for page in pages} for name in people
        }
        assert seen == {"greta": {200}, "olga": {200}, "ben": {403}, "lea": {403}, "sam": {404}}

    def test_nothing_is_changed_by_those_for_whom_it_is_not(self, crew, people):
        for name in ("ben", "lea", "sam"):
            browser = signed_in(people[name])
            assert browser.post(address("cancel", crew), {"reason": "No."}).status_code in (403, 404)
            assert browser.post(address("settings", crew), {"title": "Mine"}).status_code in (403, 404)
        crew.refresh_from_db()
        assert (crew.title, crew.status) == ("Crew", "published")

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_same_queries_whatever_the_number_of_courses(
        self, count, people, make_base_course, make_session, django_assert_num_queries
    ):
        courses = [make_base_course(title=f"Course {number}") for number in range(count)]
        session = make_session("Draft", courses=courses, administrators=[people["greta"]], is_published=False)
        browser = signed_in(people["greta"])
        with django_assert_num_queries(11):
            browser.get(address("settings", session))


class TestPublishing:
    def test_a_draft_says_what_is_missing(self, people, make_session, visit):
        draft = make_session("Draft", administrators=[people["greta"]], opens_at=None)
        page = visit(address("settings", draft), people["greta"])
        no_course, no_dates, nobody = (
            "It has no course.",
            "It has no opening, or its closing is over: members would be let in at once, or never.",
            "It has no members, and nobody can join by themselves.",
        )
        assert page.words(CHECKS) == [
            f"{no_course} needed before publishing Go there: {no_course}",
            f"{no_dates} please look Go there: {no_dates}",
            f"{nobody} please look Go there: {nobody}",
        ]
        assert {"Publish…", "Cancel the session…", "Archive…"} <= set(page.links(STEPS))
        _response, page = send(address("publish", draft), people["greta"])
        assert "Add at least one course before publishing." in page.words("//div[@role='alert']/p")
        assert status(draft) == "draft"

    def test_what_is_in_order_is_said_too(self, people, make_base_course, make_session, visit, now, committed):
        with committed():
            ready = make_session(
                "Ready",
                courses=[make_base_course(title="Stars"), make_base_course(title="Tides")],
                members=[people["lea"]],
                administrators=[people["greta"]],
                coaches={},
                opens_at=now,
                is_published=False,
            )
        page = visit(address("publish", ready), people["greta"])
        assert page.words(CHECKS) == [
            "It has 2 courses.",
            "Every course is ready on the platform.",
            "It has dates, or a duration.",
            "Nobody teaches 2 courses. please look Go there: Nobody teaches 2 courses.",
            "It has members, or people can join.",
        ]
        response, page = send(address("publish", ready), people["greta"])
        assert response.redirect_chain == [(address("settings", ready), 302)]
        assert page.words(NOTICE) == ["The session is published"]
        assert (status(ready), list(page.links(STEPS))) == ("published", ["Cancel the session…", "Archive…"])
        assert page.words(CHECKS) == []


class TestPuttingAway:
    def test_cancelling_asks_why_and_can_be_undone(self, crew, people, visit):
        url = address("cancel", crew)
        assert "Nothing that anybody has done is lost, and it can be restored, but not the waiting list." in visit(
            url, people["greta"]
        ).words("//main//p")
        _response, page = send(url, people["greta"], reason=" ")
        assert errors(page) == {"reason": "This field is required."}
        _response, page = send(url, people["greta"], reason="Too few.")
        assert page.words(NOTICE) == ["The session is cancelled"]
        assert page.words("//section[@aria-labelledby='cs-status']/p[1]") == ["Cancelled Too few."]
        assert (status(crew), list(page.links(STEPS))) == ("cancelled", ["Restore…", "Archive…"])
        _response, page = send(address("restore", crew), people["greta"])
        assert (status(crew), page.words(NOTICE)) == ("published", ["The session is restored"])

    def test_archiving_and_restoring(self, crew, people):
        _response, page = send(address("archive", crew), people["greta"])
        assert (status(crew), list(page.links(STEPS))) == ("archived", ["Restore…"])
        send(address("restore", crew), people["greta"])
        assert status(crew) == "published"

    def test_a_step_that_is_not_possible_any_more_says_so(self, crew, people, visit):
        page = visit(address("restore", crew), people["greta"])
        assert page.words("//main//form//p")[0] == "The session is not in a state for this any more."
        assert page.words("//main//form//button") == []
        _response, page = send(address("restore", crew), people["greta"])
        assert page.words("//div[@role='alert']/p") == ["Only a session that is cancelled or archived can be restored."]
