"""The course that is measured, the counting, and the table that comes out."""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from ccx_keys.locator import CCXLocator
from celery import Task
from django.db import connections
from django.utils.timezone import now
from edx_django_utils.cache import RequestCache
from opaque_keys.edx.keys import CourseKey, UsageKey
from xmodule.modulestore.django import modulestore

from tests.platform import courses
from tests.platform.ccx import COURSE

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
REPETITIONS = 5

# What every edition says at least: when it opens and how it is called.
ROWS = {COURSE: {"start": LONG_AGO, "display_name": "Tides - Spring"}}


@dataclass(frozen=True)
class Cost:
    """
    What one repetition took.

    Attributes:
        statements: SQL, all databases, without savepoints.
        seconds: processor time of this process, the median of the repetitions. Database and modulestore are in it here;
            other work on the machine is not.
    """

    statements: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.statements:4d} SQL {self.seconds * 1000:7.0f} ms"


def create_big_course(sections: int = 5) -> CourseKey:
    """
    A base course of 186 blocks: 5 sections, or as many as are asked for, of 4 graded subsections with a due date, of 2
    units, of a text and 2 problems.

    It is the course behind the figures in the project's baselines, so that the two can be compared.
    """
    run = courses.create_course(start=LONG_AGO, sections=0)
    with courses.authoring(run.key):
        root = modulestore().make_course_usage_key(run.key)
        for section in range(sections):
            chapter = _child(root, "chapter", f"section_{section}")
            for subsection in range(4):
                place = f"{section}_{subsection}"
                due = now() + timedelta(days=30)
                sequential = _child(
                    chapter, "sequential", f"subsection_{place}", graded=True, format="Homework", due=due
                )
                for unit in range(2):
                    vertical = _child(sequential, "vertical", f"unit_{place}_{unit}")
                    _child(vertical, "html", f"text_{place}_{unit}", data=f"<p>{courses.TEXT}</p>")
                    for problem in range(2):
                        _child(vertical, "problem", f"problem_{place}_{unit}_{problem}", data=courses.PROBLEM)
    return run.key


def full_schedule(ccx_key: CCXLocator) -> dict:
    """Rows as the CCX coach's schedule writes them: three fields on each section, subsection and unit, 195 in all."""
    containers = [
        item.location
        for kind in ("chapter", "sequential", "vertical")
        for item in modulestore().get_items(ccx_key.to_course_locator(), qualifiers={"category": kind})
    ]
    dates = {"start": LONG_AGO, "due": now() + timedelta(days=30), "visible_to_staff_only": False}
    return {(place.block_type, place.block_id): dates for place in containers}


def cost(work: Callable[[], object]) -> Cost:
    """What `work` costs, once it is warm."""
    work()
    seconds, counts = [], []
    for _ in range(REPETITIONS):
        RequestCache.clear_all_namespaces()
        with counting() as statements:
            began = time.process_time()
            work()
            seconds.append(time.process_time() - began)
        counts.append(len(statements))
    return Cost(statistics.median_low(counts), statistics.median(seconds))


@contextmanager
def counting() -> Iterator[list[str]]:
    """The SQL statements of the block. Django's own log of them stops at 9000, so each is counted on its way."""
    statements: list[str] = []

    def count(execute, sql, params, many, context):
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO")):
            statements.append(sql)
        return execute(sql, params, many, context)

    with contextlib.ExitStack() as wrappers:
        for connection in connections.all():
            wrappers.enter_context(connection.execute_wrapper(count))
        yield statements


@contextmanager
def tasks_run(statements: list[str]) -> Iterator[list[tuple[int, float]]]:
    """(statements, seconds) of each task that runs inside the block, those inside others included in them."""
    spent: list[tuple[int, float]] = []
    apply_async, depth = Task.apply_async, []

    def measured(task, *args, **options):
        began, before = time.perf_counter(), len(statements)
        depth.append(task)
        try:
            return apply_async(task, *args, **options)
        finally:
            depth.pop()
            if not depth:
                spent.append((len(statements) - before, time.perf_counter() - began))

    Task.apply_async = measured
    try:
        yield spent
    finally:
        Task.apply_async = apply_async


def expect(found: object, wanted: object) -> None:
    """Fail where what is measured does not work."""
    if found != wanted:
        pytest.fail(f"What is measured does not work: it answers {found!r}, not {wanted!r}.")


def show(title: str, costs: Mapping[str, Cost], base: str) -> None:
    """Write a table: each cost, and how it compares with that of the row `base`."""
    lines = ["", title, "-" * len(title)]
    for name, found in costs.items():
        more = found.statements - costs[base].statements
        times = found.seconds / costs[base].seconds
        lines.append(f"{name:<42}{found}   {more:+4d} SQL   x {times:.2f}")
    say(*lines)


def say(*lines: str) -> None:
    """Write what was found."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _child(parent: UsageKey, block_type: str, block_id: str, **fields) -> UsageKey:
    block = modulestore().create_child(courses.AUTHOR, parent, block_type, block_id=block_id, fields=fields)
    return block.location.replace(course_key=parent.course_key)
