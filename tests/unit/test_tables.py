"""Rows of cells as files: what spreadsheets make of them, and what they must not."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from django.utils.html import format_html
from openpyxl import load_workbook

from cohort_sessions.tables import csv_lines, write_xlsx

MOMENT = datetime(2026, 7, 1, 22, 30, 5, tzinfo=UTC)
ROW = ("Léa", 97.5, 0, None, MOMENT, "")


def csv_of(*rows, is_marked=False):
    return "".join(csv_lines(["A"], rows, is_marked=is_marked))


def cells_of(*rows):
    file = BytesIO()
    write_xlsx(file, "Results", ["A", "B"], rows)
    return load_workbook(file).active


def test_a_csv_file_in_utf_8_with_or_without_its_mark():
    with timezone.override(ZoneInfo("Europe/Paris")):
        assert csv_of(ROW) == "A\r\nLéa,97.5,0,,2026-07-02T00:30:05+02:00,\r\n"
        assert csv_of(ROW, is_marked=True) == "\ufeff" + csv_of(ROW)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20A1"]
)
def test_text_that_would_be_calculated_is_told_to_be_text(text):
    assert list(csv.reader(StringIO(csv_of([text]), newline=""))) == [["A"], [f"'{text}"]]
    cell = cells_of([text])["A2"]
    # As workbooks write what XML would lose.
    assert (cell.data_type, cell.value) == ("s", text.replace("\r", "_x000D_"))


def test_numbers_below_zero_are_no_formulas():
    assert csv_of([-1.5, -2]) == "A\r\n-1.5,-2\r\n"


def test_html_is_written_as_its_text():
    link = format_html("<b>{}</b>", "Tides & <ebb>")
    assert csv_of([link]) == "A\r\nTides & <ebb>\r\n"
    assert cells_of([link])["A2"].value == "Tides & <ebb>"


def test_what_looks_like_a_link_or_a_number_is_text():
    sheet = cells_of(["https://example.com/", "007"])
    assert [(cell.data_type, cell.value, cell.hyperlink) for cell in sheet[2]] == [
        ("s", "https://example.com/", None),
        ("s", "007", None),
    ]


def test_a_workbook_has_numbers_and_moments_to_count_with():
    """In the zone of who reads them, since a workbook knows none."""
    with timezone.override(ZoneInfo("Europe/Paris")):
        sheet = cells_of(ROW)
    assert [cell.value for cell in sheet[2]] == ["Léa", 97.5, 0, None, datetime(2026, 7, 2, 0, 30, 5)]  # noqa: DTZ001
    assert sheet["E2"].number_format == "yyyy-mm-dd hh:mm"


def test_the_headings_of_a_workbook_stay_in_sight():
    sheet = cells_of(ROW)
    assert (sheet.title, sheet.freeze_panes, sheet["A1"].value, sheet["A1"].font.bold) == ("Results", "A2", "A", True)


@pytest.mark.parametrize(("language", "is_right_to_left"), [("en", False), ("ar", True)])
def test_a_workbook_runs_as_its_language_does(language, is_right_to_left):
    with translation.override(language):
        assert bool(cells_of(ROW).sheet_view.rightToLeft) == is_right_to_left


def test_what_fails_on_the_way_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def rows():
        yield ["first"]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_xlsx(BytesIO(), "Results", ["A"], rows())
    assert list(tmp_path.iterdir()) == []
