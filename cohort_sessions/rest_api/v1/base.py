"""What all views of version 1 have in common."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse
from rest_framework import viewsets
from rest_framework.permissions import IsAuthenticated

from cohort_sessions.rest_api.problems import MEDIA_TYPE, ProblemSerializer, ProblemsMixin

TAGS = ["cohort-sessions"]


class SignedInViewSet(ProblemsMixin, viewsets.ViewSet):
    """For whoever is signed in; refusals are problems. Sessions are named by their codes."""

    permission_classes = (IsAuthenticated,)
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]+"


def problem(description: str) -> OpenApiResponse:
    """A refusal, for the description of the API."""
    return OpenApiResponse(ProblemSerializer, description)


NOBODY = {(401, MEDIA_TYPE): problem("Nobody is signed in.")}
NOT_FOUND = {
    (404, MEDIA_TYPE): problem("There is no such session, or it does not concern the caller; nothing tells which.")
}
