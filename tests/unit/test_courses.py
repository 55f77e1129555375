"""What adding, ordering and removing courses does, refuses and repeats."""

from __future__ import annotations

import pytest
from django.db import transaction
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, EditionState
from cohort_sessions.errors import InvalidInput
from cohort_sessions.models import CourseEdition
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")

NOWHERE = CourseKey.from_string("course-v1:No+Such+Course")


class TestCourses:
    """Adding, ordering and removing courses."""

    def test_every_line_is_answered_and_the_good_ones_are_added(self, make_session, make_base_course):
        tides, stars = make_base_course(title="Tides"), make_base_course(title="Stars")
        session = make_session(courses=[tides])
        outcomes = api.add_courses(session, [tides, NOWHERE, stars, stars], actor=SYSTEM, now=NOW)
        assert [(line.given, line.ok, line.changed) for line in outcomes] == [
            (str(tides), True, False),
            (str(NOWHERE), False, False),
            (str(stars), True, True),
            (str(stars), True, False),
        ]
        assert outcomes[1].message
        assert [edition.base_key for edition in session.editions.all()] == [tides, stars]

    def test_the_request_reserves_and_the_task_prepares(
        self, make_session, make_base_course, django_capture_on_commit_callbacks
    ):
        session = make_session()
        with django_capture_on_commit_callbacks() as waiting:
            api.add_courses(session, [make_base_course()], actor=SYSTEM, now=NOW)
        edition = session.editions.get()
        assert (edition.state, edition.wanted_revision, edition.applied_revision) == (EditionState.PREPARING, 1, 0)
        for callback in waiting:
            callback()
        edition.refresh_from_db()
        assert (edition.state, edition.applied_revision, edition.apply_error) == (EditionState.READY, 1, "")

    def test_a_rolled_back_request_leaves_nothing(self, make_session, make_base_course):
        session, tides = make_session(), make_base_course()
        with transaction.atomic():
            api.add_courses(session, [tides], actor=SYSTEM, now=NOW)
            transaction.set_rollback(True)
        assert not CourseEdition.objects.exists()

    def test_order(self, make_session, make_base_course):
        tides, stars = make_base_course(), make_base_course()
        session = make_session(courses=[tides, stars])
        api.order_courses(session, [stars, tides], actor=SYSTEM, now=NOW)
        assert [edition.base_key for edition in session.editions.all()] == [stars, tides]
        for wrong in ([stars], [stars, stars], [stars, tides, NOWHERE]):
            with pytest.raises(InvalidInput):
                api.order_courses(session, wrong, actor=SYSTEM, now=NOW)

    def test_an_untouched_course_goes_and_a_worked_one_is_withdrawn_and_comes_back(
        self, make_session, make_base_course, make_user, answer, stored, django_capture_on_commit_callbacks
    ):
        lea, tides, stars = make_user("lea"), make_base_course(), make_base_course()
        session = make_session(courses=[tides, stars], members=[lea], opens_at=None, closes_at=None)
        worked = session.editions.get(base_key=tides)
        assert answer(worked.edition_key, lea)
        with django_capture_on_commit_callbacks(execute=True):
            outcomes = api.remove_courses(session, [tides, stars, NOWHERE], actor=SYSTEM, now=NOW)
        assert [(line.ok, line.changed, bool(line.message)) for line in outcomes] == [
            (True, True, True),
            (True, True, False),
            (True, False, True),
        ]
        worked.refresh_from_db()
        assert worked.state is EditionState.WITHDRAWN
        assert list(session.editions.all()) == [worked]
        assert stored(worked.edition_key, lea).score == 1
        with django_capture_on_commit_callbacks(execute=True):
            api.add_courses(session, [tides], actor=SYSTEM, now=NOW)
        worked.refresh_from_db()
        assert worked.state is EditionState.READY

    def test_what_the_host_will_not_forget_is_withdrawn(
        self, make_session, make_base_course, make_user, make_foreign_enrolment
    ):
        tides = make_base_course()
        session = make_session(courses=[tides])
        make_foreign_enrolment(session.editions.get().edition_key, make_user("eve"))
        outcome = api.remove_courses(session, [tides], actor=SYSTEM, now=NOW)[0]
        assert (outcome.changed, outcome.message.partition(":")[0]) == (True, "Withdrawn, not deleted")
        assert session.editions.get().state is EditionState.WITHDRAWN
