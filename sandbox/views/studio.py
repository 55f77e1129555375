"""The author's side, just enough of it to change a course and publish the change."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sandbox.access import is_course_staff
from sandbox.content import content_of
from sandbox.keys import is_edition, parse_course_key
from sandbox.models import CourseRole, CourseRun
from sandbox.publishing import publish_title


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The courses this person may author. Editions are not among them: their content is the course's."""
    courses = CourseRun.objects.defer("olx")
    if not request.user.is_staff:
        courses = courses.filter(course_key__in=CourseRole.objects.filter(user=request.user).values("course_key"))
    return render(request, "sandbox/studio_home.html", {"courses": courses})


@login_required
def course(request: HttpRequest, course_key: str) -> HttpResponse:
    """
    One course: its outline and its title. A POST with ``title`` publishes the new title to the course and all its
    editions.
    """
    key = parse_course_key(course_key)
    if key is None or is_edition(key) or not is_course_staff(key, request.user):
        raise Http404
    run = CourseRun.objects.filter(course_key=key).first()
    if run is None:
        raise Http404
    if request.method == "POST":
        title = request.POST.get("title", "").strip()
        if title:
            publish_title(key, title)
        return redirect("sandbox:course", key)
    return render(request, "sandbox/studio_course.html", {"course": run, "root": content_of(run).root})
