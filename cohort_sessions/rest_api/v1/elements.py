"""
Views of version 1 for what stands in the units of a course of a session, and its welcome: for its team.

`authentication_classes` are left to the platform on purpose (edx-platform ADR 0034).
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cohort_sessions import permissions
from cohort_sessions.data import AS_IN_BASE
from cohort_sessions.operations.elements import change_elements, keep_elements
from cohort_sessions.operations.welcome import set_welcome
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.authority import edition_for
from cohort_sessions.queries.elements import unit_elements
from cohort_sessions.queries.welcome import welcome_text
from cohort_sessions.rest_api.problems import MEDIA_TYPE, ProblemsMixin
from cohort_sessions.rest_api.v1.base import NOBODY, TAGS, IsActive, problem
from cohort_sessions.rest_api.v1.elements_serializers import (
    EditionWelcomeSerializer,
    ElementsOutcomeSerializer,
    ElementsPatchSerializer,
    UnitElementsSerializer,
    UnitQuerySerializer,
)
from cohort_sessions.rich_text import markdown_html

_REFUSALS = {
    (403, MEDIA_TYPE): problem("The caller's role does not allow it, or a session administrator has locked it."),
    (404, MEDIA_TYPE): problem("There is no such session or course, or it does not concern the caller."),
} | NOBODY
_INVALID = {(400, MEDIA_TYPE): problem("By field, what cannot be; nothing was changed.")}


class _EditionView(ProblemsMixin, APIView):
    """About one course of a session, for those who may customise it."""

    permission_classes = (IsActive,)

    def edition(self, request: Request, code: str, uuid: UUID):
        """The course, and who is asking, now."""
        now = timezone.now()
        actor = load_actor(request.user, now=now)
        return edition_for(code, uuid, permissions.CUSTOMISE_EDITION, actor=actor), actor, now


class ElementsView(_EditionView):
    """What stands in the units."""

    @extend_schema(
        operation_id="cohort_sessions_elements",
        summary="What stands in a unit",
        description="Texts and problems of a unit, with what the base course says and what the session says.",
        parameters=[UnitQuerySerializer],
        responses={200: UnitElementsSerializer} | _INVALID | _REFUSALS,
        tags=TAGS,
    )
    def get(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `queries.elements.unit_elements`."""
        edition, actor, _now = self.edition(request, code, uuid)
        asked = UnitQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(
            UnitElementsSerializer(unit_elements(edition, actor=actor, unit_key=asked.validated_data["unit"])).data
        )

    @extend_schema(
        operation_id="cohort_sessions_change_elements",
        summary="Change what stands in units",
        description=(
            "Gives fields of texts and problems other values for this session only, or takes them from the base course "
            "again. Saved at once; the platform follows in a moment."
        ),
        request=ElementsPatchSerializer,
        responses={200: ElementsOutcomeSerializer} | _INVALID | _REFUSALS,
        tags=TAGS,
    )
    def patch(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `operations.elements`."""
        edition, actor, now = self.edition(request, code, uuid)
        given = ElementsPatchSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        changes = {(each["usage_key"], each["field"]): each.get("value", AS_IN_BASE) for each in asked["changes"]}
        places = [(each["usage_key"], each["field"]) for each in asked["keep"]]
        with transaction.atomic():
            outcome = change_elements(edition, changes, actor=actor, now=now)
            kept = keep_elements(edition, places, actor=actor, now=now)
        taken_out = [
            {"usage_key": usage_key, "field": field, "parts": parts}
            for (usage_key, field), parts in outcome.taken_out.items()
        ]
        answer = {"changed": outcome.changed, "kept": kept, "taken_out": taken_out}
        return Response(ElementsOutcomeSerializer(answer).data)


class WelcomeView(_EditionView):
    """The welcome."""

    @extend_schema(
        operation_id="cohort_sessions_welcome",
        summary="The welcome to a course",
        description="What learners of a course of a session read first.",
        responses={200: EditionWelcomeSerializer} | _REFUSALS,
        tags=TAGS,
    )
    def get(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `queries.welcome`."""
        edition, _actor, _now = self.edition(request, code, uuid)
        return _welcome(welcome_text(edition))

    @extend_schema(
        operation_id="cohort_sessions_set_welcome",
        summary="Set the welcome to a course",
        description="Replaces it; an empty text takes it away.",
        request=EditionWelcomeSerializer,
        responses={200: EditionWelcomeSerializer} | _INVALID | _REFUSALS,
        tags=TAGS,
    )
    def put(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `operations.welcome`."""
        edition, actor, now = self.edition(request, code, uuid)
        given = EditionWelcomeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        set_welcome(edition, given.validated_data["text"], actor=actor, now=now)
        return _welcome(welcome_text(edition))


def _welcome(text: str) -> Response:
    return Response(EditionWelcomeSerializer({"text": text, "html": markdown_html(text)}).data)
