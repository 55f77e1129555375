"""
The guard: nobody goes through a door of the LMS into an edition without having entry now.

Editions are courses to the platform, and the platform knows one window per course. Whether *this* person may enter
*now*, and whether only to read, is known to the session. So every request that names an edition is checked here against
the person, before its view runs; an address grants nothing. What the doors are stands in `doors`, how an edition is
named in `keys` and `objects`, who asks in `callers`, what the turned away are told in `answers`.

Other courses cost no SQL: a request that names no CCX course goes on after a look at its path, query and body. Where it
names one, one query says whether that is ours; if it is somebody else's, the request goes on as if we were not here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from ccx_keys.locator import CCXLocator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import UsageKey

from cohort_sessions.edxapp.hooks import answers, doors, personal_lists, told_dates, visits
from cohort_sessions.edxapp.hooks.callers import Caller, api_view, identify, recognises_people
from cohort_sessions.edxapp.hooks.decisions import Refusal, editions_of, may_know, refusal_of
from cohort_sessions.edxapp.hooks.doors import SAFE_METHODS, Kind
from cohort_sessions.edxapp.hooks.editions import is_edition_key, is_other_ccx_key
from cohort_sessions.edxapp.hooks.hidden_tools import hidden_tools, without_dates
from cohort_sessions.edxapp.hooks.keys import body_of, canonical, named_ccx_keys
from cohort_sessions.edxapp.hooks.objects import ccx_keys_of_object
from cohort_sessions.edxapp.toggles import DISABLE_GUARD
from cohort_sessions.operations.members import record_first_entry
from cohort_sessions.queries.access import EditionAccess
from cohort_sessions.timeline import Entry

log = logging.getLogger(__name__)

_LEARNING_KINDS = (Kind.CONTENT, Kind.READING, Kind.WRITING)
_HANDLER_DOORS = (doors.HANDLER_DOOR, doors.THIRD_PARTY_DOOR)


class GuardMiddleware:
    """Django middleware of the LMS; its place in the order is `cohort_sessions.settings`'s business."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do before the view is known, nor after it has run."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        """Turn the request away, or return ``None`` to let it through. What cannot be decided does not pass."""
        as_json = _is_program(request, view)
        try:
            return _decide(request, view, kwargs, as_json=as_json)
        except Http404:
            raise
        except Exception:
            log.exception("The guard could not decide about %s %s", request.method, request.path)
            return answers.undecided(request, as_json=as_json)

    def process_template_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Whoever was let in is told their own dates of the edition; lists over courses lose what is none of theirs."""
        return personal_lists.narrow(request, without_dates(request, told_dates.put_right(request, response)))


def _decide(request: HttpRequest, view: Callable, kwargs: dict, *, as_json: bool) -> HttpResponse | None:
    """Find out what is asked, of which editions and by whom; then `_answer`."""
    keys = named_ccx_keys(request) + ccx_keys_of_object(request, view, kwargs)
    if not keys:
        return None
    kind = _kind(request, view, kwargs)
    if kind == Kind.OPEN or DISABLE_GUARD.is_enabled():
        return None
    return _answer(
        request,
        keys,
        kind,
        identify(request, view),
        as_json=as_json,
        writes=_writes(request, view, kind, kwargs),
        tool=doors.tool_behind(view.__module__, request.resolver_match.url_name, kwargs),
        can_sign_in=recognises_people(view),
    )


def _answer(
    request: HttpRequest,
    keys: list[CCXLocator],
    kind: Kind,
    caller: Caller,
    *,
    as_json: bool,
    writes: bool,
    tool: str | None,
    can_sign_in: bool,
) -> HttpResponse | None:
    """
    What is said to `caller`; ``None`` where they may go on into every edition that they name. A tool that an edition
    does without is not there for its learners; its team still comes to it by address.

    The key of an edition they may not know of, and a key that nothing stands behind, are answered alike, and here: at
    the latter the platform fails in a different way behind each door, which would tell the two apart. Only the
    platform's own doors for CCX courses go on answering as they always did where no edition is behind the key.
    """
    now = timezone.now()
    editions = editions_of(keys, caller, now)
    entered = []
    for key in keys:
        edition = editions.get(canonical(key))
        if edition is None and (is_other_ccx_key(key) or (kind == Kind.REFUSED and not is_edition_key(key))):
            continue
        if caller.user_id is None and can_sign_in:
            return answers.sign_in(request, as_json=as_json)
        if edition is None or edition.edition_key != key or not may_know(edition, kind):
            return answers.not_found(request, as_json=as_json)
        refusal = refusal_of(edition, kind, writes=writes)
        if refusal is not None:
            return _refuse(request, edition, refusal, caller, as_json=as_json)
        if tool is not None and not edition.on_team and tool in hidden_tools(key):
            return answers.not_found(request, as_json=as_json)
        entered.append(edition)
    for edition in entered:
        visits.remember(edition, user_id=caller.user_id, now=now)
        if kind in _LEARNING_KINDS:
            _enter(edition, caller, now)
    return None


def _refuse(
    request: HttpRequest, edition: EditionAccess, refusal: Refusal, caller: Caller, *, as_json: bool
) -> HttpResponse:
    address = request.resolver_match.url_name
    if address in answers.METADATA_ADDRESSES and refusal == Refusal.CLOSED and request.method == "GET":
        return answers.course_metadata(edition, address=address, user_id=caller.user_id)
    return answers.refuse(request, edition, refusal, user_id=caller.user_id, as_json=as_json)


def _enter(edition: EditionAccess, caller: Caller, now: datetime) -> None:
    """A member goes in: in a session of so many days their days begin."""
    if edition.awaits_first_entry and edition.access.entry == Entry.FULL:
        record_first_entry(edition.edition_id, user_id=caller.user_id, now=now)


def _kind(request: HttpRequest, view: Callable, kwargs: dict) -> Kind:
    door = (view.__module__, request.resolver_match.url_name)
    if door == doors.THIRD_PARTY_DOOR and doors.handler_proves_caller(*_handler(kwargs)):
        return Kind.OPEN
    if door == doors.GRADER_DOOR and kwargs["dispatch"] == doors.GRADER_WORD:
        return Kind.OPEN
    return doors.kind_of_door(*door) or Kind.CONTENT


def _writes(request: HttpRequest, view: Callable, kind: Kind, kwargs: dict) -> bool:
    door = (view.__module__, request.resolver_match.url_name)
    if door in _HANDLER_DOORS:
        return doors.handler_writes(*_handler(kwargs), request.method)
    noting = doors.NOTING_MEMBERS.get((*door, request.method))
    if noting is not None and _says_only(noting, body_of(request)):
        return False
    return doors.writes(kind, request.method)


def _says_only(members: frozenset[str], body: object) -> bool:
    return isinstance(body, dict) and bool(body) and members.issuperset(body)


def _handler(kwargs: dict) -> tuple[str, str, str]:
    """Block type, handler and suffix of a request to a block; a type that nothing is listed for where there is none."""
    try:
        block_type = UsageKey.from_string(kwargs["usage_id"]).block_type
    except InvalidKeyError:
        # The platform will not find it; nothing that is unknown may write.
        block_type = ""
    return block_type, kwargs["handler"], kwargs.get("suffix") or ""


def _is_program(request: HttpRequest, view: Callable) -> bool:
    """Whether JSON is understood better than a page: at APIs, at the handlers of blocks, and for scripts of pages."""
    return (
        api_view(view) is not None
        or request.path_info.startswith("/api/")
        or (view.__module__, request.resolver_match.url_name) in _HANDLER_DOORS
        or request.headers.get("X-Requested-With") == "XMLHttpRequest"
        or (request.method not in SAFE_METHODS and not request.accepts("text/html"))
    )
