"""
The *My sessions* link in the LMS's own header, on every page that has one.

The platform offers no hook there, and its templates can be replaced by themes, one by one: a template of ours would be
the one that is not used on a themed site, and a copy of the platform's would grow old. So the link is put into the
finished page, by its first navigation list. Nothing of it needs a script; the platform's own script copies it into the
menu of small screens, because it carries the class of the other links there.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

# The header as the platform and its themes call it; a page may have other <header> elements in what it shows.
_HEADER = re.compile(rb"<header\b[^>]*(?:global-header|header-global|global-navigation)[^>]*>.*?</header>", re.DOTALL)

# Where the first of the platform's own links stands, newest header first, and how a link is written there. The last
# place is found in every header.
_PLACES = (
    (
        re.compile(rb'class="nav-links"[^>]*>\s*<div class="main"[^>]*>'),
        '<div class="mobile-nav-item hidden-mobile nav-item nav-tab">{}</div>',
    ),
    (re.compile(rb"<ol\b[^>]*\bnav-global\b[^>]*>"), '<li class="tab-nav-item">{}</li>'),
    (re.compile(rb".*(?=</header>)", re.DOTALL), '<nav class="nav-links">{}</nav>'),
)


class HeaderLinkMiddleware:
    """Django middleware of the LMS: adds the link to pages for people who are signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the page be made, then put the link into its header, if it has one."""
        response = self.get_response(request)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            header = _HEADER.search(response.content)
            # Asked last: to know who is signed in marks a page as personal.
            if header is not None and request.user.is_authenticated:
                response.content = _with_link(response, header, request)
        return response


def _with_link(response: HttpResponse, header: re.Match, request: HttpRequest) -> bytes:
    page = response.content
    url = reverse("cohort_sessions:my_sessions")
    if f'href="{url}"'.encode() in header[0]:
        # A theme has placed the link where it wants it.
        return page
    place, wrapping = next((found, text) for pattern, text in _PLACES if (found := pattern.search(header[0])))
    is_current = request.path == url
    link = format_html(
        '<a class="{}" href="{}" aria-current="{}">{}</a>',
        "active tab-nav-link" if is_current else "tab-nav-link",
        url,
        "page" if is_current else "false",
        _("My sessions"),
    )
    position = header.start() + place.end()
    return page[:position] + wrapping.format(link).encode(response.charset) + page[position:]
