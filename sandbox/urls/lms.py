"""The learner's host."""

from django.contrib import admin
from django.urls import include, path
from edx_django_utils.plugins import get_plugin_url_patterns

from sandbox.urls import static_files
from sandbox.views import course, people

host_patterns = [
    path("", people.home, name="home"),
    path("sign-in/", people.sign_in, name="sign_in"),
    path("sign-out/", people.sign_out, name="sign_out"),
    path("courses/<course_key>/course/", course.home, name="course_home"),
    path("courses/<course_key>/resume/", course.resume, name="resume"),
    path("courses/<course_key>/courseware/<block_id>/", course.unit, name="unit"),
    path("courses/<course_key>/progress/", course.progress, name="progress"),
    path("courses/<course_key>/xblock/<usage_key>/handler/<handler_name>", course.handler, name="handler"),
    path("api/courses/<course_key>/outline", course.outline_api, name="outline_api"),
]

urlpatterns = [
    path("", include((host_patterns, "sandbox"))),
    path("admin/", admin.site.urls),
    *get_plugin_url_patterns("lms.djangoapp"),
    *static_files,
]
