"""Columns that several tables share, each with the reason for its shape, and the constraints that go with them."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Collection

import django
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from opaque_keys.edx.django.models import CourseKeyField
from simple_history.models import HistoricalRecords

# `CheckConstraint(check=…)` became `condition=…` in Django 5.1; migrations name the constraint through `constraint`
# below as well.
_CONDITION_ARGUMENT = "condition" if django.VERSION >= (5, 1) else "check"


def uuid_field() -> models.UUIDField:
    """A stable public name for a row (OEP-38): primary keys stay inside the database."""
    return models.UUIDField(default=uuid.uuid4, unique=True, editable=False)


def key_field(**options) -> CourseKeyField:
    """An opaque course key; 255 is what every table of the platform allows."""
    return CourseKeyField(max_length=255, **options)


def account_field(related_name: str) -> models.ForeignKey:
    """Whose row it is: what belongs to an account goes with it. The way back stands among the names of other apps."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name=related_name)


def actor_field() -> models.ForeignKey:
    """Who did it: what somebody did for others stays when their account goes."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )


def moment_field(help_text: str = "") -> models.DateTimeField:
    """A bound of a window, UTC; empty is unbounded."""
    return models.DateTimeField(null=True, blank=True, help_text=help_text)


def choice_field(choices: type[enum.StrEnum], **options) -> models.CharField:
    """One value of an enum of `data`; the matching `is_one_of` constraint makes the database hold it."""
    return models.CharField(max_length=20, choices=[(choice.value, choice.name) for choice in choices], **options)


def constraint(condition: Q, name: str) -> models.CheckConstraint:
    """A named check constraint, on Django 4.2 as well as on 5.2."""
    return models.CheckConstraint(**{_CONDITION_ARGUMENT: condition}, name=name)


def history(*, without: Collection[str] = ()) -> HistoricalRecords:
    """
    Every change of a row with who, when and why: the audit. Reasons are sentences, so they get a text column.

    Args:
        without: columns that it does not keep.
    """
    reason = models.TextField(blank=True, null=True)
    return HistoricalRecords(history_change_reason_field=reason, excluded_fields=list(without))


def is_one_of(field: str, choices: type[enum.StrEnum], name: str) -> models.CheckConstraint:
    """The column holds a value of the enum."""
    return constraint(Q(**{f"{field}__in": [choice.value for choice in choices]}), name)


def opens_before_it_closes(opens: str, closes: str, name: str) -> models.CheckConstraint:
    """A window is never reversed or empty; a missing bound is unbounded."""
    return constraint(
        Q(**{f"{opens}__isnull": True}) | Q(**{f"{closes}__isnull": True}) | Q(**{f"{opens}__lt": F(closes)}), name
    )


def is_empty_or_positive(field: str, name: str) -> models.CheckConstraint:
    """A number that counts something, where it is given: at least one."""
    return constraint(Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": 0}), name)
