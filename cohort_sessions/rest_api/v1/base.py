"""What all views of version 1 have in common."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse
from rest_framework import viewsets
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from cohort_sessions import permissions
from cohort_sessions.models import CourseEdition
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.authority import edition_for
from cohort_sessions.rest_api.problems import MEDIA_TYPE, ProblemSerializer, ProblemsMixin

TAGS = ["cohort-sessions"]


class IsActive(IsAuthenticated):
    """Signed in with an account that is active; some of the platform's ways to sign in do not ask that."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """As `queries.actors.load_actor`: nobody acts with another account."""
        return super().has_permission(request, view) and request.user.is_active


class SignedInViewSet(ProblemsMixin, viewsets.ViewSet):
    """For whoever is signed in; refusals are problems. Sessions are named by their codes."""

    permission_classes = (IsActive,)
    lookup_field = "code"
    lookup_value_regex = "[-a-zA-Z0-9_]+"


def problem(description: str) -> OpenApiResponse:
    """A refusal, for the description of the API."""
    return OpenApiResponse(ProblemSerializer, description)


NOBODY = {(401, MEDIA_TYPE): problem("Nobody is signed in.")}
NOT_FOUND = {
    (404, MEDIA_TYPE): problem("There is no such session, or it does not concern the caller; nothing tells which.")
}


class EditionView(ProblemsMixin, APIView):
    """About one course of a session, for those who may customise it; refusals are problems."""

    permission_classes = (IsActive,)
    REFUSALS = {
        (403, MEDIA_TYPE): problem("The caller's role does not allow it, or a session administrator has locked it."),
        (404, MEDIA_TYPE): problem("There is no such session or course, or it does not concern the caller."),
    } | NOBODY

    def initial(self, request: Request, *args, **kwargs) -> None:
        """Find out who is asking, and when."""
        super().initial(request, *args, **kwargs)
        self.now = timezone.now()
        self.actor = load_actor(request.user, now=self.now)

    def edition(self) -> CourseEdition:
        """The course of the address; asked for before anything is looked at that was sent."""
        return edition_for(self.kwargs["code"], self.kwargs["uuid"], permissions.CUSTOMISE_EDITION, actor=self.actor)
