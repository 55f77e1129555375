"""May this person go into this edition now? The one question of the guard, in one query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import timeline
from cohort_sessions.data import AfterClose, MemberStatus
from cohort_sessions.models import AdministratorScope, CourseEdition, EditionCoach, SessionTeamMember


@dataclass(frozen=True, slots=True)
class EditionAccess:
    """
    What an edition key means for one person at one moment.

    Attributes:
        after_close: what the session leaves members once their window has closed.
        on_team: they run this edition: platform admin, session administrator in any scope, session coach, or its
            course coach.
        is_member: they have a place in the session.
        awaits_first_entry: a duration session's clock has not started for this member; `operations.record_first_entry`
            starts it.
    """

    edition_id: int
    session_code: str
    session_title: str
    edition_key: CourseKey
    base_key: CourseKey
    access: timeline.Access
    after_close: AfterClose
    on_team: bool
    is_member: bool
    awaits_first_entry: bool


def edition_access(
    edition_key: CourseKey, *, user_id: int | None, is_platform_admin: bool, now: datetime
) -> EditionAccess | None:
    """
    Decide for one person and one edition; ``None`` when the key is not one of our editions. One query.

    Args:
        user_id: ``None`` for nobody signed in.
        is_platform_admin: global staff or superuser of the host; on the team of everything.
    """
    found = editions_access([edition_key], user_id=user_id, is_platform_admin=is_platform_admin, now=now)
    return found.get(edition_key)


def editions_access(
    edition_keys: Collection[CourseKey], *, user_id: int | None, is_platform_admin: bool, now: datetime
) -> dict[CourseKey, EditionAccess]:
    """Decide for one person and many editions, as `edition_access` does, without keys that are not ours. One query."""
    editions = (
        CourseEdition.objects.filter(edition_key__in=edition_keys)
        .select_related("session")
        .annotate(
            own=FilteredRelation(
                "session__members",
                condition=Q(session__members__user_id=user_id, session__members__status=MemberStatus.ACTIVE.value),
            ),
            own_pk=F("own__pk"),
            own_opens_at=F("own__opens_at"),
            own_closes_at=F("own__closes_at"),
            own_extra_days=F("own__extra_days"),
            own_first_entered_at=F("own__first_entered_at"),
            runs_session=Exists(SessionTeamMember.objects.filter(session_id=OuterRef("session_id"), user_id=user_id)),
            coaches_edition=Exists(EditionCoach.objects.filter(edition_id=OuterRef("pk"), user_id=user_id)),
            administers=Exists(
                AdministratorScope.objects.filter(
                    Q(organisation=AdministratorScope.EVERYWHERE) | Q(organisation=OuterRef("session__organisation")),
                    user_id=user_id,
                )
            ),
        )
    )
    return {edition.edition_key: _decide(edition, is_platform_admin=is_platform_admin, now=now) for edition in editions}


def _decide(edition: CourseEdition, *, is_platform_admin: bool, now: datetime) -> EditionAccess:
    on_team = is_platform_admin or edition.runs_session or edition.coaches_edition or edition.administers
    membership = _membership(edition)
    schedule = edition.session.schedule
    access = timeline.access(schedule, membership=membership, on_team=on_team, now=now)
    if edition.withdrawn_at is not None:
        access = timeline.withdrawn(access, on_team=on_team)
    return EditionAccess(
        edition_id=edition.pk,
        session_code=edition.session.code,
        session_title=edition.session.title,
        edition_key=edition.edition_key,
        base_key=edition.base_key,
        access=access,
        after_close=schedule.after_close,
        on_team=on_team,
        is_member=membership is not None,
        awaits_first_entry=(
            schedule.duration_days is not None and membership is not None and membership.first_entered_at is None
        ),
    )


def _membership(edition: CourseEdition) -> timeline.Membership | None:
    if edition.own_pk is None:
        return None
    window = timeline.Window(edition.own_opens_at, edition.own_closes_at)
    return timeline.Membership(window, edition.own_extra_days, edition.own_first_entered_at)
