"""Addresses of version 1."""

from rest_framework.routers import SimpleRouter

from cohort_sessions.rest_api.v1.joining import AvailableSessionsViewSet
from cohort_sessions.rest_api.v1.views import MyHistoryViewSet, MySessionsViewSet, SessionViewSet

router = SimpleRouter()
router.register("my-sessions", MySessionsViewSet, basename="api-my-sessions")
router.register("my-history", MyHistoryViewSet, basename="api-my-history")
router.register("available-sessions", AvailableSessionsViewSet, basename="api-available-sessions")
router.register("sessions", SessionViewSet, basename="api-sessions")

urlpatterns = router.urls
