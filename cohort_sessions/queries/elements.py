"""What stands in the units of an edition: what the base course says, what the session says, and what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from opaque_keys.edx.keys import UsageKey

from cohort_sessions import permissions
from cohort_sessions.data import (
    AS_IN_BASE,
    Actor,
    AsInBase,
    BlockField,
    BlockKind,
    ElementChange,
    ElementKind,
    ElementPlace,
    ElementValue,
    Lock,
)
from cohort_sessions.errors import NotFound
from cohort_sessions.host import Element, ElementField, get_host
from cohort_sessions.models import CourseEdition, ElementCustomisation
from cohort_sessions.queries.locks import StandingLock, standing_locks
from cohort_sessions.rich_text import clean_html

ElementWish = ElementValue | AsInBase


@dataclass(frozen=True, slots=True)
class ElementBaseChange:
    """The base course says something else than when the session decided: `then` and `now`."""

    then: ElementValue
    now: ElementValue


@dataclass(frozen=True, slots=True)
class FieldLine:
    """
    A field of an element.

    Attributes:
        field: as the base course has it.
        own: what the session has otherwise; `AS_IN_BASE` for nothing.
        base_change: where the session has it otherwise, and the base course says something else by now.
    """

    usage_key: UsageKey
    field: ElementField
    own: ElementWish
    base_change: ElementBaseChange | None

    @property
    def name(self) -> str:
        """See `element_name`."""
        return element_name(self.usage_key, self.field.name)

    @property
    def now(self) -> ElementValue:
        """What learners have."""
        return self.field.value if self.own is AS_IN_BASE else self.own


@dataclass(frozen=True, slots=True)
class ElementLine:
    """An element of a unit with the fields that may be set."""

    element: Element
    fields: tuple[FieldLine, ...]

    @property
    def is_own(self) -> bool:
        """Whether the session has anything of it otherwise."""
        return any(line.own is not AS_IN_BASE for line in self.fields)


@dataclass(frozen=True, slots=True)
class UnitElements:
    """
    What stands in a unit, for somebody who may customise the edition.

    Attributes:
        title: of the unit, as the session has it.
        may: whether the actor may change it.
        lock: what keeps them from it; ``None`` for no lock.
    """

    unit: UsageKey
    title: str
    elements: tuple[ElementLine, ...]
    may: bool
    lock: StandingLock | None = None

    @property
    def fields(self) -> tuple[FieldLine, ...]:
        """Of all elements."""
        return tuple(line for element in self.elements for line in element.fields)


@dataclass(frozen=True, slots=True)
class OwnElements:
    """
    How much of an edition's units is its own.

    Attributes:
        fields: how many fields in each unit, by its key in the base course.
        changed: names of the elements under which the base course has changed, by unit.
        lost: how many elements the base course does not have any more.
    """

    fields: Mapping[UsageKey, int]
    changed: Mapping[UsageKey, tuple[str, ...]]
    lost: int


def element_name(usage_key: UsageKey, field: str) -> str:
    """The name of a field of an element in forms and refusals: its usage key and ``+field@``, as keys are written."""
    return f"{usage_key}+field@{field}"


def fields_to_set() -> Mapping[str, Sequence[str]]:
    """What the operator lets sessions set, by type of block."""
    return settings.COHORT_SESSIONS_ELEMENT_FIELDS


def is_to_set(place: ElementPlace) -> bool:
    """Whether the operator lets sessions set this field."""
    usage_key, field = place
    return field in fields_to_set().get(usage_key.block_type, ())


def shown_as(kind: ElementKind, value: ElementValue) -> ElementValue:
    """A value as it may reach learners: HTML of coaches cleaned, unless the operator trusts them."""
    is_clean = kind != ElementKind.HTML or settings.COHORT_SESSIONS_TRUST_COACH_HTML or not isinstance(value, str)
    return value if is_clean else clean_html(value)


def unit_elements(edition: CourseEdition, unit_key: UsageKey, *, actor: Actor) -> UnitElements:
    """
    What stands in a unit, for somebody who may customise the edition (callers have asked). At most four queries beside
    the host's.

    Raises:
        NotFound: the base course has no such unit.
    """
    host = get_host()
    unit = next((block for block in host.outline(edition.base_key) if block.usage_key == unit_key), None)
    if unit is None or unit.kind != BlockKind.UNIT:
        raise NotFound(_("The course has no such unit any more."))
    titles = edition.customisations.filter(usage_key=unit_key, field=BlockField.TITLE.value)
    own_title = titles.values_list("value", flat=True).first()
    rows = {(row.usage_key, row.field): row for row in edition.elements.all()}
    may = permissions.allows(actor, permissions.EDIT_CONTENT, edition)
    return UnitElements(
        unit=unit_key,
        title=own_title or unit.title,
        elements=tuple(
            ElementLine(element, tuple(_lines(element, rows)))
            for element in host.elements(edition.base_key, unit_key, fields_to_set())
        ),
        may=may,
        lock=None if may else standing_locks(edition.session).get(Lock.CONTENT_EDITS),
    )


def own_elements(edition: CourseEdition) -> OwnElements:
    """How much is its own. One query, and the host's where there is anything."""
    rows = _rows_to_set(edition)
    bases = get_host().base_elements(edition.base_key, [(row.usage_key, row.field) for row in rows]) if rows else {}
    fields: Counter[UsageKey] = Counter()
    changed: dict[UsageKey, dict[str, None]] = {}
    lost = set()
    for row in rows:
        base = bases.get((row.usage_key, row.field))
        if base is None:
            lost.add(row.usage_key)
            continue
        fields[base.unit] += 1
        if base.value != row.base:
            changed.setdefault(base.unit, {})[base.title] = None
    return OwnElements(fields, {unit: tuple(titles) for unit, titles in changed.items()}, len(lost))


def element_changes(edition: CourseEdition) -> tuple[ElementChange, ...]:
    """Everything in the edition's units that is its own, for the host, sorted. One query."""
    changes = [
        ElementChange(row.usage_key, row.field, shown_as(ElementKind(row.kind), row.value))
        for row in _rows_to_set(edition)
    ]
    return tuple(sorted(changes, key=lambda change: (str(change.usage_key), change.field)))


def _rows_to_set(edition: CourseEdition) -> Collection[ElementCustomisation]:
    """Without those of fields that the operator has taken out of the list since."""
    return [row for row in edition.elements.all() if is_to_set((row.usage_key, row.field))]


def _lines(element: Element, rows: Mapping[ElementPlace, ElementCustomisation]) -> Iterable[FieldLine]:
    for field in element.fields:
        row = rows.get((element.usage_key, field.name))
        has_changed = row is not None and row.base != field.value
        yield FieldLine(
            usage_key=element.usage_key,
            field=field,
            own=AS_IN_BASE if row is None else row.value,
            base_change=ElementBaseChange(row.base, field.value) if has_changed else None,
        )
