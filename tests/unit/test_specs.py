"""What the host should show, from our tables."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, AfterClose, SessionStatus, TeamRole
from cohort_sessions.host import Deadlines, EditionSpec, PersonalWindow, TeamGrant, WantedEnrolment
from cohort_sessions.models import Member
from cohort_sessions.queries.specs import edition_spec, wanted_enrolments
from cohort_sessions.timeline import Window
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

DAY = timedelta(days=1)
RUNNING = Window(NOW - 10 * DAY, NOW + 10 * DAY)


class TestSpec:
    """What the platform is told."""

    def test_the_whole_wanted_state(self, make_session, make_base_course, make_user, django_assert_num_queries):
        lea, max_, ben = make_user("lea"), make_user("max"), make_user("ben")
        session = make_session(courses=[make_base_course()], members=[lea, max_])
        api.assign_session_team(session, TeamRole.SESSION_COACH, ["ben"], actor=SYSTEM, now=NOW)
        api.assign_course_coaches(session.editions.get(), ["ben"], actor=SYSTEM, now=NOW)
        api.remove_members(session, ["max"], actor=SYSTEM, now=NOW)
        Member.objects.filter(user=lea).update(extra_days=3)
        edition = session.editions.select_related("session").get()
        prolonged = Window(RUNNING.opens_at, RUNNING.closes_at + 3 * DAY)
        with django_assert_num_queries(8):
            spec = edition_spec(edition, now=NOW)
        assert spec == EditionSpec(
            edition_uuid=edition.uuid,
            edition_key=edition.edition_key,
            base_key=edition.base_key,
            revision=edition.wanted_revision,
            session_title="Spring",
            window=prolonged,
            hidden=False,
            closed_read_only=True,
            team=(TeamGrant(ben.pk, TeamRole.COURSE_COACH), TeamGrant(ben.pk, TeamRole.SESSION_COACH)),
            deadlines=Deadlines(ordinary=RUNNING, personal=(PersonalWindow(lea.pk, prolonged, extra_days=3),)),
            hidden_tools=("wiki",),
        )
        with django_assert_num_queries(1):
            wanted = wanted_enrolments(edition, now=NOW)
        assert wanted == [
            WantedEnrolment(edition.edition_key, lea.pk, is_active=True),
            WantedEnrolment(edition.edition_key, max_.pk, is_active=False),
        ]

    @pytest.mark.parametrize(
        ("values", "withdrawn", "hidden", "closed_read_only"),
        [
            ({"status": SessionStatus.DRAFT.value}, False, True, True),
            ({"after_close": AfterClose.FULL.value}, False, False, False),
            ({"after_close": AfterClose.FULL.value, "status": SessionStatus.ARCHIVED.value}, False, False, True),
            ({}, True, True, True),
        ],
        ids=["draft", "full after the close", "archived", "withdrawn"],
    )
    def test_hidden_and_closed(
        self, values, withdrawn, hidden, closed_read_only, make_session, make_base_course, make_user
    ):
        session = make_session(courses=[make_base_course()], members=[make_user("lea")])
        for name, value in values.items():
            setattr(session, name, value)
        session.save()
        session.editions.update(withdrawn_at=NOW if withdrawn else None)
        edition = session.editions.select_related("session").get()
        spec = edition_spec(edition, now=NOW)
        assert (spec.hidden, spec.closed_read_only) == (hidden, closed_read_only)
        assert [each.is_active for each in wanted_enrolments(edition, now=NOW)] == [not hidden]
