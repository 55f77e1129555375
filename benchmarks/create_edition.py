"""
An edition of a course of 186 blocks is made: the platform's CCX REST API, and this plugin.

What the person waits for and what is left to tasks are counted apart; the tests run tasks at once, production does not.
The REST API builds no outline, so its CCX cannot be opened in the Learning micro-frontend; ours can.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from common.djangoapps.student.roles import CourseInstructorRole, CourseStaffRole
from django.test import TestCase
from django.utils.timezone import now

from benchmarks.measure import REPETITIONS, Cost, cost, counting, create_big_course, expect, show, tasks_run
from cohort_sessions import api
from cohort_sessions.host import get_host
from cohort_sessions.queries.specs import edition_spec
from tests.platform import courses
from tests.platform.ccx import our_platform, stock_platform


class Meter:
    """Statements and seconds of many repetitions, in tasks and outside them."""

    def __init__(self):
        self.waited: list[tuple[int, float]] = []
        self.in_tasks: list[tuple[int, float]] = []

    def run(self, work: Callable[[], object]) -> None:
        """Do it once, and everything it leaves to tasks and to after the commit."""
        with counting() as statements, tasks_run(statements) as in_tasks:
            began = time.perf_counter()
            with TestCase.captureOnCommitCallbacks() as left:
                work()
            seconds, answered_at = time.perf_counter() - began, len(statements)
            spent = [sum(part) for part in zip(*in_tasks, strict=True)] or [0, 0.0]
            began = time.perf_counter()
            with TestCase.captureOnCommitCallbacks(execute=True):
                for callback in left:
                    callback()
            afterwards = (len(statements) - answered_at, time.perf_counter() - began)
        self.waited.append((answered_at - spent[0], seconds - spent[1]))
        self.in_tasks.append((spent[0] + afterwards[0], spent[1] + afterwards[1]))

    def costs(self, name: str) -> dict[str, Cost]:
        """Two rows of the table; the first repetition, which warms caches and makes accounts, is left out."""
        return {
            f"{name}: waited for": _median(self.waited[1:]),
            f"{name}: left to tasks": _median(self.in_tasks[1:]),
        }


@pytest.mark.django_db(databases="__all__")
def bench_create_edition(make_user, signed_in, committed):
    """Print the tables."""
    with committed():
        base_key = create_big_course()
        with courses.authoring(base_key) as store:
            course = store.get_course(base_key)
            course.enable_ccx = True
            store.update_item(course, courses.AUTHOR)
    author = make_user("author")
    for role in (CourseStaffRole, CourseInstructorRole):
        role(base_key).add_users(author)
    browser = signed_in(author)
    stock, ours = Meter(), Meter()

    def create_by_rest():
        body = {
            "master_course_id": str(base_key),
            "display_name": "Spring",
            "coach_email": author.email,
            "max_students_allowed": 200,
        }
        answer = browser.post("/api/ccx/v0/ccx/", body, content_type="application/json")
        expect(answer.status_code, 201)

    def create_by_session():
        by_system = {"actor": api.SYSTEM, "now": now()}
        session = api.create_session(title="Spring", **by_system)
        ours.run(lambda: api.add_courses(session, [base_key], **by_system))
        return session.editions.get()

    with stock_platform():
        for _ in range(REPETITIONS):
            stock.run(create_by_rest)
    with our_platform():
        editions = [create_by_session() for _ in range(REPETITIONS)]
        spec = edition_spec(editions[-1], now=now())
        revisions = iter(range(spec.revision + 1, 1000))

        def rename():
            revision = next(revisions)
            return get_host().apply_edition(replace(spec, revision=revision, session_title=f"Spring {revision}"))

        later = {"applied again after a rename": cost(rename)}
        rename_back = get_host().apply_edition(spec)
        expect(rename_back.failed, ())
        later["applied again, nothing changed"] = cost(lambda: get_host().apply_edition(spec))
    costs = {**stock.costs("CCX REST API"), **ours.costs("session")}
    show("Making an edition of 186 blocks", costs, "CCX REST API: waited for")
    show("Keeping it true", later, "applied again, nothing changed")


def _median(figures: list[tuple[int, float]]) -> Cost:
    counts, seconds = zip(*figures, strict=True)
    return Cost(statistics.median_low(counts), statistics.median(seconds))
