"""Keep what a session has otherwise in its courses, use it again, and put a course back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from opaque_keys.edx.keys import UsageKey

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import InvalidInput, NotAllowed
from cohort_sessions.host import get_host
from cohort_sessions.models import CohortSession, CourseEdition, CustomisationDraft, CustomisationTemplate
from cohort_sessions.operations._content import replace_content
from cohort_sessions.operations._editions import locked_edition
from cohort_sessions.operations._ground import account, delete, save
from cohort_sessions.queries.edition_content import (
    ELEMENTS,
    NOTHING,
    Content,
    content_size,
    edition_content,
    moved,
    still_allowed,
)
from cohort_sessions.queries.templates import template_named
from cohort_sessions.timeline import CalendarShift

TITLE_LENGTH = CustomisationTemplate._meta.get_field("title").max_length
WHO_DELETES = gettext_lazy("Only who saved a template, or a session administrator, can delete it.")


def save_templates(
    editions: Sequence[CourseEdition], *, title: str, actor: Actor, now: datetime
) -> list[CustomisationTemplate]:
    """
    Keep what these courses of one session have otherwise, one template for each that has anything.

    Raises:
        InvalidInput: without a title, with one that is too long, or where nothing is otherwise.
        NotFound, NotAllowed: see `authorise`.
    """
    title = " ".join(title.split())
    if not title:
        raise InvalidInput({"title": _("Give the template a name.")})
    if len(title) > TITLE_LENGTH:
        raise InvalidInput({"title": _("Use at most %(most)d characters.") % {"most": TITLE_LENGTH}})
    with transaction.atomic():
        saved = [_saved(edition, title, actor=actor, now=now) for edition in editions]
        made = [template for template in saved if template is not None]
        if not made:
            raise InvalidInput({"": _("Nothing is otherwise than in the base course, so there is nothing to keep.")})
    return made


def apply_template(edition: CourseEdition, uuid: UUID, *, actor: Actor, now: datetime) -> int:
    """
    Have an edition have what the template of this UUID keeps, and nothing besides; returns how many things changed.

    Dates move by the distance between the openings of the two sessions, on the clocks of the session; without one of
    these the template's dates are left out. What is being prepared stays prepared.

    Raises:
        WrongState: it would be graded otherwise, and results are final.
        NotFound, NotAllowed, Locked: see `authorise`; each thing that changes is asked for. Or there is no such
            template of the same course and organisation.
    """
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.CUSTOMISE_EDITION, actor=actor)
        template = template_named(fresh, uuid, actor=actor)
        why = _("From the template “%(title)s”.") % {"title": template.title}
        return replace_content(fresh, _fitted(template, fresh.session), reason=why, actor=actor, now=now)


def delete_template(edition: CourseEdition, uuid: UUID, *, actor: Actor, now: datetime) -> None:
    """
    Forget a template that fits the edition. What was made from it stays.

    Raises:
        NotFound: there is none; or see `authorise`.
        NotAllowed: neither the actor saved it nor are they a session administrator.
    """
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.CUSTOMISE_EDITION, actor=actor)
        template = template_named(fresh, uuid, actor=actor)
        is_own = actor.user_id is not None and template.created_by_id == actor.user_id
        if not is_own and not permissions.allows(actor, permissions.RESET_EDITION, fresh):
            raise NotAllowed(WHO_DELETES)
        delete(template, actor=actor, now=now, reason="")


def reset_edition(
    edition: CourseEdition,
    *,
    template: UUID | None = None,
    only: Collection[UsageKey] | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """
    Put an edition back to its base course, or to a template, whatever coaches did and whatever is locked; returns how
    many things changed. What was being prepared of it is forgotten.

    Args:
        template: the UUID of one that fits; ``None``: the base course.
        only: leave alone what is not about these blocks, or about what stands in these units, and what is being
            prepared.

    Raises:
        WrongState: it would be graded otherwise, and results are final.
        NotFound, NotAllowed: see `authorise`; for session administrators only.
    """
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.RESET_EDITION, actor=actor)
        content: Content = (
            NOTHING if template is None else _fitted(template_named(fresh, template, actor=actor), fresh.session)
        )
        about = None if only is None else _with_elements(fresh, content, frozenset(only))
        number = replace_content(
            fresh, content, only=about, reason=_("Put back by a session administrator."), actor=actor, now=now
        )
        if only is None:
            CustomisationDraft.objects.filter(edition=fresh).delete()
    return number


def _saved(edition: CourseEdition, title: str, *, actor: Actor, now: datetime) -> CustomisationTemplate | None:
    fresh = locked_edition(edition, permissions.CUSTOMISE_EDITION, actor=actor)
    content = edition_content(fresh)
    if not content:
        return None
    template = CustomisationTemplate(
        title=title,
        base_key=fresh.base_key,
        organisation=fresh.session.organisation,
        opens_at=fresh.session.opens_at,
        content=content,
        size=content_size(content),
        created_by=account(actor),
        created_at=now,
    )
    save(template, actor=actor, now=now, reason="")
    return template


def _fitted(template: CustomisationTemplate, session: CohortSession) -> Content:
    """What it keeps, as the session can have it."""
    has_distance = None not in (template.opens_at, session.opens_at)
    zone = ZoneInfo(session.time_zone or "UTC")
    shift = CalendarShift(template.opens_at, session.opens_at, zone) if has_distance else None
    return still_allowed(moved(template.content, shift))


def _with_elements(edition: CourseEdition, content: Content, only: frozenset[UsageKey]) -> frozenset[UsageKey]:
    """These blocks, and of the elements that are otherwise, or are to be, those that stand in them."""
    places = {(row.usage_key, row.field) for row in edition.elements.all()}
    wanted = content.get(ELEMENTS.name, ())
    places |= {(UsageKey.from_string(row["usage_key"]), row["field"]) for row in wanted}
    found = get_host().base_elements(edition.base_key, places)
    return only | {usage_key for (usage_key, _field), element in found.items() if element.unit in only}
