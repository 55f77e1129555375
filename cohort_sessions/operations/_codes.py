"""
Enrolment codes: whether somebody knows the one of a session, and how often they may guess. Callers hold the lock of the
session.

Here and not at the doors, so that no door can forget it.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _

from cohort_sessions.data import Actor
from cohort_sessions.errors import InvalidInput, TooManyAttempts
from cohort_sessions.models import CohortSession

WRONG_CODES = 10
PAUSE = timedelta(hours=1)


def check_code(session: CohortSession, code: str, *, actor: Actor) -> None:
    """
    Let pass who knows the enrolment code.

    Wrong ones are counted per person and session, in the cache: a refusal rolls the transaction back, and nobody is
    harmed where a cache forgets. The lock of the session makes reading and writing the count one step.

    Raises:
        InvalidInput: the code is missing or wrong.
        TooManyAttempts: they have given `WRONG_CODES` wrong ones, with no pause of `PAUSE` in between.
    """
    counter = f"cohort_sessions.wrong_codes.{session.uuid}.{actor.user_id}"
    wrong = cache.get(counter, 0)
    if wrong >= WRONG_CODES:
        raise TooManyAttempts(_("Too many wrong codes. Try again in an hour, or ask the session's team for the code."))
    if _is_the_code(session, code):
        return
    cache.set(counter, wrong + 1, timeout=PAUSE.total_seconds())
    raise InvalidInput({"code": _("This is not the enrolment code of the session. Ask its team for it.")})


def _is_the_code(session: CohortSession, code: str) -> bool:
    """Compared in a time that tells nothing; blanks around it and the case of letters do not matter."""
    given, wanted = (text.strip().casefold().encode() for text in (code, session.enrolment_code))
    return secrets.compare_digest(given, wanted)
