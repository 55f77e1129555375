"""
What the guard says to whom it turns away: a page, a problem (RFC 9457), or what the Learning micro-frontend
understands.
"""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from cohort_sessions.edxapp.hooks.decisions import Refusal
from cohort_sessions.queries.access import EditionAccess
from cohort_sessions.rest_api.problems import MEDIA_TYPE, TYPE_PREFIX
from cohort_sessions.timeline import Reason
from cohort_sessions.web import wording
from cohort_sessions.web.frame import render_page
from cohort_sessions.web.reader import reading_as

# The views from which the Learning micro-frontend learns whether it may show a course, by address name.
HOME_METADATA, COURSEWARE_METADATA = METADATA_ADDRESSES = ("course-metadata", "courseware-api")

# The one error code at which every release of the Learning micro-frontend since Nutmeg goes to a page of the LMS that
# the answer names (src/shared/access.js; it is there for consent to share data). All others end on the dashboard,
# which says nothing about sessions.
GO_TO_LMS_PAGE = "data_sharing_access_required"

_CODES = {
    Reason.NOT_OPEN_YET: "session-not-open-yet",
    Reason.ENDED: "session-ended",
    Reason.CANCELLED: "session-cancelled",
    Reason.ARCHIVED: "session-archived",
    Reason.WITHDRAWN: "course-withdrawn",
}


def not_found(request: HttpRequest, *, as_json: bool) -> HttpResponse:
    """
    There is no such course, as far as this person may know; on pages exactly what the platform says to any wrong
    address.
    """
    if as_json:
        return _problem(request, HTTPStatus.NOT_FOUND, "not-found", _("There is no such course."))
    raise Http404("No such course.")


def sign_in(request: HttpRequest, *, as_json: bool) -> HttpResponse:
    """Nobody knows yet who is asking."""
    if as_json:
        detail = _("Sign in to enter this course.")
        response = _problem(request, HTTPStatus.UNAUTHORIZED, "not-authenticated", detail)
        response["WWW-Authenticate"] = 'JWT realm="api"'
        return response
    return redirect_to_login(request.get_full_path())


def undecided(request: HttpRequest, *, as_json: bool) -> HttpResponse:
    """The guard could not find out; nobody passes until it can."""
    detail = _("We could not look up whether this course is open to you. Please try again in a moment.")
    if as_json:
        return _problem(request, HTTPStatus.SERVICE_UNAVAILABLE, "undecided", detail)
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return render_page(request, "cohort_sessions/refused.html", {"sentence": detail}, status=status)


def refuse(
    request: HttpRequest, edition: EditionAccess, refusal: Refusal, *, user_id: int, as_json: bool
) -> HttpResponse:
    """Say why, to somebody who may know of the edition: 403, in their language and time zone."""
    with reading_as(user_id):
        notice = _notice(edition, refusal)
        if not as_json:
            context = {"notice": notice, "session_title": edition.session_title, "session_code": edition.session_code}
            response = render_page(request, "cohort_sessions/closed.html", context, status=HTTPStatus.FORBIDDEN)
            # A unit is shown inside a frame of the Learning micro-frontend, and so is this in its place.
            response.xframe_options_exempt = True
            return response
    window = edition.access.window
    return _problem(
        request,
        HTTPStatus.FORBIDDEN,
        _code(edition, refusal),
        _sentence(notice),
        opens_at=window.opens_at,
        closes_at=window.closes_at,
    )


def course_metadata(edition: EditionAccess, *, address: str, user_id: int) -> HttpResponse:
    """
    The course as the Learning micro-frontend is told of it when a person may not enter: enough for it to lead them to
    the page that says why.

    It shows nothing of its own before it goes there, so there is nothing here to keep up with its releases. Whoever
    else asks reads in ``course_access`` that there is none, when there will be or was, and why.

    Args:
        address: `HOME_METADATA` or `COURSEWARE_METADATA`.
    """
    key = str(edition.edition_key)
    page = reverse("course_root", args=[key])
    with reading_as(user_id):
        why = _sentence(_notice(edition, Refusal.CLOSED))
    access = {
        "has_access": False,
        "error_code": GO_TO_LMS_PAGE,
        "developer_message": page,
        "user_message": why,
        "additional_context_user_message": None,
        "user_fragment": None,
    }
    common = {"course_access": access, "org": edition.edition_key.org, "number": edition.edition_key.course}
    if address == HOME_METADATA:
        shape = {"course_id": key, "title": edition.session_title, "tabs": [], "is_enrolled": True, "is_staff": False}
        return JsonResponse(common | shape | {"original_user_is_staff": False, "start": edition.access.window.opens_at})
    shape = {"id": key, "name": edition.session_title, "enrollment": {"mode": None, "is_active": True}}
    return JsonResponse(
        common | shape | {"start": edition.access.window.opens_at, "end": edition.access.window.closes_at}
    )


def _notice(edition: EditionAccess, refusal: Refusal) -> wording.Notice:
    if refusal == Refusal.MANAGED:
        return wording.Notice(
            _("This course belongs to a session"),
            _("Who takes part, and how the course runs, is changed in the session and nowhere else."),
            wording.Tone.INFO,
        )
    return wording.notice(edition.access)


def _sentence(notice: wording.Notice) -> str:
    return f"{notice.title}. {strip_tags(notice.text)}"


def _code(edition: EditionAccess, refusal: Refusal) -> str:
    if refusal == Refusal.MANAGED:
        return "managed-in-session"
    if refusal == Refusal.READ_ONLY:
        return "session-read-only"
    return _CODES.get(edition.access.reason, "session-closed")


def _problem(request: HttpRequest, status: HTTPStatus, code: str, detail: str, **more) -> HttpResponse:
    problem = {
        "type": TYPE_PREFIX + code,
        "title": status.phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
    }
    return JsonResponse(problem | more, status=status, content_type=MEDIA_TYPE)
