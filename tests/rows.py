"""Rows made without the operations, where so many are wanted that these would take long."""

from __future__ import annotations

from uuid import uuid4

from ccx_keys.locator import CCXLocator
from django.db.models import Model

from cohort_sessions.models import CohortSession, CourseEdition


def copy_session(session: CohortSession, number: int) -> CohortSession:
    """
    One more session like this one: with its editions, members, team and results, but unknown to the host.

    Args:
        number: tells the copies of a test from each other.
    """
    copy = _copy(session, uuid=uuid4(), code=f"{session.code}-{number}")
    for role in session.team.all():
        _copy(role, session=copy)
    members = {member.pk: _copy(member, session=copy) for member in session.members.all()}
    for edition in session.editions.all():
        _copy_edition(edition, copy, members, number)
    return copy


def _copy_edition(edition: CourseEdition, session: CohortSession, members: dict[int, Model], number: int) -> None:
    edition_key = CCXLocator.from_course_locator(edition.base_key, str(1000 * number + edition.pk))
    copy = _copy(edition, session=session, uuid=uuid4(), edition_key=edition_key)
    for coach in edition.coaches.all():
        _copy(coach, edition=copy)
    for result in edition.results.all():
        _copy(result, edition=copy, member=members[result.member_id])


def _copy(row: Model, **changes) -> Model:
    values = {field.name: getattr(row, field.name) for field in row._meta.fields if not field.primary_key}
    return type(row).objects.create(**values | changes)
