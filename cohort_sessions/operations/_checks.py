"""What a session's own fields must satisfy before it is stored; each objection names its field and the mend."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cohort_sessions.data import Joining
from cohort_sessions.errors import InvalidInput
from cohort_sessions.models import CohortSession

_MOMENTS = ("opens_at", "closes_at", "team_opens_at", "team_closes_at", "enrolment_opens_at", "enrolment_closes_at")


def check_session(session: CohortSession) -> None:
    """
    Look at every field before anything is stored.

    Raises:
        InvalidInput: naming each field that cannot stand, and how to mend it.
    """
    errors = _naive_moments(session) or (_window_errors(session) | _repetition_errors(session))
    errors = _joining_errors(session) | errors
    try:
        session.full_clean(validate_constraints=False)
    except ValidationError as error:
        errors = {name: " ".join(sentences) for name, sentences in error.message_dict.items()} | errors
    if errors:
        raise InvalidInput(errors)


def free_code(session: CohortSession) -> str:
    """A code made from the title that no other session has."""
    wanted = slugify(session.title)[:80] or "session"
    taken = CohortSession.objects.filter(code=wanted).exists()
    return f"{wanted}-{session.uuid.hex[:8]}" if taken else wanted


def _naive_moments(session: CohortSession) -> dict[str, str]:
    naive = [name for name in _MOMENTS if (value := getattr(session, name)) is not None and value.tzinfo is None]
    return {name: _("Say in which time zone this moment is.") for name in naive}


def _window_errors(session: CohortSession) -> dict[str, str]:
    errors = {}
    if _is_reversed(session.opens_at, session.closes_at):
        errors["closes_at"] = _("The closing must lie after the opening.")
    if _is_reversed(session.team_opens_at, session.team_closes_at):
        errors["team_closes_at"] = _("The team's closing must lie after the team's opening.")
    if _is_reversed(session.enrolment_opens_at, session.enrolment_closes_at):
        errors["enrolment_closes_at"] = _("The end of enrolment must lie after its beginning.")
    if session.duration_days is not None:
        if session.duration_days < 1:
            errors["duration_days"] = _("A duration is at least one day.")
        elif session.opens_at or session.closes_at:
            errors["duration_days"] = _("Give either dates or a duration, not both.")
    return errors


def _joining_errors(session: CohortSession) -> dict[str, str]:
    errors = {}
    if session.joining == Joining.CODE and not session.enrolment_code:
        errors["enrolment_code"] = _("Give the code that people will type, or choose another way of joining.")
    if session.capacity is not None and session.capacity < 1:
        errors["capacity"] = _("Give at least one seat, or leave it empty for no limit.")
    if session.offer_days is not None and session.offer_days < 1:
        errors["offer_days"] = _("Give at least one day, or leave it empty: then a freed seat is given at once.")
    return errors


def _repetition_errors(session: CohortSession) -> dict[str, str]:
    errors = {}
    if session.time_zone and not _is_zone(session.time_zone):
        errors["time_zone"] = _("There is no such time zone; write it like “Europe/Paris”.")
    every, lead = session.repeat_every_days, session.repeat_lead_days
    if every is None and lead is None:
        return errors
    if every is None or every < 1:
        errors["repeat_every_days"] = _("Say after how many days the next one opens, at least one.")
    elif lead is None:
        errors["repeat_lead_days"] = _("Say how many days before the end the next one is made.")
    elif None in (session.opens_at, session.closes_at):
        errors["repeat_every_days"] = _("Only a session with an opening and a closing can be repeated.")
    return errors


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def _is_reversed(opens_at: datetime | None, closes_at: datetime | None) -> bool:
    return None not in (opens_at, closes_at) and closes_at <= opens_at
