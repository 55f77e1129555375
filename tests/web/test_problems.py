"""From errors to RFC 9457 problems."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from rest_framework import exceptions

from cohort_sessions import errors
from cohort_sessions.rest_api.problems import problem_response


def problem(error: Exception) -> dict:
    """The body of the answer to `error`, and its status."""
    response = problem_response(error, {"request": RequestFactory().get("/here")})
    assert response.data["status"] == response.status_code
    assert response.content_type == "application/problem+json"
    return response.data


@pytest.mark.parametrize(
    ("error", "status", "title", "code"),
    [
        (errors.NotFound("Gone."), 404, "Not Found", "not-found"),
        (errors.NotAllowed("Gone."), 403, "Forbidden", "not-allowed"),
        (errors.Locked("Gone."), 403, "Forbidden", "locked"),
        (errors.WrongState("Gone."), 409, "Conflict", "wrong-state"),
        (errors.HasLearnerData("Gone."), 409, "Conflict", "has-learner-data"),
        (errors.HostRefused("Gone."), 502, "Bad Gateway", "host-refused"),
        (errors.CohortSessionError("Gone."), 400, "Bad Request", "cohort-session-error"),
        (exceptions.PermissionDenied("Gone."), 403, "Forbidden", "permission-denied"),
        (exceptions.Throttled(detail="Gone."), 429, "Too Many Requests", "throttled"),
    ],
)
def test_status_title_and_code(error, status, title, code):
    assert problem(error) == {
        "type": f"urn:cohort-sessions:problem:{code}",
        "title": title,
        "status": status,
        "detail": "Gone.",
        "instance": "/here",
    }


def test_invalid_input_names_its_fields():
    found = problem(errors.InvalidInput({"title": "Give it a title.", "": "Dates or a duration."}))
    assert found == {
        "type": "urn:cohort-sessions:problem:invalid-input",
        "title": "Bad Request",
        "status": 400,
        "detail": "Give it a title. Dates or a duration.",
        "instance": "/here",
        "errors": {"title": ["Give it a title."], "": ["Dates or a duration."]},
    }


def test_validation_without_fields_is_about_the_whole():
    assert problem(exceptions.ValidationError(["No.", "Never."]))["errors"] == {"": ["No.", "Never."]}


def test_djangos_own_refusal_is_a_problem_too():
    assert problem(PermissionDenied())["type"] == "urn:cohort-sessions:problem:permission-denied"


def test_what_nobody_foresaw_is_raised():
    assert problem_response(ZeroDivisionError(), {"request": RequestFactory().get("/here")}) is None
