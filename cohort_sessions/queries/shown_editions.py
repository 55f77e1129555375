"""The courses of a session over which somebody holds a permission, as lists and forms name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from opaque_keys.edx.keys import CourseKey

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import NotFound
from cohort_sessions.host import get_host
from cohort_sessions.models import CohortSession, CourseEdition


@dataclass(frozen=True, slots=True)
class ShownEdition:
    """A course of a session."""

    edition_id: int
    uuid: UUID
    edition_key: CourseKey
    title: str


def shown_editions(session: CohortSession, *, actor: Actor, permission: str) -> tuple[ShownEdition, ...]:
    """The courses of the session over which the actor holds `permission`, withdrawn ones last. At most two queries."""
    return each_edition(permissions.rows(actor, permission, session.editions.all()))


def chosen_edition(editions: Sequence[ShownEdition], uuid: UUID) -> ShownEdition:
    """
    The one of this UUID.

    Raises:
        NotFound: it is none of them.
    """
    for edition in editions:
        if edition.uuid == uuid:
            return edition
    raise NotFound(_("There is no such course in this session."))


def each_edition(rows: Iterable[CourseEdition]) -> tuple[ShownEdition, ...]:
    """Each course once, withdrawn ones last. One query for their titles, none for no course."""
    by_pk = {each.pk: each for each in rows}
    editions = sorted(by_pk.values(), key=lambda each: (each.withdrawn_at is not None, each.position, each.pk))
    courses = get_host().base_courses({each.base_key for each in editions}) if editions else {}
    return tuple(ShownEdition(each.pk, each.uuid, each.edition_key, _title(each, courses)) for each in editions)


def _title(edition: CourseEdition, courses: Mapping[CourseKey, object]) -> str:
    course = courses.get(edition.base_key)
    return course.title if course else str(edition.base_key)
