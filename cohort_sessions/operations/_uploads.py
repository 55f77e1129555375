"""
Which files a team may give its learners: by the ending of the name, by size, and by how the file begins.

What is kept here is never shown by the site, only sent to be saved: so what a file holds beyond its beginning is left
to whoever opens it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.files import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from cohort_sessions.errors import InvalidInput

_MB = 1024 * 1024
_LONGEST_NAME = 200
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

# What is told of a file when it is sent. Endings that an operator allows beyond these are sent as bytes of no kind.
_CONTENT_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "txt": "text/plain",
    "csv": "text/csv",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "odt": f"{_OPEN_DOCUMENT}text",
    "ods": f"{_OPEN_DOCUMENT}spreadsheet",
    "odp": f"{_OPEN_DOCUMENT}presentation",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "zip": "application/zip",
}
UNKNOWN_TYPE = "application/octet-stream"

# Of two bytes a letter, as told by the first two, or without any that is zero.
_TEXT = rb"\xff\xfe|\xfe\xff|[^\x00]+\Z"
_ZIPPED = rb"PK(\x03\x04|\x05\x06)"

# How files of these kinds begin, as far as that tells them.
_BEGINNINGS: Mapping[str, re.Pattern[bytes]] = {
    ending: re.compile(pattern, re.DOTALL)
    for ending, pattern in {
        "pdf": rb".{0,1000}%PDF-",
        **dict.fromkeys(("txt", "csv"), _TEXT),
        **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"), _ZIPPED),
        "png": rb"\x89PNG\r\n\x1a\n",
        "jpg": rb"\xff\xd8\xff",
        "jpeg": rb"\xff\xd8\xff",
        "gif": rb"GIF8[79]a",
        "mp3": rb"ID3|\xff[\xe2-\xff]",
        "mp4": rb".{4}ftyp",
    }.items()
}
_LOOKED_AT = 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """
    A file that may be kept.

    Attributes:
        name: what it is called, without any folder.
        ending: of the name, in small letters, without the dot.
        size: bytes.
    """

    name: str
    ending: str
    content_type: str
    size: int


def checked_upload(file: File) -> Upload:
    """
    What there is to know of a file that was sent. It is read from its beginning, and left there.

    Raises:
        InvalidInput: it may not be kept; the sentence says why, and the mend.
    """
    name = _clean(file.name)
    stem, _dot, ending = name.rpartition(".")
    ending = ending.lower()
    allowed = [each.lower().lstrip(".") for each in settings.COHORT_SESSIONS_MATERIAL_TYPES]
    if not stem or ending not in allowed:
        raise _refusal(
            _("Files of this kind are not allowed: “%(name)s”. Allowed are %(allowed)s. You can add a link instead.")
            % {"name": name, "allowed": ", ".join(allowed)}
        )
    most = settings.COHORT_SESSIONS_MATERIAL_MAX_MB * _MB
    if file.size > most:
        raise _refusal(
            _("This file has %(size)s; at most %(most)s are allowed. Make it smaller, or add a link instead.")
            % {"size": filesizeformat(file.size), "most": filesizeformat(most)}
        )
    if not file.size:
        raise _refusal(_("This file is empty. Choose another."))
    file.seek(0)
    beginning = file.read(_LOOKED_AT)
    file.seek(0)
    if ending in _BEGINNINGS and not _BEGINNINGS[ending].match(beginning):
        raise _refusal(
            _("“%(name)s” is no %(kind)s file, though its name says so. Save it as one, or choose another.")
            % {"name": name, "kind": ending.upper()}
        )
    return Upload(name, ending, _CONTENT_TYPES.get(ending, UNKNOWN_TYPE), file.size)


def _clean(name: str | None) -> str:
    """The name without folders and control characters; of a long one the end, which has the ending."""
    last = re.split(r"[/\\]", name or "")[-1]
    return " ".join("".join(each if each.isprintable() else " " for each in last).split())[-_LONGEST_NAME:]


def _refusal(sentence: str) -> InvalidInput:
    return InvalidInput({"file": sentence})
