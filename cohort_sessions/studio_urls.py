"""Addresses of the Studio pages; the host's Studio mounts them under ``/cohort-sessions/``, and nothing of the LMS."""

from django.urls import include, path

from cohort_sessions.web.studio.course_sessions import CourseSessionsView, EditionCoachesView, RemoveCoachesView

app_name = "cohort_sessions"

course_patterns = [
    path("", CourseSessionsView.as_view(), name="studio_course"),
    path("<uuid:uuid>/", EditionCoachesView.as_view(), name="studio_coaches"),
    path("<uuid:uuid>/remove/", RemoveCoachesView.as_view(), name="studio_remove_coaches"),
]

urlpatterns = [path("studio/courses/<str:base_key>/", include(course_patterns))]
