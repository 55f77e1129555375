"""Addresses of version 1."""

from rest_framework.routers import SimpleRouter

from cohort_sessions.rest_api.v1.announcements import AnnouncementsViewSet
from cohort_sessions.rest_api.v1.joining import AvailableSessionsViewSet
from cohort_sessions.rest_api.v1.materials import MaterialsViewSet
from cohort_sessions.rest_api.v1.views import MyHistoryViewSet, MySessionsViewSet, SessionViewSet

_OF_SESSION = f"sessions/(?P<code>{SessionViewSet.lookup_value_regex})"

router = SimpleRouter()
router.register("my-sessions", MySessionsViewSet, basename="api-my-sessions")
router.register("my-history", MyHistoryViewSet, basename="api-my-history")
router.register("available-sessions", AvailableSessionsViewSet, basename="api-available-sessions")
router.register("sessions", SessionViewSet, basename="api-sessions")
router.register(f"{_OF_SESSION}/announcements", AnnouncementsViewSet, basename="api-announcements")
router.register(f"{_OF_SESSION}/materials", MaterialsViewSet, basename="api-materials")

urlpatterns = router.urls
