"""What the views of announcements and of materials have in common."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from django.utils import timezone
from rest_framework.request import Request

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.models import CohortSession
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.authority import session_for
from cohort_sessions.queries.board import SessionBoard, session_board
from cohort_sessions.rest_api.problems import MEDIA_TYPE
from cohort_sessions.rest_api.v1.base import NOBODY, NOT_FOUND, SignedInViewSet, problem

REFUSALS = {(403, MEDIA_TYPE): problem("Announcements are locked, or not the caller's to write there.")}
WRITING = {(400, MEDIA_TYPE): problem("Something in it cannot stand; `errors` says what.")} | REFUSALS
ALWAYS = NOBODY | NOT_FOUND


class BoardViewSet(SignedInViewSet):
    """Below the address of a session, for whoever is shown it."""

    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

    def initial(self, request: Request, *args, **kwargs) -> None:
        """Let in whoever is shown the session."""
        super().initial(request, *args, **kwargs)
        self.session: CohortSession = session_for(kwargs["code"], permissions.VIEW_SESSION, actor=self.actor)

    @cached_property
    def now(self) -> datetime:
        """The moment of the request."""
        return timezone.now()

    @cached_property
    def actor(self) -> Actor:
        """Who asks."""
        return load_actor(self.request.user, now=self.now)

    @property
    def by_caller(self) -> dict[str, object]:
        """Who acts, and when, for operations."""
        return {"actor": self.actor, "now": self.now}

    def board(self) -> SessionBoard:
        """The board as the caller finds it now."""
        return session_board(self.session, **self.by_caller)

    def context(self, board: SessionBoard) -> dict[str, object]:
        """What serialisers need to know of the caller."""
        return {"rights": board.rights, "code": self.session.code, "request": self.request}
