"""Where in a session somebody announces and keeps materials, and what keeps them from it."""

from __future__ import annotations

from dataclasses import dataclass

from cohort_sessions import permissions
from cohort_sessions.data import Actor, Lock
from cohort_sessions.host import get_host
from cohort_sessions.models import CohortSession
from cohort_sessions.queries.locks import StandingLock, standing_locks
from cohort_sessions.queries.shown_editions import ShownEdition


@dataclass(frozen=True, slots=True)
class AnnouncingRights:
    """
    Attributes:
        is_whole: for the whole session.
        editions: for each of these courses.
        lock: what takes all of that away for now; ``None`` for nothing.
    """

    is_whole: bool
    editions: tuple[ShownEdition, ...]
    lock: StandingLock | None

    def covers(self, edition_id: int | None) -> bool:
        """Whether this is somebody's to write for, locked or not; ``None``: the whole session."""
        return self.is_whole if edition_id is None else any(each.edition_id == edition_id for each in self.editions)

    @property
    def may_write(self) -> bool:
        """Whether there is anywhere they may write now."""
        return self.lock is None and (self.is_whole or bool(self.editions))


NO_RIGHTS = AnnouncingRights(is_whole=False, editions=(), lock=None)


def announcing_rights(session: CohortSession, *, actor: Actor) -> AnnouncingRights:
    """For somebody on the team. Whose a course is to customise is the same but for the lock. At most three queries."""
    rows = permissions.rows(actor, permissions.CUSTOMISE_EDITION, session.editions.filter(withdrawn_at=None))
    editions = list(rows)
    courses = get_host().base_courses({edition.base_key for edition in editions}) if editions else {}
    is_above = permissions.allows(actor, permissions.SET_LOCK, session)
    return AnnouncingRights(
        is_whole=permissions.allows(actor, permissions.CUSTOMISE_EDITION, session),
        editions=tuple(
            ShownEdition(
                edition_id=each.pk,
                uuid=each.uuid,
                edition_key=each.edition_key,
                title=courses[each.base_key].title if each.base_key in courses else str(each.base_key),
            )
            for each in editions
        ),
        lock=None if is_above else standing_locks(session).get(Lock.ANNOUNCEMENTS),
    )
