"""
Form fields for moments: a day and, if wanted, a time of day, in the zone of the reader.

People think of windows in days: a session opens *on* the first and closes *with* the last day. So without a time an
opening is the first moment of its day, and a closing the first moment after its day, since windows are half open; a
stored closing at midnight is shown as the day before. Every stored moment comes back unchanged from the form that
shows it, to the second.

Fields read and show the active time zone: render and clean them inside `reader.reading_as`. They need no script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.queries.moments import YEARS
from cohort_sessions.timeline import FIRST_DAY, LAST_DAY
from cohort_sessions.web.clock_changes import comes_twice, gap_at, is_skipped, moment_of, start_of_day

_DAY = timedelta(days=1)
_FIRST, _SECOND = "first", "second"


def zone_name() -> str:
    """The active time zone, as pages name it."""
    return str(timezone.get_current_timezone()).replace("_", " ")


class MomentWidget(forms.MultiWidget):
    """
    Native inputs for the day and the time; and, only for a time that comes twice, which of the two is meant.

    Args:
        is_closing: show a moment at the beginning of a day as the day before, see `ClosingField`.
    """

    def __init__(self, *, is_closing: bool, attrs: Mapping[str, str] | None = None):
        self.is_closing = is_closing
        days = {"type": "date", "min": FIRST_DAY, "max": LAST_DAY, "aria-label": gettext_lazy("Day")}
        times = {"type": "time", "aria-label": gettext_lazy("Time, may stay empty")}
        which = {"aria-label": gettext_lazy("Which of the two")}
        super().__init__(
            {
                "day": forms.DateInput(days, format="%Y-%m-%d"),
                "time": forms.TimeInput(times),
                "which": forms.Select(which, choices=()),
            },
            attrs,
        )

    def decompress(self, value: datetime | None) -> list[str]:
        """The moment as its inputs show it. Microseconds are not shown; nor is what these clocks cannot show at all."""
        try:
            return ["", "", ""] if value is None else self._shown(value)
        except (OverflowError, ValueError):
            return ["", "", ""]

    def _shown(self, value: datetime) -> list[str]:
        zone = timezone.get_current_timezone()
        moment = value.replace(microsecond=0).astimezone(UTC)
        local = moment.astimezone(zone)
        if start_of_day(local.date(), zone) == moment:
            day = (moment - timedelta(seconds=1)).astimezone(zone).date() if self.is_closing else local.date()
            return [day.isoformat(), "", ""]
        which = (_SECOND if local.fold else _FIRST) if comes_twice(local.replace(tzinfo=None, fold=0), zone) else ""
        return [local.date().isoformat(), _clock(local), which]

    def get_context(self, name: str, value: datetime | list | None, attrs: Mapping | None) -> dict:
        """As Django has it, without the last input where there is nothing to choose."""
        values = value if isinstance(value, list) else self.decompress(value)
        context = super().get_context(name, values, attrs)
        inputs = context["widget"]["subwidgets"]
        inputs[1]["attrs"] = {key: each for key, each in inputs[1]["attrs"].items() if key != "required"}
        if str(values[1] or "").count(":") == 2:
            inputs[1]["attrs"]["step"] = "1"
        twice = self._twice(values)
        if twice is None:
            del inputs[2]
        else:
            choices = forms.Select(self.widgets[2].attrs, choices=twice)
            chosen = inputs[2]
            inputs[2] = choices.get_context(chosen["name"], values[2] or _FIRST, chosen["attrs"])["widget"]
        return context

    @staticmethod
    def _twice(values: Sequence[str | None]) -> list[tuple[str, str]] | None:
        """The two moments that the inputs may mean, in words; ``None`` where they mean one, or none at all."""
        try:
            local = datetime.combine(date.fromisoformat(values[0] or ""), time.fromisoformat(values[1] or ""))
        except ValueError:
            return None
        zone = timezone.get_current_timezone()
        if not comes_twice(local, zone):
            return None
        names = [local.replace(tzinfo=zone, fold=fold).tzname() for fold in (0, 1)]
        return [
            (_FIRST, _("the first time, %(zone)s") % {"zone": names[0]}),
            (_SECOND, _("the second time, %(zone)s") % {"zone": names[1]}),
        ]


class _MomentField(forms.MultiValueField):
    """A day and an optional time; cleaned to an aware moment in UTC, or ``None``."""

    is_closing: bool
    rule: str

    def __init__(self, **kwargs):
        day = forms.DateField(
            required=False,
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": gettext_lazy("Write the day like this: 2026-03-31.")},
        )
        clock = forms.TimeField(
            required=False,
            input_formats=["%H:%M", "%H:%M:%S"],
            error_messages={"invalid": gettext_lazy("Write the time like this: 14:30.")},
        )
        which = forms.ChoiceField(required=False, choices=[(_FIRST, ""), (_SECOND, "")])
        kwargs.setdefault("help_text", format_lazy("{} {}", self.rule, _zone_sentence()))
        super().__init__(
            fields=(day, clock, which),
            require_all_fields=False,
            widget=MomentWidget(is_closing=self.is_closing),
            **kwargs,
        )

    def compress(self, data_list: Sequence) -> datetime | None:
        """The moment that was given; raises `ValidationError` for what no clock ever shows."""
        day, clock, which = data_list or (None, None, None)
        if day is None:
            if clock is not None:
                raise ValidationError(_("Give the day as well as the time."), code="no_day")
            return None
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(_("Choose a year from %(first)d to %(last)d."), code="year", params=YEARS)
        zone = timezone.get_current_timezone()
        if is_skipped(day, zone):
            words = {"zone": zone_name(), "day": formats.date_format(day, "DATE_FORMAT")}
            raise ValidationError(_("There was no %(day)s in %(zone)s."), code="skipped", params=words)
        if clock is None:
            return start_of_day(day + _DAY if self.is_closing else day, zone)
        local = datetime.combine(day, clock)
        self._refuse_what_is_not_there(local)
        if comes_twice(local, zone) and not which:
            raise ValidationError(
                _(
                    "Clocks in %(zone)s are put back and show %(time)s twice on %(day)s. "
                    "Choose which of the two you mean."
                ),
                code="twice",
                params=_named(local),
            )
        return moment_of(local, zone, second=which == _SECOND)

    @staticmethod
    def _refuse_what_is_not_there(local: datetime) -> None:
        gap = gap_at(local, timezone.get_current_timezone())
        if gap is None:
            return
        words = _named(local) | {"begins": _clock(gap.begins), "ends": _clock(gap.ends)}
        raise ValidationError(
            _(
                "%(time)s does not exist on %(day)s: clocks in %(zone)s are put forward from %(begins)s to %(ends)s. "
                "The nearest time that exists is %(ends)s."
            ),
            code="gap",
            params=words,
        )


class OpeningField(_MomentField):
    """When something begins: a moment inside. Without a time it is the first moment of the day."""

    is_closing = False
    rule = gettext_lazy("Without a time: from the beginning of that day.")


class ClosingField(_MomentField):
    """When something ends: the first moment outside. Without a time the whole day is still inside."""

    is_closing = True
    rule = gettext_lazy("Without a time: to the end of that day.")


def refuse_reversed(form: forms.Form, opens: str, closes: str) -> None:
    """For `Form.clean`: tell it beside the field `closes` where that does not lie after the field `opens`."""
    begins, ends = (form.cleaned_data.get(name) for name in (opens, closes))
    if begins is not None and ends is not None and ends <= begins:
        local = timezone.localtime(begins).replace(tzinfo=None)
        sentence = _("The end must come after the beginning, which is on %(day)s at %(time)s.")
        form.add_error(closes, ValidationError(sentence, code="reversed", params=_named(local)))


def _named(local: datetime) -> dict[str, str]:
    """A naive local time as sentences name it."""
    return {"zone": zone_name(), "day": formats.date_format(local, "DATE_FORMAT"), "time": _clock(local)}


def _clock(local: datetime) -> str:
    """As the inputs have it, whatever the reader's language: it is what they typed, or are to type."""
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")


def _zone_sentence() -> str:
    return format_lazy(gettext_lazy("Time zone: {zone}."), zone=lazy(zone_name, str)())
