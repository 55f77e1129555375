"""What is downloaded: tables, written while they are sent or before, by who waits for them; and files of people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile

from django.core.files import File
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from cohort_sessions.data import ExportFormat
from cohort_sessions.tables import Row, csv_lines, write_xlsx

CONTENT_TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def csv_download(
    name: str, headings: Sequence[str], rows: Callable[[], Iterable[Row]], *, is_marked: bool = True
) -> StreamingHttpResponse:
    """
    A table to download, written while it is sent, in the language and time zone of this request.

    Args:
        name: of the file, without its ending.
        rows: called when sending begins.
        is_marked: see `tables.csv_lines`.
    """
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def lines() -> Iterable[str]:
        # The request is over, and its language and time zone with it, when the lines are asked for.
        with translation.override(language), timezone.override(zone):
            yield from csv_lines(headings, rows(), is_marked=is_marked)

    return as_file(StreamingHttpResponse(lines()), name, ExportFormat.CSV)


def xlsx_download(name: str, title: str, headings: Sequence[str], rows: Iterable[Row]) -> FileResponse:
    """The same as a workbook, which is written before it is sent; see `tables.write_xlsx`."""
    with ExitStack() as until_sent:
        file = until_sent.enter_context(TemporaryFile())
        write_xlsx(file, title, headings, rows)
        file.seek(0)
        # The answer closes it.
        until_sent.pop_all()
    return as_file(FileResponse(file), name, ExportFormat.XLSX)


def kept_file(file: File, name: str, content_type: str) -> FileResponse:
    """A file that somebody gave, to be saved: whatever is in it, no browser shows it as a page of this site."""
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def as_file(response: HttpResponseBase, name: str, kind: ExportFormat) -> HttpResponseBase:
    """The answer as a file of this name that is kept by nobody but who asked for it."""
    response["Content-Type"] = CONTENT_TYPES[kind]
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind.value}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
