"""
Errors as RFC 9457 problems: ``type``, ``title``, ``status``, ``detail``, ``instance``, and ``errors`` by field.

`type` ends with the stable code of the error, so that programs compare codes and never sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from itertools import chain
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from cohort_sessions.errors import (
    CannotJoin,
    ChangedMeanwhile,
    CohortSessionError,
    HasLearnerData,
    HostRefused,
    InvalidInput,
    NotAllowed,
    NotFound,
    TooManyAttempts,
    WrongState,
)

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:cohort-sessions:problem:"

# A subclass without a line of its own takes its nearest ancestor's.
_STATUS = {
    CohortSessionError: HTTPStatus.BAD_REQUEST,
    InvalidInput: HTTPStatus.BAD_REQUEST,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    WrongState: HTTPStatus.CONFLICT,
    CannotJoin: HTTPStatus.CONFLICT,
    ChangedMeanwhile: HTTPStatus.CONFLICT,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    HasLearnerData: HTTPStatus.CONFLICT,
    HostRefused: HTTPStatus.BAD_GATEWAY,
}


class ProblemSerializer(serializers.Serializer):
    """An error (RFC 9457)."""

    type = serializers.CharField(help_text=f"What went wrong: `{TYPE_PREFIX}` and a stable code.")
    title = serializers.CharField(help_text="The HTTP status in words.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    detail = serializers.CharField(help_text="What is wrong and how to mend it, in the reader's language.")
    instance = serializers.CharField(help_text="The path that was asked for.")
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="By field, what is wrong with it; the empty name stands for the whole. Only where fields were given.",
    )


class ProblemsMixin:
    """For API views: every refusal of ours, and every error of REST framework, leaves as a problem."""

    def get_exception_handler(self):
        """Ours, whatever the host has set for its own API."""
        return problem_response


def problem_response(error: Exception, context: dict) -> Response | None:
    """
    The problem for `error`; ``None``, so that it is raised, for what nobody foresaw.

    Args:
        context: as REST framework gives it to an exception handler; ``request`` is read.
    """
    if isinstance(error, CohortSessionError):
        response = Response(status=_status(error))
        code, detail, errors = error.code, str(error), _errors(error)
    else:
        # REST framework's own handler keeps the headers that belong to the error: WWW-Authenticate, Retry-After.
        response = exception_handler(error, context)
        if response is None:
            return None
        code, detail, errors = _described(error)
    response.data = {
        "type": TYPE_PREFIX + code,
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
        "detail": detail,
        "instance": context["request"].path,
    } | ({"errors": errors} if errors else {})
    response.content_type = MEDIA_TYPE
    return response


def _status(error: CohortSessionError) -> HTTPStatus:
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def _errors(error: CohortSessionError) -> dict[str, list[str]]:
    return (
        {field: [str(sentence)] for field, sentence in error.errors.items()} if isinstance(error, InvalidInput) else {}
    )


def _described(error: Exception) -> tuple[str, str, dict[str, list[str]]]:
    """Code, detail and errors by field of an error that REST framework knows."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.ValidationError):
        sentences = dict(_by_field(error.detail))
        return InvalidInput.code, " ".join(chain.from_iterable(sentences.values())), sentences
    return error.default_code.replace("_", "-"), str(error.detail), {}


def _by_field(detail: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """What REST framework says of fields, those inside others and inside lists by their path: ``changes.0.field``."""
    if isinstance(detail, dict):
        parts = detail.items()
    elif any(isinstance(each, (dict, list)) for each in detail):
        parts = enumerate(detail)
    else:
        yield name, [str(sentence) for sentence in detail]
        return
    for part, inside in parts:
        yield from _by_field(inside, f"{name}.{part}" if name else str(part))
