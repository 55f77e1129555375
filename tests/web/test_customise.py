"""The pages on which a course is made a session's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from opaque_keys.edx.keys import UsageKey

from cohort_sessions import api
from cohort_sessions.data import Lock
from cohort_sessions.models import BlockCustomisation, CustomisationDraft
from sandbox.models import CourseRun
from sandbox.publishing import publish_course
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, ROWS, address, errors, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")

LINES = "//p[@class='cs-tree__line']"
DAY = timedelta(days=1)


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("greta", "ben", "cleo", "cosmo", "lea", "sam")}


@pytest.fixture
def due(now):
    return now.replace(microsecond=0) + 5 * DAY


@pytest.fixture
def base_key(make_base_course, due):
    return make_base_course(title="Tides", due=due)


@pytest.fixture
def crew(people, base_key, make_base_course, make_session, now):
    """Greta administers, ben coaches all of it, cleo the tides, cosmo the stars."""
    stars = make_base_course(title="Stars")
    session = make_session(
        "Crew",
        courses=[base_key, stars],
        members=[people["lea"]],
        administrators=[people["greta"]],
        session_coaches=[people["ben"]],
        coaches={base_key: [people["cleo"]], stars: [people["cosmo"]]},
    )
    for edition in session.editions.all():
        api.set_deadlines(edition, api.DeadlinePolicy.KEEP, actor=api.SYSTEM, now=now)
    return session


@pytest.fixture
def tides(crew, base_key):
    return crew.editions.get(base_key=base_key)


@pytest.fixture
def keys(base_key):
    """The section, the subsection and the unit, as forms send them."""
    blocks = {"section": "chapter", "subsection": "sequential", "unit": "vertical"}
    return {name: str(base_key.make_usage_key(kind, name)) for name, kind in blocks.items()}


@pytest.fixture
def url(crew, tides):
    return lambda page, **kwargs: address(page, crew, uuid=tides.uuid, **kwargs)


@pytest.fixture
def prepared(tides, keys, people, url):
    """Ben has prepared another name for the section and hidden the unit."""
    send(url("customise_block", block=keys["section"]), people["ben"], title="Week 1")
    send(url("customise"), people["ben"], block=[keys["unit"]], deed="hide")


def stored(edition) -> dict:
    rows = BlockCustomisation.objects.filter(edition=edition)
    return {(row.usage_key.block_type, row.field): row.value for row in rows}


def drafted(edition) -> dict:
    draft = CustomisationDraft.objects.filter(edition=edition).first()
    changes = draft.changes if draft else []
    return {(UsageKey.from_string(each["usage_key"]).block_type, each["field"]): each.get("value") for each in changes}


class TestTheCourses:
    @pytest.mark.parametrize(
        ("name", "courses"),
        [("greta", ["Tides", "Stars"]), ("ben", ["Tides", "Stars"]), ("cleo", ["Tides"]), ("cosmo", ["Stars"])],
    )
    def test_each_finds_those_they_may_customise(self, crew, people, visit, name, courses):
        page = visit(address("customise_courses", crew), people[name])
        assert page.words("//h2[@class='cs-move__title']") == courses

    def test_how_much_is_this_session_s_own(self, crew, tides, people, visit, prepared, url):
        send(url("customise_review"), people["ben"], seen=CustomisationDraft.objects.get().changed_at.isoformat())
        send(
            url("customise"),
            people["ben"],
            block=[str(tides.base_key.make_usage_key("chapter", "section"))],
            deed="hide",
        )
        page = visit(address("customise_courses", crew), people["ben"])
        assert page.words("//li[contains(@class, 'cs-move')]/p") == [
            "2 things are this session's own. 1 change is prepared",
            "As in the base course.",
        ]

    @pytest.mark.parametrize("name", ["lea", "sam"])
    def test_nobody_else(self, crew, people, name, url, keys):
        pages = [address("customise_courses", crew), url("customise"), url("customise_review")]
        pages.append(url("customise_block", block=keys["section"]))
        wanted = 403 if name == "lea" else 404
        assert [signed_in(people[name]).get(page).status_code for page in pages] == [wanted] * 4

    def test_a_course_coach_does_not_reach_the_other_course(self, crew, people, url, keys):
        pages = [url("customise"), url("customise_review"), url("customise_block", block=keys["section"])]
        assert {signed_in(people["cosmo"]).get(page).status_code for page in pages} == {403}


class TestTheOutline:
    def test_blocks_in_their_order_with_their_dates(self, people, visit, url, due):
        page = visit(url("customise"), people["ben"])
        assert page.words(LINES) == ["Section Section", "Subsection Subsection", "Unit Unit"]
        [note] = page.words("//p[@class='cs-tree__note']")
        assert note.startswith("Due ")
        assert page.tree.xpath("//p[@class='cs-tree__note']//time/@datetime") == [due.isoformat(timespec="minutes")]

    def test_what_is_prepared_is_seen_by_the_team_and_not_by_learners(
        self, people, visit, url, prepared, tides, outline_of
    ):
        page = visit(url("customise"), people["cleo"])
        assert page.words(LINES) == ["Week 1 Section Prepared", "Subsection Subsection", "Unit Unit Prepared Hidden"]
        assert page.words(NOTICE)[0] == "2 changes are prepared"
        assert page.words(NOTICE)[1].startswith("Learners do not see them yet.")
        assert page.words("//p[@class='cs-tree__note']")[0] == "“Section” in the base course"
        assert (outline_of(tides.edition_key, people["lea"]), stored(tides)) == (["Section", "Subsection"], {})

    def test_search_keeps_what_stands_around(self, people, visit, url):
        page = visit(f"{url('customise')}?search=subs", people["ben"])
        assert page.words(LINES) == ["Section Section", "Subsection Subsection"]
        assert page.words("//p[@class='cs-found']") == ["1 title matches “subs”. Clear search"]
        page = visit(f"{url('customise')}?search=%3Cb%3E", people["ben"])
        assert page.words(LINES) == []
        assert page.words("//p[@class='cs-found']") == ["0 titles match “<b>”. Clear search"]

    @pytest.mark.parametrize(("query", "is_open"), [("", True), ("?fold=all", False), ("?fold=none", True)])
    def test_folding(self, people, visit, url, query, is_open):
        page = visit(url("customise") + query, people["ben"])
        assert {each.get("open") is not None for each in page.tree.xpath("//details")} == {is_open}

    def test_hidden_above_is_said(self, people, visit, url, keys):
        send(url("customise"), people["ben"], block=[keys["section"]], deed="hide")
        page = visit(url("customise"), people["ben"])
        assert page.words(LINES) == [
            "Section Section Prepared Hidden",
            "Subsection Subsection Hidden with what it stands in",
            "Unit Unit Hidden with what it stands in",
        ]

    def test_the_number_of_queries_does_not_grow_with_the_course(self, people, visit, url, tides, keys, committed):
        browser, counts = signed_in(people["ben"]), []
        for _time in range(2):
            send(url("customise"), people["ben"], block=list(keys.values()), deed="hide")
            with CaptureQueriesContext(connection) as queries:
                browser.get(url("customise"))
            counts.append(len(queries))
            run = CourseRun.objects.get(course_key=tides.base_key)
            more = "".join(f'<chapter url_name="more{n}" display_name="More {n}"/>' for n in range(40))
            with committed():
                publish_course(run.olx.replace("</course>", f"{more}</course>"))
        assert counts == [18, 18]


class TestManyAtOnce:
    def test_a_week_later(self, people, url, keys, tides, due):
        response, page = send(url("customise"), people["ben"], block=list(keys.values()), deed="shift", days="7")
        assert response.redirect_chain == [(url("customise"), 302)]
        assert page.words(NOTICE)[:2] == ["1 block is prepared", "Learners see it when the changes are applied."]
        assert drafted(tides) == {("sequential", "due"): (due + 7 * DAY).isoformat()}

    @pytest.mark.parametrize("days", ["", "0", "x", "4000"])
    def test_a_distance_that_is_none_is_said_and_the_ticks_stay(self, people, url, keys, tides, days):
        response, page = send(url("customise"), people["ben"], block=[keys["unit"]], deed="shift", days=days)
        assert response.status_code == 200
        assert page.words("//p[@id='cs-fault']") == [
            "Say by how many days, up to 3650; before 0 for earlier, such as -7."
        ]
        assert page.tree.xpath("//input[@name='block' and @checked]/@value") == [keys["unit"]]
        assert drafted(tides) == {}

    @pytest.mark.parametrize("blocks", [[], ["nonsense"], ["block-v1:A+B+C+type@chapter+block@gone"]])
    def test_blocks_that_are_none(self, people, url, tides, blocks):
        response, page = send(url("customise"), people["ben"], block=blocks, deed="hide")
        assert response.status_code == 200
        (said,) = page.words("//p[@id='cs-fault']")
        assert said.startswith(("Choose at least one", "This is not the key of a block: nonsense"))
        assert drafted(tides) == {}

    @pytest.mark.parametrize("deed", ["", "colour"])
    def test_a_deed_that_is_none_does_nothing_and_is_said(self, people, url, keys, tides, deed):
        _response, page = send(url("customise"), people["ben"], block=list(keys.values()), deed=deed)
        assert page.words("//p[@id='cs-fault']") == [
            "Say what is to be done: hide, show, shift, or as in the base course."
        ]
        assert drafted(tides) == {}

    def test_back_to_the_base_course(self, people, url, keys, tides, prepared):
        _response, page = send(url("customise"), people["ben"], block=list(keys.values()), deed="as_in_base")
        assert page.words(NOTICE)[0] == "2 blocks are prepared"
        assert drafted(tides) == {}


class TestOneBlock:
    def test_a_form_with_what_the_session_has_beside_the_base_course(self, people, visit, url, keys, prepared):
        page = visit(url("customise_block", block=keys["section"]), people["ben"])
        assert page.words("//h1") == ["Week 1"]
        values = filled(page)
        assert values["title"] == "Week 1"
        assert page.words("//p[@id='id_title_help']") == ["Empty: as in the base course, Section."]

    def test_everything_at_once(self, people, url, keys, tides, reads_in):
        reads_in(people["ben"], "Europe/Paris")
        data = {
            "title": "Ebb <b>",
            "hidden": "on",
            "opens_at_0": "2027-03-01",
            "opens_at_1": "",
            "opens_at_2": "",
            "due_0": "2027-03-31",
            "due_1": "",
            "due_2": "",
        }
        names = {name: name for name in data}
        response, page = send(url("customise_block", block=keys["subsection"]), people["ben"], **_renamed(data, names))
        assert response.redirect_chain == [(url("customise"), 302)], errors(page)
        assert page.words(NOTICE)[0] == "“Ebb <b>” is prepared"
        assert drafted(tides) == {
            ("sequential", "title"): "Ebb <b>",
            ("sequential", "hidden"): True,
            ("sequential", "opens_at"): "2027-02-28T23:00:00+00:00",
            # To the end of the day, by the clocks of Paris in summer.
            ("sequential", "due"): "2027-03-31T22:00:00+00:00",
        }

    def test_no_deadline(self, people, url, keys, tides):
        send(url("customise_block", block=keys["subsection"]), people["ben"], no_due="on")
        assert drafted(tides) == {("sequential", "due"): None}

    def test_what_is_wrong_is_said_beside_the_field(self, people, url, keys, tides):
        data = _renamed({"opens_at_0": "2027-03-31", "due_0": "2027-03-01"}, {})
        _response, page = send(url("customise_block", block=keys["unit"]), people["ben"], **data)
        assert errors(page) == {"due": "The deadline must lie after the opening."}
        assert drafted(tides) == {}

    def test_nothing_sent_changes_nothing(self, people, url, keys, tides, prepared, visit):
        before = drafted(tides)
        page_url = url("customise_block", block=keys["section"])
        _response, page = send(page_url, people["ben"], **filled(visit(page_url, people["ben"])))
        assert page.words(NOTICE)[0] == "Nothing to change"
        assert drafted(tides) == before

    @pytest.mark.parametrize("block", ["nonsense", "block-v1:A+B+C+type@chapter+block@gone"])
    def test_a_block_that_is_not_there(self, people, url, block):
        for method in ("get", "post"):
            answer = getattr(signed_in(people["ben"]), method)(url("customise_block", block=block))
            assert answer.status_code == 404

    def test_when_the_base_course_changes_the_coach_decides(
        self, people, visit, url, keys, tides, prepared, committed, now
    ):
        send(url("customise_review"), people["ben"], seen=CustomisationDraft.objects.get().changed_at.isoformat())
        run = CourseRun.objects.get(course_key=tides.base_key)
        with committed():
            publish_course(run.olx.replace('"Section"', '"Chapter"'))
        page = visit(url("customise"), people["cleo"])
        assert page.words(NOTICE) == [
            "The base course has changed under this session's own",
            "Decide whether to keep what this session has, or to take it over: Week 1.",
        ]
        own = url("customise_block", block=keys["section"])
        said = visit(own, people["cleo"]).words("//form[1]/p")
        assert said[0] == "Name: Section there before, Chapter there now; Week 1 in this session."
        send(own, people["cleo"], keep="title")
        assert drafted(tides) == {("chapter", "title"): "Week 1"}
        send(own, people["cleo"], take="title")
        assert drafted(tides) == {("chapter", "title"): None}


class TestReview:
    def test_it_says_what_changes_and_who_has_worked_there(self, people, visit, url, tides, prepared, answer):
        answer(tides.edition_key, people["lea"])
        page = visit(url("customise_review"), people["cleo"])
        rows = [[" ".join(cell.text_content().split()) for cell in row] for row in page.tree.xpath(ROWS)]
        assert rows == [
            [
                "Section Section: Name1 learner has worked there.",
                "In the base courseSection",
                "Learners have nowSection",
                "Learners will haveWeek 1",
            ],
            [
                "Unit Unit: Shown to learners1 learner has worked there.",
                "In the base courseShown",
                "Learners have nowShown",
                "Learners will haveHidden",
            ],
        ]

    def test_applied_learners_see_it_and_undone_they_do_not(
        self, people, visit, url, tides, prepared, committed, outline_of
    ):
        data = filled_review(visit(url("customise_review"), people["cleo"]))
        with committed():
            _response, page = send(url("customise_review"), people["cleo"], **data)
        assert page.words(NOTICE)[:2] == ["2 changes are applied", "The platform follows in a moment."]
        assert stored(tides) == {("chapter", "title"): "Week 1", ("vertical", "hidden"): True}
        assert outline_of(tides.edition_key, people["lea"])[0] == "Week 1"
        with committed():
            _response, page = send(url("undo_customise"), people["cleo"])
        assert page.words(NOTICE)[:2] == ["Undone", "2 changes were taken back. The platform follows in a moment."]
        assert outline_of(tides.edition_key, people["lea"])[0] == "Section"

    def test_only_what_was_looked_through_is_applied(self, people, visit, url, keys, tides, prepared):
        data = filled_review(visit(url("customise_review"), people["cleo"]))
        send(url("customise"), people["ben"], block=[keys["section"]], deed="hide")
        response, page = send(url("customise_review"), people["cleo"], **data)
        assert response.redirect_chain == [(url("customise_review"), 302)]
        assert page.words(NOTICE)[0] == "Nothing was applied"
        assert stored(tides) == {}

    def test_forgetting(self, people, url, tides, prepared):
        _response, page = send(url("customise_review"), people["ben"], discard="1")
        assert page.words(NOTICE)[0] == "Forgotten"
        assert (drafted(tides), stored(tides)) == ({}, {})

    @pytest.mark.parametrize("seen", ["", "yesterday"])
    def test_what_is_no_sight_applies_nothing(self, people, url, tides, prepared, seen):
        _response, page = send(url("customise_review"), people["ben"], seen=seen)
        assert page.words(NOTICE)[:2] == ["Nothing was applied", "Please look through the changes again."]
        assert stored(tides) == {}

    def test_nothing_is_prepared(self, people, visit, url):
        assert visit(url("customise_review"), people["ben"]).words("//h2") == ["Nothing is prepared"]


class TestLocks:
    """A locked control is there, disabled, and says who locked it and why; the operation refuses as well."""

    @pytest.fixture(autouse=True)
    def locked(self, crew, people, now):
        greta = api.load_actor(people["greta"], now=now)
        locks = [Lock.CONTENT_VISIBILITY, Lock.SCHEDULE, Lock.CONTENT_EDITS]
        api.set_locks(crew, locks, reason="Same for all.", actor=greta, now=now)

    @pytest.mark.parametrize("name", ["ben", "cleo"])
    def test_for_coaches(self, people, visit, url, keys, tides, name):
        page = visit(url("customise"), people[name])
        assert [said.split(" on ")[0] for said in page.words(NOTICE)[1::2]] == ["Locked by greta"] * 3
        assert page.tree.xpath("//button[@name='deed' and not(@disabled)]") == []
        block = visit(url("customise_block", block=keys["subsection"]), people[name])
        assert block.tree.xpath("//form[contains(@class, 'cs-form')]//input[@type!='hidden' and not(@disabled)]") == []
        refused = [
            signed_in(people[name]).post(url("customise"), {"block": keys["unit"], "deed": deed, "days": "1"})
            for deed in ("hide", "show", "shift")
        ]
        assert [answer.status_code for answer in refused] == [403] * 3
        assert "Reason given: Same for all." in refused[0].content.decode()
        signed_in(people[name]).post(url("customise_block", block=keys["unit"]), {"title": "Ebb", "hidden": "on"})
        assert drafted(tides) == {}

    def test_not_for_administrators(self, people, visit, url, keys, tides):
        page = visit(url("customise"), people["greta"])
        assert (page.words(NOTICE), page.tree.xpath("//button[@disabled]")) == ([], [])
        send(url("customise"), people["greta"], block=[keys["unit"]], deed="hide")
        assert drafted(tides) == {("vertical", "hidden"): True}


def filled_review(page) -> dict[str, str]:
    return {"seen": page.tree.xpath("//input[@name='seen']/@value")[0]}


def _renamed(data: dict, _names: dict) -> dict:
    """The parts of a moment have names, not numbers."""
    parts = {"_0": "_day", "_1": "_time", "_2": "_which"}
    return {(name[:-2] + parts[name[-2:]] if name[-2:] in parts else name): value for name, value in data.items()}


def test_it_stands_among_the_changes_of_the_session(crew, people, visit, url, keys, tides, prepared):
    send(url("customise_block", block=keys["subsection"]), people["ben"], no_due="on")
    seen = CustomisationDraft.objects.get().changed_at.isoformat()
    send(url("customise_review"), people["ben"], seen=seen)
    send(url("undo_customise"), people["greta"])
    page = visit(f"{address('changes', crew)}?kind=content", people["greta"])
    rows = [[" ".join(cell.text_content().split()) for cell in row[:3]] for row in page.tree.xpath(ROWS)]
    assert rows == [
        *(
            [f"As in the base course again {why}", f"Concerns {what}", "Who greta"]
            for why, what in (
                ("Undone.", "Deadline: subsection"),
                ("Undone.", "Shown to learners: unit"),
                ("Undone.", "Name: section"),
            )
        ),
        ["Customised In this session: No deadline Applied.", "Concerns Deadline: subsection", "Who ben"],
        ["Customised In this session: Hidden Applied.", "Concerns Shown to learners: unit", "Who ben"],
        ["Customised In this session: Week 1 Applied.", "Concerns Name: section", "Who ben"],
    ]
