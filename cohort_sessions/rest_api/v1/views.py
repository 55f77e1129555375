"""
Views of version 1: parse, ask one query, serialise.

`authentication_classes` are left to the platform on purpose (edx-platform ADR 0034).
"""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.my_history import my_history
from cohort_sessions.queries.my_sessions import my_sessions
from cohort_sessions.queries.session_home import session_home
from cohort_sessions.rest_api.problems import MEDIA_TYPE
from cohort_sessions.rest_api.v1.base import NOBODY, NOT_FOUND, TAGS, SignedInViewSet, problem
from cohort_sessions.rest_api.v1.joining import LeavingMixin
from cohort_sessions.rest_api.v1.serializers import (
    MyHistoryQuerySerializer,
    MyHistorySerializer,
    MySessionsQuerySerializer,
    MySessionsSerializer,
    SessionHomeSerializer,
)
from cohort_sessions.timeline import Phase


class MySessionsViewSet(SignedInViewSet):
    """*My sessions* of whoever asks."""

    @extend_schema(
        operation_id="cohort_sessions_my_sessions",
        summary="My sessions",
        description="The sessions the caller learns in or runs: one of the three lists, and the counts of all.",
        parameters=[MySessionsQuerySerializer],
        responses={
            200: MySessionsSerializer,
            (400, MEDIA_TYPE): problem("The phase is none of the three."),
        }
        | NOBODY,
        tags=TAGS,
    )
    def list(self, request: Request) -> Response:
        """The same data as the page. Not paginated: a person's sessions are few and cost no more queries."""
        asked = MySessionsQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        phase = asked.validated_data.get("phase")
        found = my_sessions(
            request.user.id,
            now=timezone.now(),
            phase=Phase(phase) if phase else None,
            search=asked.validated_data["search"],
        )
        return Response(MySessionsSerializer(found).data)


class MyHistoryViewSet(SignedInViewSet):
    """*My history* of whoever asks."""

    @extend_schema(
        operation_id="cohort_sessions_my_history",
        summary="My history",
        description=(
            "Every session in which the caller has or had a place, with what they earned there: also sessions that "
            "they left, that were cancelled, or that are hidden from their members by now."
        ),
        parameters=[MyHistoryQuerySerializer],
        responses={200: MyHistorySerializer, (400, MEDIA_TYPE): problem("The page is no number from 1.")} | NOBODY,
        tags=TAGS,
    )
    def list(self, request: Request) -> Response:
        """One page; beyond the last one, the last."""
        asked = MyHistoryQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = my_history(request.user.id, now=timezone.now(), **asked.validated_data)
        return Response(MyHistorySerializer(found, context={"request": request}).data)


class SessionViewSet(LeavingMixin, SignedInViewSet):
    """Sessions, one by one."""

    @extend_schema(
        operation_id="cohort_sessions_session",
        summary="A session",
        description="Courses, dates and team of one session, as the caller sees it now.",
        responses={200: SessionHomeSerializer} | NOBODY | NOT_FOUND,
        tags=TAGS,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        """The session home."""
        now = timezone.now()
        return Response(
            SessionHomeSerializer(session_home(code, actor=load_actor(request.user, now=now), now=now)).data
        )
