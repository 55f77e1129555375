"""
What a session must satisfy before it is stored; each objection names its field and the mend.

Operations raise the faults as `InvalidInput`; pages tell them while a form is being filled in. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cohort_sessions.data import Joining
from cohort_sessions.errors import InvalidInput
from cohort_sessions.models import CohortSession
from cohort_sessions.queries.parallel_groups import doubled_faults
from cohort_sessions.queries.session_drafts import assign

_MOMENTS = ("opens_at", "closes_at", "team_opens_at", "team_closes_at", "enrolment_opens_at", "enrolment_closes_at")

Faults = dict[str, str]


def session_faults(session: CohortSession, *, unread: Collection[str] = ()) -> Faults:
    """
    What keeps a session as it is in memory from being stored: field name -> sentence.

    Args:
        unread: fields whose values nobody knows yet, since what was given for them makes no sense. What hangs on them
            is left out.
    """
    faults = _naive_moments(session)
    if not faults:
        for reads, rule in _RULES:
            if not reads & set(unread):
                faults |= rule(session)
    try:
        session.full_clean(exclude=set(unread), validate_constraints=False)
    except ValidationError as error:
        faults = {name: " ".join(sentences) for name, sentences in error.message_dict.items()} | faults
    return faults


def change_faults(session: CohortSession, changed: Collection[str], *, unread: Collection[str] = ()) -> Faults:
    """The same of a session that is there already and has other values in memory; `changed` names them."""
    faults = session_faults(session, unread=unread)
    if "parallel_group" in changed:
        faults |= doubled_faults(session)
    return faults


def edit_faults(session: CohortSession, values: Mapping[str, Any], *, unread: Collection[str] = ()) -> Faults:
    """
    What `edit_session` would say of these values; nothing where they change nothing. The session stays as it is.

    Raises:
        InvalidInput: a value is of none of `EDITABLE_FIELDS`.
    """
    edited = copy(session)
    changed = assign(edited, values)
    return change_faults(edited, changed, unread=unread) if changed else {}


def refuse(faults: Faults) -> None:
    """
    Let pass what has no faults.

    Raises:
        InvalidInput: it has.
    """
    if faults:
        raise InvalidInput(faults)


def _naive_moments(session: CohortSession) -> Faults:
    naive = [name for name in _MOMENTS if (value := getattr(session, name)) is not None and value.tzinfo is None]
    return {name: _("Say in which time zone this moment is.") for name in naive}


def _window(session: CohortSession) -> Faults:
    if _is_reversed(session.opens_at, session.closes_at):
        return {"closes_at": _("The closing must lie after the opening.")}
    return {}


def _team_window(session: CohortSession) -> Faults:
    if _is_reversed(session.team_opens_at, session.team_closes_at):
        return {"team_closes_at": _("The team's closing must lie after the team's opening.")}
    return {}


def _enrolment_window(session: CohortSession) -> Faults:
    if _is_reversed(session.enrolment_opens_at, session.enrolment_closes_at):
        return {"enrolment_closes_at": _("The end of enrolment must lie after its beginning.")}
    return {}


def _duration(session: CohortSession) -> Faults:
    if session.duration_days is None:
        return {}
    if session.duration_days < 1:
        return {"duration_days": _("A duration is at least one day.")}
    if session.opens_at or session.closes_at:
        return {"duration_days": _("Give either dates or a duration, not both.")}
    return {}


def _code_to_join(session: CohortSession) -> Faults:
    if session.joining == Joining.CODE and not session.enrolment_code:
        return {"enrolment_code": _("Give the code that people will type, or choose another way of joining.")}
    return {}


def _capacity(session: CohortSession) -> Faults:
    if session.capacity is not None and session.capacity < 1:
        return {"capacity": _("Give at least one seat, or leave it empty for no limit.")}
    return {}


def _offer_days(session: CohortSession) -> Faults:
    if session.offer_days is not None and session.offer_days < 1:
        return {"offer_days": _("Give at least one day, or leave it empty: then a freed seat is given at once.")}
    return {}


def _time_zone(session: CohortSession) -> Faults:
    if session.time_zone and not _is_zone(session.time_zone):
        return {"time_zone": _("There is no such time zone; write it like “Europe/Paris”.")}
    return {}


def _repetition(session: CohortSession) -> Faults:
    every, lead = session.repeat_every_days, session.repeat_lead_days
    if every is None and lead is None:
        return {}
    if every is None or every < 1:
        return {"repeat_every_days": _("Say after how many days the next one opens, at least one.")}
    if lead is None:
        return {"repeat_lead_days": _("Say how many days before the end the next one is made.")}
    if None in (session.opens_at, session.closes_at):
        return {"repeat_every_days": _("Only a session with an opening and a closing can be repeated.")}
    return {}


# Each with the fields that it reads.
_RULES: Sequence[tuple[frozenset[str], Callable[[CohortSession], Faults]]] = (
    (frozenset({"opens_at", "closes_at"}), _window),
    (frozenset({"team_opens_at", "team_closes_at"}), _team_window),
    (frozenset({"enrolment_opens_at", "enrolment_closes_at"}), _enrolment_window),
    (frozenset({"duration_days", "opens_at", "closes_at"}), _duration),
    (frozenset({"joining", "enrolment_code"}), _code_to_join),
    (frozenset({"capacity"}), _capacity),
    (frozenset({"offer_days"}), _offer_days),
    (frozenset({"time_zone"}), _time_zone),
    (frozenset({"repeat_every_days", "repeat_lead_days", "opens_at", "closes_at"}), _repetition),
)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def _is_reversed(opens_at: datetime | None, closes_at: datetime | None) -> bool:
    return None not in (opens_at, closes_at) and closes_at <= opens_at
