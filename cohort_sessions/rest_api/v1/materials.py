"""Links and files of a session: what the caller may have of them, and what their team may add and remove."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cohort_sessions.errors import InvalidInput, NotFound
from cohort_sessions.operations.materials import add_file, add_link, edit_material, move_material, remove_material
from cohort_sessions.queries.materials import own_material
from cohort_sessions.rest_api.v1.base import TAGS
from cohort_sessions.rest_api.v1.board import ALWAYS, REFUSALS, WRITING, BoardViewSet
from cohort_sessions.rest_api.v1.board_serializers import (
    MaterialChangeSerializer,
    MaterialSerializer,
    MaterialsSerializer,
    MovedSerializer,
    MoveSerializer,
    NewMaterialSerializer,
)

_ONE = [OpenApiParameter("uuid", UUID, OpenApiParameter.PATH, description="Names the link or file.")]


class MaterialsViewSet(BoardViewSet):
    """Links and files of one session."""

    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(
        operation_id="cohort_sessions_materials",
        summary="Links and files of a session",
        description="For its team, and for members who may go in; empty for others who are shown the session.",
        responses={200: MaterialsSerializer} | ALWAYS,
        tags=TAGS,
    )
    def list(self, request: Request, code: str) -> Response:
        """As on the session's page. Not paginated: there are few, and they cost no more queries."""
        board = self.board()
        return Response(MaterialsSerializer(board, context=self.context(board)).data)

    @extend_schema(
        operation_id="cohort_sessions_add_material",
        summary="Add a link or file",
        description="At the end of the list. A file is sent as part of a form; its kind and size are limited.",
        request=NewMaterialSerializer,
        responses={201: MaterialSerializer} | WRITING | ALWAYS,
        tags=TAGS,
    )
    def create(self, request: Request, code: str) -> Response:
        """As `operations.materials.add_link` and `add_file`."""
        given = NewMaterialSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        if ("file" in values) == ("url" in values):
            raise InvalidInput({"": _("Give either the address of a link, or a file.")})
        if "file" in values:
            made = add_file(self.session, values.pop("file"), **values, **self.by_caller)
        else:
            made = add_link(self.session, **values, **self.by_caller)
        return self._answer(made.uuid, HTTPStatus.CREATED)

    @extend_schema(
        operation_id="cohort_sessions_edit_material",
        summary="Change a link or file",
        description="Its title, for whom it is, and of a link the address.",
        parameters=_ONE,
        request=MaterialChangeSerializer(partial=True),
        responses={200: MaterialSerializer} | WRITING | ALWAYS,
        tags=TAGS,
    )
    def partial_update(self, request: Request, code: str, uuid: str) -> Response:
        """As `operations.materials.edit_material`."""
        found = own_material(self.session, UUID(uuid), **self.by_caller)
        given = MaterialChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        edit_material(found, **given.validated_data, **self.by_caller)
        return self._answer(found.uuid, HTTPStatus.OK)

    @extend_schema(
        operation_id="cohort_sessions_move_material",
        summary="Move a link or file",
        description="One place up or down among those of its course, or of the whole session.",
        parameters=_ONE,
        request=MoveSerializer,
        responses={200: MovedSerializer} | WRITING | ALWAYS,
        tags=TAGS,
    )
    @action(detail=True, methods=["post"])
    def move(self, request: Request, code: str, uuid: str) -> Response:
        """As `operations.materials.move_material`."""
        found = own_material(self.session, UUID(uuid), **self.by_caller)
        given = MoveSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        changed = move_material(found, **given.validated_data, **self.by_caller)
        return Response(MovedSerializer({"changed": changed}).data)

    @extend_schema(
        operation_id="cohort_sessions_remove_material",
        summary="Remove a link or file",
        description="The file itself is deleted as well.",
        parameters=_ONE,
        responses={204: None} | REFUSALS | ALWAYS,
        tags=TAGS,
    )
    def destroy(self, request: Request, code: str, uuid: str) -> Response:
        """As `operations.materials.remove_material`."""
        remove_material(own_material(self.session, UUID(uuid), **self.by_caller), **self.by_caller)
        return Response(status=HTTPStatus.NO_CONTENT)

    def _answer(self, uuid: UUID, status: HTTPStatus) -> Response:
        board = self.board()
        shown = next((each for each in board.materials if each.uuid == uuid), None)
        if shown is None:  # gone between the two
            raise NotFound(_("There is no such link or file in this session."))
        return Response(MaterialSerializer(shown, context=self.context(board)).data, status=status)
