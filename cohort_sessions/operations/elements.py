"""
What the elements of units say in one edition: words of a text, attempts and points of a problem. Saved at once; the
base course is never touched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import AS_IN_BASE, Actor, ElementKind, ElementPlace, ElementValue
from cohort_sessions.errors import InvalidInput
from cohort_sessions.host import BaseElement, get_host
from cohort_sessions.models import CourseEdition, ElementCustomisation
from cohort_sessions.operations._editions import locked_edition
from cohort_sessions.operations._ground import delete, save, want_anew
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.elements import ElementWish, element_name, is_to_set, shown_as
from cohort_sessions.rich_text import taken_out

# A form, or a call, that changes more at once is no work of a person.
MOST_CHANGES = 500


@dataclass(frozen=True, slots=True)
class ElementsOutcome:
    """
    What became of a change.

    Attributes:
        changed: how many fields are otherwise now than before.
        taken_out: of HTML that was cleaned, what is not in it any more; see `rich_text.taken_out`.
    """

    changed: int
    taken_out: Mapping[ElementPlace, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Decided:
    """A wish that can be stored. `value` is what the base course says where it is to be as there."""

    kind: ElementKind
    value: ElementValue
    base: ElementValue
    taken_out: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether the session has it otherwise then."""
        return self.value != self.base


def change_elements(
    edition: CourseEdition, changes: Mapping[ElementPlace, ElementWish], *, actor: Actor, now: datetime
) -> ElementsOutcome:
    """
    Have fields of elements otherwise than the base course, or as it again; the platform follows after the commit. All
    of it or nothing. What is decided anew is decided with what the base course says by now in view.

    Args:
        changes: by place: a value as a form or a program gives it, typed and validated by the block's own field, or
            `AS_IN_BASE`, which is also what a value becomes that says what the base course says.

    Raises:
        InvalidInput: by `element_name`, what cannot be; nothing is stored.
        NotFound, NotAllowed, Locked: see `authorise`.
    """
    # Reading a course and cleaning long texts keeps nobody else waiting; who may is asked again once it is locked.
    authorise(actor, permissions.EDIT_CONTENT, edition)
    _refuse_too_many(changes)
    decided = _decide(edition, changes)
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.EDIT_CONTENT, actor=actor)
        rows = {(row.usage_key, row.field): row for row in fresh.elements.all()}
        number = sum(_put(fresh, rows.get(place), place, wish, actor=actor, now=now) for place, wish in decided.items())
        if number:
            want_anew([fresh], now=now)
    return ElementsOutcome(number, {place: wish.taken_out for place, wish in decided.items() if wish.taken_out})


def keep_elements(edition: CourseEdition, places: Collection[ElementPlace], *, actor: Actor, now: datetime) -> int:
    """
    Keep what the session has, although the base course says something else by now. Returns of how many fields that was
    so; others are left alone.

    Raises:
        InvalidInput: they are too many.
        NotFound, NotAllowed, Locked: see `authorise`.
    """
    if not places:
        return 0
    _refuse_too_many(places)
    with transaction.atomic():
        fresh = locked_edition(edition, permissions.EDIT_CONTENT, actor=actor)
        bases = get_host().base_elements(fresh.base_key, places)
        kept = [
            row
            for row in fresh.elements.all()
            if (base := bases.get((row.usage_key, row.field))) is not None and base.value != row.base
        ]
        for row in kept:
            row.base = bases[row.usage_key, row.field].value
            save(row, actor=actor, now=now, reason=_("Kept, although the base course has changed."))
    return len(kept)


def _refuse_too_many(places: Collection[ElementPlace]) -> None:
    if len(places) > MOST_CHANGES:
        raise InvalidInput({"": _("Change at most %(most)d things at once.") % {"most": MOST_CHANGES}})


def _decide(edition: CourseEdition, changes: Mapping[ElementPlace, ElementWish]) -> dict[ElementPlace, _Decided]:
    bases = get_host().base_elements(edition.base_key, list(changes))
    decided, faults = {}, {}
    for place, wish in changes.items():
        try:
            decided[place] = _decided(place, wish, bases.get(place))
        except InvalidInput as wrong:
            faults[element_name(*place)] = str(wrong)
    if faults:
        raise InvalidInput(faults)
    return decided


def _decided(place: ElementPlace, wish: ElementWish, base: BaseElement | None) -> _Decided:
    usage_key, field = place
    if not is_to_set(place):
        raise InvalidInput({"": _("The operator of this platform does not let sessions set this.")})
    if base is None:
        raise InvalidInput({"": _("The course does not have this any more. Please open the page anew.")})
    host = get_host()
    kind = host.element_kind(usage_key.block_type, field)
    if wish is AS_IN_BASE:
        return _Decided(kind, base.value, base.value)
    typed = host.typed_value(usage_key.block_type, field, wish)
    if typed == base.value:
        return _Decided(kind, base.value, base.value)
    value = shown_as(kind, typed)
    removed = tuple(taken_out(typed, value)) if value != typed else ()
    return _Decided(kind, value, base.value, removed)


def _put(
    edition: CourseEdition,
    row: ElementCustomisation | None,
    place: ElementPlace,
    wish: _Decided,
    *,
    actor: Actor,
    now: datetime,
) -> bool:
    """Store one of them; whether anything is otherwise since."""
    if not wish.is_own:
        if row is not None:
            delete(row, actor=actor, now=now, reason="")
        return row is not None
    wanted = {"kind": wish.kind.value, "value": wish.value, "base": wish.base}
    if row is not None and all(getattr(row, column) == each for column, each in wanted.items()):
        return False
    row = row or ElementCustomisation(edition=edition, usage_key=place[0], field=place[1])
    vars(row).update(wanted)
    save(row, actor=actor, now=now, reason="")
    return True
