"""Addresses of the LMS pages and of the REST API; the host mounts them under ``/cohort-sessions/``."""

from django.urls import include, path

from cohort_sessions.web.my_sessions import MySessionsFragmentView, MySessionsPageView
from cohort_sessions.web.session_home import SessionHomeView

app_name = "cohort_sessions"

urlpatterns = [
    path("", MySessionsPageView.as_view(), name="my_sessions"),
    path("fragment/", MySessionsFragmentView.as_view(), name="my_sessions_fragment"),
    path("sessions/<slug:code>/", SessionHomeView.as_view(), name="session_home"),
    path("api/", include("cohort_sessions.rest_api.urls")),
]
