"""
Fields of XBlocks, as people who are no authors fill them in: described by the block, and typed by it.

For hosts whose courses are made of XBlocks. A field can be filled in when it is a text, a number or a yes or no of the
content or settings of a block, and nothing runs by what it says.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xblock.core import XBlock
from xblock.fields import Boolean, Field, Float, Integer, Scope, String

from cohort_sessions.data import ElementKind, ElementValue
from cohort_sessions.errors import InvalidInput
from cohort_sessions.host.data import ElementField

NAME = "display_name"
NAME_LENGTH = 255
TEXT_LENGTH = 200_000
MOST = 1e9

# The source of a problem may contain programs, which graders run.
_PROGRAMS = frozenset({("problem", "data")})
# What a course and its outline are made of: sessions have their own ways for these.
OUTLINE_TYPES = frozenset({"course", "chapter", "sequential", "vertical"})
# And what they decide so about every block.
DECIDED_ELSEWHERE = frozenset({"start", "due", "visible_to_staff_only"})

_TYPE_NAMES = {"html": gettext_lazy("Text"), "problem": gettext_lazy("Problem")}

_KINDS = ((Boolean, ElementKind.YES_NO), (Integer, ElementKind.INTEGER), (Float, ElementKind.NUMBER))
_TRUE, _FALSE = frozenset({"true", "1", "on", "yes"}), frozenset({"false", "0", "off", "no", ""})


def kind_of(block_class: type[XBlock] | None, block_type: str, name: str) -> ElementKind:
    """
    What the field holds, if it can be filled in. Text of the content of a block is taken for HTML, since blocks show
    it as such; of its settings only what says so.

    Args:
        block_class: ``None`` where this platform has no such block.

    Raises:
        InvalidInput: it cannot.
    """
    field = None if block_class is None else block_class.fields.get(name)
    about = {"block_type": block_type, "field": name}
    if field is None:
        raise InvalidInput({"": _("Blocks of the type %(block_type)s have no field %(field)s.") % about})
    if (
        field.scope not in (Scope.settings, Scope.content)
        or name in DECIDED_ELSEWHERE
        or block_type in OUTLINE_TYPES
        or (block_type, name) in _PROGRAMS
    ):
        raise InvalidInput({"": _("The field %(field)s of %(block_type)s cannot be set session by session.") % about})
    for field_class, kind in _KINDS:
        if isinstance(field, field_class):
            return kind
    if isinstance(field, String):
        is_html = field.scope == Scope.content or field.runtime_options.get("multiline_editor") == "html"
        return ElementKind.HTML if is_html else ElementKind.TEXT
    raise InvalidInput(
        {"": _("The field %(field)s of %(block_type)s is no text, no number, and no yes or no.") % about}
    )


def type_name(block_type: str) -> str:
    """What a block is called whose author gave it no name."""
    return str(_TYPE_NAMES.get(block_type, block_type))


def describe(block_class: type[XBlock], block_type: str, name: str, value: ElementValue) -> ElementField:
    """
    The field, and its value, for a form.

    Raises:
        InvalidInput: it cannot be filled in.
    """
    kind, field = kind_of(block_class, block_type, name), block_class.fields[name]
    least, most = _bounds(field)
    return ElementField(
        name=name,
        label=_(field.display_name or name),
        help=_(field.help) if field.help else "",
        kind=kind,
        value=value,
        may_be_empty=_may_be_empty(field, kind),
        choices=() if kind == ElementKind.YES_NO else tuple(_choices(field)),
        least=least,
        most=most,
    )


def default_of(field: Field) -> ElementValue:
    """What the field holds where nobody says anything."""
    value = field.to_json(field.default)
    # Names by default may be translated only when they are read.
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def typed(block_class: type[XBlock] | None, block_type: str, name: str, given: object) -> ElementValue:
    """
    `given` as the field holds it, JSON both ways; typed again, it stays what it is.

    Raises:
        InvalidInput: the field does not take it, or cannot be filled in; in a sentence, under the empty name.
    """
    kind = kind_of(block_class, block_type, name)
    field = block_class.fields[name]
    if given is None or (given == "" and kind not in (ElementKind.TEXT, ElementKind.HTML)):
        if not _may_be_empty(field, kind):
            raise InvalidInput({"": _("Give a value, or take the one of the base course.")})
        return None
    value = _TYPES[kind](given)
    choices = {} if kind == ElementKind.YES_NO else dict(_choices(field))
    if choices and value not in choices:
        names = _(", ").join(choices.values())
        raise InvalidInput({"": _("Choose one of these: %(choices)s.") % {"choices": names}})
    if kind in (ElementKind.INTEGER, ElementKind.NUMBER):
        _refuse_out_of_bounds(value, *_bounds(field))
    if name == NAME:
        _refuse_no_name(value)
    try:
        # The block's own word; it may know more than its field declares.
        taken = field.to_json(field.enforce_type(field.from_json(value)))
    except Exception as wrong:  # fields raise what they like
        raise InvalidInput({"": _("The block does not take this value.")}) from wrong
    if name == NAME:
        _refuse_no_name(taken)  # of characters that no text may have nothing is left
    return taken


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise InvalidInput({"": _("Give a text.")})
    # Browsers send the ends of lines in another way than courses keep them.
    text = given.replace("\r\n", "\n")
    if len(text) > TEXT_LENGTH:
        raise InvalidInput({"": _("Use at most %(most)d characters.") % {"most": TEXT_LENGTH}})
    return text


def _integer(given: object) -> int:
    number = _number(given)
    if not number.is_integer():
        raise InvalidInput({"": _("Give a whole number, such as 3.")})
    return int(number)


def _number(given: object) -> float:
    try:
        number = float(given) if _is_number(given) else float(given.replace(",", ".").replace("_", "none"))
    except (AttributeError, TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or abs(number) > MOST:
        raise InvalidInput({"": _("Give a number, such as 3.")})
    return number


def _yes_or_no(given: object) -> bool:
    if isinstance(given, bool):
        return given
    text = given.strip().lower() if isinstance(given, str) else None
    if text not in _TRUE | _FALSE:
        raise InvalidInput({"": _("Say yes or no.")})
    return text in _TRUE


def _is_number(given: object) -> bool:
    return isinstance(given, (int, float)) and not isinstance(given, bool)


_TYPES = {
    ElementKind.TEXT: _text,
    ElementKind.HTML: _text,
    ElementKind.INTEGER: _integer,
    ElementKind.NUMBER: _number,
    ElementKind.YES_NO: _yes_or_no,
}


def _refuse_out_of_bounds(number: float, least: float | None, most: float | None) -> None:
    if least is not None and number < least:
        raise InvalidInput({"": _("Give a number from %(least)g.") % {"least": least}})
    if most is not None and number > most:
        raise InvalidInput({"": _("Give a number up to %(most)g.") % {"most": most}})


def _refuse_no_name(name: str) -> None:
    if not name.strip():
        raise InvalidInput({"": _("Give it a name, or take the one of the base course.")})
    if len(name) > NAME_LENGTH:
        raise InvalidInput({"": _("Use at most %(most)d characters.") % {"most": NAME_LENGTH}})


def _may_be_empty(field: Field, kind: ElementKind) -> bool:
    """A number that is nothing by default may be nothing: that is how a block says "no limit"."""
    return kind in (ElementKind.INTEGER, ElementKind.NUMBER) and field.default is None


def _bounds(field: Field) -> tuple[float | None, float | None]:
    """``values={"min": …, "max": …}``, as Studio's editor reads it."""
    values: Any = field.values
    return (values.get("min"), values.get("max")) if isinstance(values, dict) else (None, None)


def _choices(field: Field) -> Iterator[tuple[ElementValue, str]]:
    """``values=[…]`` of plain values, or of dictionaries with a name for each, as Studio's editor reads it."""
    for each in field.values if isinstance(field.values, (list, tuple)) else ():
        if isinstance(each, dict):
            yield each["value"], _(each.get("display_name") or str(each["value"]))
        else:
            yield each, str(each)
