"""
The door inventory: every address of the LMS that takes a course or a block is classified, and nothing else is.

Addresses that the platform's test settings leave out, and operators turn on, are walked besides.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

import pytest
from django.urls import URLPattern, get_resolver

from cohort_sessions.edxapp.hooks import doors
from cohort_sessions.edxapp.hooks.doors import Kind

pytestmark = pytest.mark.django_db(databases="__all__")

# Parts of an address in which opaque keys stand, by the names the platform gives them, and its one way to take a course
# without naming it (the wiki's).
TAKES_A_KEY = re.compile(
    r"\(\?P<(?:\w*course_(?:id|key\w*)|ccx_\w+|usage_\w+|location|subsection_id|content_id)>"
    r"|<(?:\w+:)?(?:\w*course_(?:id|key\w*)|usage_\w+)>"
    r"|courses/\(\?:\[\^/\+\]"
)
# Mounted by feature flags that the test settings leave off.
LEFT_OUT = ("lms.djangoapps.discussion.rest_api.urls", "lms.djangoapps.discussion.django_comment_client.base.urls")
# Doors that are told a course, a block or a thing in it by query or body only.
TOLD_OTHERWISE = {
    "blocks_in_course",
    "bookmarks",
    "change_enrollment",
    "comment-list",
    "completion-batch",
    "course-experience-reset-course-deadlines",
    "courseenrollments",
    "dismiss-welcome-message",
    "generate_certificate_for_user",
    "lock",
    "proctored_exam.attempt.collection",
    "reset_course_deadlines",
    "save-course-goal",
    "submit_answers",
    "team_membership_list",
    "teams_list",
    "thread-list",
    "topics_list",
}


def walk(patterns, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address below `patterns`, with all that stands before it."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from walk(pattern.url_patterns, route)


@functools.cache
def _doors() -> list[tuple[str, str, str | None]]:
    """(address, module of the view, name) of every address in the LMS but Django's own admin."""
    mounted = list(walk(get_resolver().url_patterns))
    for name in LEFT_OUT:
        mounted += walk(importlib.import_module(name).urlpatterns, f"({name}) ")
    return [
        (route, pattern.callback.__module__, pattern.name)
        for route, pattern in mounted
        if not route.startswith("admin/")
    ]


@pytest.fixture
def lms_doors() -> list[tuple[str, str, str | None]]:
    """See `_doors`; walked once."""
    return _doors()


def test_every_door_with_a_key_is_classified(lms_doors):
    assert [
        door for door in lms_doors if TAKES_A_KEY.search(door[0]) and doors.kind_of_door(door[1], door[2]) is None
    ] == []


def test_the_walk_sees_the_lms(lms_doors):
    """Else the inventory would be empty and content with it."""
    with_key = {(module, name) for route, module, name in lms_doors if TAKES_A_KEY.search(route)}
    assert len(with_key) > 150
    assert {
        doors.HANDLER_DOOR,
        ("lms.djangoapps.courseware.views.views", "render_xblock"),
        ("lms.djangoapps.course_home_api.course_metadata.views", "course-metadata"),
        ("openedx.core.djangoapps.courseware_api.views", "courseware-api"),
        ("wiki.views.article", "edit"),
        ("lms.djangoapps.ccx.api.v0.views", "detail"),
    } <= with_key


def test_every_rule_covers_a_door(lms_doors):
    """
    A rule for what is no longer there is a rule nobody can review. Packages that this release does not have are let
    off.
    """
    dead = [
        (module, name)
        for module, name, _ in doors.RULES
        if not any(fnmatchcase(door[1], module) and fnmatchcase(door[2] or "", name) for door in lms_doors)
        and _is_installed(module)
    ]
    assert dead == []


def test_doors_that_are_told_otherwise_are_classified(lms_doors):
    kinds = {name: doors.kind_of_door(module, name) for _, module, name in lms_doors if name in TOLD_OTHERWISE}
    assert sorted(TOLD_OTHERWISE - kinds.keys()) == []
    assert sorted(name for name, kind in kinds.items() if kind is None) == []


def test_every_list_over_courses_is_a_door(lms_doors):
    dead = [
        (module, name)
        for module, name, _ in doors.LISTS
        if not any(fnmatchcase(door[1], module) and fnmatchcase(door[2] or "", name) for door in lms_doors)
    ]
    assert dead == []


def test_the_addresses_of_blocks_are_doors(lms_doors):
    assert {doors.HANDLER_DOOR, doors.THIRD_PARTY_DOOR, doors.GRADER_DOOR} <= {door[1:] for door in lms_doors}


def test_no_rule_is_hidden_by_an_earlier_one(lms_doors):
    deciding = {
        next(rule for rule in doors.RULES if fnmatchcase(door[1], rule[0]) and fnmatchcase(door[2] or "", rule[1]))
        for door in lms_doors
        if doors.kind_of_door(door[1], door[2]) is not None
    }
    assert [rule for rule in doors.RULES if rule not in deciding and _is_installed(rule[0])] == []


@pytest.mark.parametrize(
    ("kind", "method", "writes"),
    [
        (Kind.CONTENT, "GET", False),
        (Kind.CONTENT, "POST", True),
        (Kind.CONTENT, "PATCH", True),
        (Kind.READING, "POST", False),
        (Kind.WRITING, "GET", True),
        (Kind.TEAM, "DELETE", True),
        (Kind.TEAM_READING, "POST", False),
        (Kind.MANAGED, "HEAD", False),
        (Kind.MANAGED, "POST", True),
    ],
)
def test_kinds_say_what_writes(kind, method, writes):
    assert doors.writes(kind, method) == writes


@pytest.mark.parametrize(
    ("block_type", "handler", "suffix", "method", "writes"),
    [
        ("problem", "xmodule_handler", "problem_check", "POST", True),
        ("problem", "xmodule_handler", "problem_check", "GET", True),
        ("problem", "xmodule_handler", "problem_save", "POST", True),
        ("problem", "xmodule_handler", "problem_get", "POST", False),
        ("sequential", "goto_position", "", "POST", False),
        ("sequential", "xmodule_handler", "goto_position", "POST", False),
        ("video", "xmodule_handler", "save_user_state", "POST", False),
        ("video", "publish_completion", "", "POST", True),
        ("video", "transcript", "translation/en", "GET", False),
        ("html", "publish_completion", "", "POST", True),
        ("openassessment", "render_submission", "", "POST", False),
        ("openassessment", "submit", "", "POST", True),
        ("unheard-of", "do_something", "", "POST", True),
        ("unheard-of", "show_something", "", "GET", False),
        ("problem", "render_submission", "", "POST", True),
    ],
)
def test_handlers_of_blocks(block_type, handler, suffix, method, writes):
    assert doors.handler_writes(block_type, handler, suffix, method) == writes


def _is_installed(module: str) -> bool:
    """Whether this release has the package that a rule is about."""
    package = module.rstrip("*").rstrip(".")
    try:
        importlib.import_module(package)
    except ImportError:
        return False
    return True
