"""
Our pages inside Studio's own.

What we show is rendered by itself and handed to ``cohort_sessions/studio/frame.html``: Studio's pages inherit from a
Mako template, which a Django template cannot extend. The sandbox brings a frame of its own under the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from cohort_sessions.host import BaseCourse


def render_in_studio(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    course: BaseCourse,
    title: str,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """
    A page about `course`, from which the frame leads back to it.

    Args:
        template: below ``cohort_sessions/studio/``; what stands between the host's header and footer.
        title: of the window.
    """
    context = {**context, "course": course}
    body = render_to_string(f"cohort_sessions/studio/{template}", context, request)
    frame = {"page_title": title, "body": body, "base_key": str(course.base_key), "course_title": course.title}
    return render(request, "cohort_sessions/studio/frame.html", frame, status=status)
