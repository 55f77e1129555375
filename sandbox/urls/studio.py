"""The author's host, all of it under ``/studio/``."""

from django.urls import include, path
from edx_django_utils.plugins import get_plugin_url_patterns

from sandbox.urls import static_files
from sandbox.views import people, studio

host_patterns = [
    path("", studio.home, name="home"),
    path("course/<course_key>/", studio.course, name="course"),
    path("sign-in/", people.sign_in, name="sign_in"),
    path("sign-out/", people.sign_out, name="sign_out"),
]

urlpatterns = [
    path("studio/", include((host_patterns, "sandbox"))),
    path("studio/", include(get_plugin_url_patterns("cms.djangoapp"))),
    *static_files,
]
