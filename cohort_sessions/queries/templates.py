"""Templates that fit a course of a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import NotFound
from cohort_sessions.host import Person
from cohort_sessions.models import CourseEdition, CustomisationTemplate
from cohort_sessions.queries.names import name_of


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """
    A template as pages list it.

    Attributes:
        number: how many things it has otherwise than the base course.
        by: who saved it; ``None`` for accounts that are gone.
        may_delete: whether the actor may.
    """

    uuid: UUID
    title: str
    number: int
    by: Person | None
    at: datetime
    may_delete: bool


def edition_templates(edition: CourseEdition, *, actor: Actor) -> list[TemplateLine]:
    """Those that fit the edition, by title; for somebody who may customise it (callers have asked). One query."""
    manages = permissions.allows(actor, permissions.RESET_EDITION, edition)
    rows = fitting_templates(edition, actor=actor).defer("content").select_related("created_by")
    return [
        TemplateLine(
            uuid=row.uuid,
            title=row.title,
            number=row.size,
            by=Person(row.created_by_id, row.created_by.username, row.by_name) if row.created_by else None,
            at=row.created_at,
            may_delete=manages or row.created_by_id == actor.user_id,
        )
        for row in rows.annotate(by_name=name_of("created_by"))
    ]


def fitting_templates(edition: CourseEdition, *, actor: Actor) -> QuerySet[CustomisationTemplate]:
    """
    Of the same course, saved in sessions of the same organisation. Sessions without one have nothing in common, so
    their templates are for who saved them, and for administrators of all sessions.
    """
    organisation = edition.session.organisation
    rows = CustomisationTemplate.objects.filter(base_key=edition.base_key, organisation=organisation)
    sees_all = actor.is_system or actor.is_platform_admin or actor.administers_all
    return rows if organisation or sees_all else rows.filter(created_by_id=actor.user_id)


def template_named(edition: CourseEdition, uuid: UUID, *, actor: Actor) -> CustomisationTemplate:
    """
    The template of this UUID, if it fits the edition and the actor may know of it.

    Raises:
        NotFound: there is none.
    """
    found = fitting_templates(edition, actor=actor).filter(uuid=uuid).first()
    if found is None:
        raise NotFound(_("There is no such template for this course."))
    return found
