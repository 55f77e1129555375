"""Versions of the API, each under an address of its own."""

from django.urls import include, path

urlpatterns = [
    path("v1/", include("cohort_sessions.rest_api.v1.urls")),
]
