"""What a learner does under one course key: read from and written to the database, and announced to the plugin."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from django.db import transaction
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.fields import Scope, UserScope
from xblock.runtime import KeyValueStore

from cohort_sessions import tasks
from cohort_sessions.data import ResultPart
from sandbox.content import CourseContent
from sandbox.keys import into_base, into_course, is_edition
from sandbox.models import BlockState, Completion, Score
from sandbox.runtime import CourseRuntime


class WorkRefusedError(PermissionError):
    """Something tried to keep work where none is accepted now. Doors refuse earlier; this is the bolt behind them."""


class Desk:
    """
    One person's work under one course key.

    Args:
        may_work: whether anything new is kept; else every attempt raises `WorkRefusedError`.
        now: when, for everything that is kept.
        deadlines: when blocks are due for this person, by the block's key in the base course; see `sandbox.deadlines`.
    """

    def __init__(
        self,
        course_key: CourseKey,
        user_id: int,
        *,
        may_work: bool,
        now: datetime,
        deadlines: Mapping[UsageKey, datetime],
    ):
        self.course_key = course_key
        self.user_id = user_id
        self.may_work = may_work
        self.now = now
        self.deadlines = deadlines
        self._will_announce = False

    @cached_property
    def states(self) -> dict[UsageKey, dict]:
        """User-state fields by block. One query for the whole course."""
        rows = BlockState.objects.filter(course_key=self.course_key, user_id=self.user_id)
        return {row.usage_key: json.loads(row.state) for row in rows}

    def is_past_due(self, usage_key: UsageKey) -> bool:
        """Whether the block was due before now."""
        due = self.deadlines.get(into_base(usage_key))
        return due is not None and due <= self.now

    def keep_state(self, usage_key: UsageKey, state: dict) -> None:
        """Store a block's user-state fields."""
        self._keep(BlockState, usage_key, state=json.dumps(state, sort_keys=True))
        self.states[usage_key] = state

    def score(self, usage_key: UsageKey, data: dict) -> None:
        """Store a published score: ``value`` points of ``max_value``."""
        if self.is_past_due(usage_key):
            raise WorkRefusedError(f"{usage_key} was due at {self.deadlines[into_base(usage_key)]}.")
        self._keep(Score, usage_key, earned=data["value"], possible=data["max_value"])

    def complete(self, usage_key: UsageKey, data: dict) -> None:
        """Store that a block is done; a part of it, ``completion`` below 1, is not done."""
        if data["completion"] >= 1.0:
            self._keep(Completion, usage_key)

    def _keep(self, model, usage_key: UsageKey, **values) -> None:
        if not self.may_work:
            raise WorkRefusedError(f"No work is accepted in {self.course_key} now.")
        model.objects.update_or_create(
            user_id=self.user_id,
            usage_key=usage_key,
            defaults={"course_key": self.course_key, "modified_at": self.now, **values},
        )
        if is_edition(self.course_key) and not self._will_announce:
            self._will_announce = True
            transaction.on_commit(self._announce)

    def _announce(self) -> None:
        """Once for everything that one transaction keeps."""
        self._will_announce = False
        for part in ResultPart:
            tasks.ask_for_result(self.course_key, self.user_id, part)


class LearnerStore(KeyValueStore):
    """Fields of blocks: content from the base course, user state from the desk. There is nothing else to write."""

    def __init__(self, content: CourseContent, desk: Desk):
        self._content = content
        self._desk = desk

    def get(self, key):
        """The value; raises KeyError when there is none."""
        if _is_user_state(key):
            return self._desk.states[key.block_scope_id][key.field_name]
        value = self._content.fields[into_base(key.block_scope_id), key.field_name]
        if key.scope == Scope.children:
            return [into_course(child, self._desk.course_key) for child in value]
        if key.scope == Scope.parent and value is not None:
            return into_course(value, self._desk.course_key)
        return value

    def has(self, key):
        """Whether there is a value."""
        try:
            self.get(key)
        except KeyError:
            return False
        return True

    def set(self, key, value):
        """Store a user-state field."""
        self.set_many({key: value})

    def set_many(self, update_dict):
        """Store user-state fields, one row a block."""
        changed: dict[UsageKey, dict] = {}
        for key, value in update_dict.items():
            self._refuse_content(key)
            changed.setdefault(key.block_scope_id, {})[key.field_name] = value
        for usage_key, fields in changed.items():
            self._desk.keep_state(usage_key, {**self._desk.states.get(usage_key, {}), **fields})

    def delete(self, key):
        """Forget a user-state field."""
        self._refuse_content(key)
        state = dict(self._desk.states[key.block_scope_id])
        del state[key.field_name]
        self._desk.keep_state(key.block_scope_id, state)

    @staticmethod
    def _refuse_content(key) -> None:
        if not _is_user_state(key):
            raise WorkRefusedError(f"A learner's page may not write {key.field_name}.")


def open_runtime(content: CourseContent, desk: Desk) -> CourseRuntime:
    """The runtime in which this person meets this course."""
    return CourseRuntime(desk.course_key, LearnerStore(content, desk), user_id=desk.user_id, desk=desk)


def _is_user_state(key) -> bool:
    return key.scope not in (Scope.children, Scope.parent) and key.scope.user == UserScope.ONE
