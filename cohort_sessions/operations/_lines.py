"""A list of people as somebody typed or pasted it, answered line by line: none is lost, none stops the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from cohort_sessions.data import LineOutcome


def done(message: str = "") -> LineOutcome:
    """The line brought about what it asked for."""
    return LineOutcome("", ok=True, changed=True, message=message)


def as_before(message: str = "") -> LineOutcome:
    """What the line asks for held before."""
    return LineOutcome("", ok=True, changed=False, message=message)


def refused(message: str) -> LineOutcome:
    """What the line asks for cannot be; the message says why."""
    return LineOutcome("", ok=False, changed=False, message=message)


def nobody(line: str) -> LineOutcome:
    """The line names nobody we know."""
    if not line.strip():
        return refused(_("The line is empty."))
    return refused(_("No active account has this username or e-mail address."))


def answer_lines(
    people: Sequence[str],
    accounts: Mapping[str, object],
    answer: Callable[[object], LineOutcome],
    otherwise: Callable[[str], LineOutcome] = nobody,
) -> list[LineOutcome]:
    """
    One outcome a line, in the order given.

    Args:
        people: usernames or e-mail addresses.
        accounts: whom they name, see `queries.accounts.accounts_named`.
        answer: from an account to `done`, `as_before` or `refused`. It is asked for every line, also where two name one
            person.
        otherwise: the same from a line that names no account.
    """
    return [replace(answer(accounts[line]) if line in accounts else otherwise(line), given=line) for line in people]
