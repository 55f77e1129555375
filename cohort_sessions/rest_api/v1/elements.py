"""
Views of version 1 for what stands in the units of a course of a session, and its welcome: for its team.

`authentication_classes` are left to the platform on purpose (edx-platform ADR 0034).
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cohort_sessions.data import AS_IN_BASE
from cohort_sessions.operations.elements import change_elements, keep_elements
from cohort_sessions.operations.welcome import set_welcome
from cohort_sessions.queries.elements import unit_elements
from cohort_sessions.queries.welcome import welcome_text
from cohort_sessions.rest_api.problems import MEDIA_TYPE
from cohort_sessions.rest_api.v1.base import TAGS, EditionView, problem
from cohort_sessions.rest_api.v1.elements_serializers import (
    EditionWelcomeSerializer,
    ElementsOutcomeSerializer,
    ElementsPatchSerializer,
    UnitElementsSerializer,
    UnitQuerySerializer,
)
from cohort_sessions.rich_text import markdown_html

_INVALID = {(400, MEDIA_TYPE): problem("By field, what cannot be; nothing was changed.")}


class ElementsView(EditionView):
    """What stands in the units."""

    @extend_schema(
        operation_id="cohort_sessions_elements",
        summary="What stands in a unit",
        description="Texts and problems of a unit, with what the base course says and what the session says.",
        parameters=[UnitQuerySerializer],
        responses={200: UnitElementsSerializer} | _INVALID | EditionView.REFUSALS,
        tags=TAGS,
    )
    def get(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `queries.elements.unit_elements`."""
        edition, actor = self.edition(), self.actor
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
        responses={200: ElementsOutcomeSerializer} | _INVALID | EditionView.REFUSALS,
        tags=TAGS,
    )
    def patch(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `operations.elements`."""
        edition, actor, now = self.edition(), self.actor, self.now
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


class WelcomeView(EditionView):
    """The welcome."""

    @extend_schema(
        operation_id="cohort_sessions_welcome",
        summary="The welcome to a course",
        description="What learners of a course of a session read first.",
        responses={200: EditionWelcomeSerializer} | EditionView.REFUSALS,
        tags=TAGS,
    )
    def get(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `queries.welcome`."""
        edition = self.edition()
        return _welcome(welcome_text(edition))

    @extend_schema(
        operation_id="cohort_sessions_set_welcome",
        summary="Set the welcome to a course",
        description="Replaces it; an empty text takes it away.",
        request=EditionWelcomeSerializer,
        responses={200: EditionWelcomeSerializer} | _INVALID | EditionView.REFUSALS,
        tags=TAGS,
    )
    def put(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `operations.welcome`."""
        edition, actor, now = self.edition(), self.actor, self.now
        given = EditionWelcomeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        set_welcome(edition, given.validated_data["text"], actor=actor, now=now)
        return _welcome(welcome_text(edition))


def _welcome(text: str) -> Response:
    return Response(EditionWelcomeSerializer({"text": text, "html": markdown_html(text)}).data)
