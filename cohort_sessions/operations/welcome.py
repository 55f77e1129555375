"""The welcome to an edition: what its learners read first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import ChangedMeanwhile, InvalidInput
from cohort_sessions.models import CourseEdition, EditionWelcome
from cohort_sessions.operations._editions import locked_edition
from cohort_sessions.operations._ground import delete, save
from cohort_sessions.queries.welcome import welcome_mark

WELCOME_LENGTH = 20_000


def set_welcome(edition: CourseEdition, text: str, *, seen: str | None = None, actor: Actor, now: datetime) -> bool:
    """
    Have learners read `text`, Markdown, first; nothing but white space takes the welcome away. Returns whether anything
    changed. It is cleaned wherever it is shown.

    Args:
        seen: the `welcome_mark` of the text that whoever wrote this saw; without it nobody is asked.

    Raises:
        ChangedMeanwhile: it is another one by now.
        InvalidInput: it is too long.
        NotFound, NotAllowed, Locked: see `authorise`.
    """
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.EDIT_CONTENT, actor=actor)
        text = text.replace("\r\n", "\n").strip()
        if len(text) > WELCOME_LENGTH:
            raise InvalidInput({"text": _("Use at most %(most)d characters.") % {"most": WELCOME_LENGTH}})
        row = EditionWelcome.objects.filter(edition=fresh).first()
        now_there = row.text if row else ""
        if text == now_there:
            return False
        if seen is not None and seen != welcome_mark(now_there):
            raise ChangedMeanwhile(
                _("Somebody has changed the welcome meanwhile; it stands below. Save once more to have it your way.")
            )
        if not text:
            delete(row, actor=actor, now=now, reason="")
            return True
        row = row or EditionWelcome(edition=fresh)
        row.text = text
        save(row, actor=actor, now=now, reason="")
    return True
