"""
What became of a change, told once on the page that follows it: in a sentence, and line by line for lists of people.

Kept in the browser's session in between, so that reloading the next page repeats nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohort_sessions.data import LineOutcome
from cohort_sessions.web.wording import Tone

_KEY = "cohort_sessions_report"


@dataclass(frozen=True, slots=True)
class Report:
    """
    Attributes:
        refused, told, quiet: lines with a sentence that says why not, lines with a sentence, and lines where there is
            nothing more to say; as pairs of what was given and the sentence.
        again: lines that the form on the page which tells it begins with, to be mended.
    """

    title: str
    text: str = ""
    tone: Tone = Tone.SUCCESS
    refused: Sequence[tuple[str, str]] = field(default=())
    told: Sequence[tuple[str, str]] = field(default=())
    quiet: Sequence[str] = field(default=())
    again: Sequence[str] = field(default=())


def report_on(outcomes: Sequence[LineOutcome], done: str) -> Report:
    """
    The answer to a list of people, no line of it lost.

    Args:
        done: a sentence for all lines that brought about what they asked for.
    """
    changed = [line for line in outcomes if line.ok and line.changed]
    refused = [(line.given, line.message) for line in outcomes if not line.ok]
    as_before = [
        (line.given, line.message or _("Nothing to change.")) for line in outcomes if line.ok and not line.changed
    ]
    title = done if changed else _("Nothing has changed")
    text = ngettext("%d line could not be done.", "%d lines could not be done.", len(refused)) % len(refused)
    return Report(
        title=title,
        text=text if refused else "",
        tone=Tone.WARNING if refused else Tone.SUCCESS if changed else Tone.INFO,
        refused=refused,
        told=[(line.given, line.message) for line in changed if line.message] + as_before,
        quiet=[line.given for line in changed if not line.message],
    )


def leave_report(request: HttpRequest, code: str, report: Report) -> None:
    """Have the next page about the session named `code` tell this."""
    facts = {name: getattr(report, name) for name in Report.__slots__}
    request.session[_KEY] = {"code": code, **facts, "tone": report.tone.value}


def take_report(request: HttpRequest, code: str) -> Report | None:
    """What is to be told about this session, once; ``None`` where there is nothing, or only about another one."""
    facts = request.session.get(_KEY)
    if facts is None or facts["code"] != code:
        return None
    del request.session[_KEY]
    facts = {name: value for name, value in facts.items() if name != "code"}
    return Report(**{**facts, "tone": Tone(facts["tone"])})
