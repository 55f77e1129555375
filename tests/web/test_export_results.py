"""Results as a file: the form, what is sent at once, and the page of a file that takes a while."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from cohort_sessions import api
from cohort_sessions.models import EditionResult, ResultExport
from tests.web.conftest import Page, signed_in
from tests.web.kit import NOTICE, address, errors, filled, send

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def _apart(settings, tmp_path):
    cache.clear()
    settings.SANDBOX_PRIVATE_ROOT = tmp_path
    settings.COHORT_SESSIONS_EXPORT_AT_ONCE = 500


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("ben", "cora", "lea", "omar", "sam")}


@pytest.fixture
def crew(people, make_base_course, make_session, now):
    """Lea has passed Stars; omar's name would be calculated. Beside it a session of which nothing must be told."""
    stars = make_base_course(title="Stars")
    make_session("Other", courses=[stars], members=[people["sam"]])
    session = make_session(
        "Crew",
        courses=[stars, make_base_course(title="Tides")],
        members=[people["lea"], people["omar"]],
        session_coaches=[people["ben"]],
        coaches={stars: [people["cora"]]},
    )
    people["omar"].first_name = '=HYPERLINK("https://example.com/","Omar")'
    people["omar"].save()
    EditionResult.objects.create(
        member=session.members.get(user=people["lea"]),
        edition=session.editions.get(position=0),
        grade=0.9,
        letter="A",
        passed=True,
        passed_at=now,
        completed=2,
        completable=2,
        as_of=now,
    )
    return session


def ask(session, user, **data):
    return signed_in(user).post(address("export_results", session), data)


def content(response) -> bytes:
    return b"".join(response)


def table(response) -> list[list[str]]:
    return list(csv.reader(StringIO(content(response).decode("utf-8-sig"))))


def who_and_where(response) -> list[tuple[str, str]]:
    return [(row[1], row[4]) for row in table(response)[1:]]


def test_a_csv_file_is_sent_at_once(crew, people):
    response = ask(crew, people["ben"], format="csv", mark="on")
    assert (response["Content-Type"], response["Content-Disposition"], response["Cache-Control"]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="crew-results.csv"',
        "private, no-store",
    )
    text = content(response)
    assert text.startswith(b"\xef\xbb\xbfName,Username,")
    assert response.streaming
    rows = list(csv.reader(StringIO(text.decode("utf-8-sig"))))
    assert [(row[0], *row[4:9]) for row in rows[1:3]] == [
        ("""'=HYPERLINK("https://example.com/","Omar")""", "Stars", "Not started", "", "", "no"),
        ("""'=HYPERLINK("https://example.com/","Omar")""", "Tides", "Not started", "", "", "no"),
    ]
    assert [(row[0], *row[4:9]) for row in rows[3:]] == [
        ("lea", "Stars", "Passed", "90.0", "A", "yes"),
        ("lea", "Tides", "Not started", "", "", "no"),
    ]
    assert not ResultExport.objects.exists()


def test_without_the_mark_for_programs(crew, people):
    assert content(ask(crew, people["ben"], format="csv")).startswith(b"Name,")


def test_a_workbook_is_sent_at_once(crew, people):
    response = ask(crew, people["ben"], format="xlsx")
    assert response["Content-Disposition"] == 'attachment; filename="crew-results.xlsx"'
    sheet = load_workbook(BytesIO(content(response))).active
    assert [cell.value for cell in sheet["A"]][:2] == ["Name", '=HYPERLINK("https://example.com/","Omar")']
    assert {cell.data_type for cell in sheet["A"]} == {"s"}


def test_moments_are_in_the_reader_s_time_zone(crew, people, reads_in):
    reads_in(people["ben"], "Asia/Tokyo")
    head, *rows = table(ask(crew, people["ben"], format="csv"))
    assert head[-1] == "As of (Asia/Tokyo)"
    assert [row[-1][-6:] for row in rows if row[-1]] == ["+09:00"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"who": ["lea", "sam", "nobody"]}, [("lea", "Stars"), ("lea", "Tides")]),
        ({"standing": "passed"}, [("lea", "Stars"), ("lea", "Tides")]),
        ({"search": "omar@"}, [("omar", "Stars"), ("omar", "Tides")]),
        ({"final": "yes"}, []),
        ({"who": ["lea"], "standing": "behind"}, []),
    ],
)
def test_only_who_is_looked_for(asked, expected, crew, people):
    assert who_and_where(ask(crew, people["ben"], format="csv", **asked)) == expected


def test_former_members_and_one_course(crew, people, now):
    api.remove_members(crew, ["lea"], actor=api.SYSTEM, now=now)
    tides = crew.editions.get(position=1)
    for former, expected in (({}, ["omar"]), ({"former": "on"}, ["omar", "lea"])):
        response = ask(crew, people["ben"], format="csv", course=tides.uuid, **former)
        assert who_and_where(response) == [(name, "Tides") for name in expected]


def test_a_course_coach_exports_their_course_alone(crew, people, visit):
    assert {row[1] for row in who_and_where(ask(crew, people["cora"], format="csv"))} == {"Stars"}
    page = visit(address("export_results", crew), people["cora"])
    assert page.words("//select[@name='course']/option") == ["Stars"]
    tides = crew.editions.get(position=1)
    response, page = send(address("export_results", crew), people["cora"], format="csv", course=tides.uuid)
    assert response.status_code == 200
    assert errors(page) == {
        "course": "There is no such course among those whose results you may export. Choose one of the list."
    }
    assert page.words(NOTICE) == ["No file was made", "Please look at the fields that are marked."]


def test_what_cannot_be_understood_is_said_beside_its_field(crew, people):
    wrong = {"course": "1", "standing": "asleep", "final": "perhaps", "format": "pdf"}
    expected = {
        "course": "There is no such course among those whose results you may export. Choose one of the list.",
        "standing": "Nobody stands like that. Choose one of the list, or Any.",
        "final": "Results are final or not. Choose one of the list, or All.",
    }
    _response, page = send(address("export_results", crew), people["ben"], **wrong)
    assert {name: errors(page)[name] for name in expected} == expected
    assert "There is no such format. Choose CSV or XLSX." in page.words()[0]
    _response, page = send(address("export_results", crew), people["ben"])
    assert "Choose CSV or XLSX." in page.words()[0]


def test_the_form_begins_with_what_the_page_of_results_was_looking_for(crew, people, visit):
    tides = crew.editions.get(position=1).uuid
    query = f"course={tides}&standing=behind&final=no&former=on&search=le&who=lea&who=omar"
    page = visit(f"{address('export_results', crew)}?{query}", people["ben"])
    shown = filled(page)
    assert {name: shown[name] for name in ("course", "standing", "final", "former", "search", "format", "mark")} == {
        "course": str(tides),
        "standing": "behind",
        "final": "no",
        "former": "on",
        "search": "le",
        "format": "csv",
        "mark": "on",
    }
    assert page.tree.xpath("//input[@type='hidden' and @name='who']/@value") == ["lea", "omar"]
    assert page.words("//li[@class='cs-person']")[1:] == ["L lea lea"]
    assert "2 people were chosen; what stands below narrows that down." in page.words()[0]
    assert page.tree.xpath("//*[@aria-invalid]") == []


def test_a_filter_that_is_none_is_told_and_not_left_out(crew, people, visit):
    page = visit(f"{address('export_results', crew)}?standing=asleep", people["ben"])
    assert errors(page) == {"standing": "Nobody stands like that. Choose one of the list, or Any."}


def test_nobody_of_the_chosen_is_here(crew, people):
    _response, page = send(address("export_results", crew), people["ben"], format="csv", who=["sam", "nobody"])
    assert page.words(NOTICE) == [
        "No file was made",
        "None of the people chosen has, or had, a place in this session. Choose others.",
    ]


class TestMany:
    """More members than are exported at once."""

    @pytest.fixture(autouse=True)
    def _few(self, settings):
        settings.COHORT_SESSIONS_EXPORT_AT_ONCE = 1

    def test_the_way_to_the_file(self, crew, people, visit, committed):
        page = visit(address("export_results", crew), people["ben"])
        assert page.words("//form[contains(@class, 'cs-form')]//button") == ["Make the file"]
        with committed():
            response = ask(crew, people["ben"], format="csv", mark="on")
        export = ResultExport.objects.get()
        url = address("export", crew, uuid=export.uuid)
        assert (response.status_code, response.url) == (302, url)
        page = visit(url, people["ben"])
        assert page.words("//section/h2") == ["Ready"]
        assert page.words("//section/p")[0].startswith("4 lines are written. The file is there until ")
        assert page.tree.xpath("//progress") == []
        response = signed_in(people["ben"]).get(page.links()["Download"])
        assert response["Content-Disposition"] == 'attachment; filename="crew-results.csv"'
        assert response["Cache-Control"] == "private, no-store"
        assert len(table(response)) == 5
        page = visit(address("export_results", crew), people["ben"])
        assert page.links("//section[h2='Your files']") == {"2 courses, as CSV": url}

    def test_few_of_many_are_sent_at_once(self, crew, people):
        assert who_and_where(ask(crew, people["ben"], format="csv", who="lea")) == [("lea", "Stars"), ("lea", "Tides")]
        assert not ResultExport.objects.exists()

    @pytest.mark.parametrize(
        ("status", "badge", "sentence", "percent"),
        [
            ("waiting", "Waiting", "The file is made as soon as its turn comes.", "0"),
            ("running", "Being made", "1 of at most 4 lines are written.", "25"),
        ],
    )
    def test_how_far_it_has_come(self, status, badge, sentence, percent, crew, people):
        """The page looks again by itself, without a script."""
        ask(crew, people["ben"], format="csv")
        ResultExport.objects.update(status=status, written=int(status == "running"))
        url = address("export", crew, uuid=ResultExport.objects.get().uuid)
        response = signed_in(people["ben"]).get(url)
        page = Page(response.content.decode())
        assert response["Refresh"] == "3"
        assert page.words("//section[@aria-live='polite']/h2") == [badge]
        (bar,) = page.tree.xpath("//progress")
        assert (bar.get("value"), bar.get("max")) == (percent, "100")
        assert page.tree.get_element_by_id(bar.get("aria-labelledby")).text_content() == sentence
        assert page.links()["Look again now"] == url
        # Not there yet: back to the page.
        response = signed_in(people["ben"]).get(address("download_export", crew, uuid=ResultExport.objects.get().uuid))
        assert (response.status_code, response.url) == (302, url)

    def test_what_failed_can_be_asked_for_again(self, crew, people, visit):
        ask(crew, people["ben"], format="xlsx", who=["lea", "omar"], standing="passed", former="on")
        ResultExport.objects.update(status="failed", failure="Something went wrong.")
        response = signed_in(people["ben"]).get(address("export", crew, uuid=ResultExport.objects.get().uuid))
        page = Page(response.content.decode())
        assert "Refresh" not in response
        assert page.words("//section/h2") + page.words("//section/p")[:1] == [
            "Could not be made",
            "Something went wrong.",
        ]
        shown = visit(page.links()["Ask for it again"], people["ben"])
        values = filled(shown)
        assert [values.get(name) for name in ("format", "standing", "former", "mark")] == [
            "xlsx",
            "passed",
            "on",
            None,
        ]
        assert shown.tree.xpath("//input[@type='hidden' and @name='who']/@value") == ["lea", "omar"]

    def test_asking_twice_leads_to_the_same_file(self, crew, people):
        urls = {ask(crew, people["ben"], format="csv").url for _click in range(2)}
        assert len(urls) == 1

    def test_a_file_that_is_gone_is_not_found(self, crew, people, now, committed):
        with committed():
            ask(crew, people["ben"], format="csv")
        export = ResultExport.objects.get()
        urls = [address(page, crew, uuid=export.uuid) for page in ("export", "download_export")]
        ResultExport.objects.update(expires_at=now - timedelta(seconds=1))
        assert [signed_in(people["ben"]).get(url).status_code for url in urls] == [404, 404]
        ResultExport.objects.update(expires_at=now + timedelta(hours=1), file_name="cohort_sessions/exports/gone.csv")
        assert signed_in(people["ben"]).get(urls[1]).status_code == 404

    def test_whoever_has_lost_the_right_finds_it_no_more(self, crew, people, now, committed):
        """A member of the session by now, and nothing else."""
        with committed():
            ask(crew, people["ben"], format="csv")
            api.remove_session_team(crew, api.TeamRole.SESSION_COACH, ["ben"], actor=api.SYSTEM, now=now)
            api.enrol_members(crew, ["ben"], actor=api.SYSTEM, now=now)
        export = ResultExport.objects.get()
        for page in ("export", "download_export"):
            assert signed_in(people["ben"]).get(address(page, crew, uuid=export.uuid)).status_code == 404


def test_the_form_costs_the_same_for_one_file_and_three(crew, people, settings):
    settings.COHORT_SESSIONS_EXPORT_AT_ONCE = 0
    browser, cost = signed_in(people["ben"]), {}
    for number in (1, 2, 3):
        ask(crew, people["ben"], format="csv", search=str(number))
        with CaptureQueriesContext(connection) as seen:
            page = Page(browser.get(address("export_results", crew)).content.decode())
        cost[number] = len(seen)
        assert len(page.links("//section[h2='Your files']")) == 1
        assert len(page.words("//section[h2='Your files']//li")) == number
    assert cost[1] == cost[3] <= 14
