"""What the platform should show of an edition, from our tables; the only maker of `host.EditionSpec`."""

from __future__ import annotations

from cohort_sessions import timeline
from cohort_sessions.data import AfterClose, MemberStatus, SessionStatus, TeamRole
from cohort_sessions.host import EditionSpec, TeamGrant, WantedEnrolment
from cohort_sessions.models import CourseEdition, Member


def edition_spec(edition: CourseEdition) -> EditionSpec:
    """The whole wanted state of one edition at its `wanted_revision`. Four queries, whatever the number of people."""
    session = edition.session
    members = Member.objects.filter(session=session, status=MemberStatus.ACTIVE)
    memberships = [member.membership for member in members]
    finished = session.status in (SessionStatus.ARCHIVED, SessionStatus.CANCELLED)
    return EditionSpec(
        edition_uuid=edition.uuid,
        edition_key=edition.edition_key,
        base_key=edition.base_key,
        revision=edition.wanted_revision,
        session_title=session.title,
        window=timeline.envelope(session.schedule, memberships),
        hidden=_hidden(edition),
        closed_read_only=finished or session.after_close != AfterClose.FULL,
        team=tuple(sorted(_team(edition))),
    )


def wanted_enrolments(edition: CourseEdition) -> list[WantedEnrolment]:
    """Who should, and who should not, be enrolled in the edition; nobody while it is hidden from members. One query."""
    return [
        WantedEnrolment(edition.edition_key, user_id, is_active=status == MemberStatus.ACTIVE and not _hidden(edition))
        for user_id, status in Member.objects.filter(session_id=edition.session_id).values_list("user_id", "status")
    ]


def _hidden(edition: CourseEdition) -> bool:
    return edition.withdrawn_at is not None or edition.session.status == SessionStatus.DRAFT


def _team(edition: CourseEdition) -> set[TeamGrant]:
    of_session = edition.session.team.values_list("user_id", "role")
    coaches = edition.coaches.values_list("user_id", flat=True)
    return {TeamGrant(user_id, TeamRole(role)) for user_id, role in of_session} | {
        TeamGrant(user_id, TeamRole.COURSE_COACH) for user_id in coaches
    }
