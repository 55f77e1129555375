"""What learners of an edition read first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.utils.safestring import SafeString
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.models import CohortSession, CourseEdition, EditionWelcome
from cohort_sessions.rich_text import markdown_html


@dataclass(frozen=True, slots=True)
class Welcome:
    """
    The welcome to a course of a session.

    Attributes:
        uuid: of the edition.
        text: Markdown.
    """

    uuid: UUID
    text: str

    @property
    def html(self) -> SafeString:
        """Clean."""
        return markdown_html(self.text)


def session_welcomes(session: CohortSession) -> tuple[Welcome, ...]:
    """Of the courses that the session has, in their order. One query."""
    rows = EditionWelcome.objects.filter(edition__session=session, edition__withdrawn_at=None)
    ordered = rows.order_by("edition__position", "edition__pk").values_list("edition__uuid", "text")
    return tuple(Welcome(uuid, text) for uuid, text in ordered)


def welcome_text(edition: CourseEdition) -> str:
    """Markdown; empty for none. One query."""
    return EditionWelcome.objects.filter(edition=edition).values_list("text", flat=True).first() or ""


def welcome_under(edition_key: CourseKey) -> str:
    """The same, by the edition's key. One query."""
    rows = EditionWelcome.objects.filter(edition__edition_key=edition_key, edition__withdrawn_at=None)
    return rows.values_list("text", flat=True).first() or ""


def welcome_mark(text: str) -> str:
    """Stands for a welcome, so that a form can tell what was seen."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
