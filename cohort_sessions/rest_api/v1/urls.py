"""Addresses of version 1."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from cohort_sessions.rest_api.v1.announcements import AnnouncementsViewSet
from cohort_sessions.rest_api.v1.customisation import (
    ApplyView,
    DraftView,
    GradingView,
    OutlineView,
    ToolsView,
    UndoView,
)
from cohort_sessions.rest_api.v1.elements import ElementsView, WelcomeView
from cohort_sessions.rest_api.v1.joining import AvailableSessionsViewSet
from cohort_sessions.rest_api.v1.materials import MaterialsViewSet
from cohort_sessions.rest_api.v1.templates import ResetView, TemplatesView, TemplateView
from cohort_sessions.rest_api.v1.views import MyHistoryViewSet, MySessionsViewSet, SessionViewSet

_OF_SESSION = f"sessions/(?P<code>{SessionViewSet.lookup_value_regex})"

router = SimpleRouter()
router.register("my-sessions", MySessionsViewSet, basename="api-my-sessions")
router.register("my-history", MyHistoryViewSet, basename="api-my-history")
router.register("available-sessions", AvailableSessionsViewSet, basename="api-available-sessions")
router.register("sessions", SessionViewSet, basename="api-sessions")
router.register(f"{_OF_SESSION}/announcements", AnnouncementsViewSet, basename="api-announcements")
router.register(f"{_OF_SESSION}/materials", MaterialsViewSet, basename="api-materials")

# About one course of a session, for its team.
_COURSE = "sessions/<slug:code>/courses/<uuid:uuid>"
edition_patterns = [
    path(f"{_COURSE}/outline/", OutlineView.as_view(), name="api-outline"),
    path(f"{_COURSE}/outline/draft/", DraftView.as_view(), name="api-outline-draft"),
    path(f"{_COURSE}/outline/draft/apply/", ApplyView.as_view(), name="api-outline-apply"),
    path(f"{_COURSE}/outline/undo/", UndoView.as_view(), name="api-outline-undo"),
    path(f"{_COURSE}/tools/", ToolsView.as_view(), name="api-tools"),
    path(f"{_COURSE}/grading/", GradingView.as_view(), name="api-grading"),
    path(f"{_COURSE}/elements/", ElementsView.as_view(), name="api-elements"),
    path(f"{_COURSE}/templates/", TemplatesView.as_view(), name="api-templates"),
    path(f"{_COURSE}/templates/<uuid:template>/", TemplateView.as_view(), name="api-template"),
    path(f"{_COURSE}/reset/", ResetView.as_view(), name="api-reset"),
    path(f"{_COURSE}/welcome/", WelcomeView.as_view(), name="api-welcome"),
]

urlpatterns = [*router.urls, *edition_patterns]
