"""Our pages inside the host's own: what the frame around them is told."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# The LMS's header links to the learner's courses only where it is told that this is a page of theirs.
_FRAME = {"show_dashboard_tabs": True}


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, object], *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """Render a template that extends ``cohort_sessions/base.html``."""
    return render(request, template, {**_FRAME, **context}, status=status)
