"""How an edition is called wherever the platform shows a course title."""

from __future__ import annotations

SEPARATOR = " - "
ELLIPSIS = "…"


def edition_title(course_title: str, session_title: str, limit: int) -> str:
    """
    "Course title - Session title", in at most `limit` characters.

    The session's title tells a learner's editions of one course apart, so the course's is shortened first, and the
    session's only where it alone would take more than half.
    """
    whole = f"{course_title}{SEPARATOR}{session_title}"
    if len(whole) <= limit:
        return whole
    session = _shorten(session_title, max(limit // 2, limit - len(SEPARATOR) - len(course_title)))
    return f"{_shorten(course_title, limit - len(SEPARATOR) - len(session))}{SEPARATOR}{session}"


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - len(ELLIPSIS)].rstrip() + ELLIPSIS
