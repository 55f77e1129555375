"""Files of results: asked for once, written, kept for who asked, and deleted."""

from __future__ import annotations

import csv
import gc
import tracemalloc
from datetime import timedelta
from io import BytesIO, StringIO
from itertools import product
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import OperationalError
from django.utils import translation
from openpyxl import load_workbook

from cohort_sessions import api, tasks
from cohort_sessions.data import SYSTEM, Actor, ExportFormat, ExportStatus
from cohort_sessions.errors import NotFound
from cohort_sessions.host import get_host
from cohort_sessions.models import EditionResult, Member, ResultExport
from cohort_sessions.operations import exports
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.exports import ExportWish, exported_editions, exported_rows, own_export, own_exports
from cohort_sessions.queries.result_order import ResultFilter
from cohort_sessions.queries.result_table import headings
from cohort_sessions.standing import Standing
from cohort_sessions.tables import csv_lines
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

HOUR = timedelta(hours=1)
CSV, XLSX = ExportFormat.CSV, ExportFormat.XLSX


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    """Where the files are."""
    cache.clear()
    settings.SANDBOX_PRIVATE_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("ben", "cora", "lea", "omar")}


@pytest.fixture
def crew(make_session, make_base_course, people, committed):
    """Two courses, coached by ben, the first by cora; Lea is half through the first and omar has done nothing."""
    session = make_session(
        title="Crew",
        courses=[make_base_course(title="Stars"), make_base_course(title="Tides")],
        members=[people["lea"], people["omar"]],
    )
    stars = session.editions.get(position=0)
    with committed():
        api.assign_session_team(session, api.TeamRole.SESSION_COACH, ["ben"], actor=SYSTEM, now=NOW)
        api.assign_course_coaches(stars, ["cora"], actor=SYSTEM, now=NOW)
    EditionResult.objects.create(
        member=session.members.get(user=people["lea"]),
        edition=stars,
        grade=0.855,
        letter="B",
        passed=True,
        passed_at=NOW - 3 * HOUR,
        completed=1,
        completable=3,
        first_activity_at=NOW - 9 * HOUR,
        last_activity_at=NOW - 2 * HOUR,
        as_of=NOW - HOUR,
    )
    return session


@pytest.fixture
def asked(crew, people):
    """``asked("cora")``: what this person asks for; `wish` and `kind` as told. Nothing follows by itself."""

    def ask(name: str, kind: ExportFormat = CSV, *, now=NOW, is_marked=True, **wish) -> ResultExport:
        actor = load_actor(people[name], now=now)
        return exports.request_export(crew, ExportWish(**wish), kind, is_marked=is_marked, actor=actor, now=now)

    return ask


def stored(export: ResultExport) -> bytes:
    export.refresh_from_db()
    with get_host().private_storage().open(export.file_name) as file:
        return file.read()


def lines(export: ResultExport) -> list[list[str]]:
    return list(csv.reader(StringIO(stored(export).decode("utf-8-sig"))))


def told(export: ResultExport) -> tuple:
    export.refresh_from_db()
    return export.status, export.written, export.total, export.failure


def test_a_line_for_each_member_and_course(asked):
    export = asked("ben")
    assert exports.write_export(export.pk, now=NOW) is True
    assert told(export) == ("done", 4, 4, "")
    head, *rows = lines(export)
    assert head == [
        "Name",
        "Username",
        "E-mail address",
        "Session",
        "Course",
        "Standing",
        "Grade (%)",
        "Letter",
        "Passed",
        "First passed (UTC)",
        "Completed",
        "To be completed",
        "Progress (%)",
        "First activity (UTC)",
        "Last activity (UTC)",
        "Final since (UTC)",
        "As of (UTC)",
    ]
    nothing = ["Not started", "", "", "no", "", "0", "0", "0.0", "", "", "", ""]
    at = [f"2026-04-01T{hour}:00:00+00:00" for hour in ("09", "03", "10", "11")]
    passed = ["Passed", "85.5", "B", "yes", at[0], "1", "3", "33.33", at[1], at[2], "", at[3]]
    assert rows == [
        ["lea", "lea", "lea@example.com", "Crew", "Stars", *passed],
        ["lea", "lea", "lea@example.com", "Crew", "Tides", *nothing],
        ["omar", "omar", "omar@example.com", "Crew", "Stars", *nothing],
        ["omar", "omar", "omar@example.com", "Crew", "Tides", *nothing],
    ]


def test_a_workbook_says_the_same(asked):
    export = asked("ben", XLSX)
    exports.write_export(export.pk, now=NOW)
    sheet = load_workbook(BytesIO(stored(export))).active
    assert (sheet.max_row, sheet.title) == (5, "Results")
    assert [cell.value for cell in sheet[2]][5:9] == ["Passed", 85.5, "B", "yes"]
    assert sheet["J2"].value == (NOW - 3 * HOUR).replace(tzinfo=None)


def test_only_what_was_asked_for(asked, crew):
    stars = crew.editions.get(position=0).uuid
    for wish, expected in (
        ({"course": stars}, [("lea", "Stars"), ("omar", "Stars")]),
        ({"usernames": ("omar", "nobody")}, [("omar", "Stars"), ("omar", "Tides")]),
        ({"members": ResultFilter(standing=Standing.PASSED)}, [("lea", "Stars"), ("lea", "Tides")]),
        ({"members": ResultFilter(search="OMA"), "course": stars}, [("omar", "Stars")]),
        ({"members": ResultFilter(is_final=True)}, []),
    ):
        export = asked("ben", **wish)
        exports.write_export(export.pk, now=NOW)
        assert [(row[0], row[4]) for row in lines(export)[1:]] == expected
        assert told(export)[:3] == ("done", len(expected), len(expected))


def test_former_members_only_where_they_are_asked_for(asked, crew):
    api.remove_members(crew, ["omar"], actor=SYSTEM, now=NOW)
    for with_former, expected in ((False, {"lea"}), (True, {"lea", "omar"})):
        export = asked("ben", members=ResultFilter(with_former=with_former))
        exports.write_export(export.pk, now=NOW)
        assert {row[0] for row in lines(export)[1:]} == expected


def test_a_course_coach_gets_their_course_alone(asked, crew):
    export = asked("cora")
    exports.write_export(export.pk, now=NOW)
    assert {row[4] for row in lines(export)[1:]} == {"Stars"}
    with pytest.raises(NotFound):
        asked("cora", course=crew.editions.get(position=1).uuid)


@pytest.mark.parametrize("name", ["lea", "omar"])
def test_who_may_not_export_asks_for_nothing(asked, name):
    with pytest.raises(NotFound):
        asked(name)
    assert not ResultExport.objects.exists()


def test_it_is_written_in_the_words_and_hours_of_who_asked(asked, crew):
    with translation.override("ar"):
        export = asked("ben", is_marked=False)
    assert (export.wanted["language"], export.wanted["zone"]) == ("ar", "UTC")
    type(export).objects.update(wanted=export.wanted | {"zone": "Asia/Tokyo"})
    exports.write_export(export.pk, now=NOW)
    assert not stored(export).startswith(b"\xef\xbb\xbf")
    assert lines(export)[1][-1] == "2026-04-01T20:00:00+09:00"
    assert "Asia/Tokyo" in lines(export)[0][-1]


def test_asking_twice_for_what_is_being_made_makes_one(asked):
    first = asked("ben", usernames=("lea", "omar"))
    assert asked("ben", usernames=("omar", "lea")) == first
    ResultExport.objects.update(status=ExportStatus.RUNNING.value)
    assert asked("ben", usernames=("omar", "lea")) == first
    others = [
        asked("cora", usernames=("omar", "lea")),
        asked("ben"),
        asked("ben", XLSX, usernames=("omar", "lea")),
        asked("ben", is_marked=False, usernames=("omar", "lea")),
    ]
    assert len({first, *others}) == 5
    ResultExport.objects.update(status=ExportStatus.DONE.value)
    assert asked("ben", usernames=("omar", "lea")) != first


def test_its_task_follows_the_commit(asked, committed, now):
    with committed():
        export = asked("ben", now=now)
        assert told(export)[0] == "waiting"
    assert told(export)[0] == "done"


def test_names_cannot_be_guessed(asked):
    names = {asked("ben", usernames=(name,)).file_name for name in ("lea", "omar")}
    assert len(names) == 2
    assert {len(Path(name).stem) for name in names} == {64}


def test_what_is_done_is_not_done_again(asked, folder):
    export = asked("ben")
    assert [exports.write_export(export.pk, now=NOW) for _ in range(2)] == [True, False]
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


def test_another_attempt_writes_over_what_the_first_left(asked, folder):
    """As after a worker that was killed between the file and its row."""
    export = asked("ben")
    exports.write_export(export.pk, now=NOW)
    ResultExport.objects.update(status=ExportStatus.RUNNING.value, written=1)
    cache.clear()
    export.refresh_from_db()
    assert exports.take_up_again(export, now=NOW + HOUR) is True
    assert exports.write_export(export.pk, now=NOW) is True
    assert told(export)[:3] == ("done", 4, 4)
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [Path(export.file_name).name]


def test_how_far_it_has_come_is_told_on_the_way(asked, monkeypatch):
    monkeypatch.setattr(exports, "_BATCH", 1)
    export, seen = asked("ben"), []
    fill = exports.csv_lines

    def watched(*args, **kwargs):
        for line in fill(*args, **kwargs):
            seen.append(told(export)[:3])
            yield line

    monkeypatch.setattr(exports, "csv_lines", watched)
    exports.write_export(export.pk, now=NOW)
    assert seen[2:] == [("running", number, 4) for number in (0, 1, 2, 3)]


def test_what_fails_is_on_the_row_in_a_sentence(asked, settings, folder, caplog):
    export = asked("ben")
    (folder / "file").touch()
    settings.SANDBOX_PRIVATE_ROOT = folder / "file"
    assert exports.write_export(export.pk, now=NOW) is True
    status, _written, _total, failure = told(export)
    assert status == "failed"
    assert failure == (
        "Something went wrong while the file was written. Ask for it again; if that does not help, tell whoever runs "
        "this site."
    )
    assert "could not be written" in caplog.text


def test_what_passes_is_tried_again(asked, monkeypatch):
    """A deadlock, say."""
    export, fill = asked("ben"), exports.exported_rows

    def stumble(*_args, **_kwargs):
        raise OperationalError

    monkeypatch.setattr(exports, "exported_rows", stumble)
    with pytest.raises(OperationalError):
        exports.write_export(export.pk, now=NOW)
    assert told(export)[0] == "waiting"
    monkeypatch.setattr(exports, "exported_rows", fill)
    assert exports.write_export(export.pk, now=NOW) is True
    assert told(export)[0] == "done"


def test_who_may_not_any_more_when_its_turn_comes_gets_nothing(asked, crew, folder):
    export = asked("ben")
    api.remove_session_team(crew, api.TeamRole.SESSION_COACH, ["ben"], actor=SYSTEM, now=NOW)
    exports.write_export(export.pk, now=NOW)
    assert told(export)[0] == "failed"
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_file_is_seen_by_who_asked_as_long_as_they_may_export_all_of_it(asked, crew, people):
    tides = crew.editions.get(position=1)
    api.assign_course_coaches(tides, ["cora"], actor=SYSTEM, now=NOW)
    export = asked("cora")

    def seen_by(name, now=NOW):
        actor = load_actor(people[name], now=now)
        try:
            assert own_export(crew, export.uuid, actor=actor, now=now) in own_exports(crew, actor=actor, now=now)
        except NotFound:
            assert own_exports(crew, actor=actor, now=now) == []
            return False
        return True

    assert {name: seen_by(name) for name in people} == {"ben": False, "cora": True, "lea": False, "omar": False}
    assert not seen_by("cora", now=NOW + 48 * HOUR)
    assert seen_by("cora", now=NOW + 47 * HOUR)
    api.remove_course_coaches(tides, ["cora"], actor=SYSTEM, now=NOW)
    assert not seen_by("cora")


def test_a_list_of_files_costs_the_same_for_one_and_three(asked, crew, people, django_assert_num_queries):
    actor = load_actor(people["ben"], now=NOW)
    asked("cora")
    for number, name in ((1, ()), (3, ("lea", "omar"))):
        for each in name:
            asked("ben", usernames=(each,))
        if not name:
            asked("ben")
        with django_assert_num_queries(2):
            assert len(own_exports(crew, actor=actor, now=NOW)) == number


class TestTheTick:
    def test_it_deletes_what_has_expired_with_its_file(self, asked, folder):
        old, young = asked("ben"), asked("ben", now=NOW + HOUR)
        assert old == young
        exports.write_export(old.pk, now=NOW)
        young = asked("ben", now=NOW + HOUR)
        exports.write_export(young.pk, now=NOW + HOUR)
        report = tasks.pass_time(now=NOW + 48 * HOUR)
        assert (report.exports, report.failures) == (1, ())
        assert list(ResultExport.objects.all()) == [young]
        young.refresh_from_db()
        assert [path.name for path in folder.rglob("*") if path.is_file()] == [Path(young.file_name).name]

    def test_a_file_that_stays_keeps_its_row(self, asked, monkeypatch):
        asked("ben")

        def refuse(*_args):
            raise OSError("The disk is read only.")

        monkeypatch.setattr("django.core.files.storage.FileSystemStorage.delete", refuse)
        report = tasks.pass_time(now=NOW + 48 * HOUR)
        assert (report.exports, len(report.failures)) == (0, 1)
        assert ResultExport.objects.count() == 1

    @pytest.mark.parametrize("status", [ExportStatus.WAITING, ExportStatus.RUNNING])
    def test_it_asks_again_for_what_lost_its_task(self, asked, status, now):
        export = asked("ben", now=now)
        ResultExport.objects.update(status=status.value)
        tasks.pass_time(now=now + timedelta(minutes=10))
        assert told(export)[0] == status.value
        tasks.pass_time(now=now + timedelta(minutes=15))
        assert told(export)[0] == "done"

    def test_not_for_what_somebody_is_writing(self, asked):
        export = asked("ben")
        ResultExport.objects.update(status=ExportStatus.RUNNING.value)
        exports._Counted([], export)._tell()
        tasks.pass_time(now=NOW + HOUR)
        assert told(export)[0] == "running"


def test_who_is_retired_leaves_no_file(asked, people, folder):
    for name in ("ben", "cora"):
        exports.write_export(asked(name).pk, now=NOW)
    assert exports.forget_exports(people["ben"].pk) == 1
    (left,) = ResultExport.objects.all()
    assert left.requested_by == people["cora"]
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [Path(left.file_name).name]


def test_a_row_that_goes_with_its_account_takes_the_file_along(asked, people, folder, committed):
    exports.write_export(asked("ben").pk, now=NOW)
    with committed():
        people["ben"].delete()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def crowd(session, size: int) -> None:
    """So many members, with a result in every edition."""
    users = get_user_model().objects.bulk_create(
        get_user_model()(username=f"{size}-{number}", email=f"{number}@example.com", first_name=f"Somebody {number}")
        for number in range(size)
    )
    members = Member.objects.bulk_create(Member(session=session, user=user, enrolled_at=NOW) for user in users)
    EditionResult.objects.bulk_create(
        (
            EditionResult(
                member=member, edition=edition, grade=0.5, completed=1, completable=2, as_of=NOW, last_activity_at=NOW
            )
            for member, edition in product(members, session.editions.all())
        ),
        batch_size=2000,
    )


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_members(make_session, make_base_course):
    """4 courses: ten times the members, which is two batches in memory at once instead of one."""
    courses = [make_base_course() for _ in range(4)]
    peaks = {}
    for size in (500, 5000):
        session = make_session(title=f"Crowd of {size}", courses=courses)
        crowd(session, size)
        actor = Actor(user_id=None, coached_session_ids=frozenset({session.pk}))
        editions = exported_editions(session, ExportWish(), actor=actor)
        gc.collect()
        tracemalloc.start()
        rows = exported_rows(session, editions, ExportWish(), now=NOW)
        written = sum(1 for _line in csv_lines(headings(), rows, is_marked=False))
        peaks[size] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert written == 4 * size + 1
    assert peaks[5000] < 2.5 * peaks[500], peaks
