"""
Rows of cells as files that spreadsheets open as they are, and that cannot make a spreadsheet calculate.

Both kinds are written line by line, so that memory does not grow with the number of lines. Moments are written in the
active time zone, words in the active language.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import unescape
from itertools import chain
from tempfile import TemporaryDirectory
from typing import BinaryIO

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi
from xlsxwriter import Workbook

# Without the mark, spreadsheets take UTF-8 for the encoding of the country they were bought in.
MARK = "\ufeff"

# Text, HTML (which is written as its text), a number, a moment, or nothing.
Cell = str | int | float | datetime | None
Row = Sequence[Cell]

# What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"), full-width signs of East Asia included.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

# As `datetime.isoformat` writes it, to the minute; sorted and counted with as a date.
_MOMENT_FORMAT = "yyyy-mm-dd hh:mm"

# Characters; long names wrap no line, and are seen whole by who widens the column.
_WIDTH = 18


class _Echo:
    """A file for `csv.writer` that gives back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(headings: Sequence[str], rows: Iterable[Row], *, is_marked: bool) -> Iterator[str]:
    """
    The lines of a CSV file, one after the other as they are asked for.

    Moments are written with their offset. Text that a spreadsheet would calculate gets an apostrophe before it.

    Args:
        is_marked: whether it begins with the mark by which spreadsheets know UTF-8.
    """
    writer = csv.writer(_Echo())
    if is_marked:
        yield MARK
    for row in chain([headings], rows):
        yield writer.writerow([_written(cell) for cell in row])


def write_xlsx(file: BinaryIO, title: str, headings: Sequence[str], rows: Iterable[Row]) -> None:
    """
    Write a workbook of one sheet, whose headings stay in sight.

    Text is text, whatever it looks like; numbers and moments can be counted with. Moments lose their offset, which
    workbooks have no place for: say in the headings in which zone they are.

    Args:
        title: of the sheet.
    """
    # What is not yet in the workbook waits in a folder that goes whatever happens.
    with TemporaryDirectory() as folder:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        workbook = Workbook(file, options)
        try:
            _fill(workbook, title, headings, rows)
        finally:
            workbook.close()


def _fill(workbook: Workbook, title: str, headings: Sequence[str], rows: Iterable[Row]) -> None:
    sheet = workbook.add_worksheet(title)
    bold, moment = workbook.add_format({"bold": True}), workbook.add_format({"num_format": _MOMENT_FORMAT})
    if get_language_bidi():
        sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, _WIDTH)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, _text(heading), bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, timezone.make_naive(cell), moment)
            elif isinstance(cell, int | float):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, _text(cell))


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        # To the second and with its offset, for machines as well.
        return timezone.localtime(cell).isoformat(timespec="seconds")
    text = _text(cell)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) and not isinstance(cell, int | float) else text


def _text(cell: Cell) -> str:
    return unescape(strip_tags(cell)) if isinstance(cell, SafeString) else str(cell)
