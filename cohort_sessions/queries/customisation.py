"""A course as one session has it: what the base course says, what the session says, and what its team prepares."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from opaque_keys.edx.keys import UsageKey

from cohort_sessions import permissions
from cohort_sessions.data import AS_IN_BASE, Actor, AsInBase, BlockChange, BlockField, DeadlinePolicy, Lock
from cohort_sessions.host import Deadlines, OutlineBlock, Person, get_host
from cohort_sessions.models import BlockCustomisation, CourseEdition, CustomisationDraft
from cohort_sessions.queries.deadlines import deadline_rule
from cohort_sessions.queries.locks import StandingLock, standing_locks
from cohort_sessions.queries.names import name_of

Value = bool | datetime | str | None
Wish = Value | AsInBase

PERMISSIONS = {
    BlockField.HIDDEN: permissions.HIDE_CONTENT,
    BlockField.OPENS_AT: permissions.RESCHEDULE_EDITION,
    BlockField.DUE: permissions.RESCHEDULE_EDITION,
    BlockField.TITLE: permissions.EDIT_CONTENT,
}
LOCKS = {
    BlockField.HIDDEN: Lock.CONTENT_VISIBILITY,
    BlockField.OPENS_AT: Lock.SCHEDULE,
    BlockField.DUE: Lock.SCHEDULE,
    BlockField.TITLE: Lock.CONTENT_EDITS,
}
# What the history says of each way in which values come and go; `last_applied` finds what can be undone by them.
APPLIED, UNDONE = "Applied.", "Undone."

# Whose values are moments.
MOMENTS = (BlockField.OPENS_AT, BlockField.DUE)


@dataclass(frozen=True, slots=True)
class BaseChange:
    """The base course says something else than when the session decided: `then` and `now`."""

    then: Value
    now: Value


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """
    A block of the outline.

    Attributes:
        level: 0 for sections, 1 for subsections, 2 for units.
        default: what learners have where the session says nothing: the base course's, with its deadlines as the session
            moves them.
        applied: what the session has otherwise, by field.
        drafted: what is prepared, by field.
        base_changes: fields of `applied` about which the base course says something else by now.
        is_hidden_above: something around it is hidden, as it is drafted, and so is this.
    """

    block: OutlineBlock
    level: int
    default: Mapping[BlockField, Value]
    applied: Mapping[BlockField, Value]
    drafted: Mapping[BlockField, Wish]
    base_changes: Mapping[BlockField, BaseChange]
    is_hidden_above: bool

    def now(self, name: BlockField) -> Value:
        """What learners have now."""
        return self.applied.get(name, self.default[name])

    def wanted(self, name: BlockField) -> Value:
        """What learners will have once the draft is applied."""
        wish = self.drafted.get(name, self.now(name))
        return self.default[name] if wish is AS_IN_BASE else wish


@dataclass(frozen=True, slots=True)
class LostChange:
    """A customisation of a block that the base course does not have any more."""

    usage_key: UsageKey
    name: BlockField
    value: Value


@dataclass(frozen=True, slots=True)
class EditionOutline:
    """
    The outline of an edition for somebody who may customise it.

    Attributes:
        may: the fields that the actor may change.
        locks: what keeps them from the others, by field.
        drafted_at, drafted_by: when and by whom the draft was changed last; ``None`` for no draft.
        can_undo: whether there is anything applied that can be taken back.
    """

    lines: tuple[OutlineLine, ...]
    lost: tuple[LostChange, ...]
    may: frozenset[BlockField]
    locks: Mapping[BlockField, StandingLock]
    drafted_at: datetime | None = None
    drafted_by: Person | None = None
    can_undo: bool = False

    @property
    def drafted(self) -> tuple[OutlineLine, ...]:
        """The blocks about which something is prepared."""
        return tuple(line for line in self.lines if line.drafted)

    def named(self, usage_keys: Collection[UsageKey]) -> list[OutlineLine]:
        """The blocks of these keys, in reading order."""
        return [line for line in self.lines if line.block.usage_key in usage_keys]

    def within(self, usage_keys: Collection[UsageKey]) -> list[OutlineLine]:
        """These, and those that stand in them."""
        found = set(usage_keys)
        for line in self.lines:
            if line.block.parent in found:
                found.add(line.block.usage_key)
        return self.named(found)

    def line(self, usage_key: UsageKey) -> OutlineLine | None:
        """The block of this key; ``None`` for none."""
        return next((line for line in self.lines if line.block.usage_key == usage_key), None)


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """
    One prepared change.

    Attributes:
        before, after: what learners have, and will have.
        learners: how many have worked in the block, or in something in it.
        children: how many blocks of the outline stand in it.
    """

    block: OutlineBlock
    name: BlockField
    base: Value
    before: Value
    after: Value
    learners: int
    children: int


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is stored of an edition."""

    applied: Mapping[UsageKey, dict[BlockField, Value]] = field(default_factory=dict)
    bases: Mapping[tuple[UsageKey, BlockField], Value] = field(default_factory=dict)


def edition_outline(edition: CourseEdition, *, actor: Actor) -> EditionOutline:
    """
    The outline of an edition, for somebody who may customise it (callers have asked). At most seven queries beside the
    host's, whatever the size of the course.
    """
    blocks = get_host().outline(edition.base_key)
    rule = rule_of(edition)
    rows = _stored(edition)
    draft = (
        CustomisationDraft.objects.filter(edition=edition)
        .annotate(by=name_of("changed_by"))
        .select_related("changed_by")
        .first()
    )
    drafted = wishes_by_block(read_wishes(draft.changes if draft else ()))
    may = frozenset(name for name in BlockField if permissions.allows(actor, PERMISSIONS[name], edition))
    locks = {} if len(may) == len(BlockField) else standing_locks(edition.session)
    known = {block.usage_key for block in blocks}
    return EditionOutline(
        lines=tuple(_lines(blocks, rule, rows, drafted)),
        lost=tuple(
            LostChange(usage_key, name, value)
            for usage_key, values in rows.applied.items()
            if usage_key not in known
            for name, value in values.items()
        ),
        may=may,
        locks={name: locks[LOCKS[name]] for name in BlockField if name not in may and LOCKS[name] in locks},
        drafted_at=draft.changed_at if draft else None,
        drafted_by=_person(draft),
        can_undo=bool(last_applied(edition)),
    )


def draft_summary(edition: CourseEdition, outline: EditionOutline) -> list[SummaryLine]:
    """What applying the draft changes, in the order of the course. The host's queries only, none without a draft."""
    if not outline.drafted:
        return []
    learners = get_host().learners_at_work(edition.edition_key)
    return [
        SummaryLine(
            block=line.block,
            name=name,
            base=base_value(line.block, name),
            before=line.now(name),
            after=line.wanted(name),
            learners=learners.get(line.block.usage_key, 0),
            children=sum(1 for each in _inside(outline.lines, number)),
        )
        for number, line in enumerate(outline.lines)
        for name in BlockField
        if name in line.drafted
    ]


def block_changes(edition: CourseEdition) -> tuple[BlockChange, ...]:
    """Everything the edition has otherwise, for the host, sorted. One query."""
    changes = [
        BlockChange(row.usage_key, BlockField(row.field), from_json(BlockField(row.field), row.value))
        for row in edition.customisations.all()
    ]
    return tuple(sorted(changes, key=lambda change: (str(change.usage_key), change.field)))


def rule_of(edition: CourseEdition) -> Deadlines:
    """What becomes of the deadlines of the base course, for ordinary members. At most one query."""
    return deadline_rule(edition.base_key, DeadlinePolicy(edition.deadlines), edition.session.schedule)


def base_value(block: OutlineBlock, name: BlockField) -> Value:
    """What the base course says."""
    return getattr(block, name.value)


def default_value(block: OutlineBlock, name: BlockField, rule: Deadlines) -> Value:
    """What learners have where the session says nothing."""
    if name == BlockField.DUE:
        return None if block.due is None else rule.due(block.due)
    return base_value(block, name)


def to_json(value: Value) -> Any:
    """As a row keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value


def from_json(name: BlockField, value: Any) -> Value:
    """The reverse of `to_json`."""
    return datetime.fromisoformat(value) if name in MOMENTS and value is not None else value


def write_wishes(wishes: Iterable[tuple[UsageKey, BlockField, Wish]]) -> list[dict[str, Any]]:
    """As a draft keeps them."""
    return [
        {"usage_key": str(usage_key), "field": name.value} | ({} if wish is AS_IN_BASE else {"value": to_json(wish)})
        for usage_key, name, wish in wishes
    ]


def read_wishes(changes: Sequence[Mapping[str, Any]]) -> list[tuple[UsageKey, BlockField, Wish]]:
    """The reverse of `write_wishes`."""
    return [
        (
            UsageKey.from_string(change["usage_key"]),
            BlockField(change["field"]),
            from_json(BlockField(change["field"]), change["value"]) if "value" in change else AS_IN_BASE,
        )
        for change in changes
    ]


def wishes_by_block(
    wishes: Iterable[tuple[UsageKey, BlockField, Wish]],
) -> dict[UsageKey, dict[BlockField, Wish]]:
    """The same, by block."""
    by_block: dict[UsageKey, dict[BlockField, Wish]] = {}
    for usage_key, name, wish in wishes:
        by_block.setdefault(usage_key, {})[name] = wish
    return by_block


def last_applied(edition: CourseEdition) -> list[Any]:
    """
    The history lines of what was applied, or undone, last: what `undo` takes back. Nothing where the outline was made
    otherwise in another way since, by a template or an administrator. Two queries.
    """
    lines = BlockCustomisation.history.filter(edition_id=edition.pk)
    last = lines.order_by("-history_date", "-history_id").values_list("history_date", "history_change_reason").first()
    if last is None or last[1] not in (APPLIED, UNDONE):
        return []
    return list(lines.filter(history_date=last[0], history_change_reason=last[1]).order_by("history_id"))


def _stored(edition: CourseEdition) -> _Rows:
    applied: dict[UsageKey, dict[BlockField, Value]] = {}
    bases: dict[tuple[UsageKey, BlockField], Value] = {}
    for row in edition.customisations.all():
        name = BlockField(row.field)
        applied.setdefault(row.usage_key, {})[name] = from_json(name, row.value)
        bases[row.usage_key, name] = from_json(name, row.base)
    return _Rows(applied, bases)


def _lines(
    blocks: Collection[OutlineBlock],
    rule: Deadlines,
    rows: _Rows,
    drafted: Mapping[UsageKey, Mapping[BlockField, Wish]],
) -> Iterable[OutlineLine]:
    levels: dict[UsageKey | None, int] = {None: -1}
    hidden: set[UsageKey] = set()
    for block in blocks:
        levels[block.usage_key] = levels[block.parent] + 1
        applied = rows.applied.get(block.usage_key, {})
        bases = {name: (rows.bases[block.usage_key, name], base_value(block, name)) for name in applied}
        line = OutlineLine(
            block=block,
            level=levels[block.usage_key],
            default={name: default_value(block, name, rule) for name in BlockField},
            applied=applied,
            drafted=drafted.get(block.usage_key, {}),
            base_changes={name: BaseChange(then, now) for name, (then, now) in bases.items() if then != now},
            is_hidden_above=block.parent in hidden,
        )
        if line.is_hidden_above or line.wanted(BlockField.HIDDEN):
            hidden.add(block.usage_key)
        yield line


def _inside(lines: Sequence[OutlineLine], number: int) -> Iterable[OutlineLine]:
    """What stands in the block of this number: the lines that follow it, deeper in the course."""
    for line in lines[number + 1 :]:
        if line.level <= lines[number].level:
            return
        yield line


def _person(draft: CustomisationDraft | None) -> Person | None:
    if draft is None or draft.changed_by is None:
        return None
    return Person(draft.changed_by_id, draft.changed_by.username, draft.by)
