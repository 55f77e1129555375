"""Announcements of a session: what the caller sees of them, what they have read, and what their team may write."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cohort_sessions.errors import NotFound
from cohort_sessions.operations.announcement_reads import mark_announcements_read
from cohort_sessions.operations.announcements import create_announcement, delete_announcement, edit_announcement
from cohort_sessions.queries.announcements import own_announcement
from cohort_sessions.rest_api.problems import MEDIA_TYPE
from cohort_sessions.rest_api.v1.base import TAGS, problem
from cohort_sessions.rest_api.v1.board import ALWAYS, REFUSALS, WRITING, BoardViewSet
from cohort_sessions.rest_api.v1.board_serializers import (
    AnnouncementChangeSerializer,
    AnnouncementSerializer,
    AnnouncementsSerializer,
    NewAnnouncementSerializer,
    ReadSerializer,
)

_ONE = [OpenApiParameter("uuid", UUID, OpenApiParameter.PATH, description="Names the announcement.")]


class AnnouncementsViewSet(BoardViewSet):
    """Announcements of one session."""

    @extend_schema(
        operation_id="cohort_sessions_announcements",
        summary="Announcements of a session",
        description="Those that are published, and for the team those that are planned or past as well.",
        responses={200: AnnouncementsSerializer} | ALWAYS,
        tags=TAGS,
    )
    def list(self, request: Request, code: str) -> Response:
        """As on the session's page. Not paginated: there are few, and they cost no more queries."""
        board = self.board()
        return Response(AnnouncementsSerializer(board, context=self.context(board)).data)

    @extend_schema(
        operation_id="cohort_sessions_announce",
        summary="Announce something",
        description="For the whole session, or for those who take one of its courses; at once or later.",
        request=NewAnnouncementSerializer,
        responses={201: AnnouncementSerializer} | WRITING | ALWAYS,
        tags=TAGS,
    )
    def create(self, request: Request, code: str) -> Response:
        """As `operations.announcements.create_announcement`."""
        given = NewAnnouncementSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = create_announcement(self.session, **given.validated_data, **self.by_caller)
        return self._answer(made.uuid, HTTPStatus.CREATED)

    @extend_schema(
        operation_id="cohort_sessions_edit_announcement",
        summary="Change an announcement",
        description="What is given. Who was told by mail is not told again.",
        parameters=_ONE,
        request=AnnouncementChangeSerializer(partial=True),
        responses={
            200: AnnouncementSerializer,
            (409, MEDIA_TYPE): problem("It was changed since `seen_at`."),
        }
        | WRITING
        | ALWAYS,
        tags=TAGS,
    )
    def partial_update(self, request: Request, code: str, uuid: str) -> Response:
        """As `operations.announcements.edit_announcement`."""
        found = own_announcement(self.session, UUID(uuid), **self.by_caller)
        given = AnnouncementChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        edit_announcement(found, **given.validated_data, **self.by_caller)
        return self._answer(found.uuid, HTTPStatus.OK)

    @extend_schema(
        operation_id="cohort_sessions_delete_announcement",
        summary="Delete an announcement",
        description="Mails about it that have not left are not sent any more.",
        parameters=_ONE,
        responses={204: None} | REFUSALS | ALWAYS,
        tags=TAGS,
    )
    def destroy(self, request: Request, code: str, uuid: str) -> Response:
        """As `operations.announcements.delete_announcement`."""
        delete_announcement(own_announcement(self.session, UUID(uuid), **self.by_caller), **self.by_caller)
        return Response(status=HTTPStatus.NO_CONTENT)

    @extend_schema(
        operation_id="cohort_sessions_read_announcements",
        summary="Mark all as read",
        description="All that are published now. Repeating it is harmless; for who is no member nothing is unread.",
        request=None,
        responses={200: ReadSerializer} | ALWAYS,
        tags=TAGS,
    )
    @action(detail=False, methods=["post"], url_path="read", url_name="read-all")
    def read_all(self, request: Request, code: str) -> Response:
        """As `operations.announcement_reads.mark_announcements_read`."""
        return self._read(None)

    @extend_schema(
        operation_id="cohort_sessions_read_announcement",
        summary="Mark as read",
        description="One that is published now. Repeating it is harmless; for who is no member nothing is unread.",
        parameters=_ONE,
        request=None,
        responses={200: ReadSerializer} | ALWAYS,
        tags=TAGS,
    )
    @action(detail=True, methods=["post"])
    def read(self, request: Request, code: str, uuid: str) -> Response:
        """As `operations.announcement_reads.mark_announcements_read`."""
        return self._read([UUID(uuid)])

    def _read(self, uuids: list[UUID] | None) -> Response:
        changed = mark_announcements_read(self.session, uuids, **self.by_caller)
        return Response(ReadSerializer({"changed": changed}).data)

    def _answer(self, uuid: UUID, status: HTTPStatus) -> Response:
        board = self.board()
        shown = next((each for each in board.announcements if each.uuid == uuid), None)
        if shown is None:  # gone between the two
            raise NotFound(_("There is no such announcement in this session."))
        return Response(AnnouncementSerializer(shown, context=self.context(board)).data, status=status)
