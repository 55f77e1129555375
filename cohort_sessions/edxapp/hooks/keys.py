"""Which editions a request names: in its path, its query string and, where the path names no course, its body."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ccx_keys.locator import CCXLocator
from django.conf import settings
from django.http import HttpRequest, QueryDict
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey

from cohort_sessions.edxapp.hooks.doors import SAFE_METHODS

_COURSE_PREFIX, _BLOCK_PREFIX, _ASIDE_PREFIX = "ccx-v1:", "ccx-block-v1:", "aside-usage-v"
# A key inside a path: what opaque keys allow, up to whatever else the address holds.
_IN_PATH = re.compile(r"ccx-(?:block-)?v1:[\w\-~.:+@]+")
_ANY_KEY_IN_PATH = re.compile(r"(?:course|block|ccx|ccx-block)-v1:")
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def named_ccx_keys(request: HttpRequest) -> list[CCXLocator]:
    """
    The course keys of all CCX courses that `request` names, each once, as they were spelled.

    No SQL, and nothing beyond a glance at path and query where the request names none. Text that is no key after all
    is left to the platform, which will not understand it either. The body is read only where it may be the body that
    says which course is meant: a path with a key in it has said so already.
    """
    path = _plain(request.path_info)
    texts = _IN_PATH.findall(path)
    texts += [text for _, values in request.GET.lists() for text in _keys_among(values)]
    if request.method not in SAFE_METHODS and not _ANY_KEY_IN_PATH.search(path):
        texts += _keys_in_body(request)
    keys = {key: None for key in map(_parse, texts) if key is not None}
    return list(keys)


def ccx_keys_in(text: str) -> list[CCXLocator]:
    """The course keys of the CCX courses that a text mentions anywhere: in an address, among other words."""
    if "ccx-" not in text:
        return []
    return [key for key in map(_parse, _IN_PATH.findall(text)) if key is not None]


def canonical(key: CCXLocator) -> CCXLocator:
    """
    The one spelling of `key` that can be an edition key: no branch, no version, its number in plain digits.

    Under any other spelling the platform would show the same content, and file the work done there apart from the
    edition's.
    """
    return CCXLocator(org=key.org, course=key.course, run=key.run, ccx=str(int(key.ccx)))


def _parse(text: str) -> CCXLocator | None:
    try:
        key = UsageKey.from_string(text).course_key if text.startswith(_BLOCK_PREFIX) else CourseKey.from_string(text)
    except InvalidKeyError:
        return None
    return key if isinstance(key, CCXLocator) else None


def body_of(request: HttpRequest) -> Any:
    """
    What the body says: a dictionary of lists for a form, any value for JSON, ``None`` for other bodies, which are left
    unread.

    Views differ in what they take: some read JSON whatever its content type says, REST framework reads forms with any
    method.
    """
    kind = request.content_type
    if kind in (_MULTIPART, _URLENCODED) and request.method == "POST":
        return dict(request.POST.lists())
    if kind == _URLENCODED:
        return dict(QueryDict(request.body, encoding=request.encoding).lists())
    if kind not in ("", "text/plain") and not kind.endswith("json"):
        return None
    try:
        return json.loads(_text(request))
    except ValueError:
        return None


def _keys_in_body(request: HttpRequest) -> list[str]:
    if request.content_type == _MULTIPART and request.method != "POST":
        return _IN_PATH.findall(_text(request))
    return list(_keys_among(_strings(body_of(request))))


def _text(request: HttpRequest) -> str:
    return request.body.decode(request.encoding or settings.DEFAULT_CHARSET, errors="replace")


def _strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value, member names included: completion batches name blocks by them."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            yield current
        elif isinstance(current, list):
            waiting.extend(current)
        elif isinstance(current, dict):
            waiting.extend(current)
            waiting.extend(current.values())


def _plain(text: str) -> str:
    """
    The text with keys as they are: several views of the platform take a plus that was decoded to a space for a plus,
    and the key of an aside holds the key of its block with dollars before the colons.
    """
    return text.replace(" ", "+").replace("$", "")


def _keys_among(values: Any) -> Iterator[str]:
    """
    The values, or comma-separated parts of values, that are keys as a whole.

    A key inside other text (the address to return to after signing in, a post that links to a course) names nothing.
    """
    for value in values:
        if "ccx-" in value:
            # Serialisers trim what they read, and a plus in a query string arrives as a space.
            for part in map(str.strip, value.split(",")):
                if part.startswith((_COURSE_PREFIX, _BLOCK_PREFIX)):
                    yield _plain(part)
                elif part.startswith(_ASIDE_PREFIX):
                    yield from _IN_PATH.findall(_plain(part))
