"""The database itself refuses what must never be, whoever writes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from ccx_keys.locator import CCXLocator
from django.apps import apps
from django.db import IntegrityError, OperationalError, models, transaction
from django.db.models import F
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import MemberStatus, TeamRole
from cohort_sessions.models import (
    ActiveDay,
    AdministratorScope,
    Announcement,
    AnnouncementRead,
    BlockCustomisation,
    CohortSession,
    CourseEdition,
    CustomisationDraft,
    CustomisationTemplate,
    EditionCoach,
    EditionDay,
    EditionGrading,
    EditionResult,
    EditionWelcome,
    ElementCustomisation,
    GrantedRole,
    JoinRequest,
    Material,
    Member,
    MemberMove,
    Notice,
    ResultExport,
    SessionLock,
    SessionPrerequisite,
    SessionRepetition,
    SessionTeamMember,
    ToolChoice,
)
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db

TIDES = CourseKey.from_string("course-v1:Sea+Tides+1")
DAY = timedelta(days=1)
TODAY = date(2026, 4, 1)


@pytest.fixture
def rows(django_user_model) -> dict[str, models.Model]:
    """One valid row of each table."""
    user = django_user_model.objects.create(username="lea")
    session = CohortSession.objects.create(code="s", title="S", created_at=NOW, modified_at=NOW)
    edition = CourseEdition.objects.create(
        session=session, base_key=TIDES, edition_key=CCXLocator.from_course_locator(TIDES, "1")
    )
    member = Member.objects.create(session=session, user=user, enrolled_at=NOW)
    other = CohortSession.objects.create(code="other", title="Other", created_at=NOW, modified_at=NOW)
    place_there = Member.objects.create(session=other, user=user, enrolled_at=NOW)
    announcement = Announcement.objects.create(
        session=session, title="Tide", text="At six.", published_from=NOW, created_at=NOW, modified_at=NOW
    )
    return {
        "announcement": announcement,
        "announcement_read": AnnouncementRead.objects.create(announcement=announcement, user=user, read_at=NOW),
        "link": Material.objects.create(
            session=session, kind="link", title="Tables", url="https://example.com/", created_at=NOW
        ),
        "file": Material.objects.create(
            session=session, kind="file", title="Chart", file_name="chart.pdf", stored_name="a/b.pdf", created_at=NOW
        ),
        "session": session,
        "edition": edition,
        "member": member,
        "lock": SessionLock.objects.create(session=session, name="team", locked_at=NOW),
        "team": SessionTeamMember.objects.create(
            session=session, user=user, role=TeamRole.SESSION_COACH.value, assigned_at=NOW
        ),
        "coach": EditionCoach.objects.create(edition=edition, user=user, assigned_at=NOW),
        "scope": AdministratorScope.objects.create(user=user, organisation="Sea", assigned_at=NOW),
        "result": EditionResult.objects.create(member=member, edition=edition, completable=3, as_of=NOW),
        "active_day": ActiveDay.objects.create(member=member, edition=edition, day=TODAY),
        "edition_day": EditionDay.objects.create(
            edition=edition, day=TODAY, learners=2, active=1, passed=1, graded=1, grades=0.5, completed=3, completable=6
        ),
        "customisation": BlockCustomisation.objects.create(
            edition=edition, usage_key=TIDES.make_usage_key("chapter", "ebb"), field="title", value="Ebb"
        ),
        "element": ElementCustomisation.objects.create(
            edition=edition, usage_key=TIDES.make_usage_key("problem", "ebb"), field="weight", kind="number", value=2.0
        ),
        "welcome": EditionWelcome.objects.create(edition=edition, text="Welcome."),
        "draft": CustomisationDraft.objects.create(edition=edition, changed_at=NOW),
        "tool_choice": ToolChoice.objects.create(edition=edition, tool="wiki", is_shown=True),
        "grading": EditionGrading.objects.create(edition=edition, base={"letters": [], "assignments": []}),
        "template": CustomisationTemplate.objects.create(
            title="Ours", base_key=TIDES, content={}, size=0, created_at=NOW
        ),
        "export": ResultExport.objects.create(
            session=session, requested_by=user, requested_at=NOW, format="csv", expires_at=NOW + DAY
        ),
        "prerequisite": SessionPrerequisite.objects.create(session=session, required=other),
        "repetition": SessionRepetition.objects.create(original=session, successor=other, made_at=NOW),
        "move": MemberMove.objects.create(origin=member, destination=place_there, moved_at=NOW, reason="Illness"),
        "request": JoinRequest.objects.create(session=session, user=user, status="requested", requested_at=NOW),
        "notice": Notice.objects.create(session=session, user=user, kind="moved", created_at=NOW),
        "grant": GrantedRole.objects.create(
            edition_key=edition.edition_key, user=user, platform_role="staff", reasons="session_coach"
        ),
    }


# Constraint, table, and what an update must not make of the row.
FORBIDDEN = [
    ("session_has_title", "session", {"title": ""}),
    ("session_status", "session", {"status": "half"}),
    ("session_after_close", "session", {"after_close": "sometimes"}),
    ("session_window", "session", {"opens_at": NOW, "closes_at": NOW}),
    ("session_team_window", "session", {"team_opens_at": NOW, "team_closes_at": NOW - DAY}),
    ("session_dates_or_duration", "session", {"duration_days": 0}),
    ("session_dates_or_duration", "session", {"duration_days": 3, "closes_at": NOW}),
    ("session_joining", "session", {"joining": "whenever"}),
    ("session_enrolment_window", "session", {"enrolment_opens_at": NOW, "enrolment_closes_at": NOW}),
    ("session_code_to_join", "session", {"joining": "code"}),
    ("session_capacity", "session", {"capacity": 0}),
    ("session_offer_days", "session", {"offer_days": 0}),
    ("session_repeats_with_dates", "session", {"repeat_every_days": 28, "repeat_lead_days": 7}),
    ("session_repeats_with_dates", "session", {"repeat_lead_days": 7}),
    ("prerequisite_condition", "prerequisite", {"condition": "liked"}),
    ("prerequisite_not_itself", "prerequisite", {"required": F("session")}),
    ("move_goes_elsewhere", "move", {"destination": F("origin")}),
    ("move_has_reason", "move", {"reason": ""}),
    ("request_status", "request", {"status": "maybe", "queue_number": 1}),
    ("request_in_line", "request", {"status": "waiting"}),
    ("request_in_line", "request", {"queue_number": 1}),
    ("request_offer_expires", "request", {"status": "offered", "queue_number": 1}),
    ("request_offer_expires", "request", {"offer_expires_at": NOW}),
    ("notice_kind", "notice", {"kind": "gossip"}),
    ("notice_has_message", "notice", {"kind": "message"}),
    ("notice_has_announcement", "notice", {"kind": "announcement"}),
    ("announcement_has_title", "announcement", {"title": ""}),
    ("announcement_published", "announcement", {"published_to": NOW}),
    ("material_has_title", "link", {"title": ""}),
    ("material_kind", "link", {"kind": "rumour"}),
    ("material_is_there", "link", {"url": ""}),
    ("material_is_there", "link", {"stored_name": "a/b.pdf"}),
    ("material_is_there", "file", {"stored_name": ""}),
    ("material_is_there", "file", {"url": "https://example.com/"}),
    ("edition_deadlines", "edition", {"deadlines": "soon"}),
    ("edition_applied_is_wanted", "edition", {"applied_revision": 2}),
    ("member_status", "member", {"status": "maybe", "removed_at": NOW}),
    ("member_window", "member", {"opens_at": NOW, "closes_at": NOW - DAY}),
    ("member_removed_at", "member", {"status": MemberStatus.REMOVED.value}),
    ("member_removed_at", "member", {"removed_at": NOW}),
    ("lock_name", "lock", {"name": "everything"}),
    ("team_role", "team", {"role": TeamRole.COURSE_COACH.value}),
    ("result_grade_is_0_to_1", "result", {"grade": 1.01}),
    ("result_grade_is_0_to_1", "result", {"grade": -0.1}),
    ("result_passed_has_grade", "result", {"passed": True}),
    ("result_completed_of_completable", "result", {"completed": 4}),
    ("edition_day_parts_of_wholes", "edition_day", {"completed": 7}),
    ("edition_day_parts_of_wholes", "edition_day", {"passed": 2}),
    ("customised_field", "customisation", {"field": "colour"}),
    ("pass_line_is_0_to_1", "grading", {"pass_line": 0}),
    ("pass_line_is_0_to_1", "grading", {"pass_line": 1.01}),
    ("element_kind", "element", {"kind": "colour"}),
    ("welcome_has_text", "welcome", {"text": ""}),
    ("template_has_title", "template", {"title": ""}),
    ("export_format", "export", {"format": "pdf"}),
    ("export_status", "export", {"status": "lost"}),
    ("export_done_has_file", "export", {"status": "done"}),
]


@pytest.mark.parametrize(("constraint", "table", "values"), FORBIDDEN, ids=[case[0] for case in FORBIDDEN])
def test_what_no_row_may_say(constraint, table, values, rows):
    """Every check constraint, by an update that goes around the operations."""
    row = rows[table]
    with pytest.raises((IntegrityError, OperationalError), match=f"cohort_sessions_{constraint}"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**values)


UNIQUE = (
    "edition",
    "member",
    "lock",
    "team",
    "coach",
    "scope",
    "result",
    "active_day",
    "edition_day",
    "customisation",
    "element",
    "welcome",
    "draft",
    "tool_choice",
    "grading",
    "export",
    "grant",
    "prerequisite",
    "repetition",
    "request",
    "announcement",
    "announcement_read",
    "link",
)


@pytest.mark.parametrize("table", UNIQUE)
def test_what_there_is_only_one_of(table, rows):
    """Every uniqueness rule, by a copy of the row."""
    copy = rows[table]
    copy.pk = None
    if hasattr(copy, "edition_key") and table == "edition":
        copy.edition_key = CCXLocator.from_course_locator(TIDES, "2")
    with pytest.raises(IntegrityError), transaction.atomic():
        type(copy).objects.bulk_create([copy])


def test_one_edition_key_is_one_edition(rows):
    """Two sessions never share an edition key: their learners' data would mix."""
    other = CohortSession.objects.get(code="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        CourseEdition.objects.create(session=other, base_key=TIDES, edition_key=rows["edition"].edition_key)


def test_a_session_with_people_or_editions_cannot_be_deleted(rows):
    """Learner data hangs on them; deleting is refused before anything is lost."""
    with pytest.raises(models.ProtectedError):
        rows["session"].delete()


def test_every_check_has_a_case_here():
    """A new check constraint asks for a line in the table above."""
    checks = {
        constraint.name
        for model in apps.get_app_config("cohort_sessions").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    }
    assert checks == {f"cohort_sessions_{constraint}" for constraint, _table, _values in FORBIDDEN}
