"""The keeper of every course door: finds the course of the address, asks who may come in, and words the refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import now

from cohort_sessions.operations.members import record_first_entry
from cohort_sessions.timeline import Entry, Reason
from sandbox.access import Admission, admit
from sandbox.host import SandboxHost
from sandbox.keys import parse_course_key

View = Callable[..., HttpResponse]


def page_door(view: View) -> View:
    """A page of a course. The view gets an `Admission` for the key; who may not come in gets a page that says why."""

    @wraps(view)
    def door(request: HttpRequest, course_key: str, **rest) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        admission = _admit(request, course_key)
        if admission is None:
            raise Http404
        if admission.entry == Entry.CLOSED:
            context = {"admission": admission, "sentence": sentence(request, admission)}
            return render(request, "sandbox/closed.html", context, status=403)
        return view(request, admission, **rest)

    return door


def data_door(*, writes: bool) -> Callable[[View], View]:
    """A handler or an API of a course: refusals are JSON. `writes`: refused where only reading is allowed."""

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, course_key: str, **rest) -> HttpResponse:
            if not request.user.is_authenticated:
                return JsonResponse({"detail": "Sign in first."}, status=401)
            admission = _admit(request, course_key)
            if admission is None:
                return JsonResponse({"detail": "There is no such course."}, status=404)
            needed = Entry.FULL if writes else Entry.READ_ONLY
            if admission.entry < needed:
                return JsonResponse(
                    {"code": admission.reason.value, "detail": sentence(request, admission)}, status=403
                )
            return view(request, admission, **rest)

        return door

    return decorate


def sentence(request: HttpRequest, admission: Admission) -> str:
    """Why somebody may not come in, or not all the way, in a sentence; moments are in their own time zone."""
    if admission.reason == Reason.NOT_OPEN_YET:
        return f"This course opens on {moment(request, admission.window.opens_at)}."
    if admission.reason == Reason.ENDED:
        return f"This course ended on {moment(request, admission.window.closes_at)}."
    wordings = {
        Reason.CANCELLED: "This session has been cancelled.",
        Reason.ARCHIVED: "This session has been put away.",
        Reason.DRAFT: "This session is still being prepared.",
    }
    return wordings.get(admission.reason, "This course is closed to you.")


def moment(request: HttpRequest, when: datetime) -> str:
    """A moment as the reader reads dates: in their own time zone. One query."""
    zone = ZoneInfo(SandboxHost().time_zone(request.user.pk) or "UTC")
    return f"{when.astimezone(zone):%-d %B %Y at %H:%M %Z}"


def _admit(request: HttpRequest, course_key: str) -> Admission | None:
    """As `sandbox.access.admit`; going in starts the clock of a session counted from each member's first entry."""
    key, at = parse_course_key(course_key), now()
    admission = admit(key, request.user, now=at) if key is not None else None
    if admission and admission.may_work and admission.session and admission.session.awaits_first_entry:
        record_first_entry(admission.session.edition_id, user_id=request.user.pk, now=at)
    return admission
