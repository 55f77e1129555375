"""
Files of results that take too long to be made while somebody waits: asked for, written, and deleted with their rows.

A file may be fetched by nobody but who asked for it, see `queries.exports.own_export`; where it is kept is the host's
to say, under a name that cannot be guessed.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO

from django.conf import settings
from django.core.cache import cache
from django.core.files import File
from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cohort_sessions.data import Actor, ExportFormat, ExportStatus
from cohort_sessions.errors import CohortSessionError, NotFound
from cohort_sessions.events import COHORT_EXPORT_REQUESTED, CohortExportData, announce
from cohort_sessions.host import get_host
from cohort_sessions.models import CohortSession, ResultExport
from cohort_sessions.operations._files import discard_file
from cohort_sessions.operations._ground import locked_session
from cohort_sessions.operations._readers import written_for
from cohort_sessions.operations._retries import PATIENCE
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.exports import (
    ExportWish,
    covered_editions,
    exported_editions,
    exported_rows,
    stored_wish,
    wish_of,
)
from cohort_sessions.queries.result_table import headings
from cohort_sessions.queries.results import count_results
from cohort_sessions.queries.shown_editions import ShownEdition
from cohort_sessions.tables import Cell, csv_lines, write_xlsx

log = logging.getLogger(__name__)

# Where the host's storage has the files.
FOLDER = "cohort_sessions/exports"

_UNFINISHED = (ExportStatus.WAITING.value, ExportStatus.RUNNING.value)

# After how many lines it is told how far the file has come.
_BATCH = 500


def request_export(
    session: CohortSession, wish: ExportWish, kind: ExportFormat, *, actor: Actor, now: datetime, is_marked: bool = True
) -> ResultExport:
    """
    Ask for a file, to be written by a task in the active language and time zone, and kept for a while
    (``COHORT_SESSIONS_EXPORT_HOURS``).

    Who asks again for what is still being made for them gets that.

    Args:
        is_marked: see `tables.csv_lines`.

    Raises:
        NotFound: the actor may not export the results of this course, or of none.
    """
    editions = exported_editions(session, wish, actor=actor)
    wanted = {
        **stored_wish(wish, editions),
        "marked": is_marked,
        "language": translation.get_language(),
        "zone": timezone.get_current_timezone_name(),
    }
    with transaction.atomic():
        # Two clicks take turns, so that the second finds what the first has made.
        fresh = locked_session(session)
        asked = fresh.exports.filter(
            requested_by=actor.user_id, format=kind.value, status__in=_UNFINISHED, expires_at__gt=now
        )
        export = next((each for each in asked if each.wanted == wanted), None) or ResultExport.objects.create(
            session=fresh,
            edition=None if wish.course is None else fresh.editions.get(uuid=wish.course),
            requested_by_id=actor.user_id,
            requested_at=now,
            format=kind.value,
            wanted=wanted,
            total=count_results(session, usernames=wish.usernames) * len(editions),
            file_name=f"{FOLDER}/{secrets.token_hex(32)}.{kind.value}",
            expires_at=now + timedelta(hours=settings.COHORT_SESSIONS_EXPORT_HOURS),
        )
        data = CohortExportData(id=export.pk, session_uuid=str(fresh.uuid), user_id=actor.user_id)
        announce(COHORT_EXPORT_REQUESTED, now=now, export=data)
    return export


def write_export(export_id: int, *, now: datetime) -> bool:
    """
    Write a file that waits, as who asked for it may have it now. Whatever an earlier attempt left is written over.

    What fails is kept on the row in a sentence for who asked, and logged.

    Returns whether this call brought it to an end; nothing happens where it is done, or somebody else writes it.

    Raises:
        OperationalError: of the database, so that it is tried again; it waits anew.
    """
    waiting = ResultExport.objects.filter(pk=export_id, status=ExportStatus.WAITING.value, expires_at__gt=now)
    if not waiting.update(status=ExportStatus.RUNNING.value, written=0, failure=""):
        return False
    export = ResultExport.objects.select_related("session", "requested_by").get(pk=export_id)
    try:
        with written_for(export.wanted["language"], export.wanted["zone"]):
            _write(export, now)
    except OperationalError:
        with suppress(DatabaseError):
            _settle(export, status=ExportStatus.WAITING)
        raise
    except CohortSessionError as refusal:
        _settle(export, status=ExportStatus.FAILED, failure=str(refusal))
    except Exception:
        log.exception("The export %s could not be written.", export)
        _settle(export, status=ExportStatus.FAILED, failure=_failure(export))
    return True


def take_up_again(export: ResultExport, *, now: datetime) -> bool:
    """
    Let a file be written by whoever comes next, where it was asked for a while ago and nobody was seen writing it of
    late: its task was lost. Whether that is so.
    """
    if export.requested_at > now - PATIENCE:
        return False
    if not cache.add(_sign_of_life(export), value=True, timeout=PATIENCE.total_seconds()):
        return False
    _settle(export, status=ExportStatus.WAITING)
    return True


def discard_export(export: ResultExport) -> None:
    """
    Delete the file, then its row. Asks no permission: it has expired, or its owner is going.

    Raises:
        Exception: whatever kept the storage from deleting it. The row stays, so that it is tried again.
    """
    discard_file(export.file_name)
    export.delete()


def forget_exports(user_id: int) -> int:
    """Delete everything that an account asked for, whose holder is retired; returns how many. Asks no permission."""
    exports = list(ResultExport.objects.filter(requested_by=user_id))
    for export in exports:
        discard_export(export)
    return len(exports)


def _write(export: ResultExport, now: datetime) -> None:
    editions = _still_allowed(export, now)
    lines = _Counted(exported_rows(export.session, editions, wish_of(export), now=now), export)
    with TemporaryFile() as file:
        _fill(file, export, lines)
        file.seek(0)
        storage = get_host().private_storage()
        storage.delete(export.file_name)
        name = storage.save(export.file_name, File(file), max_length=255)
    done = {"written": lines.number, "total": lines.number, "file_name": name}
    if not _settle(export, status=ExportStatus.DONE, **done):
        # Its row went while it was written.
        discard_file(name)
    log.info("Account %s exported %s lines of results of %s.", export.requested_by_id, lines.number, export.session)


def _still_allowed(export: ResultExport, now: datetime) -> tuple[ShownEdition, ...]:
    actor = load_actor(export.requested_by, now=now)
    covered = covered_editions(export)
    found = exported_editions(export.session, ExportWish(), actor=actor)
    editions = tuple(each for each in found if each.uuid in covered)
    if len(editions) < len(covered):
        raise NotFound(_("You may not export the results of these courses any more."))
    return editions


def _fill(file: BinaryIO, export: ResultExport, lines: Iterable[tuple[Cell, ...]]) -> None:
    if export.format == ExportFormat.XLSX:
        write_xlsx(file, sheet_title(), headings(), lines)
        return
    file.writelines(line.encode() for line in csv_lines(headings(), lines, is_marked=export.wanted["marked"]))


def sheet_title() -> str:
    """What the one sheet of a workbook is called."""
    return _("Results")


class _Counted:
    """Lines on their way into a file, which tell how far it has come."""

    def __init__(self, lines: Iterable[tuple[Cell, ...]], export: ResultExport):
        self.number = 0
        self._lines, self._export = lines, export

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        self._tell()
        for line in self._lines:
            yield line
            self.number += 1
            if self.number % _BATCH == 0:
                self._tell()

    def _tell(self) -> None:
        cache.set(_sign_of_life(self._export), value=True, timeout=PATIENCE.total_seconds())
        ResultExport.objects.filter(pk=self._export.pk).update(written=self.number)


def _settle(export: ResultExport, *, status: ExportStatus, **values) -> bool:
    """Whether there was anything unfinished to be settled."""
    rows = ResultExport.objects.filter(pk=export.pk, status__in=_UNFINISHED)
    return bool(rows.update(status=status.value, **values))


def _failure(export: ResultExport) -> str:
    with written_for(export.wanted["language"], None):
        return _(
            "Something went wrong while the file was written. Ask for it again; if that does not help, tell whoever "
            "runs this site."
        )


def _sign_of_life(export: ResultExport) -> str:
    return f"cohort_sessions.export.{export.pk}"
