"""Which courses a session has, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import permissions
from cohort_sessions.data import Actor, DeadlinePolicy, LineOutcome, SessionChange
from cohort_sessions.errors import HasLearnerData, HostRefused, InvalidInput
from cohort_sessions.events import (
    COHORT_COURSE_CHANGED,
    COHORT_SESSION_CHANGED,
    CohortCourseData,
    announce,
    session_data,
)
from cohort_sessions.host import get_host
from cohort_sessions.models import CohortSession, CourseEdition
from cohort_sessions.operations._ground import delete, locked_session, save, want_anew
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.course_choice import course_reach


def add_courses(
    session: CohortSession,
    base_keys: Sequence[CourseKey],
    *,
    deadlines: DeadlinePolicy = DeadlinePolicy.SHIFT,
    actor: Actor,
    now: datetime,
) -> list[LineOutcome]:
    """
    Add courses at the end of the session, one outcome a key. A withdrawn course comes back with everything it had.

    Only courses that the actor may use are added (`queries.course_choice`).

    The edition's key is reserved in this transaction; the platform prepares the edition in a task after the commit.

    Args:
        deadlines: what new editions do with the deadlines inside their base courses.

    Raises:
        NotFound, NotAllowed: see `authorise`.
    """
    with transaction.atomic():
        fresh = locked_session(session)
        authorise(actor, permissions.CHOOSE_COURSE, fresh)
        reach = course_reach(fresh, actor=actor)
        there = {edition.base_key: edition for edition in fresh.editions.all()}
        position = 1 + max((edition.position for edition in there.values()), default=-1)
        wanted_anew, outcomes = [], []
        for base_key in base_keys:
            edition = there.get(base_key)
            if edition is None and not reach.includes(base_key):
                message = _("You may use courses of organisations that you administer, and those you are a teacher of.")
                outcomes.append(LineOutcome(str(base_key), ok=False, changed=False, message=message))
                continue
            try:
                if edition is None:
                    edition = there[base_key] = _reserve(fresh, base_key, position, deadlines, actor=actor, now=now)
                elif edition.withdrawn_at is not None:
                    _bring_back(edition, position, actor=actor, now=now)
                else:
                    outcomes.append(LineOutcome(str(base_key), ok=True, changed=False))
                    continue
            except HostRefused as refusal:
                outcomes.append(LineOutcome(str(base_key), ok=False, changed=False, message=str(refusal)))
                continue
            position += 1
            _announce(edition, is_active=True, now=now)
            wanted_anew.append(edition)
            outcomes.append(LineOutcome(str(base_key), ok=True, changed=True))
        want_anew(wanted_anew, now=now)
    return outcomes


def order_courses(
    session: CohortSession, base_keys: Sequence[CourseKey], *, actor: Actor, now: datetime
) -> list[CourseEdition]:
    """
    Put the courses into the order of `base_keys`, which must name each of them once. Returns the editions in that
    order.

    Raises:
        InvalidInput: a course is missing, named twice, or not in the session.
    """
    with transaction.atomic():
        fresh = locked_session(session)
        authorise(actor, permissions.CHOOSE_COURSE, fresh)
        editions = {edition.base_key: edition for edition in fresh.editions.filter(withdrawn_at=None)}
        if sorted(map(str, base_keys)) != sorted(map(str, editions)):
            raise InvalidInput({"courses": _("Name every course of the session exactly once.")})
        misplaced = [(place, key) for place, key in enumerate(base_keys) if editions[key].position != place]
        for position, base_key in misplaced:
            edition = editions[base_key]
            edition.position = position
            save(edition, actor=actor, now=now, reason=_("Put at position %(n)d.") % {"n": position + 1})
        if misplaced:
            announce(COHORT_SESSION_CHANGED, now=now, session=session_data(fresh, SessionChange.EDITED))
    return [editions[base_key] for base_key in base_keys]


def remove_courses(
    session: CohortSession, base_keys: Sequence[CourseKey], *, actor: Actor, now: datetime
) -> list[LineOutcome]:
    """
    Take courses out of the session, one outcome a key.

    An edition nothing hangs on is deleted. One with learner data is withdrawn: hidden from members, its results
    kept, and back as it was when the course is added again.
    """
    with transaction.atomic():
        fresh = locked_session(session)
        authorise(actor, permissions.CHOOSE_COURSE, fresh)
        there = {edition.base_key: edition for edition in fresh.editions.filter(withdrawn_at=None)}
        withdrawn, outcomes = [], []
        for base_key in base_keys:
            edition = there.pop(base_key, None)
            if edition is None:
                outcomes.append(
                    LineOutcome(str(base_key), ok=True, changed=False, message=_("The session does not have it."))
                )
                continue
            _announce(edition, is_active=False, now=now)
            message = _discard(edition, actor=actor, now=now)
            if message:
                edition.withdrawn_at = now
                save(edition, actor=actor, now=now, reason=message)
                withdrawn.append(edition)
            outcomes.append(LineOutcome(str(base_key), ok=True, changed=True, message=message))
        want_anew(withdrawn, now=now)
    return outcomes


def _reserve(
    session: CohortSession,
    base_key: CourseKey,
    position: int,
    deadlines: DeadlinePolicy,
    *,
    actor: Actor,
    now: datetime,
) -> CourseEdition:
    uuid = uuid4()
    edition_key = get_host().reserve_edition(base_key, uuid)
    edition = CourseEdition(
        uuid=uuid,
        session=session,
        base_key=base_key,
        edition_key=edition_key,
        position=position,
        deadlines=deadlines.value,
        wanted_revision=0,
    )
    save(edition, actor=actor, now=now, reason=_("Added to the session."))
    return edition


def _announce(edition: CourseEdition, *, is_active: bool, now: datetime) -> None:
    data = CohortCourseData(
        session_uuid=str(edition.session.uuid),
        base_key=edition.base_key,
        edition_key=edition.edition_key,
        is_active=is_active,
    )
    announce(COHORT_COURSE_CHANGED, now=now, course=data)


def _bring_back(edition: CourseEdition, position: int, *, actor: Actor, now: datetime) -> None:
    edition.withdrawn_at = None
    edition.position = position
    save(edition, actor=actor, now=now, reason=_("Brought back into the session."))


def _discard(edition: CourseEdition, *, actor: Actor, now: datetime) -> str:
    """Delete an edition that nothing hangs on; else a sentence saying why it can only be withdrawn."""
    if edition.results.exists() or get_host().has_learner_data(edition.edition_key):
        return _("Withdrawn, not deleted: learners have worked in it, and their results are kept.")
    try:
        get_host().discard_edition(edition.edition_key)
    except (HasLearnerData, HostRefused) as refusal:
        return _("Withdrawn, not deleted: %(why)s") % {"why": refusal}
    delete(edition, actor=actor, now=now, reason=_("Removed; nobody had worked in it."))
    return ""
