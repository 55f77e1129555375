"""Tables as CSV files that spreadsheets open as they are, and that cannot make a spreadsheet calculate."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from html import unescape
from itertools import chain

from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

# Without the mark, spreadsheets take UTF-8 for the encoding of the country they were bought in.
_MARK = "\ufeff"

# What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection").
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file for `csv.writer` that gives back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_download(
    name: str, headings: Sequence[str], rows: Callable[[], Iterable[Sequence[str]]]
) -> StreamingHttpResponse:
    """
    A table to download, written while it is sent, in the language and time zone of this request.

    Args:
        name: of the file, without its ending.
        headings: the first line.
        rows: called when sending begins; cells that are HTML are written as their text.
    """
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def lines() -> Iterable[str]:
        # The request is over, and its language and time zone with it, when the lines are asked for.
        with translation.override(language), timezone.override(zone):
            writer = csv.writer(_Echo())
            yield _MARK
            for row in chain([headings], rows()):
                yield writer.writerow([_cell(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _cell(value: str) -> str:
    """The text of a cell, with an apostrophe before what a spreadsheet would calculate."""
    text = unescape(strip_tags(value)) if isinstance(value, SafeString) else str(value)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
