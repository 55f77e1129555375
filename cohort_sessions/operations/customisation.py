"""
What a session has otherwise than its base course: prepared block by block or many at once, applied in one step, taken
back in one step. The base course is never touched.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import UsageKey

from cohort_sessions import permissions
from cohort_sessions.data import AS_IN_BASE, Actor, BlockField, LineOutcome
from cohort_sessions.errors import ChangedMeanwhile, InvalidInput, NotFound, WrongState
from cohort_sessions.host import OutlineBlock, get_host
from cohort_sessions.models import BlockCustomisation, CourseEdition, CustomisationDraft
from cohort_sessions.operations._editions import locked_edition
from cohort_sessions.operations._ground import account, delete, save, want_anew
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.customisation import (
    APPLIED,
    MOMENTS,
    PERMISSIONS,
    UNDONE,
    EditionOutline,
    OutlineLine,
    Wish,
    base_value,
    default_value,
    edition_outline,
    from_json,
    last_applied,
    read_wishes,
    rule_of,
    to_json,
    wishes_by_block,
    write_wishes,
)
from cohort_sessions.queries.moments import YEARS, moment_fault
from cohort_sessions.timeline import is_within_reach

TITLE_LENGTH = 255
# A form, or a call, that changes more at once is no work of a person.
MOST_BLOCKS = 500

_Wishes = dict[UsageKey, dict[BlockField, Wish]]


class Deed(enum.StrEnum):
    """What can be prepared for many blocks at once."""

    HIDE = "hide"
    SHOW = "show"
    SHIFT = "shift"
    AS_IN_BASE = "as_in_base"


_DEED_FIELDS = {
    Deed.HIDE: (BlockField.HIDDEN,),
    Deed.SHOW: (BlockField.HIDDEN,),
    Deed.SHIFT: (BlockField.OPENS_AT, BlockField.DUE),
    Deed.AS_IN_BASE: tuple(BlockField),
}


def draft_block(
    edition: CourseEdition, usage_key: UsageKey, wishes: Mapping[BlockField, Wish], *, actor: Actor, now: datetime
) -> None:
    """
    Prepare changes of one block; they take effect with `apply_draft`. What is as it is now leaves the draft.

    Args:
        usage_key: of the block in the base course.
        wishes: by field: a value, or `AS_IN_BASE`.

    Raises:
        InvalidInput: by field, what cannot be; nothing is stored.
        NotFound, NotAllowed, Locked: see `authorise`; or the course has no such block.
    """
    draft_changes(edition, {usage_key: wishes}, actor=actor, now=now)


def draft_changes(
    edition: CourseEdition, changes: Mapping[UsageKey, Mapping[BlockField, Wish]], *, actor: Actor, now: datetime
) -> None:
    """
    The same for several blocks, each its own; all of it or nothing. The course is read once, whatever their number.

    Raises:
        InvalidInput: by field, what cannot be of the first block of which something cannot; or these are too many.
        NotFound, NotAllowed, Locked: see `authorise`; or the course has no such block.
    """
    if len(changes) > MOST_BLOCKS:
        raise InvalidInput({"": _("Change at most %(most)d blocks at once.") % {"most": MOST_BLOCKS}})
    with transaction.atomic():
        fresh, outline = _opened(edition, actor)
        decided: _Wishes = {}
        for usage_key, wishes in changes.items():
            line = outline.line(usage_key)
            if line is None:
                raise NotFound(_("The course has no such section, subsection or unit any more."))
            # What is kept although the base course has changed is decided anew, and is so already.
            decided[usage_key] = {
                name: wish
                for name, wish in wishes.items()
                if name in line.base_changes or not _is_wanted(line, name, wish)
            }
            for name in decided[usage_key]:
                authorise(actor, PERMISSIONS[name], fresh)
            _refuse_faults(line, decided[usage_key])
        _prepare(fresh, decided, outline, actor=actor, now=now)


def draft_blocks(
    edition: CourseEdition,
    usage_keys: Collection[UsageKey],
    deed: Deed,
    *,
    days: int = 0,
    actor: Actor,
    now: datetime,
) -> list[LineOutcome]:
    """
    Prepare the same for many blocks, one outcome for each that the course has, by its title, and for each inside them
    that is changed with it.

    Args:
        days: by how much `Deed.SHIFT` moves the openings and deadlines of the blocks, and of those that stand in them;
            may be negative.

    Raises:
        InvalidInput: nothing is chosen, `deed` is none, or `days` is no distance, or one too far.
        NotFound, NotAllowed, Locked: see `authorise`.
    """
    if deed not in set(Deed):
        raise InvalidInput({"deed": _("Say what is to be done: hide, show, shift, or as in the base course.")})
    if deed == Deed.SHIFT and not 0 < abs(days) <= 3650:
        raise InvalidInput({"days": _("Say by how many days, up to 3650; before 0 for earlier, such as -7.")})
    with transaction.atomic():
        fresh, outline = _opened(edition, actor)
        chosen = outline.within(usage_keys) if deed == Deed.SHIFT else outline.named(usage_keys)
        if not chosen:
            raise InvalidInput({"": _("Choose at least one section, subsection or unit.")})
        if deed != Deed.AS_IN_BASE:
            for name in _DEED_FIELDS[deed]:
                authorise(actor, PERMISSIONS[name], fresh)
        wishes: _Wishes = {}
        outcomes = []
        for line in chosen:
            asked = {
                name: wish
                for name, wish in _asked(line, deed, days).items()
                if name in outline.may and not _is_wanted(line, name, wish)
            }
            wishes[line.block.usage_key] = asked
            if asked or line.block.usage_key in usage_keys:
                outcomes.append(LineOutcome(line.block.title, ok=True, changed=bool(asked)))
        _prepare(fresh, wishes, outline, actor=actor, now=now)
    return outcomes


def discard_draft(edition: CourseEdition, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001 (as every operation)
    """
    Forget what was prepared.

    Raises:
        NotFound, NotAllowed: see `authorise`.
    """
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.CUSTOMISE_EDITION, actor=actor)
        CustomisationDraft.objects.filter(edition=fresh).delete()


def apply_draft(edition: CourseEdition, *, drafted_at: datetime | None, actor: Actor, now: datetime) -> int:
    """
    Have the edition as it was prepared; the platform follows after the commit. Returns how many values changed.

    Prepared changes of blocks that the base course has lost meanwhile are left out.

    Args:
        drafted_at: of the draft as the actor saw it; ``None``: whatever stands.

    Raises:
        ChangedMeanwhile: somebody went on preparing since.
        WrongState: nothing is prepared.
        NotFound, NotAllowed, Locked: see `authorise`; each field that changes is asked for.
    """
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.CUSTOMISE_EDITION, actor=actor)
        draft = CustomisationDraft.objects.filter(edition=fresh).first()
        if draft is None:
            raise WrongState(_("Nothing is prepared that could be applied."))
        if drafted_at is not None and draft.changed_at != drafted_at:
            raise ChangedMeanwhile(
                _("Somebody has gone on preparing meanwhile. Please look through the changes again.")
            )
        wishes = wishes_by_block(read_wishes(draft.changes))
        number = _store(fresh, wishes, reason=APPLIED, actor=actor, now=now)
        draft.delete()
    return number


def undo_changes(edition: CourseEdition, *, actor: Actor, now: datetime) -> int:
    """
    Take back what was applied last, or what undoing changed last. Returns how many values changed.

    Raises:
        WrongState: nothing was applied yet.
        NotFound, NotAllowed, Locked: see `authorise`; each field that changes is asked for.
    """
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.CUSTOMISE_EDITION, actor=actor)
        lines = last_applied(fresh)
        if not lines:
            raise WrongState(_("Nothing was applied that could be undone."))
        wishes: _Wishes = {}
        for line in lines:
            before = line.prev_record
            name = BlockField(line.field)
            is_new = line.history_type == "+" or before is None or before.history_type == "-"
            wish = AS_IN_BASE if is_new else from_json(name, before.value)
            wishes.setdefault(line.usage_key, {})[name] = wish
        return _store(fresh, wishes, reason=UNDONE, actor=actor, now=now)


def _opened(edition: CourseEdition, actor: Actor) -> tuple[CourseEdition, EditionOutline]:
    fresh = locked_edition(edition, permissions.CUSTOMISE_EDITION, actor=actor)
    return fresh, edition_outline(fresh, actor=actor)


def _is_wanted(line: OutlineLine, name: BlockField, wish: Wish) -> bool:
    """Whether the block will have it so already."""
    return (line.default[name] if wish is AS_IN_BASE else wish) == line.wanted(name)


def _refuse_faults(line: OutlineLine, wishes: Mapping[BlockField, Wish]) -> None:
    faults = {}
    title = wishes.get(BlockField.TITLE, "ok")
    if title is not AS_IN_BASE and not str(title).strip():
        faults[BlockField.TITLE.value] = _("Give it a name, or take the one of the base course.")
    elif title is not AS_IN_BASE and len(title) > TITLE_LENGTH:
        faults[BlockField.TITLE.value] = _("Use at most %(most)d characters.") % {"most": TITLE_LENGTH}
    if wishes.get(BlockField.HIDDEN) is False and line.block.hidden:
        faults[BlockField.HIDDEN.value] = _("The base course hides it, so no session can show it.")

    moments = {name: wish for name, wish in wishes.items() if name in MOMENTS and wish is not AS_IN_BASE}
    far = {name.value: fault for name, moment in moments.items() if (fault := moment_fault(moment))}
    faults.update(far)

    def wanted(name: BlockField) -> Wish:
        wish = wishes.get(name, line.wanted(name))
        return line.default[name] if wish is AS_IN_BASE else wish

    opens_at, due = wanted(BlockField.OPENS_AT), wanted(BlockField.DUE)
    if not far and opens_at is not None and due is not None and due <= opens_at:
        name = BlockField.DUE if BlockField.DUE in wishes else BlockField.OPENS_AT
        faults[name.value] = _("The deadline must lie after the opening.")
    if faults:
        raise InvalidInput(faults)


def _asked(line: OutlineLine, deed: Deed, days: int) -> dict[BlockField, Wish]:
    if deed == Deed.AS_IN_BASE:
        return dict.fromkeys(BlockField, AS_IN_BASE)
    if deed == Deed.SHIFT:
        moments = {name: line.wanted(name) for name in _DEED_FIELDS[deed]}
        return {name: _shifted(line, at, days) for name, at in moments.items() if at is not None}
    if deed == Deed.SHOW:
        return {BlockField.HIDDEN: AS_IN_BASE}
    return {BlockField.HIDDEN: True}


def _shifted(line: OutlineLine, moment: datetime, days: int) -> datetime:
    try:
        shifted = moment + timedelta(days=days)
    except OverflowError:
        shifted = None
    if shifted is None or not is_within_reach(shifted):
        about = {"title": line.block.title, **YEARS}
        raise InvalidInput({"days": _("“%(title)s” would lie outside the years %(first)d to %(last)d.") % about})
    return shifted


def _prepare(
    edition: CourseEdition,
    wishes: Mapping[UsageKey, Mapping[BlockField, Wish]],
    outline: EditionOutline,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Put into the draft what differs from what holds now, and take out of it what does not."""
    drafted = {line.block.usage_key: dict(line.drafted) for line in outline.lines if line.drafted}
    for usage_key, of_block in wishes.items():
        line = outline.line(usage_key)
        for name, wish in of_block.items():
            value = line.default[name] if wish is AS_IN_BASE else wish
            kept = drafted.setdefault(usage_key, {})
            if value == line.now(name) and name not in line.base_changes:
                kept.pop(name, None)
            else:
                kept[name] = AS_IN_BASE if value == line.default[name] else value
    changes = write_wishes(
        (usage_key, name, wish) for usage_key, of_block in drafted.items() for name, wish in of_block.items()
    )
    if not changes:
        CustomisationDraft.objects.filter(edition=edition).delete()
        return
    CustomisationDraft.objects.update_or_create(
        edition=edition, defaults={"changes": changes, "changed_by": account(actor), "changed_at": now}
    )


def _store(edition: CourseEdition, wishes: _Wishes, *, reason: str, actor: Actor, now: datetime) -> int:
    blocks = {block.usage_key: block for block in get_host().outline(edition.base_key)}
    rows = {(row.usage_key, BlockField(row.field)): row for row in edition.customisations.all()}
    rule = rule_of(edition)
    number = 0
    for usage_key, name, wish in _pairs(wishes):
        block = blocks.get(usage_key)
        if block is None:
            continue
        authorise(actor, PERMISSIONS[name], edition)
        as_in_base = wish is AS_IN_BASE or wish == default_value(block, name, rule)
        row = rows.get((usage_key, name))
        if as_in_base and row is not None:
            delete(row, actor=actor, now=now, reason=reason)
            number += 1
        elif not as_in_base and _put(edition, row, block, name, wish, reason=reason, actor=actor, now=now):
            number += 1
    if number:
        want_anew([edition], now=now)
    return number


def _put(
    edition: CourseEdition,
    row: BlockCustomisation | None,
    block: OutlineBlock,
    name: BlockField,
    value: Wish,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> bool:
    row = row or BlockCustomisation(edition=edition, usage_key=block.usage_key, field=name.value)
    wanted = {"value": to_json(value), "base": to_json(base_value(block, name))}
    if row.pk is not None and all(getattr(row, column) == each for column, each in wanted.items()):
        return False
    vars(row).update(wanted)
    save(row, actor=actor, now=now, reason=reason)
    return True


def _pairs(wishes: _Wishes) -> Iterable[tuple[UsageKey, BlockField, Wish]]:
    return ((usage_key, name, wish) for usage_key, of_block in wishes.items() for name, wish in of_block.items())
