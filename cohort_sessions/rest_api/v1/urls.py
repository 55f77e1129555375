"""Addresses of version 1."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from cohort_sessions.rest_api.v1.elements import ElementsView, WelcomeView
from cohort_sessions.rest_api.v1.joining import AvailableSessionsViewSet
from cohort_sessions.rest_api.v1.views import MyHistoryViewSet, MySessionsViewSet, SessionViewSet

router = SimpleRouter()
router.register("my-sessions", MySessionsViewSet, basename="api-my-sessions")
router.register("my-history", MyHistoryViewSet, basename="api-my-history")
router.register("available-sessions", AvailableSessionsViewSet, basename="api-available-sessions")
router.register("sessions", SessionViewSet, basename="api-sessions")

# About one course of a session, for its team.
edition_patterns = [
    path("sessions/<slug:code>/courses/<uuid:uuid>/elements/", ElementsView.as_view(), name="api-elements"),
    path("sessions/<slug:code>/courses/<uuid:uuid>/welcome/", WelcomeView.as_view(), name="api-welcome"),
]

urlpatterns = [*router.urls, *edition_patterns]
