"""Links and files that the team of a session gives its learners."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.files import File
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cohort_sessions.data import Actor, MaterialChange, MaterialKind
from cohort_sessions.errors import InvalidInput, NotFound
from cohort_sessions.events import COHORT_MATERIAL_CHANGED, CohortMaterialData, announce
from cohort_sessions.host import get_host
from cohort_sessions.models import CohortSession, CourseEdition, Material
from cohort_sessions.operations._files import discard_file, undoing_files
from cohort_sessions.operations._ground import account, delete, locked_session, save
from cohort_sessions.operations._targets import announcing_target, authorise_announcing, key_of, made_before
from cohort_sessions.operations._uploads import checked_upload
from cohort_sessions.queries.materials import material_faults

# Where the host's storage has the files.
FOLDER = "cohort_sessions/materials"

EDITABLE = frozenset({"title", "url", "course"})


def add_link(
    session: CohortSession,
    *,
    title: str,
    url: str,
    course: UUID | None = None,
    uuid: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> Material:
    """
    Give learners a link, at the end of the list.

    Args:
        url: http or https.
        course: the UUID of the course it is for; ``None``: the whole session.
        uuid: names it, so that repeating the call makes no other; a name of anything else is refused.

    Raises:
        NotFound, Locked, NotAllowed: see `authorise`; a course that is not in the session is not found either.
        InvalidInput: naming each field that cannot stand.
    """

    def make() -> Material:
        return Material(kind=MaterialKind.LINK.value, title=_line(title), url=url.strip())

    with transaction.atomic():
        return _added(session, make, course=course, uuid=uuid, actor=actor, now=now)


def add_file(
    session: CohortSession,
    file: File,
    *,
    title: str = "",
    course: UUID | None = None,
    uuid: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> Material:
    """
    Give learners a file, at the end of the list. It is kept in the host's private storage, under a name that cannot be
    guessed; where this fails nothing of it is left there.

    Args:
        title: without one, the file's name.
        course: the UUID of the course it is for; ``None``: the whole session.
        uuid: names it, so that repeating the call makes no other, and stores nothing; a name of anything else is
            refused.

    Raises:
        NotFound, Locked, NotAllowed: see `authorise`; a course that is not in the session is not found either.
        InvalidInput: naming each field that cannot stand; ``file`` where the file is too large, empty, or of a kind
            that is not allowed (``COHORT_SESSIONS_MATERIAL_MAX_MB``, ``COHORT_SESSIONS_MATERIAL_TYPES``).
    """
    with undoing_files() as written, transaction.atomic():

        def make() -> Material:
            upload = checked_upload(file)
            name = f"{FOLDER}/{secrets.token_hex(32)}.{upload.ending}"
            stored_name = get_host().private_storage().save(name, file, max_length=255)
            written.append(stored_name)
            return Material(
                kind=MaterialKind.FILE.value,
                title=_line(title) or upload.name,
                file_name=upload.name,
                content_type=upload.content_type,
                size=upload.size,
                stored_name=stored_name,
            )

        return _added(session, make, course=course, uuid=uuid, actor=actor, now=now)


def edit_material(material: Material, *, actor: Actor, now: datetime, **values: Any) -> Material:
    """
    Give a link or file another title or course, or a link another address; nothing happens where nothing changes. What
    gets another course stands last there.

    Args:
        values: ``title``, ``course`` (a UUID, or ``None`` for the whole session) and ``url``, as far as they change.

    Raises:
        NotFound, Locked, NotAllowed: see `authorise`, for where it was and for where it is to be.
        InvalidInput: naming each field that cannot stand.
    """
    with transaction.atomic():
        session = locked_session(material.session)
        fresh = _standing(session, material, actor=actor)
        unknown = values.keys() - EDITABLE
        if "url" in values and fresh.kind == MaterialKind.FILE:
            unknown |= {"url"}
        if unknown:
            raise InvalidInput({name: _("This cannot be changed.") for name in sorted(unknown)})
        before = (fresh.title, fresh.url, fresh.edition_id)
        if "course" in values:
            fresh.edition = announcing_target(session, values["course"], actor=actor)
        fresh.title = _line(values.get("title", fresh.title))
        fresh.url = values.get("url", fresh.url).strip()
        if before != (fresh.title, fresh.url, fresh.edition_id):
            if before[-1] != fresh.edition_id:
                fresh.position = _end(session, fresh.edition)
            _store(fresh, session, MaterialChange.EDITED, actor=actor, now=now)
    return fresh


def move_material(material: Material, *, is_up: bool, actor: Actor, now: datetime) -> bool:
    """
    Move a link or file one place up or down among those of its course, or of the whole session; whether there was such
    a place.

    Raises:
        NotFound, Locked, NotAllowed: see `authorise`.
    """
    with transaction.atomic():
        session = locked_session(material.session)
        fresh = _standing(session, material, actor=actor)
        beside = list(session.materials.filter(edition=fresh.edition_id).order_by("position", "pk"))
        here = beside.index(fresh)
        there = here - 1 if is_up else here + 1
        if not 0 <= there < len(beside):
            return False
        beside[here], beside[there] = beside[there], beside[here]
        for position, each in enumerate(beside):
            # That it stands elsewhere is one change, and of the one that was moved.
            session.materials.filter(pk=each.pk).update(position=position)
        fresh.position = there
        why = _("Moved up.") if is_up else _("Moved down.")
        _store(fresh, session, MaterialChange.EDITED, actor=actor, now=now, reason=why)
    return True


def remove_material(material: Material, *, actor: Actor, now: datetime) -> None:
    """
    Take a link or file away. The file itself is deleted after the commit, unless a session that was made after this one
    has it as well.

    Raises:
        NotFound, Locked, NotAllowed: see `authorise`; what was removed before is not found either.
    """
    with transaction.atomic():
        session = locked_session(material.session)
        fresh = _standing(session, material, actor=actor)
        _tell(fresh, session, MaterialChange.REMOVED, now=now)
        delete(fresh, actor=actor, now=now, reason="")


def discard_unnamed_file(name: str) -> None:
    """Delete a file that no material names any more. Asks no permission: whoever removed the last of them had it."""
    if not Material.objects.filter(stored_name=name).exists():
        discard_file(name)


def _added(
    session: CohortSession,
    make: Callable[[], Material],
    *,
    course: UUID | None,
    uuid: UUID | None,
    actor: Actor,
    now: datetime,
) -> Material:
    """What `make` makes, stored; or what was made of the same form before."""
    fresh = locked_session(session)
    edition = announcing_target(fresh, course, actor=actor)
    found = made_before(Material, uuid, fresh, edition)
    if found is not None:
        return found
    material = make()
    material.uuid = uuid or uuid4()
    material.session, material.edition = fresh, edition
    material.position = _end(fresh, edition)
    material.created_by, material.created_at = account(actor), now
    _store(material, fresh, MaterialChange.ADDED, actor=actor, now=now)
    return material


def _end(session: CohortSession, edition: CourseEdition | None) -> int:
    """The position behind the last one there."""
    last = session.materials.filter(edition=edition).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _standing(session: CohortSession, material: Material, *, actor: Actor) -> Material:
    """The link or file as it is now, for somebody who may change it."""
    fresh = session.materials.filter(pk=material.pk).first()
    if fresh is None:
        raise NotFound(_("There is no such link or file in this session."))
    fresh.session = session
    authorise_announcing(session, fresh.edition, actor=actor)
    return fresh


def _store(
    material: Material,
    session: CohortSession,
    change: MaterialChange,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    if faults := material_faults(material):
        raise InvalidInput(faults)
    save(material, actor=actor, now=now, reason=reason)
    _tell(material, session, change, now=now)


def _tell(material: Material, session: CohortSession, change: MaterialChange, *, now: datetime) -> None:
    data = CohortMaterialData(
        session_uuid=str(session.uuid),
        edition_key=key_of(material.edition),
        uuid=str(material.uuid),
        kind=material.kind,
        change=change.value,
    )
    announce(COHORT_MATERIAL_CHANGED, now=now, material=data)


def _line(text: str) -> str:
    return " ".join(text.split())
