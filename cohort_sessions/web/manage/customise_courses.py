"""The courses of a session that somebody may customise."""

from __future__ import annotations

from functools import cached_property

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.errors import InvalidInput
from cohort_sessions.host import get_host
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations.templates import save_templates
from cohort_sessions.web.manage.customise_templates import TemplateForm
from cohort_sessions.web.manage.fields import add_refusal
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.manage.reports import Report, leave_report


class CustomiseCoursesView(SessionPage):
    """The courses, with how much of each is this session's own. Posting keeps all of it as templates."""

    permission = permissions.VIEW_ROSTER
    template = "customise_courses.html"
    current = "customise_courses"

    @cached_property
    def editions(self) -> list[CourseEdition]:
        """Those of them that the actor may customise."""
        rows = permissions.rows(self.actor, permissions.CUSTOMISE_EDITION, self.session.editions.all())
        counts = {
            f"{name}_count": Count(name, distinct=True) for name in ("customisations", "elements", "tool_choices")
        }
        rows = rows.filter(withdrawn_at=None).annotate(**counts)
        found = list(rows.select_related("draft", "own_grading", "welcome"))
        for edition in found:
            edition.session = self.session
        return found

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """List them."""
        return self._show(TemplateForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Keep what they have otherwise, a template for each."""
        form = TemplateForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        try:
            save_templates(self.editions, title=form.cleaned_data["title"], actor=self.actor, now=self.now)
        except InvalidInput as refusal:
            add_refusal(form, refusal)
            return self._show(form)
        text = _("Other sessions of the organisation can use it for the same courses.")
        leave_report(request, code, Report(_("Kept"), text))
        return HttpResponseRedirect(address("customise_courses", code))

    def _show(self, form: TemplateForm) -> HttpResponse:
        courses = get_host().base_courses({edition.base_key for edition in self.editions})
        return self.render(
            form=form,
            courses=[
                {
                    "title": courses[each.base_key].title if each.base_key in courses else str(each.base_key),
                    "url": address("customise", self.session.code, uuid=each.uuid),
                    "number": _number(each),
                    "drafted": len(each.draft.changes) if hasattr(each, "draft") else 0,
                }
                for each in self.editions
            ],
        )


def _number(edition: CourseEdition) -> int:
    """How many things it has otherwise."""
    many = edition.customisations_count + edition.elements_count + edition.tool_choices_count
    return many + sum(hasattr(edition, name) for name in ("own_grading", "welcome"))
