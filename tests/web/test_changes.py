"""Who did what in a session, and when: the page, what is looked for, and the file."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohort_sessions import api
from cohort_sessions.data import DeadlinePolicy, Lock, PrerequisiteCondition, Tool
from cohort_sessions.operations.grading import set_grading
from cohort_sessions.operations.tools import show_tools
from cohort_sessions.queries.changes import (
    ChangeFilter,
    ChangeKind,
    Deed,
    all_changes,
    session_changes,
)
from cohort_sessions.timeline import Window
from cohort_sessions.web.manage import change_words
from tests.web.conftest import signed_in
from tests.web.kit import ROWS, address

pytestmark = pytest.mark.django_db(databases="__all__")

NEW_YEAR = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("greta", "ben", "cleo", "lea", "tom")}


@pytest.fixture
def crew(people, make_base_course, make_session):
    """A session with two courses, and another beside it of which nothing must be told."""
    stars, moons = make_base_course(title="Stars"), make_base_course(title="Moons")
    make_session("Other", courses=[stars], members=[people["tom"]], administrators=[people["ben"]])
    session = make_session("Crew", courses=[stars, moons], administrators=[people["greta"]])
    session.bases = (stars, moons)
    return session


def by(user) -> api.Actor:
    return api.Actor(user_id=user.pk, administers_all=True)


def told(change) -> tuple:
    return (
        change.by.username if change.by else None,
        change.deed.value,
        change_words.deed(change),
        str(change_words.concerned(change)),
        [str(each) for each in change_words.details(change)],
    )


def newest(session, count: int, **wanted) -> list[tuple]:
    return [told(change) for change in session_changes(session, ChangeFilter(**wanted), page=1)][:count]


def test_every_table_of_a_session_is_told_of(crew, people, make_session, now):
    greta, later = by(people["greta"]), now + timedelta(minutes=1)
    required = make_session("Before", courses=[crew.bases[0]])
    edition = crew.editions.get(base_key=crew.bases[1])
    api.edit_session(crew, title="Crew of ours", capacity=9, actor=greta, now=later)
    api.enrol_members(crew, ["lea"], actor=greta, now=later + timedelta(minutes=1))
    api.remove_members(crew, ["lea"], actor=greta, now=later + timedelta(minutes=2))
    api.assign_course_coaches(edition, ["cleo"], actor=greta, now=later + timedelta(minutes=3))
    api.set_locks(crew, [Lock.TEAM], reason="Exams.", actor=greta, now=later + timedelta(minutes=4))
    api.set_locks(crew, [], actor=greta, now=later + timedelta(minutes=5))
    api.set_deadlines(edition, DeadlinePolicy.KEEP, actor=greta, now=later + timedelta(minutes=6))
    api.set_prerequisites(crew, {required: PrerequisiteCondition.PASSED}, actor=greta, now=later + timedelta(minutes=7))
    api.remove_course_coaches(edition, ["cleo"], actor=greta, now=later + timedelta(minutes=8))
    assert newest(crew, 9) == [
        ("greta", "-", "Removed from the team", "<bdi>cleo, Course coach, Moons</bdi>", []),
        (
            "greta",
            "+",
            "Required session added",
            "<bdi>Before</bdi>",
            ["Must be: passed: every course of it"],
        ),
        ("greta", "~", "Course changed", "<bdi>Moons</bdi>", ["Deadlines: Shift → Keep"]),
        ("greta", "-", "Lock released", "<bdi>Course coaches</bdi>", []),
        (
            "greta",
            "+",
            "Lock set",
            "<bdi>Course coaches</bdi>",
            ["Reason given: <bdi>Exams.</bdi>"],
        ),
        ("greta", "+", "Assigned to the team", "<bdi>cleo, Course coach, Moons</bdi>", []),
        ("greta", "~", "Member changed", "<bdi>lea</bdi>", ["Status: Has a place → Has no place any more"]),
        ("greta", "+", "Member added", "<bdi>lea</bdi>", []),
        (
            "greta",
            "~",
            "Session changed",
            "",
            ["Title: <bdi>Crew</bdi> → <bdi>Crew of ours</bdi>", "Seats: none → <bdi>9</bdi>"],
        ),
    ]


def test_of_a_new_session_what_is_not_as_usual(crew, people):
    lines = [told(change) for change in all_changes(crew, ChangeFilter())]
    assert [line[2] for line in lines] == [
        "Assigned to the team",
        "Course added",
        "Course added",
        "Session changed",
        "Session created",
    ]
    created = lines[-1]
    assert [detail.split(":")[0] for detail in created[4]] == [
        "Title",
        "Code",
        "Opens",
        "Closes",
        "Results final after",
    ]


def test_a_course_that_was_taken_out_is_still_named(crew, people, now):
    edition = crew.editions.get(base_key=crew.bases[1])
    api.assign_course_coaches(edition, ["cleo"], actor=by(people["greta"]), now=NEW_YEAR)
    api.remove_courses(crew, [edition.base_key], actor=by(people["greta"]), now=NEW_YEAR + timedelta(days=1))
    edition.coaches.all().delete()
    edition.delete()
    lines = newest(crew, 20, kind=ChangeKind.TEAM)
    assert [line[3] for line in lines if "cleo" in line[3]] == ["<bdi>cleo, Course coach, Moons</bdi>"] * 2


def changes(visit, session, user, **asked):
    return visit(f"{address('changes', session)}?{'&'.join(f'{k}={v}' for k, v in asked.items())}", user)


@pytest.fixture
def busy(crew, people):
    """New Year's changes at midnight UTC: lea enrolled by greta, tom by ben the day after."""
    api.enrol_members(crew, ["lea"], actor=by(people["greta"]), now=NEW_YEAR)
    api.enrol_members(crew, ["tom"], actor=by(people["ben"]), now=NEW_YEAR + timedelta(days=1))
    return crew


TOM = "Member added Enrolled. Concerns tom Who ben When Jan. 2, 2030, midnight UTC"
LEA = "Member added Enrolled. Concerns lea Who greta When Jan. 1, 2030, midnight UTC"


def test_the_page(busy, people, visit):
    page = changes(visit, busy, people["greta"])
    assert page.words("//h1") == ["Changes"]
    assert page.words(ROWS)[:2] == [TOM, LEA]
    assert page.words(ROWS)[-1].startswith("Session created Title: Crew")
    assert page.links()["Download as CSV"] == address("export_changes", busy)
    assert page.tree.xpath("//nav[@class='cs-ways']//a[@aria-current]/text()") == ["Changes"]


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({"kind": "members"}, [TOM, LEA]),
        ({"kind": "members", "person": "BE"}, [TOM]),
        ({"person": "lea"}, [LEA]),
        ({"since": "2030-01-01"}, [TOM, LEA]),
        ({"since": "2030-01-01", "until": "2030-01-01"}, [LEA]),
        ({"since": "2030-01-02"}, [TOM]),
        ({"kind": "locks"}, []),
        ({"kind": "members", "since": "yesterday"}, [TOM, LEA]),
    ],
)
def test_what_is_looked_for(asked, rows, busy, people, visit):
    page = changes(visit, busy, people["greta"], **asked)
    assert page.words(ROWS) == rows
    count = f"{len(rows)} {'change matches' if len(rows) == 1 else 'changes match'}."
    assert page.words("//p[@class='cs-found']") == [count]


def test_days_are_those_of_the_reader(busy, people, visit, reads_in):
    reads_in(people["greta"], "America/New_York")
    assert len(changes(visit, busy, people["greta"], until="2029-12-31", kind="members").words(ROWS)) == 1


@pytest.mark.parametrize("day", ["31.12.2029", "0029-12-31", "20300-01-01"])
def test_a_day_that_is_none_is_told_beside_its_field(day, busy, people, visit):
    page = changes(visit, busy, people["greta"], since=day)
    assert len(page.words("//*[@id='cs-filter-since_error']")) == 1
    assert len(page.words(ROWS)) > 2


def export(session, user, **asked) -> list[list[str]]:
    response = signed_in(user).get(address("export_changes", session), asked)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{session.code}-changes.csv"'
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:])))


def test_the_file(busy, people):
    api.set_locks(busy, [Lock.TEAM], reason="=1+1", actor=by(people["greta"]), now=NEW_YEAR + timedelta(days=2))
    rows = export(busy, people["greta"], since="2030-01-02")
    assert rows == [
        [
            "When",
            "Who",
            "Username",
            "About",
            "What",
            "Concerns",
            "Username of whom it concerns",
            "Details",
            "Reason",
        ],
        [
            "2030-01-03T00:00:00+00:00",
            "greta",
            "greta",
            "Locks",
            "Lock set",
            "Course coaches",
            "",
            "Reason given: =1+1",
            "Locked.",
        ],
        ["2030-01-02T00:00:00+00:00", "ben", "ben", "Members", "Member added", "tom", "tom", "", "Enrolled."],
    ]


def test_a_spreadsheet_calculates_nothing(busy, people):
    for title in ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)"):
        people["ben"].username = title
        people["ben"].save()
        (row,) = (row for row in export(busy, people["greta"], kind="members") if "2030-01-02" in row[0])
        assert row[1:3] == [f"'{title}"] * 2


def test_what_is_announced_and_given_is_told_of(crew, people, now):
    greta, later = by(people["greta"]), now + timedelta(minutes=1)
    minute = iter(later + timedelta(minutes=number) for number in range(9))
    at = lambda: {"actor": greta, "now": next(minute)}  # noqa: E731
    tide = api.create_announcement(
        crew, title="The tide", text="At six.", is_pinned=True, published_from=NEW_YEAR, **at()
    )
    api.edit_announcement(tide, text="At seven.", title="High water", published_to=NEW_YEAR + timedelta(days=9), **at())
    api.delete_announcement(tide, **at())
    link = api.add_link(crew, title="Tables", url="https://example.com/", **at())
    api.edit_material(link, title="Tide tables", **at())
    api.remove_material(link, **at())
    new_year = '<time datetime="2030-01-01" dir="auto">Jan. 1, 2030</time>'
    assert newest(crew, 6) == [
        ("greta", "-", "Material removed", "<bdi>Tide tables</bdi>", []),
        (
            "greta",
            "~",
            "Material changed",
            "<bdi>Tide tables</bdi>",
            ["Title: <bdi>Tables</bdi> → <bdi>Tide tables</bdi>"],
        ),
        ("greta", "+", "Material added", "<bdi>Tables</bdi>", ["Address: <bdi>https://example.com/</bdi>"]),
        ("greta", "-", "Announcement deleted", "<bdi>High water</bdi>", []),
        (
            "greta",
            "~",
            "Announcement changed",
            "<bdi>High water</bdi>",
            [
                "Title: <bdi>The tide</bdi> → <bdi>High water</bdi>",
                "Text: written anew",
                'Published until: none → <time datetime="2030-01-09" dir="auto">Jan. 9, 2030</time>',
            ],
        ),
        (
            "greta",
            "+",
            "Announcement written",
            "<bdi>The tide</bdi>",
            ["Pinned: yes", f"Published from: {new_year}"],
        ),
    ]


def statements(session, count: int) -> int:
    for number in range(count):
        api.edit_session(session, title=f"Crew {number}", actor=api.SYSTEM, now=NEW_YEAR + timedelta(days=number))
    with CaptureQueriesContext(connection) as captured:
        found = session_changes(session, ChangeFilter(), page=1)
    assert all(change.at for change in found)
    return len(captured)


def test_tools_and_grading_are_told_of(crew, people, now):
    edition = crew.editions.select_related("session").first()
    by_greta = {"actor": by(people["greta"]), "now": now}
    show_tools(edition, {"progress": False}, **by_greta)
    set_grading(edition, pass_line=0.6, assignments=(), **by_greta)
    set_grading(edition, pass_line=None, assignments=(), **by_greta)
    assert newest(crew, 9, kind=ChangeKind.TOOLS) == [
        ("greta", "+", "Tool shown or hidden", "<bdi>Progress</bdi>", ["Learners have it: no"])
    ]
    assert newest(crew, 9, kind=ChangeKind.GRADING) == [
        ("greta", "-", "Graded as the base course again", "<bdi>Stars</bdi>", []),
        ("greta", "+", "Graded otherwise than the base course", "<bdi>Stars</bdi>", ["Passing line: 60%"]),
    ]


@pytest.mark.parametrize(
    ("tool", "words"),
    [(tool.value, change_words._TOOLS[tool]) for tool in Tool]
    + [("page:reading", "Page: reading"), ("link:A: b", "Link: A: b"), ("x:y", "x:y"), ("chess", "chess")],
)
def test_the_name_of_a_tool(tool, words):
    assert change_words._tool(tool) == words


def test_the_statements_do_not_grow(busy):
    # The count, the places, those before, four histories, the titles of courses.
    assert (statements(busy, 1), statements(busy, 40)) == (8, 8)


def test_the_page_is_fixed_too(busy, people, django_assert_num_queries):
    client = signed_in(people["greta"])
    client.get(address("changes", busy))
    with django_assert_num_queries(14):
        client.get(address("changes", busy))


def test_pages_of_it(busy, people, visit):
    for number in range(60):
        api.edit_session(busy, title=f"Crew {number}", actor=api.SYSTEM, now=NEW_YEAR + timedelta(days=2 + number))
    first, second = (changes(visit, busy, people["greta"], page=number) for number in (1, 2))
    assert len(first.words(ROWS)) == 50
    assert list(first.links("//nav[@class='cs-pages']").values()) == [f"{address('changes', busy)}?page=2"]
    assert second.words(ROWS)[10:12] == [TOM, LEA]
    assert len(export(busy, people["greta"])) == 1 + 50 + len(second.words(ROWS))


def test_an_export_of_many_loses_none(busy, monkeypatch):
    whole = [told(change) for change in all_changes(busy, ChangeFilter())]
    monkeypatch.setattr("cohort_sessions.queries.changes._BATCH", 2)
    assert [told(change) for change in all_changes(busy, ChangeFilter())] == whole


def test_every_deed_and_field_has_words():
    from cohort_sessions.queries import changes as module

    assert {(kind, deed) for kind in ChangeKind for deed in Deed} == set(change_words._DEEDS)
    assert {name for source in module._SOURCES for name in source.fields} <= set(change_words._FIELDS)


def test_a_window_that_is_half_open(busy):
    window = Window(NEW_YEAR, NEW_YEAR + timedelta(days=1))
    assert [change.at for change in all_changes(busy, ChangeFilter(window=window))] == [NEW_YEAR]


def test_an_invitation_is_told_of_without_its_address(busy, people, now):
    greta = by(people["greta"])
    api.enrol_members(busy, ["new@example.com"], actor=greta, now=now)
    (change,) = newest(busy, 5, kind=ChangeKind.INVITATIONS)
    assert (change[:4], len(change[4])) == (("greta", "+", "Address invited", ""), 1)
    assert "new@example.com" not in str(export(busy, people["greta"]))
