"""Links and files of a session in one that is made after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cohort_sessions.data import Actor, MaterialChange
from cohort_sessions.events import COHORT_MATERIAL_CHANGED, CohortMaterialData, announce
from cohort_sessions.models import CohortSession, CourseEdition, Material
from cohort_sessions.operations._ground import account
from cohort_sessions.operations._targets import key_of

_TAKEN_OVER = ("kind", "title", "url", "file_name", "content_type", "size", "stored_name", "position")


def copied_materials(
    original: CohortSession,
    edition: CourseEdition | None,
    copy: CohortSession,
    its_edition: CourseEdition | None,
    *,
    actor: Actor,
    now: datetime,
) -> Iterator[Material]:
    """
    The materials of `edition`, of all courses for ``None``, as `copy` has them; to be stored by the caller, who holds
    the lock of the original.

    A file is not written again: it goes with the last row that names it, so neither session loses it to the other.
    """
    for row in original.materials.filter(edition=edition):
        values = {name: getattr(row, name) for name in _TAKEN_OVER}
        material = Material(session=copy, edition=its_edition, created_by=account(actor), created_at=now, **values)
        data = CohortMaterialData(
            session_uuid=str(copy.uuid),
            edition_key=key_of(its_edition),
            uuid=str(material.uuid),
            kind=material.kind,
            change=MaterialChange.ADDED.value,
        )
        announce(COHORT_MATERIAL_CHANGED, now=now, material=data)
        yield material
