"""
The team looks at the results of a course: ours out of the ledger, the platform's gradebooks beside them.

Half of the learners have answered twelve problems. The gradebook API refuses CCX courses, so it is asked about the base
course, where the same people have answered the same; its page has as many learners as there are.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from ccx_keys.locator import CCXLocator
from common.djangoapps.student.models import CourseEnrollment
from django.urls import reverse
from django.utils.timezone import now
from edx_toggles.toggles.testutils import override_waffle_flag
from lms.djangoapps.courseware.models import StudentModule
from lms.djangoapps.grades.api import CourseGradeFactory
from lms.djangoapps.grades.config.waffle import WRITABLE_GRADEBOOK
from opaque_keys.edx.keys import CourseKey
from xmodule.modulestore.django import modulestore

from benchmarks.measure import ROWS, cost, create_big_course, expect, show
from cohort_sessions import api, permissions
from cohort_sessions.queries.results import all_results, session_results
from cohort_sessions.queries.shown_editions import shown_editions
from tests.platform import courses
from tests.platform.ccx import create_ccx, our_platform, stock_platform

LEARNERS = (20, 100, 300)
ANSWERED = 12


@pytest.mark.django_db(databases="__all__")
def bench_results(make_user, make_session, signed_in, committed):
    """Print a table for each number of learners."""
    with committed():
        base_key = create_big_course()
        with courses.authoring(base_key) as store:
            course = store.get_course(base_key)
            course.enable_ccx = True
            store.update_item(course, courses.AUTHOR)
    root = make_user("root", is_staff=True)
    with our_platform():
        session = make_session(courses=[base_key], session_coaches=[make_user("carla")])
    edition = session.editions.get()
    stock_key = create_ccx(base_key, root, ROWS, is_ours=False)
    browser, actor = signed_in(root), api.load_actor(root, now=now())
    learners: list = []
    for number in LEARNERS:
        newcomers = [make_user(f"learner{place}") for place in range(len(learners), number)]
        learners += newcomers
        with our_platform(), committed():
            api.enrol_members(session, [user.username for user in newcomers], actor=api.SYSTEM, now=now())
            _work(edition.edition_key, newcomers)
            api.resync_results(edition, [user.pk for user in newcomers], actor=api.SYSTEM, now=now())
        with stock_platform():
            for key in (stock_key, base_key):
                for user in newcomers:
                    CourseEnrollment.enroll(user, key)
                _work(key, newcomers)

        def opening(url):
            def open_page():
                answer = browser.get(url)
                expect(answer.status_code, 200)

            return cost(open_page)

        def whole_table(learners=number):
            shown = shown_editions(session, actor=actor, permission=permissions.EXPORT_RESULT)
            expect(len(list(all_results(session, shown, now=now()))), learners)

        page = reverse("cohort_sessions:edition_results", kwargs={"code": session.code, "uuid": edition.uuid})
        with our_platform():
            costs = {
                "results, a page's data": cost(lambda: session_results(session, actor=actor, now=now())),
                "results, everybody's": cost(whole_table),
                "results, the page": opening(page),
            }
        with stock_platform():
            gradebook = reverse("grades_api:v1:course_gradebook", kwargs={"course_id": str(base_key)})
            costs["ccx_gradebook, a page of 20"] = opening(_stock("ccx_gradebook", stock_key))
            costs["ccx_grades_csv, everybody's"] = opening(_stock("ccx_grades_csv", stock_key))
            with override_waffle_flag(WRITABLE_GRADEBOOK, active=True):
                costs["gradebook API of the base, everybody's"] = opening(f"{gradebook}?page_size={number}")
        title = f"Results of {number} learners in a course of 186 blocks"
        show(title, costs, "results, a page's data")


def _stock(name: str, key: CourseKey) -> str:
    return reverse(name, kwargs={"course_id": str(key)})


def _work(key: CourseKey, learners: Sequence) -> None:
    """Every other learner has answered the first problems rightly, and is graded."""
    base_key = key.to_course_locator() if isinstance(key, CCXLocator) else key
    blocks = modulestore().get_items(base_key, qualifiers={"category": "problem"})
    problems = [block.location.map_into_course(key) for block in blocks[:ANSWERED]]
    active = learners[::2]
    StudentModule.objects.bulk_create(
        StudentModule(
            student=user,
            course_id=key,
            module_state_key=problem,
            module_type="problem",
            state="{}",
            grade=1,
            max_grade=1,
        )
        for user in active
        for problem in problems
    )
    for user in active:
        CourseGradeFactory().update(user, course_key=key, force_update_subsections=True)
