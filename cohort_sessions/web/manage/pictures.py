"""
Pictures of numbers, drawn as shapes in a box of 100 by 100 that a page stretches; without a script.

Each says what it shows in a sentence, and carries its numbers as a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohort_sessions.queries.result_values import Day, EditionTotals
from cohort_sessions.standing import Standing
from cohort_sessions.web import moments
from cohort_sessions.web.wording import STANDING_NAMES, STANDING_TONES

# More points than these tell no more in a line; more bars than these are too thin.
_POINTS = 60
_BARS = 60

_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A piece of a picture. Numbers are text, so that no language writes them its own way."""

    kind: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points, or a dot where there is one only."""

    kind: str
    points: str


@dataclass(frozen=True, slots=True)
class Plot:
    """
    One box of a picture.

    Attributes:
        title: what tells it from the others; may be empty.
        numbers: what stands above each rectangle, the same room for each.
        axis: what stands below, from its beginning to its end.
    """

    title: str
    rectangles: Sequence[Rectangle] = ()
    curves: Sequence[Curve] = ()
    numbers: Sequence[str] = ()
    axis: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """What a colour, or a kind of line, means; `note` is its number where it is that of the whole picture."""

    kind: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """
    Attributes:
        shape: ``stack``, ``columns`` or ``curves``.
        label: what is to be seen, in a sentence.
        headings, rows: the same as a table.
    """

    shape: str
    title: str
    label: str
    plots: Sequence[Plot]
    headings: Sequence[str]
    rows: Sequence[Sequence[str | SafeString]]
    keys: Sequence[Key] = ()


def percent(share: float | None) -> str:
    """A share in whole percents; a dash for none."""
    return "–" if share is None else _("%d%%") % round(share * 100)


def standings(totals: Sequence[EditionTotals]) -> Picture:
    """How many stand how, a bar for each course."""
    shown = [standing for standing in Standing if any(each.standings.get(standing) for each in totals)]
    return Picture(
        shape="stack",
        title=_("Standing"),
        label=_("How many learners stand how, by course. %s") % _sentences(totals, _standings_told),
        plots=[Plot(each.edition.title, rectangles=_stack(each)) for each in totals],
        keys=[Key(STANDING_TONES[standing], str(STANDING_NAMES[standing])) for standing in shown],
        headings=[_("Course"), *(str(STANDING_NAMES[standing]) for standing in Standing), _("Final")],
        rows=[
            [each.edition.title, *(str(each.standings.get(standing, 0)) for standing in Standing), str(each.final)]
            for each in totals
        ],
    )


def grades(totals: Sequence[EditionTotals]) -> Picture:
    """How the grades are spread, ten columns for each course."""
    return Picture(
        shape="columns",
        title=_("Grades"),
        label=_("How many learners have which grade, by course. %s") % _sentences(totals, _grades_told),
        plots=[
            Plot(
                each.edition.title,
                rectangles=_columns(each.grades),
                numbers=[str(number or "") for number in each.grades],
                axis=[percent(0), percent(0.5), percent(1)],
            )
            for each in totals
        ],
        headings=[_("Grade"), *(each.edition.title for each in totals)],
        rows=[[_tenth(tenth), *(str(each.grades[tenth]) for each in totals)] for tenth in range(_TENTHS)],
    )


def progress_over_time(days: Sequence[Day]) -> Picture:
    """How far the learners had come each day: what is done, who had passed, and the mean grade."""
    shown = _thinned(days)
    values = {
        "done": (_("Done"), [day.progress for day in shown]),
        "passed": (_("Passed"), [day.passed / day.learners if day.learners else 0.0 for day in shown]),
        "grade": (_("Mean grade"), [day.mean_grade for day in shown]),
    }
    last = {kind: percent(found[-1]) for kind, (_name, found) in values.items()}
    return Picture(
        shape="curves",
        title=_("Progress over time"),
        label=_("From %(first)s to %(last)s. At its end: %(done)s done, %(passed)s passed, mean grade %(grade)s.")
        % {"first": _date(shown[0]), "last": _date(shown[-1]), **last},
        plots=[Plot("", curves=[_curve(kind, found) for kind, (_name, found) in values.items()], axis=_ends(shown))],
        keys=[Key(kind, name, last[kind]) for kind, (name, _found) in values.items()],
        headings=[_("Day"), *(name for name, _found in values.values())],
        rows=[
            [moments.day(day.day), *(percent(found[number]) for _name, found in values.values())]
            for number, day in enumerate(shown)
        ],
    )


def activity(days: Sequence[Day], *, of_several: bool) -> Picture:
    """
    How many learners worked each day.

    Args:
        of_several: courses, so that who works in two of them counts twice.
    """
    shown = days[-_BARS:]
    numbers = [day.active for day in shown]
    label = _("Learners at work each day, from %(first)s to %(last)s: %(most)d at most.")
    return Picture(
        shape="columns",
        title=_("Learners at work each day, by course") if of_several else _("Learners at work each day"),
        label=label % {"first": _date(shown[0]), "last": _date(shown[-1]), "most": max(numbers)},
        plots=[Plot("", rectangles=_columns(numbers), axis=_ends(shown))],
        headings=[_("Day"), _("Learners at work")],
        rows=[[moments.day(day.day), str(day.active)] for day in shown],
    )


def _stack(totals: EditionTotals) -> list[Rectangle]:
    """Pieces of one bar that are as long together as the box, each of its share."""
    pieces, start = [], 0.0
    for standing in Standing:
        width = 100 * totals.standings.get(standing, 0) / totals.learners if totals.learners else 0
        if width:
            pieces.append(Rectangle(STANDING_TONES[standing], _number(start), "0", _number(width), "100"))
        start += width
    return pieces


def _columns(numbers: Sequence[int]) -> list[Rectangle]:
    """A column for each number, the highest as high as the box, with a gap beside each."""
    room, most = 100 / len(numbers), max(numbers, default=0)
    columns = []
    for place, number in enumerate(numbers):
        if number:
            height = 100 * number / most
            x, width = place * room + room * 0.1, room * 0.8
            columns.append(Rectangle("count", _number(x), _number(100 - height), _number(width), _number(height)))
    return columns


def _curve(kind: str, values: Sequence[float | None]) -> Curve:
    """Through the values there are, 0..1, evenly spaced."""
    step = 100 / (len(values) - 1) if len(values) > 1 else 0
    points = [(place * step, 100 - 100 * value) for place, value in enumerate(values) if value is not None]
    if len(points) == 1:
        # A line of no length, which round ends make a dot.
        points *= 2
    return Curve(kind, " ".join(f"{_number(x)},{_number(y)}" for x, y in points))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _thinned(days: Sequence[Day]) -> list[Day]:
    """Evenly chosen days, the last of them among them."""
    step = -(-len(days) // _POINTS)
    return list(days[::-1][::step][::-1])


def _ends(days: Sequence[Day]) -> list[str]:
    return [formats.date_format(day.day, "MONTH_DAY_FORMAT") for day in dict.fromkeys((days[0], days[-1]))]


def _date(day: Day) -> str:
    return formats.date_format(day.day, "DATE_FORMAT")


def _sentences(totals: Iterable[EditionTotals], told) -> str:
    return " ".join(_("%(course)s: %(numbers)s.") % {"course": e.edition.title, "numbers": told(e)} for e in totals)


def _standings_told(totals: EditionTotals) -> str:
    told = [
        _("%(number)d %(standing)s") % {"number": number, "standing": STANDING_NAMES[standing]}
        for standing in Standing
        if (number := totals.standings.get(standing, 0))
    ]
    return _(", ").join(told) or _("nobody")


def _grades_told(totals: EditionTotals) -> str:
    graded = sum(totals.grades)
    if not graded:
        return _("nobody is graded")
    told = ngettext("%(number)d is graded, mean %(mean)s", "%(number)d are graded, mean %(mean)s", graded)
    return told % {"number": graded, "mean": percent(totals.mean_grade)}


def _tenth(tenth: int) -> str:
    if tenth == _TENTHS - 1:
        return _("%(least)d%% to %(most)d%%") % {"least": 90, "most": 100}
    return _("%(least)d%% to below %(most)d%%") % {"least": 10 * tenth, "most": 10 * tenth + 10}
