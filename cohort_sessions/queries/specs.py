"""What the platform should show of an edition, from our tables; the only maker of `host.EditionSpec`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from cohort_sessions import timeline
from cohort_sessions.data import AfterClose, BlockChange, BlockField, MemberStatus, SessionStatus, TeamRole
from cohort_sessions.host import Deadlines, EditionSpec, PersonalWindow, TeamGrant, WantedEnrolment
from cohort_sessions.models import CourseEdition, Member
from cohort_sessions.queries.customisation import block_changes, rule_of
from cohort_sessions.queries.elements import element_changes
from cohort_sessions.queries.grading import own_grading
from cohort_sessions.queries.tools import hidden_tools
from cohort_sessions.timeline import Window


def edition_spec(edition: CourseEdition, *, now: datetime) -> EditionSpec:
    """
    The whole wanted state of one edition at its `wanted_revision`, as it is to be from `now` on. At most nine queries,
    however many people.
    """
    session = edition.session
    members = list(Member.objects.filter(session=session, status=MemberStatus.ACTIVE))
    window = timeline.envelope(session.schedule, [member.membership for member in members])
    changes = block_changes(edition)
    finished = session.status in (SessionStatus.ARCHIVED, SessionStatus.CANCELLED)
    return EditionSpec(
        edition_uuid=edition.uuid,
        edition_key=edition.edition_key,
        base_key=edition.base_key,
        revision=edition.wanted_revision,
        session_title=session.title,
        window=window,
        hidden=_is_hidden(edition, window, now),
        closed_read_only=finished or session.after_close != AfterClose.FULL,
        team=tuple(sorted(_team(edition))),
        deadlines=_deadlines(edition, members, changes),
        changes=changes,
        hidden_tools=hidden_tools(edition),
        grading=own_grading(edition),
        elements=element_changes(edition),
    )


def wanted_enrolments(edition: CourseEdition, *, now: datetime) -> list[WantedEnrolment]:
    """Who should, and who should not, be enrolled from `now` on: members who are shown the edition. One query."""
    members = Member.objects.filter(session_id=edition.session_id)
    return [
        WantedEnrolment(edition.edition_key, member.user_id, is_active=_is_shown(edition, member, now))
        for member in members
    ]


def _is_hidden(edition: CourseEdition, envelope: Window, now: datetime) -> bool:
    """Whether no member is shown the edition, nor would be a new one."""
    session = edition.session
    is_over = session.after_close == AfterClose.HIDDEN and envelope.has_closed(now)
    return edition.withdrawn_at is not None or session.status == SessionStatus.DRAFT or is_over


def _is_shown(edition: CourseEdition, member: Member, now: datetime) -> bool:
    if edition.withdrawn_at is not None or member.status != MemberStatus.ACTIVE:
        return False
    schedule = edition.session.schedule
    access = timeline.access(schedule, membership=member.membership, on_team=False, now=now)
    return access.listing == timeline.Listing.SHOWN


def _team(edition: CourseEdition) -> set[TeamGrant]:
    of_session = edition.session.team.values_list("user_id", "role")
    coaches = edition.coaches.values_list("user_id", flat=True)
    return {TeamGrant(user_id, TeamRole(role)) for user_id, role in of_session} | {
        TeamGrant(user_id, TeamRole.COURSE_COACH) for user_id in coaches
    }


def _deadlines(edition: CourseEdition, members: Sequence[Member], changes: Collection[BlockChange]) -> Deadlines:
    """One query at most. Nobody has deadlines of their own where the edition has none."""
    schedule = edition.session.schedule
    rule = rule_of(edition)
    if rule.shift is None and not any(change.field == BlockField.DUE for change in changes):
        return rule
    windows = [
        PersonalWindow(member.user_id, timeline.member_window(schedule, member.membership), member.extra_days)
        for member in members
    ]
    special = [each for each in windows if (each.window, each.extra_days) != (rule.ordinary, 0)]
    return replace(rule, personal=tuple(sorted(special, key=lambda each: each.user_id)))
