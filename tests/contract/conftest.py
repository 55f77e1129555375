"""What the contract tests make of the kit's fixtures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils.timezone import now

from cohort_sessions.host import EditionSpec, WantedEnrolment
from cohort_sessions.timeline import Window

LONG_AGO = timedelta(days=30)
RECENTLY = timedelta(days=1)
SOON = timedelta(days=30)


@pytest.fixture
def base_key(make_base_course):
    """One published base course."""
    return make_base_course()


@pytest.fixture
def running() -> Window:
    """A window that has opened and not closed."""
    return Window(now() - LONG_AGO, now() + SOON)


@pytest.fixture
def over() -> Window:
    """A window that has closed."""
    return Window(now() - LONG_AGO, now() - RECENTLY)


@pytest.fixture
def ahead() -> Window:
    """A window that has not opened."""
    return Window(now() + RECENTLY, now() + SOON)


@pytest.fixture
def make_edition(host, host_alone, base_key, running) -> Callable[..., EditionSpec]:
    """
    Reserve an edition of `base_key`, apply it and return its spec; keywords replace fields of an ordinary running
    edition.
    """

    def make(*, apply: bool = True, **changes) -> EditionSpec:
        uuid = uuid4()
        base = changes.get("base_key", base_key)
        with transaction.atomic():
            edition_key = host.reserve_edition(base, uuid)
        spec = EditionSpec(
            edition_uuid=uuid,
            edition_key=edition_key,
            base_key=base,
            revision=1,
            session_title="Spring",
            window=running,
            hidden=False,
            closed_read_only=True,
        )
        spec = replace(spec, **changes)
        if apply:
            assert host.apply_edition(spec).failed == ()
        return spec

    return make


@pytest.fixture
def enrol(host) -> Callable[..., None]:
    """Enrol these people in an edition through the host, as the plugin does."""

    def enrol_people(edition_key, *users) -> None:
        wanted = [WantedEnrolment(edition_key, user.pk, is_active=True) for user in users]
        assert [outcome.refusal for outcome in host.apply_enrolments(wanted)] == ["" for _ in users]

    return enrol_people
