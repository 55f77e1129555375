"""
Views of version 1 for joining, waiting and leaving.

`authentication_classes` are left to the platform on purpose (edx-platform ADR 0034).
"""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cohort_sessions.operations.joining import join_session, leave_session, withdraw_request
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.catalogue import available_session, available_sessions
from cohort_sessions.queries.wishes import session_joined, session_named, session_wished
from cohort_sessions.rest_api.problems import MEDIA_TYPE
from cohort_sessions.rest_api.v1.base import NOBODY, NOT_FOUND, TAGS, SignedInViewSet, problem
from cohort_sessions.rest_api.v1.serializers import (
    CatalogueEntrySerializer,
    CatalogueQuerySerializer,
    CatalogueSerializer,
    GoingSerializer,
    JoinOutcomeSerializer,
    JoinSerializer,
)


class AvailableSessionsViewSet(SignedInViewSet):
    """*Available sessions*: what whoever asks may join by themselves, or waits for."""

    @extend_schema(
        operation_id="cohort_sessions_available_sessions",
        summary="Available sessions",
        description="The sessions the caller may join, now or soon, and those they have an open request in.",
        parameters=[CatalogueQuerySerializer],
        responses={200: CatalogueSerializer, (400, MEDIA_TYPE): problem("The page is no number from 1.")} | NOBODY,
        tags=TAGS,
    )
    def list(self, request: Request) -> Response:
        """One page; beyond the last one, the last."""
        asked = CatalogueQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = available_sessions(request.user.id, now=timezone.now(), **asked.validated_data)
        return Response(CatalogueSerializer(found, context={"request": request}).data)

    @extend_schema(
        operation_id="cohort_sessions_available_session",
        summary="An available session",
        description="One of them.",
        responses={200: CatalogueEntrySerializer} | NOBODY | NOT_FOUND,
        tags=TAGS,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        """The same data as in the list."""
        entry = available_session(code, user_id=request.user.id, now=timezone.now())
        return Response(CatalogueEntrySerializer(entry).data)

    @extend_schema(
        operation_id="cohort_sessions_join",
        summary="Join a session",
        description=(
            "Does what `decision.action` of the session says at this moment: takes a seat, asks the team, takes the "
            "last place in the line, or accepts the seat that is kept. Repeating it is harmless."
        ),
        request=JoinSerializer,
        responses={
            200: JoinOutcomeSerializer,
            (400, MEDIA_TYPE): problem("The enrolment code is missing or wrong."),
            (409, MEDIA_TYPE): problem("Something is in the way; the detail says what."),
            (429, MEDIA_TYPE): problem("Too many wrong enrolment codes."),
        }
        | NOBODY
        | NOT_FOUND,
        tags=TAGS,
    )
    @action(detail=True, methods=["post"])
    def join(self, request: Request, code: str) -> Response:
        """As `operations.joining.join_session`."""
        given = JoinSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        now = timezone.now()
        actor = load_actor(request.user, now=now)
        outcome = join_session(session_named(code), code=given.validated_data["code"], actor=actor, now=now)
        return Response(JoinOutcomeSerializer(outcome).data)

    @extend_schema(
        operation_id="cohort_sessions_withdraw",
        summary="Take a request back",
        description="Takes a question to the team back, leaves the line, or declines an offered seat.",
        request=None,
        responses={200: GoingSerializer} | NOBODY | NOT_FOUND,
        tags=TAGS,
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, code: str) -> Response:
        """As `operations.joining.withdraw_request`; not found for who never had a request there."""
        session, now = session_wished(code, user_id=request.user.id), timezone.now()
        changed = withdraw_request(session, actor=load_actor(request.user, now=now), now=now)
        return Response(GoingSerializer({"changed": changed}).data)


class LeavingMixin:
    """What a member may do to their own place."""

    @extend_schema(
        operation_id="cohort_sessions_leave",
        summary="Leave a session",
        description="Gives the caller's place up. Work and results are kept; the seat goes to the waiting list.",
        request=None,
        responses={200: GoingSerializer, (409, MEDIA_TYPE): problem("Places are given and taken by the team here.")}
        | NOBODY
        | NOT_FOUND,
        tags=TAGS,
    )
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, code: str) -> Response:
        """As `operations.joining.leave_session`; not found for who never had a place there."""
        session, now = session_joined(code, user_id=request.user.id), timezone.now()
        changed = leave_session(session, actor=load_actor(request.user, now=now), now=now)
        return Response(GoingSerializer({"changed": changed}).data)
