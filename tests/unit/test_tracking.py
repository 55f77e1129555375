"""Everything that happens in a session stands in the tracking log, under the platform's kind of name."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from eventtracking import tracker
from opaque_keys.edx.keys import CourseKey
from openedx_events.tooling import OpenEdxPublicSignal

from cohort_sessions import api, events, tracking
from cohort_sessions.data import (
    SYSTEM,
    Actor,
    AnnouncementChange,
    InvitationEnd,
    Lock,
    MaterialChange,
    MaterialKind,
    NoticeKind,
    PrerequisiteCondition,
    RequestStatus,
    SessionChange,
    TeamRole,
)
from cohort_sessions.models import Member
from tests.unit.conftest import NOW
from tests.unit.test_ledger import Platform

pytestmark = pytest.mark.django_db(databases="__all__")

DOCS = Path(__file__).resolve().parents[2] / "docs" / "tracking.md"
DAY = timedelta(days=1)
BASE = CourseKey.from_string("course-v1:Example+Tides+2026")
EDITION = CourseKey.from_string("ccx-v1:Example+Tides+2026+ccx@7")
OF_EDITION = {"course_id": str(EDITION), "org_id": "Example"}
KEYS = {"base_key": str(BASE), "edition_key": str(EDITION)}


class Backend:
    """Keeps what is tracked, as (name without our prefix, data, context)."""

    def __init__(self):
        self.told = []

    def send(self, event):
        assert event["name"].startswith("edx.cohort_sessions.")
        self.told.append((event["name"].removeprefix("edx.cohort_sessions."), event["data"], event["context"]))

    @property
    def names(self) -> list[str]:
        return [name for name, _data, _context in self.told]


@pytest.fixture
def backend(monkeypatch):
    backend = Backend()
    monkeypatch.setitem(tracker.TRACKERS, tracker.DEFAULT_TRACKER_NAME, tracker.Tracker(backends={"test": backend}))
    return backend


def _session(change):
    given = {"uuid": "s", "code": "spring", "title": "Spring", "status": "published", "change": change.value}
    return events.COHORT_SESSION_CHANGED, events.CohortSessionData(**given), f"session.{change.value}", given, {}


def _course(name, *, is_active):
    data = events.CohortCourseData("s", BASE, EDITION, is_active=is_active)
    return events.COHORT_COURSE_CHANGED, data, name, {"session_uuid": "s", **KEYS, "is_active": is_active}, OF_EDITION


def _membership(name, *, is_active):
    given = {"session_uuid": "s", "user_id": 5, "is_active": is_active}
    return events.COHORT_MEMBERSHIP_CHANGED, events.CohortMembershipData(**given), name, given, {}


def _request(name, status):
    given = {"session_uuid": "s", "user_id": 5, "status": status}
    return events.COHORT_REQUEST_CHANGED, events.CohortRequestData(**given), name, given, {}


def _team(name, edition_key, context, *, is_active):
    given = {
        "session_uuid": "s",
        "edition_key": edition_key,
        "user_id": 5,
        "role": TeamRole.COURSE_COACH.value,
        "is_active": is_active,
    }
    return events.COHORT_TEAM_CHANGED, events.CohortTeamData(**given), name, given, context


def _lock(name, *, is_set):
    given = {"session_uuid": "s", "lock": Lock.TEAM.value, "is_set": is_set}
    return events.COHORT_LOCK_CHANGED, events.CohortLockData(**given), name, given, {}


def _result(name, *, is_final):
    data = events.CohortResultData("s", EDITION, 5, is_final=is_final)
    given = {"session_uuid": "s", "edition_key": str(EDITION), "user_id": 5, "is_final": is_final}
    return events.COHORT_RESULT_CHANGED, data, name, given, OF_EDITION


def _announcement(change):
    given = {"session_uuid": "s", "edition_key": "", "uuid": "a", "change": change.value}
    data = events.CohortAnnouncementData(**given)
    return events.COHORT_ANNOUNCEMENT_CHANGED, data, f"announcement.{change.value}", given, {}


def _material(change):
    given = {
        "session_uuid": "s",
        "edition_key": str(EDITION),
        "uuid": "m",
        "kind": MaterialKind.FILE.value,
        "change": change.value,
    }
    data = events.CohortMaterialData(**given)
    return events.COHORT_MATERIAL_CHANGED, data, f"material.{change.value}", given, OF_EDITION


MAIL = {"session_uuid": "s", "edition_key": str(EDITION), "uuid": "a", "recipients": 3}
MOVE = {"origin_uuid": "s", "destination_uuid": "t", "user_id": 5}
DATES = {"session_uuid": "s", "user_id": 5, "opens_at": "", "closes_at": NOW.isoformat(), "extra_days": 3}
ENTRY = {"session_uuid": "s", "user_id": 5}
END = {"session_uuid": "s", "end": InvitationEnd.MEMBER.value}

# signal, payload, name, data, context
SAMPLES = [
    *map(_session, SessionChange),
    (
        events.COURSE_EDITION_CHANGED,
        events.CourseEditionData(9, "s", BASE, EDITION, 2),
        "edition.changed",
        {"session_uuid": "s", **KEYS, "wanted_revision": 2},
        OF_EDITION,
    ),
    _course("course.added", is_active=True),
    _course("course.removed", is_active=False),
    _membership("member.enrolled", is_active=True),
    _membership("member.removed", is_active=False),
    (events.COHORT_MEMBER_MOVED, events.CohortMoveData(**MOVE), "member.moved", MOVE, {}),
    (events.COHORT_MEMBER_RESCHEDULED, events.CohortMemberDatesData(**DATES), "member.rescheduled", DATES, {}),
    (events.COHORT_MEMBER_ENTERED, events.CohortEntryData(**ENTRY), "member.entered", ENTRY, {}),
    _request("request.made", RequestStatus.REQUESTED.value),
    _request("request.queued", RequestStatus.WAITING.value),
    _request("request.offered", RequestStatus.OFFERED.value),
    _request("request.ended", ""),
    _team("team_member.assigned", "", {}, is_active=True),
    _team("team_member.removed", str(EDITION), OF_EDITION, is_active=False),
    _lock("lock.set", is_set=True),
    _lock("lock.released", is_set=False),
    _result("result.finalised", is_final=True),
    _result("result.reopened", is_final=False),
    (
        events.COHORT_CERTIFICATE_GIVEN,
        events.CohortCertificateData("s", EDITION, 5),
        "certificate.given",
        {"session_uuid": "s", "edition_key": str(EDITION), "user_id": 5},
        OF_EDITION,
    ),
    (
        events.COHORT_NOTICE_CREATED,
        events.CohortNoticeData(9, "s", 5, NoticeKind.MOVED.value),
        "notice.created",
        {"session_uuid": "s", "user_id": 5, "kind": NoticeKind.MOVED.value},
        {},
    ),
    (
        events.COHORT_INVITATION_CREATED,
        events.CohortInvitationData(9, "s"),
        "invitation.created",
        {"session_uuid": "s"},
        {},
    ),
    (events.COHORT_INVITATION_ENDED, events.CohortInvitationEndData(**END), "invitation.ended", END, {}),
    (
        events.COHORT_EXPORT_REQUESTED,
        events.CohortExportData(9, "s", 5),
        "export.requested",
        {"session_uuid": "s", "user_id": 5},
        {},
    ),
    (events.COHORT_MESSAGE_CREATED, events.CohortMessageData(9, "s"), "message.created", {"session_uuid": "s"}, {}),
    *map(_announcement, AnnouncementChange),
    (
        events.COHORT_ANNOUNCEMENT_MAILED,
        events.CohortAnnouncementMailData(id=9, **MAIL),
        "announcement.mailed",
        MAIL,
        OF_EDITION,
    ),
    *map(_material, MaterialChange),
]


class TestTranslation:
    """One tracking event for each of ours, with what it holds."""

    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample[2])
    def test_name_data_and_context(self, backend, sample):
        signal, payload, name, data, context = sample
        [subject] = signal.init_data
        signal.send_event(**{subject: payload})
        assert backend.told == [(name, data, context)]
        json.dumps(backend.told)

    def test_every_signal_of_ours_is_tracked_and_shown_here(self):
        """A new one fails this until it has a name, a sample above, and a line in docs/tracking.md."""
        ours = {each for each in OpenEdxPublicSignal.all_events() if each.event_type.startswith("org.cohort_sessions.")}
        assert ours
        assert set(tracking.NAMES) == {signal for signal, *_rest in SAMPLES} == ours

    def test_the_documentation_lists_the_same_names(self):
        documented = re.findall(r"^\| `edx\.cohort_sessions\.([a-z_.]+)` \|", DOCS.read_text("utf-8"), re.MULTILINE)
        assert documented == list(dict.fromkeys(documented))
        assert set(documented) == {name for _signal, _payload, name, *_rest in SAMPLES}

    def test_what_comes_back_over_the_event_bus_is_not_tracked_twice(self, backend):
        signal, payload, *_rest = _membership("member.enrolled", is_active=True)
        signal.send_event_with_custom_metadata(signal.generate_signal_metadata(), membership=payload)
        assert backend.told == []
        signal.send_event(membership=payload)
        assert backend.names == ["member.enrolled"]

    def test_the_context_of_the_request_stays_around_it(self, backend):
        signal, payload, name, data, _context = _result("result.reopened", is_final=False)
        around = {"user_id": 1, "course_id": "", "path": "/cohort-sessions/"}
        with tracker.get_tracker().context("request", around):
            signal.send_event(result=payload)
            events.COHORT_MEMBER_ENTERED.send_event(entry=events.CohortEntryData(**ENTRY))
        assert backend.told == [(name, data, around | OF_EDITION), ("member.entered", ENTRY, around)]

    def test_where_tracking_is_turned_off_nothing_fails(self, monkeypatch):
        monkeypatch.delitem(tracker.TRACKERS, tracker.DEFAULT_TRACKER_NAME)
        signal, payload, *_rest = _membership("member.enrolled", is_active=True)
        tracking.track(signal=signal, membership=payload)

    def test_it_reaches_the_log_of_the_host(self, caplog):
        """The sandbox logs as the platform does: JSON, a line for each event."""
        signal, payload, name, data, context = _course("course.added", is_active=True)
        with caplog.at_level(logging.INFO, logger="tracking"):
            signal.send_event(course=payload)
        [line] = [json.loads(record.message) for record in caplog.records if record.name == "tracking"]
        assert (line["name"], line["data"], line["context"]) == (f"edx.cohort_sessions.{name}", data, context)


class TestOperations:
    """What each of them leaves in the log, in order; what the platform is to follow is left out."""

    @pytest.fixture
    def did(self, backend, django_capture_on_commit_callbacks):
        def did(operation, *arguments, actor=SYSTEM, now=NOW, **by) -> list[str]:
            backend.told.clear()
            with django_capture_on_commit_callbacks(execute=True):
                operation(*arguments, actor=actor, now=now, **by)
            return [name for name in backend.names if name not in ("edition.changed", "notice.created")]

        return did

    @pytest.fixture
    def courses(self, make_base_course):
        return [make_base_course(title=title) for title in ("Tides", "Waves")]

    def test_the_life_of_a_session(self, did, courses, make_session):
        assert did(api.create_session, title="Spring") == ["session.created"]
        spring = make_session(courses=courses, publish=False)
        assert did(api.edit_session, spring, title="Spring tides") == ["session.edited"]
        assert did(api.edit_session, spring, title="Spring tides") == []
        assert did(api.publish_session, spring) == ["session.published"]
        assert did(api.cancel_session, spring, reason="Storm.") == ["session.cancelled"]
        assert did(api.restore_session, spring) == ["session.restored"]
        assert did(api.archive_session, spring) == ["session.archived"]
        copied = did(
            api.duplicate_session, spring, opens_at=None, title="Autumn", zone=NOW.tzinfo
        )  # the copy's courses come with the edition's own event
        assert copied == ["session.created"]

    def test_what_time_does(self, did, courses, make_session, backend):
        spring = make_session(courses=courses[:1], archive_after_days=3, repeat_every_days=30, repeat_lead_days=1)
        by_time = lambda now: did(lambda *, actor, now: api.advance_session(spring.pk, actor=actor, now=now), now=now)  # noqa: E731
        by_time(NOW)
        assert by_time(spring.closes_at) == ["session.created", "session.published", "session.finished"]
        longer = did(api.edit_session, spring, closes_at=spring.closes_at + 9 * DAY)
        assert longer == ["session.edited"]
        assert by_time(spring.closes_at + DAY) == ["session.resumed"]
        assert by_time(spring.closes_at + 12 * DAY) == ["session.finished", "session.archived"]

    def test_courses(self, did, courses, make_session, backend):
        spring = make_session(courses=courses[:1])
        assert did(api.add_courses, spring, courses) == ["course.added"]
        edition = spring.editions.get(base_key=courses[1])
        added = next(event for event in backend.told if event[0] == "course.added")
        assert added == (
            "course.added",
            {
                "session_uuid": str(spring.uuid),
                "base_key": str(courses[1]),
                "edition_key": str(edition.edition_key),
                "is_active": True,
            },
            {"course_id": str(edition.edition_key), "org_id": edition.edition_key.org},
        )
        assert did(api.order_courses, spring, courses) == []
        assert did(api.order_courses, spring, courses[::-1]) == ["session.edited"]
        assert did(api.remove_courses, spring, courses[:1]) == ["course.removed"]
        assert did(api.remove_courses, spring, courses[:1]) == []

    def test_members(self, did, courses, make_session, make_user, backend):
        lea = make_user("lea")
        spring, autumn = (make_session(title=title, courses=courses) for title in ("Spring", "Autumn"))
        assert did(api.enrol_members, spring, ["lea", "nobody"]) == ["member.enrolled"]
        assert did(api.set_member_dates, spring, ["lea"], extra_days=3) == ["member.rescheduled"]
        assert backend.told[0][1] == DATES | {"session_uuid": str(spring.uuid), "user_id": lea.pk, "closes_at": ""}
        assert did(api.set_member_dates, spring, ["lea"], extra_days=3) == []
        moved = did(api.move_members, spring, autumn, ["lea"], reason="Asked for it.")
        assert moved == ["member.removed", "member.enrolled", "member.moved"]
        assert did(api.remove_members, autumn, ["lea"]) == ["member.removed"]

    def test_the_first_entry(self, did, courses, make_session, make_user):
        lea = make_user("lea")
        spring = make_session(courses=courses, members=[lea], opens_at=None, closes_at=None, duration_days=30)
        edition = spring.editions.first()

        def enter(*, actor, now):
            api.record_first_entry(edition.pk, user_id=lea.pk, now=now)

        assert [did(enter), did(enter)] == [["member.entered"], []]
        assert Member.objects.get().first_entered_at == NOW

    def test_wishes(self, did, courses, make_session, make_user):
        lea, ben = (Actor(user_id=make_user(name).pk) for name in ("lea", "ben"))
        spring = make_session(courses=courses, joining="approval", capacity=1, offer_days=3)
        assert did(api.join_session, spring, actor=lea) == ["request.made"]
        assert did(api.approve_requests, spring, ["lea"]) == ["request.ended", "member.enrolled"]
        spring = api.edit_session(spring, joining="open", actor=SYSTEM, now=NOW)
        assert did(api.join_session, spring, actor=ben) == ["request.queued"]
        assert did(api.remove_members, spring, ["lea"]) == ["member.removed", "request.offered"]
        assert did(api.join_session, spring, actor=ben) == ["request.ended", "member.enrolled"]
        assert did(api.leave_session, spring, actor=ben) == ["member.removed"]

    def test_invitations(self, did, courses, make_session):
        spring = make_session(courses=courses)
        assert did(api.enrol_members, spring, ["new@example.com"]) == ["invitation.created"]
        assert did(api.withdraw_invitations, spring, ["new@example.com"]) == ["invitation.ended"]

    def test_team_and_locks(self, did, courses, make_session, make_user):
        make_user("tom")
        spring = make_session(courses=courses)
        edition = spring.editions.first()
        assert did(api.assign_session_team, spring, TeamRole.SESSION_COACH, ["tom"]) == ["team_member.assigned"]
        assert did(api.assign_course_coaches, edition, ["tom"]) == ["team_member.assigned"]
        assert did(api.remove_course_coaches, edition, ["tom"]) == ["team_member.removed"]
        assert did(api.set_locks, spring, {Lock.TEAM, Lock.SCHEDULE}) == ["lock.set", "lock.set"]
        assert did(api.set_locks, spring, {Lock.TEAM}) == ["lock.released"]
        assert did(api.set_locks, spring, {Lock.TEAM}) == []

    def test_announcements_and_materials(self, did, courses, make_session, make_user):
        spring = make_session(courses=courses, members=[make_user("lea")])
        words = {"title": "The tide", "text": "At six."}
        assert did(api.create_announcement, spring, **words) == ["announcement.created"]
        announcement = spring.announcements.get()
        assert did(api.edit_announcement, announcement, is_pinned=True) == ["announcement.edited"]
        assert did(api.edit_announcement, announcement, is_pinned=True) == []
        assert did(api.edit_announcement, announcement, mails=True) == ["announcement.edited", "announcement.mailed"]
        assert did(api.delete_announcement, announcement) == ["announcement.deleted"]
        assert did(api.add_link, spring, title="Tables", url="https://example.com/") == ["material.added"]
        link = spring.materials.get()
        assert did(api.edit_material, link, title="Tide tables") == ["material.edited"]
        assert did(api.edit_material, link, title="Tide tables") == []
        assert did(api.duplicate_session, spring, opens_at=None, title="Autumn", zone=NOW.tzinfo) == [
            "material.added",
            "session.created",
        ]
        assert did(api.remove_material, link) == ["material.removed"]

    def test_prerequisites(self, did, courses, make_session):
        spring, autumn = (make_session(title=title, courses=courses) for title in ("Spring", "Autumn"))
        wanted = {spring: PrerequisiteCondition.FINISHED}
        assert did(api.set_prerequisites, autumn, wanted) == ["session.edited"]
        assert did(api.set_prerequisites, autumn, wanted) == []

    def test_results(self, did, courses, make_session, make_user, host, monkeypatch):
        platform = Platform()
        monkeypatch.setattr(type(host), "grades", lambda _self, *asked: platform.grades(*asked))
        monkeypatch.setattr(type(host), "progress", lambda _self, *asked: platform.progress(*asked))
        people = [make_user(name) for name in ("ada", "ben")]
        spring = make_session(courses=courses[:1], members=people, results_final_after_days=5)
        edition = spring.editions.get()
        for user in people:
            platform.grade(edition, user, 0.75)
        api.record_results(edition.edition_key, [user.pk for user in people], now=NOW)
        final = spring.closes_at + 5 * DAY
        assert did(api.finalise_results, spring, now=final) == ["result.finalised"] * 2
        assert did(api.finalise_results, spring, now=final) == []
        reopened = did(api.reopen_results, edition, ["ada"], reason="Marked wrongly.", now=final)
        assert reopened == ["result.reopened"]

    def test_what_is_rolled_back_was_never_said(self, backend, courses, make_session, make_user, did):
        make_user("lea")
        spring = make_session(courses=courses)
        backend.told.clear()
        api.enrol_members(spring, ["lea"], actor=SYSTEM, now=NOW)  # and no commit comes
        assert backend.told == []
