"""The page on which a session gives the texts and problems of a unit words and numbers of its own."""

from __future__ import annotations

import pytest
from lxml import html

from cohort_sessions import api
from cohort_sessions.data import Lock
from cohort_sessions.models import ElementCustomisation
from cohort_sessions.operations.elements import change_elements
from cohort_sessions.queries.elements import element_name
from cohort_sessions.queries.welcome import welcome_text
from tests.attacks import XSS, running
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, ROWS, address, errors, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")

BASE_TEXT = "Water rises and falls twice a day."
FIELDS = [
    ("html", "display_name"),
    ("html", "data"),
    ("problem", "display_name"),
    ("problem", "max_attempts"),
    ("problem", "weight"),
]
LINES = "//p[@class='cs-tree__line']"


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("greta", "ben", "cleo", "cosmo", "lea", "sam")}


@pytest.fixture
def base_key(make_base_course):
    return make_base_course(title="Tides")


@pytest.fixture
def crew(people, base_key, make_base_course, make_session):
    """Greta administers, ben coaches all of it, cleo the tides, cosmo the stars."""
    stars = make_base_course(title="Stars")
    return make_session(
        "Crew",
        courses=[base_key, stars],
        members=[people["lea"]],
        administrators=[people["greta"]],
        session_coaches=[people["ben"]],
        coaches={base_key: [people["cleo"]], stars: [people["cosmo"]]},
    )


@pytest.fixture
def tides(crew, base_key):
    return crew.editions.select_related("session").get(base_key=base_key)


@pytest.fixture
def name(base_key):
    """The name of a field in the form."""
    blocks = {"html": "text", "problem": "problem"}
    return lambda kind, field: element_name(base_key.make_usage_key(kind, blocks[kind]), field)


@pytest.fixture
def url(crew, tides, base_key):
    unit = str(base_key.make_usage_key("vertical", "unit"))
    return address("customise_elements", crew, uuid=tides.uuid, block=unit)


@pytest.fixture
def set_elements(tides, now):
    def change(**fields):
        keys = {"html": "text", "problem": "problem"}
        changes = {
            (tides.base_key.make_usage_key(kind, keys[kind]), field): value
            for place, value in fields.items()
            for kind, _sep, field in [place.partition("_")]
        }
        change_elements(tides, changes, actor=api.SYSTEM, now=now)

    return change


def stored(edition) -> dict:
    rows = ElementCustomisation.objects.filter(edition=edition)
    return {(row.usage_key.block_type, row.field): row.value for row in rows}


class TestTheForm:
    def test_each_field_by_its_kind_with_what_learners_have(self, people, visit, url, name):
        page = visit(url, people["ben"])
        assert page.words("//h1") == ["Unit"]
        assert page.words("//form//h2") == ["Text Text", "Problem Problem"]
        values = filled(page)
        assert {place: values.get(name(*place)) for place in FIELDS} == {
            ("html", "display_name"): "Text",
            ("html", "data"): BASE_TEXT,
            ("problem", "display_name"): "Problem",
            ("problem", "max_attempts"): None,
            ("problem", "weight"): "1",
        }
        (attempts,) = page.tree.xpath(f"//input[@name='{name('problem', 'max_attempts')}']")
        assert (attempts.get("type"), attempts.get("min"), attempts.get("step")) == ("number", "0", "1")
        (help_text,) = page.words(f"//*[@id='{attempts.get('aria-describedby')}']")
        assert help_text.startswith("In the base course: nothing. How often a learner may answer")
        assert page.tree.xpath(f"//textarea[@name='{name('html', 'data')}']")

    def test_what_is_own_stands_beside_the_base_course(self, people, visit, url, set_elements):
        set_elements(html_data="<p>Own</p>", problem_display_name="Moonrise")
        page = visit(url, people["ben"])
        assert page.words("//form//h2") == ["Text Text This session's own", "Moonrise Problem This session's own"]
        assert page.words("//pre") == [BASE_TEXT]
        assert page.words("//details/summary") == ["Text (HTML) in the base course"]

    def test_saved_learners_see_it_in_this_session_only(
        self, crew, tides, people, url, name, committed, page_of, base_key, make_foreign_enrolment
    ):
        make_foreign_enrolment(base_key, people["lea"])
        data = {name("html", "data"): "<p>The moon <b>pulls</b>.</p>", name("problem", "weight"): "2.5"}
        with committed():
            response, page = send(url, people["cleo"], **data)
        assert response.redirect_chain == [(url, 302)]
        assert page.words(NOTICE)[:2] == ["2 things are changed", "The platform follows in a moment."]
        assert stored(tides) == {("html", "data"): "<p>The moon <b>pulls</b>.</p>", ("problem", "weight"): 2.5}
        assert "<p>The moon <b>pulls</b>.</p>" in page_of(tides.edition_key, people["lea"])
        assert BASE_TEXT in page_of(base_key, people["lea"])

    def test_sent_as_it_is_changes_nothing(self, people, visit, url, tides, set_elements):
        set_elements(html_data="<p>One\ntwo</p>", problem_weight=2)
        sent = filled(visit(url, people["ben"]))
        sent = {each: value.replace("\n", "\r\n") for each, value in sent.items()}
        _response, page = send(url, people["ben"], **sent)
        assert page.words(NOTICE)[0] == "Nothing to change"
        assert stored(tides) == {("html", "data"): "<p>One\ntwo</p>", ("problem", "weight"): 2.0}

    def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_saved(self, people, url, name, tides):
        data = {name("problem", "max_attempts"): "-2", name("html", "data"): "Own", name("html", "display_name"): " "}
        response, page = send(url, people["ben"], **data)
        assert response.status_code == 200
        assert errors(page) == {
            name("problem", "max_attempts"): "Give a number from 0.",
            name("html", "display_name"): "Give it a name, or take the one of the base course.",
        }
        assert stored(tides) == {}
        assert filled(page)[name("html", "data")] == "Own"

    def test_back_to_the_base_course(self, people, visit, url, name, tides, set_elements):
        set_elements(html_data="Own", problem_weight=2)
        sent = filled(visit(url, people["ben"])) | {name("html", "data") + "+base": "on"}
        send(url, people["ben"], **sent)
        assert stored(tides) == {("problem", "weight"): 2.0}

    def test_what_was_taken_out_of_html_is_told(self, people, url, name, tides):
        _response, page = send(
            url, people["ben"], **{name("html", "data"): "<p onclick='x()'>Own</p><script>1</script>"}
        )
        assert page.words("//ul[@class='cs-report__lines']/li") == [
            "Text Cleaned. Taken out of the HTML: <script>, onclick"
        ]
        assert stored(tides) == {("html", "data"): "<p>Own</p>"}

    def test_two_coaches_do_not_take_back_what_the_other_has_written(
        self, people, visit, url, name, tides, set_elements
    ):
        opened = filled(visit(url, people["ben"]))
        set_elements(problem_weight=3)
        send(url, people["ben"], **opened | {name("html", "data"): "Own"})
        assert stored(tides) == {("html", "data"): "Own", ("problem", "weight"): 3.0}
        response, page = send(url, people["ben"], **opened | {name("problem", "weight"): "4"})
        assert response.status_code == 200
        assert errors(page) == {
            name("problem", "weight"): "Somebody has changed this meanwhile, to: 3 Save once more to have it your way."
        }
        assert stored(tides)["problem", "weight"] == 3.0
        send(url, people["ben"], **filled(page))
        assert stored(tides)["problem", "weight"] == 4.0

    @pytest.mark.parametrize("block", ["nonsense", "block-v1:A+B+C+type@vertical+block@gone"])
    def test_a_unit_that_is_not_there(self, crew, tides, people, block):
        page = address("customise_elements", crew, uuid=tides.uuid, block=block)
        assert [getattr(signed_in(people["ben"]), method)(page).status_code for method in ("get", "post")] == [404, 404]

    def test_a_section_is_no_unit(self, crew, tides, people, base_key):
        section = str(base_key.make_usage_key("chapter", "section"))
        page = address("customise_elements", crew, uuid=tides.uuid, block=section)
        assert signed_in(people["ben"]).get(page).status_code == 404

    def test_a_unit_with_nothing_to_set(self, people, visit, url, settings):
        settings.COHORT_SESSIONS_ELEMENT_FIELDS = {}
        assert "Nothing in this unit can be changed session by session" in visit(url, people["ben"]).words("//h2")

    @pytest.mark.parametrize("attack", XSS)
    def test_nothing_runs_on_it(self, people, url, name, attack, visit, crew, tides):
        send(url, people["ben"], **{name("html", "data"): attack, name("html", "display_name"): attack})
        for page in (url, address("customise", crew, uuid=tides.uuid), address("changes", crew)):
            main = signed_in(people["greta"]).get(page).content.decode().partition("<main")[2]
            main = main.replace("<form", "<div")
            assert [each for each in running(main) if not each.startswith("<svg>")] == [], page


class TestTheOutline:
    def test_marks_the_unit_and_leads_there(self, crew, tides, people, visit, url, set_elements):
        set_elements(html_data="Own", problem_weight=2)
        page = visit(address("customise", crew, uuid=tides.uuid), people["cleo"])
        assert page.words(LINES)[2] == "Unit Unit This session's own"
        assert page.links("//ul[@class='cs-tree']")["2 things inside are this session's own: Unit"] == url
        assert page.links("//nav[@class='cs-ways cs-ways--part']").keys() >= {"Outline", "Welcome"}

    def test_the_unit_s_own_page_leads_there(self, crew, tides, people, visit, url, base_key):
        unit = str(base_key.make_usage_key("vertical", "unit"))
        page = visit(address("customise_block", crew, uuid=tides.uuid, block=unit), people["cleo"])
        assert page.links()["Change the texts and problems in this unit"] == url

    def test_the_number_on_the_list_of_courses(self, crew, people, visit, set_elements):
        set_elements(html_data="Own")
        page = visit(address("customise_courses", crew), people["cleo"])
        assert page.words("//li[contains(@class, 'cs-move')]/p") == ["1 thing is this session's own."]


class TestTheBaseCourse:
    def test_changes_and_the_coach_decides(
        self, crew, tides, people, visit, url, name, set_elements, rewrite_base_course, base_key
    ):
        set_elements(html_data="Own")
        rewrite_base_course(base_key, "New")
        outline = visit(address("customise", crew, uuid=tides.uuid), people["cleo"])
        assert outline.words(NOTICE) == [
            "The base course has changed texts or problems under this session's own",
            "Decide whether to keep what this session has, or to take it over: Text.",
        ]
        assert outline.links("//main//div[contains(@class, 'cs-notice')]") == {"Text": url}
        page = visit(url, people["cleo"])
        assert page.words("//dl[@class='cs-versions__list']//dd") == [BASE_TEXT, "New", "Own"]
        _response, page = send(url, people["cleo"], keep=name("html", "data"))
        assert page.words(NOTICE)[0] == "Kept"
        assert page.words("//dl[@class='cs-versions__list']") == []
        rewrite_base_course(base_key, "Newer")
        send(url, people["cleo"], take=name("html", "data"))
        assert stored(tides) == {}

    def test_a_text_without_a_name_is_called_text(
        self, crew, tides, people, visit, url, set_elements, edit_base_course, base_key
    ):
        def take_names_away(root) -> None:
            (text,) = root.iter("html")
            del text.attrib["display_name"]
            text.text = "New"

        set_elements(html_data="Own")
        edit_base_course(base_key, take_names_away)
        outline = visit(address("customise", crew, uuid=tides.uuid), people["cleo"])
        assert outline.links("//main//div[contains(@class, 'cs-notice')]") == {"Text": url}

    def test_loses_what_is_customised(
        self, crew, tides, people, visit, url, set_elements, shorten_base_course, base_key
    ):
        set_elements(html_data="Own")
        shorten_base_course(base_key)
        page = visit(address("customise", crew, uuid=tides.uuid), people["cleo"])
        assert page.words(NOTICE) == [
            "1 text or problem of this session's own is not in the base course any more",
            "What this session had otherwise there comes to nothing.",
        ]
        assert visit(url, people["cleo"]).words("//form//h2") == ["Problem Problem"]


class TestTheLock:
    @pytest.fixture
    def _locked(self, crew, now):
        api.set_locks(crew, [Lock.CONTENT_EDITS], reason="The exam board decides.", actor=api.SYSTEM, now=now)

    @pytest.mark.usefixtures("_locked")
    def test_fields_are_shown_disabled_with_who_and_why(self, crew, tides, people, visit, url, name):
        for page in (
            visit(url, people["cleo"]),
            visit(address("customise_welcome", crew, uuid=tides.uuid), people["cleo"]),
        ):
            said = page.words("//p[@class='cs-notice__text']")
            assert said[0].endswith("Reason given: The exam board decides.")
            inputs = page.tree.xpath(
                "//form[contains(@class, 'cs-form')]//*[self::input[@type!='hidden'] or self::textarea]"
            )
            assert {each.get("disabled") for each in inputs} == {"disabled"}
            (save,) = page.tree.xpath("//form[contains(@class, 'cs-form')]//button")
            assert save.get("disabled") == "disabled"

    @pytest.mark.usefixtures("_locked")
    def test_is_said_in_one_sentence_at_both_doors(self, crew, tides, people, url, name):
        sentence = "This is locked in this session. Ask a session administrator. Reason given: The exam board decides."
        browser = signed_in(people["cleo"])
        for page, data in (
            (url, {name("html", "data"): "Own"}),
            (address("customise_welcome", crew, uuid=tides.uuid), {"text": "Welcome."}),
        ):
            response = browser.post(page, data)
            assert response.status_code == 403
            assert sentence in response.content.decode()
        place = {"usage_key": str(tides.base_key.make_usage_key("html", "text")), "field": "data", "value": "Own"}
        for door, method, sent in (
            ("api-elements", "patch", {"changes": [place]}),
            ("api-welcome", "put", {"text": "Hi."}),
        ):
            where = address(door, crew, uuid=tides.uuid)
            response = getattr(browser, method)(where, sent, content_type="application/json")
            assert (response.status_code, response.json()["detail"]) == (403, sentence)
            assert response.json()["type"].endswith(":locked")
        assert stored(tides) == {}


def test_the_changes_page_tells_of_it(crew, people, visit, url, name, now):
    send(url, people["ben"], **{name("problem", "max_attempts"): "3", name("html", "data"): "<p>Own</p>" * 20})
    send(url, people["ben"], **{name("problem", "max_attempts") + "+base": "on"})
    page = visit(f"{address('changes', crew)}?kind=words", people["greta"])
    rows = [[" ".join(cell.text_content().split()) for cell in row[:3]] for row in page.tree.xpath(ROWS)]
    assert rows == [
        ["No words of its own any more", "Concerns Attempts: problem", "Who ben"],
        ["Words of its own In this session: 3", "Concerns Attempts: problem", "Who ben"],
        ["Words of its own In this session: written anew", "Concerns Text (HTML): text", "Who ben"],
    ]


class TestWelcome:
    @pytest.fixture
    def welcome_url(self, crew, tides):
        return address("customise_welcome", crew, uuid=tides.uuid)

    def test_is_read_beside_its_course_by_members_and_team(self, crew, people, visit, welcome_url):
        response, page = send(welcome_url, people["cleo"], text="Welcome *aboard*.\n\n- Bring a coat.")
        assert response.redirect_chain == [(welcome_url, 302)]
        assert page.words(NOTICE)[0] == "Saved"
        assert page.words("//div[contains(@class, 'cs-prose--rich')]") == ["Welcome aboard. Bring a coat."]
        for person in ("lea", "ben", "cosmo"):
            home = visit(address("session_home", crew), people[person])
            assert home.words("//li[.//h3/bdi='Tides']//section") == ["Welcome aboard. Bring a coat."]
            assert home.words("//li[.//h3/bdi='Stars']//section") == []
        answer = signed_in(people["lea"]).get(f"/cohort-sessions/api/v1/sessions/{crew.code}/").json()
        assert [(each["text"], each["html"].startswith("<p>Welcome <em>")) for each in answer["welcomes"]] == [
            ("Welcome *aboard*.\n\n- Bring a coat.", True)
        ]

    def test_what_somebody_wrote_meanwhile_is_not_overwritten_unseen(self, crew, people, visit, welcome_url, tides):
        form = filled(visit(welcome_url, people["cleo"]))
        send(welcome_url, people["ben"], text="Ben's words.")
        _response, page = send(welcome_url, people["cleo"], **form | {"text": "Cleo's words."})
        assert "Somebody has changed the welcome meanwhile" in " ".join(page.words())
        assert (welcome_text(tides), filled(page)["text"]) == ("Ben's words.", "Cleo's words.")
        send(welcome_url, people["cleo"], **filled(page))
        assert welcome_text(tides) == "Cleo's words."

    def test_is_taken_away(self, crew, people, visit, welcome_url):
        send(welcome_url, people["cleo"], text="Welcome.")
        send(welcome_url, people["cleo"], text=" ")
        home = visit(address("session_home", crew), people["lea"])
        assert home.words("//section[contains(@class, 'cs-prose--rich')]") == []
        _response, page = send(welcome_url, people["cleo"], text="")
        assert page.words(NOTICE)[0] == "Nothing to change"

    def test_too_long(self, people, welcome_url):
        _response, page = send(welcome_url, people["cleo"], text="x" * 20_001)
        assert errors(page) == {"text": "Use at most 20000 characters."}

    def test_the_preview_shows_it_with_links_that_lead_nowhere(self, crew, people, visit, welcome_url):
        send(welcome_url, people["cleo"], text="Read [this](https://example.com).")
        page = visit(address("preview", crew), people["greta"])
        assert page.words("//section[contains(@class, 'cs-prose--rich')]") == ["Read this."]
        assert page.tree.xpath("//section[contains(@class, 'cs-prose--rich')]//a") == []

    @pytest.mark.parametrize("attack", XSS)
    def test_does_not_run(self, crew, people, visit, welcome_url, attack):
        send(welcome_url, people["cleo"], text=f"Hello\n\n{attack}")
        for page, place in ((address("session_home", crew), "section"), (welcome_url, "div")):
            shown = visit(page, people["ben"]).tree.xpath(f"//{place}[contains(@class, 'cs-prose--rich')]")
            assert [running(html.tostring(each, encoding="unicode")) for each in shown] == [[]], page

    def test_the_changes_page_tells_of_it(self, crew, people, visit, welcome_url):
        send(welcome_url, people["cleo"], text="Welcome.")
        send(welcome_url, people["cleo"], text="Welcome back.")
        page = visit(f"{address('changes', crew)}?kind=words", people["greta"])
        rows = [[" ".join(cell.text_content().split()) for cell in row[:3]] for row in page.tree.xpath(ROWS)]
        assert rows == [
            ["Words changed Welcome: written anew", "Concerns Tides", "Who cleo"],
            ["Words of its own Welcome: written anew", "Concerns Tides", "Who cleo"],
        ]
