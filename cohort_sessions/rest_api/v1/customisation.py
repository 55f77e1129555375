"""
Views of version 1 for the outline, the tools and the grading of a course of a session: for its team.

`authentication_classes` are left to the platform on purpose (edx-platform ADR 0034).
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from cohort_sessions.errors import NotFound
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations.customisation import (
    apply_draft,
    discard_draft,
    draft_blocks,
    draft_changes,
    undo_changes,
)
from cohort_sessions.operations.grading import set_grading
from cohort_sessions.operations.tools import show_tools
from cohort_sessions.queries.customisation import edition_outline
from cohort_sessions.queries.grading import edition_grading
from cohort_sessions.queries.tools import edition_tools
from cohort_sessions.rest_api.problems import MEDIA_TYPE
from cohort_sessions.rest_api.v1.base import TAGS, EditionView, problem
from cohort_sessions.rest_api.v1.customisation_serializers import (
    ApplySerializer,
    ChangedSerializer,
    DraftSerializer,
    EditionOutlineSerializer,
    GradingChangeSerializer,
    GradingSerializer,
    ToolsSerializer,
)

_INVALID = {(400, MEDIA_TYPE): problem("By field, what cannot be; nothing was changed.")}
_CONFLICT = {(409, MEDIA_TYPE): problem("Something is in the way; the detail says what.")}


class OutlineView(EditionView):
    """The outline."""

    @extend_schema(
        operation_id="cohort_sessions_outline",
        summary="The outline of a course",
        description="What the base course says, what the session says, and what is prepared.",
        responses={200: EditionOutlineSerializer} | EditionView.REFUSALS,
        tags=TAGS,
    )
    def get(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `queries.customisation.edition_outline`."""
        return _outline(self.edition(), self)


class DraftView(EditionView):
    """What is prepared and not applied yet."""

    @extend_schema(
        operation_id="cohort_sessions_draft_outline",
        summary="Prepare changes of the outline",
        description="Adds to the draft, all of it or nothing; learners see it when the draft is applied.",
        request=DraftSerializer,
        responses={200: EditionOutlineSerializer} | _INVALID | EditionView.REFUSALS,
        tags=TAGS,
    )
    def patch(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `operations.customisation.draft_changes` and `draft_blocks`."""
        edition = self.edition()
        given = DraftSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked, by = given.validated_data, {"actor": self.actor, "now": self.now}
        wishes: dict = {}
        for change in asked["changes"]:
            wishes.setdefault(change["usage_key"], {})[change["field"]] = change["wish"]
        if "deed" in asked:
            draft_blocks(edition, asked["blocks"], asked["deed"], days=asked["days"], **by)
        else:
            draft_changes(edition, wishes, **by)
        return _outline(edition, self)

    @extend_schema(
        operation_id="cohort_sessions_discard_draft",
        summary="Forget what is prepared",
        description="Learners see what they saw.",
        responses={204: None} | EditionView.REFUSALS,
        tags=TAGS,
    )
    def delete(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `operations.customisation.discard_draft`."""
        discard_draft(self.edition(), actor=self.actor, now=self.now)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ApplyView(EditionView):
    """Applying the draft."""

    @extend_schema(
        operation_id="cohort_sessions_apply_draft",
        summary="Apply what is prepared",
        description="In one step; the platform follows in a moment.",
        request=ApplySerializer,
        responses={200: ChangedSerializer} | _INVALID | _CONFLICT | EditionView.REFUSALS,
        tags=TAGS,
    )
    def post(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `operations.customisation.apply_draft`."""
        edition = self.edition()
        given = ApplySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        number = apply_draft(edition, **given.validated_data, actor=self.actor, now=self.now)
        return Response(ChangedSerializer({"changed": number}).data)


class UndoView(EditionView):
    """Taking back what was applied last."""

    @extend_schema(
        operation_id="cohort_sessions_undo_changes",
        summary="Take back what was applied last",
        description="Or what undoing changed last.",
        request=None,
        responses={200: ChangedSerializer} | _CONFLICT | EditionView.REFUSALS,
        tags=TAGS,
    )
    def post(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `operations.customisation.undo_changes`."""
        number = undo_changes(self.edition(), actor=self.actor, now=self.now)
        return Response(ChangedSerializer({"changed": number}).data)


class ToolsView(EditionView):
    """The tools."""

    @extend_schema(
        operation_id="cohort_sessions_tools",
        summary="The tools of a course",
        description="Which of the course's tools learners of the session have.",
        responses={200: ToolsSerializer} | EditionView.REFUSALS,
        tags=TAGS,
    )
    def get(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `queries.tools.edition_tools`."""
        return _tools(self.edition())

    @extend_schema(
        operation_id="cohort_sessions_show_tools",
        summary="Show or hide tools",
        description="What is hidden has no tab, and its address leads learners nowhere. Others stay as they are.",
        request=ToolsSerializer,
        responses={200: ToolsSerializer} | _INVALID | EditionView.REFUSALS,
        tags=TAGS,
    )
    def patch(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `operations.tools.show_tools`."""
        edition = self.edition()
        given = ToolsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        shown = {each["tool"]: each["is_shown"] for each in given.validated_data["tools"]}
        show_tools(edition, shown, actor=self.actor, now=self.now)
        return _tools(edition)


class GradingView(EditionView):
    """The grading."""

    @extend_schema(
        operation_id="cohort_sessions_grading",
        summary="The grading of a course",
        description="The base course's, and what the session has otherwise.",
        responses={200: GradingSerializer} | EditionView.REFUSALS,
        tags=TAGS,
    )
    def get(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `queries.grading.edition_grading`."""
        return _grading(self.edition())

    @extend_schema(
        operation_id="cohort_sessions_set_grading",
        summary="Set the grading of a course",
        description="For this session; the platform computes every grade of it anew. Not once results are final.",
        request=GradingChangeSerializer,
        responses={200: GradingSerializer} | _INVALID | _CONFLICT | EditionView.REFUSALS,
        tags=TAGS,
    )
    def put(self, request: Request, code: str, uuid: UUID) -> Response:
        """As `operations.grading.set_grading`."""
        edition = self.edition()
        given = GradingChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        line = given.validated_data["pass_line"]
        set_grading(edition, pass_line=line, assignments=given.weights(), actor=self.actor, now=self.now)
        return _grading(edition)


def _outline(edition: CourseEdition, view: EditionView) -> Response:
    return Response(EditionOutlineSerializer(edition_outline(edition, actor=view.actor)).data)


def _tools(edition: CourseEdition) -> Response:
    return Response(ToolsSerializer({"tools": edition_tools(edition)}).data)


def _grading(edition: CourseEdition) -> Response:
    found = edition_grading(edition)
    if found is None:
        raise NotFound(_("The platform does not have this course any more."))
    return Response(GradingSerializer(found).data)
