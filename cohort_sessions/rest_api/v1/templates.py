"""
Views of version 1 for templates of what a course of a session has otherwise, and for putting it back: for its team.

`authentication_classes` are left to the platform on purpose (edx-platform ADR 0034).
"""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from cohort_sessions.models import CourseEdition
from cohort_sessions.operations.templates import apply_template, delete_template, reset_edition, save_templates
from cohort_sessions.queries.templates import edition_templates
from cohort_sessions.rest_api.problems import MEDIA_TYPE
from cohort_sessions.rest_api.v1.base import TAGS, EditionView, problem
from cohort_sessions.rest_api.v1.customisation_serializers import (
    ChangedSerializer,
    ResetSerializer,
    TemplateSerializer,
)

_INVALID = {(400, MEDIA_TYPE): problem("By field, what cannot be; nothing was changed.")}
_CONFLICT = {(409, MEDIA_TYPE): problem("Results are final, so the grading stays as it is.")}


class TemplatesView(EditionView):
    """The templates that fit a course."""

    @extend_schema(
        operation_id="cohort_sessions_templates",
        summary="Templates for a course",
        description="Of the same course, saved in sessions of the same organisation.",
        responses={200: TemplateSerializer(many=True)} | EditionView.REFUSALS,
        tags=TAGS,
    )
    def get(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `queries.templates.edition_templates`."""
        return Response(self._lines(self.edition()))

    @extend_schema(
        operation_id="cohort_sessions_save_template",
        summary="Keep what a course has otherwise",
        description="As a template for other sessions of the organisation.",
        request=TemplateSerializer,
        responses={201: TemplateSerializer(many=True)} | _INVALID | EditionView.REFUSALS,
        tags=TAGS,
    )
    def post(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `operations.templates.save_templates`."""
        edition = self.edition()
        given = TemplateSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        save_templates([edition], title=given.validated_data["title"], actor=self.actor, now=self.now)
        return Response(self._lines(edition), status=status.HTTP_201_CREATED)

    def _lines(self, edition: CourseEdition) -> list:
        return TemplateSerializer(edition_templates(edition, actor=self.actor), many=True).data


class TemplateView(EditionView):
    """One template."""

    @extend_schema(
        operation_id="cohort_sessions_apply_template",
        summary="Use a template",
        description="The course has what the template keeps, and nothing besides; dates move with the opening.",
        request=None,
        responses={200: ChangedSerializer} | _CONFLICT | EditionView.REFUSALS,
        tags=TAGS,
    )
    def post(self, request: Request, code: str, uuid: UUID, template: UUID) -> Response:
        """As `operations.templates.apply_template`."""
        number = apply_template(self.edition(), template, actor=self.actor, now=self.now)
        return Response(ChangedSerializer({"changed": number}).data)

    @extend_schema(
        operation_id="cohort_sessions_delete_template",
        summary="Delete a template",
        description="What was made from it stays. For who saved it, and for session administrators.",
        responses={204: None} | EditionView.REFUSALS,
        tags=TAGS,
    )
    def delete(self, request: Request, code: str, uuid: UUID, template: UUID) -> Response:
        """As `operations.templates.delete_template`."""
        delete_template(self.edition(), template, actor=self.actor, now=self.now)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ResetView(EditionView):
    """Putting a course back."""

    @extend_schema(
        operation_id="cohort_sessions_reset_course",
        summary="Put a course back",
        description="To its base course or a template, whole or single blocks, whatever is locked. For administrators.",
        request=ResetSerializer,
        responses={200: ChangedSerializer} | _INVALID | _CONFLICT | EditionView.REFUSALS,
        tags=TAGS,
    )
    def post(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `operations.templates.reset_edition`."""
        edition = self.edition()
        given = ResetSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        number = reset_edition(edition, **given.validated_data, actor=self.actor, now=self.now)
        return Response(ChangedSerializer({"changed": number}).data)
