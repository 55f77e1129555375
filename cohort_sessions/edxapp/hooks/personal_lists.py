"""
Lists over several courses lose the editions that the person who asks may not see.

Who was in a session stays enrolled when it is hidden after its close; so the platform goes on listing the course among
theirs, with their bookmarks, teams and notifications in it. Such an address names no course for the guard to ask about.
What it answers does: every entry that speaks of an edition is decided here like a visit to that edition, before the
answer is rendered. One query for all of them, none where the answer speaks of no CCX course. An entry that gives no
more than a name of its own (a team without its details) stays: whoever follows it meets the guard. So do the totals.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from ccx_keys.locator import CCXLocator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from opaque_keys import OpaqueKey

from cohort_sessions.edxapp.hooks.callers import Caller, identify
from cohort_sessions.edxapp.hooks.decisions import editions_of, may_know, refusal_of
from cohort_sessions.edxapp.hooks.doors import LISTS, Kind
from cohort_sessions.edxapp.hooks.keys import canonical, ccx_keys_in
from cohort_sessions.edxapp.toggles import DISABLE_GUARD


def narrow(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response` of a REST view that has run and is not rendered yet, without the entries that are none of theirs."""
    match = request.resolver_match
    kind = next((kind for module, name, kind in LISTS if _fits(match, module, name)), None)
    if kind is None or not hasattr(response, "data") or DISABLE_GUARD.is_enabled():
        return response
    hidden = hidden_from(identify(request, match.func), set(_keys_in(response.data)), kind)
    if hidden:
        response.data = _without(response.data, hidden)
    return response


def hidden_from(caller: Caller, keys: set[CCXLocator], kind: Kind) -> set[CCXLocator]:
    """The edition keys among `keys` that `caller` may not be told of behind a door of this kind. At most one query."""
    editions = editions_of(keys, caller, timezone.now()) if keys else {}
    return {
        key
        for key, edition in editions.items()
        if not may_know(edition, kind) or refusal_of(edition, kind, writes=False) is not None
    }


def _fits(match, module: str, name: str) -> bool:
    return fnmatchcase(match.func.__module__, module) and fnmatchcase(match.url_name or "", name)


def _keys_in(value: Any) -> Iterator[CCXLocator]:
    """Every CCX course that a JSON value speaks of, by its key, the key of a block in it, or an address with one."""
    if isinstance(value, dict):
        for member in value.values():
            yield from _keys_in(member)
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from _keys_in(member)
    elif isinstance(value, (str, OpaqueKey)):
        yield from map(canonical, ccx_keys_in(unquote(str(value))))


def _without(value: Any, hidden: set[CCXLocator]) -> Any:
    """`value` without what speaks of `hidden`: a whole entry of a list, or a member of an object that is in no list."""
    if isinstance(value, (list, tuple)):
        return [_without(entry, hidden) for entry in value if hidden.isdisjoint(_keys_outside_lists(entry))]
    if isinstance(value, dict):
        return {
            name: _without(member, hidden) if hidden.isdisjoint(_keys_outside_lists(member)) else None
            for name, member in value.items()
        }
    return value


def _keys_outside_lists(value: Any) -> Iterator[CCXLocator]:
    """The keys that make `value` itself speak of a course, and not only an entry of a list in it."""
    if isinstance(value, dict):
        for member in value.values():
            yield from _keys_outside_lists(member)
    elif not isinstance(value, (list, tuple)):
        yield from _keys_in(value)
