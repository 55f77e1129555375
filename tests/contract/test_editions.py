"""Reserving, applying, planning and discarding editions."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import TeamRole
from cohort_sessions.errors import HasLearnerData, HostRefused
from cohort_sessions.host import BaseCourse, TeamGrant
from cohort_sessions.timeline import Window

pytestmark = pytest.mark.django_db(databases="__all__")


class TestReserving:
    def test_the_same_uuid_finds_the_same_key_again(self, host, base_key):
        uuid = uuid4()
        first = host.reserve_edition(base_key, uuid)
        assert host.reserve_edition(base_key, uuid) == first

    def test_every_edition_has_a_key_of_its_own(self, host, base_key):
        keys = {host.reserve_edition(base_key, uuid4()) for _ in range(3)}
        assert len(keys | {base_key}) == 4

    def test_the_key_survives_being_written_and_read(self, host, base_key):
        key = host.reserve_edition(base_key, uuid4())
        assert CourseKey.from_string(str(key)) == key

    @pytest.mark.parametrize("key", ["course-v1:Example+NoSuch+2026", "Example/Old/2026", "library-v1:Example+Books"])
    def test_what_cannot_carry_an_edition_is_refused(self, host, db, key):
        with pytest.raises(HostRefused) as refusal:
            host.reserve_edition(CourseKey.from_string(key), uuid4())
        assert key in str(refusal.value)

    def test_an_edition_carries_no_editions(self, host, make_edition):
        with pytest.raises(HostRefused):
            host.reserve_edition(make_edition().edition_key, uuid4())

    def test_nobody_enters_what_is_only_reserved(self, make_edition, enrol, make_user, can_read, answer):
        lea, key = make_user(), make_edition(apply=False).edition_key
        enrol(key, lea)
        assert (can_read(key, lea), answer(key, lea)) == (False, False)


class TestApplying:
    def test_twice_changes_nothing_the_second_time(self, host, make_edition, make_user):
        spec = make_edition(apply=False, team=(TeamGrant(make_user("cora").pk, TeamRole.SESSION_COACH),))
        first = host.apply_edition(spec)
        assert (bool(first.changed), first.failed) == (True, ())
        second = host.apply_edition(spec)
        assert (second.changed, second.failed) == ((), ())
        assert set(second.unchanged) >= set(first.changed)

    def test_planning_names_what_applying_would_change_and_changes_nothing(self, host, make_edition, title_of):
        spec = make_edition(session_title="Spring")
        title = title_of(spec.edition_key)
        renamed = replace(spec, revision=2, session_title="Summer")
        planned = host.plan_edition(renamed)
        assert planned.changed
        assert title_of(spec.edition_key) == title
        assert host.apply_edition(renamed).changed == planned.changed
        assert host.plan_edition(renamed).changed == ()

    def test_an_edition_that_was_never_reserved_fails_with_a_reason(self, host, make_edition):
        spec = make_edition()
        elsewhere = CourseKey.from_string(f"{str(spec.edition_key).rpartition('@')[0]}@987654")
        report = host.apply_edition(replace(spec, edition_key=elsewhere, edition_uuid=uuid4()))
        assert report.changed == ()
        assert all(failure.reason for failure in report.failed)
        assert report.failed


class TestTitle:
    def test_course_and_session_stand_in_it(self, make_base_course, make_edition, title_of):
        spec = make_edition(base_key=make_base_course(title="Tides"), session_title="Spring 2026")
        assert title_of(spec.edition_key) == "Tides - Spring 2026"

    def test_it_follows_the_session(self, host, make_edition, title_of):
        spec = make_edition(session_title="Spring")
        host.apply_edition(replace(spec, revision=2, session_title="Summer"))
        assert title_of(spec.edition_key) == "Tides - Summer"

    def test_it_follows_the_course(self, host, base_key, make_edition, retitle_base_course, title_of):
        spec = make_edition(session_title="Spring")
        retitle_base_course(base_key, "Tides and currents")
        host.apply_edition(replace(spec, revision=2))
        assert title_of(spec.edition_key) == "Tides and currents - Spring"
        assert title_of(base_key) == "Tides and currents"

    def test_publishing_the_course_reaches_the_editions_of_sessions(
        self, base_key, make_session, retitle_base_course, title_of
    ):
        edition = make_session("Spring", courses=[base_key]).editions.get()
        retitle_base_course(base_key, "Tides and currents")
        assert title_of(edition.edition_key) == "Tides and currents - Spring"


class TestTeam:
    def test_rights_appear_and_disappear_on_the_edition_only(
        self, host, base_key, make_edition, make_user, is_course_staff
    ):
        cora, cole = make_user("cora"), make_user("cole")
        grants = (TeamGrant(cora.pk, TeamRole.SESSION_COACH), TeamGrant(cole.pk, TeamRole.ADMINISTRATOR))
        other, spec = make_edition(), make_edition(team=tuple(sorted(grants)))

        def staff() -> set[tuple[str, str]]:
            keys = {"base": base_key, "other": other.edition_key, "edition": spec.edition_key}
            return {
                (name, user.username)
                for name, key in keys.items()
                for user in (cora, cole)
                if is_course_staff(key, user)
            }

        assert staff() == {("edition", "cora"), ("edition", "cole")}
        host.apply_edition(replace(spec, revision=2, team=(TeamGrant(cole.pk, TeamRole.ADMINISTRATOR),)))
        assert staff() == {("edition", "cole")}
        host.apply_edition(replace(spec, revision=3, team=()))
        assert staff() == set()

    def test_a_coach_prepares_before_the_opening(self, make_edition, make_user, ahead, can_read):
        cora = make_user("cora")
        spec = make_edition(window=ahead, team=(TeamGrant(cora.pk, TeamRole.COURSE_COACH),))
        assert can_read(spec.edition_key, cora)


class TestDiscarding:
    def test_an_edition_nobody_worked_in_is_forgotten(self, host, make_edition, make_user, enrol, stored):
        lea, spec = make_user(), make_edition()
        enrol(spec.edition_key, lea)
        host.discard_edition(spec.edition_key)
        assert not stored(spec.edition_key, lea).is_enrolled
        assert host.apply_edition(spec).failed

    def test_an_enrolment_that_is_not_ours_forbids_it(
        self, host, make_edition, make_user, make_foreign_enrolment, stored
    ):
        eve, spec = make_user(), make_edition()
        make_foreign_enrolment(spec.edition_key, eve)
        with pytest.raises(HostRefused):
            host.discard_edition(spec.edition_key)
        assert stored(spec.edition_key, eve).is_enrolled

    def test_discarding_again_is_harmless(self, host, make_edition):
        spec = make_edition()
        host.discard_edition(spec.edition_key)
        host.discard_edition(spec.edition_key)

    def test_learner_data_forbids_it(self, host, make_edition, make_user, enrol, answer, stored):
        lea, spec, other = make_user(), make_edition(), make_edition()
        enrol(spec.edition_key, lea)
        answer(spec.edition_key, lea)
        assert (host.has_learner_data(spec.edition_key), host.has_learner_data(other.edition_key)) == (True, False)
        with pytest.raises(HasLearnerData):
            host.discard_edition(spec.edition_key)
        assert stored(spec.edition_key, lea).score == 1.0
        assert stored(spec.edition_key, lea).is_enrolled


class TestReading:
    def test_base_courses_that_exist(self, host, make_base_course, running, django_assert_num_queries):
        key = make_base_course(title="Tides", window=running)
        make_base_course(title="Not asked for")
        with django_assert_num_queries(1):
            courses = host.base_courses([key, CourseKey.from_string("course-v1:Example+NoSuch+2026")])
        (course,) = courses.values()
        assert courses == {key: course}
        assert course == BaseCourse(key, "Tides", key.org, course.window, course.image_url)
        assert abs(course.window.opens_at - running.opens_at).total_seconds() < 1

    def test_an_entry_for_every_edition_without_a_query(self, host, make_edition, django_assert_num_queries):
        keys = [make_edition().edition_key for _ in range(2)]
        with django_assert_num_queries(0):
            urls = host.entry_urls(keys)
        assert set(urls) == set(keys)
        assert len(set(urls.values())) == 2


def test_a_window_without_bounds_is_open(make_edition, make_user, enrol, answer):
    lea, spec = make_user(), make_edition(window=Window())
    enrol(spec.edition_key, lea)
    assert answer(spec.edition_key, lea)
