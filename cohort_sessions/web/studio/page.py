"""What the Studio pages about one course share: the course, the person, and their time zone."""

from __future__ import annotations

from datetime import datetime, tzinfo
from http import HTTPStatus

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import Actor
from cohort_sessions.errors import NotFound
from cohort_sessions.host import BaseCourse, get_host
from cohort_sessions.queries.actors import load_author
from cohort_sessions.web import moments
from cohort_sessions.web.manage.reports import take_report
from cohort_sessions.web.reader import reading_as
from cohort_sessions.web.refusals import RefusalsMixin
from cohort_sessions.web.studio.frame import render_in_studio


class _OnCourse(View):
    now: datetime
    zone: tzinfo
    actor: Actor
    course: BaseCourse

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Let in the course team, and administrators of the platform; nobody else can tell that there is a page."""
        self.now = timezone.now()
        self.actor = load_author(request.user)
        self.course = self._course_named(kwargs["base_key"])
        with reading_as(request.user.id) as self.zone:
            return super().dispatch(request, *args, **kwargs)

    def _course_named(self, text: str) -> BaseCourse:
        try:
            base_key = CourseKey.from_string(text)
        except InvalidKeyError as error:
            raise NotFound(_("There is no such course.")) from error
        may_enter = self.actor.is_platform_admin or base_key in self.actor.taught_base_keys
        course = get_host().base_courses([base_key]).get(base_key) if may_enter else None
        if course is None:
            raise NotFound(_("There is no such course."))
        return course


class CoursePage(LoginRequiredMixin, RefusalsMixin, _OnCourse):
    """
    A page about one base course for its course team.

    Attributes:
        template: below ``cohort_sessions/studio/``.
    """

    template: str

    def address(self, page: str = "studio_course", **kwargs) -> str:
        """The address of a page about this course; `page` is its name in ``studio_urls``."""
        return reverse(f"cohort_sessions:{page}", kwargs={"base_key": str(self.course.base_key), **kwargs})

    def render(self, *, title: str, **context) -> HttpResponse:
        """The page in Studio's frame, with what was to be told of the last change."""
        shared = {
            "title": title,
            "course_url": self.address(),
            "report": take_report(self.request, str(self.course.base_key)),
            "zone": moments.zone_label(self.zone, self.now),
        }
        return render_in_studio(self.request, self.template, {**shared, **context}, course=self.course, title=title)

    def refuse(self, sentence: str, status: HTTPStatus) -> HttpResponse:
        """The page that says why not, in Studio's frame."""
        return render_in_studio(
            self.request,
            "refused.html",
            {"sentence": sentence, "course_url": self.address()},
            course=self.course,
            title=_("Not possible"),
            status=status,
        )
