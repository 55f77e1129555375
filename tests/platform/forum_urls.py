"""The addresses of the LMS with those of its forum, which its test settings leave out; an URL configuration."""

from django.conf import settings
from django.urls import include, path, re_path
from lms.urls import *  # noqa: F403
from lms.urls import urlpatterns

urlpatterns = [
    *urlpatterns,
    path("api/discussion/", include("lms.djangoapps.discussion.rest_api.urls")),
    re_path(
        rf"^courses/{settings.COURSE_ID_PATTERN}/discussion/",
        include("lms.djangoapps.discussion.django_comment_client.urls"),
    ),
]
