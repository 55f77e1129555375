"""What the pages share by which a team announces something, and gives its learners links and files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions import permissions
from cohort_sessions.models import CourseEdition
from cohort_sessions.queries.announcing import AnnouncingRights, announcing_rights
from cohort_sessions.queries.authority import authorise
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.manage.reports import Report, leave_report
from cohort_sessions.web.wording import Notice

# In the place of a course.
_WHOLE = "session"


class TargetField(forms.TypedChoiceField):
    """For whom it is: one of the courses of the actor, or ``None`` for the whole session."""

    def __init__(self):
        super().__init__(
            label=gettext_lazy("For"),
            coerce=lambda value: None if value == _WHOLE else UUID(value),
            error_messages={
                "required": gettext_lazy("Choose for whom it is."),
                "invalid_choice": gettext_lazy(
                    "There is no such course among those that you write for. Choose one of the list."
                ),
            },
        )

    def offer(self, rights: AnnouncingRights) -> None:
        """Let these be chosen."""
        whole = [(_WHOLE, _("The whole session"))] if rights.is_whole else []
        self.choices = [*whole, *((str(each.uuid), each.title) for each in rights.editions)]

    def prepare_value(self, value: CourseEdition | str | None) -> str:
        """As the list has it."""
        return str(value.uuid) if isinstance(value, CourseEdition) else value or _WHOLE


class BoardPage(SessionPage):
    """
    A page about announcements or materials, for the team.

    Attributes:
        title, button: of a page with a form; `faults_title` says what did not happen where it cannot be saved.
    """

    permission = permissions.VIEW_ROSTER
    template = "board_form.html"
    current = "announcements"
    title: str
    button: str = gettext_lazy("Save")

    @cached_property
    def rights(self) -> AnnouncingRights:
        """Where this person writes."""
        return announcing_rights(self.session, actor=self.actor)

    def authorise_at(self, edition: CourseEdition | None) -> None:
        """Let through who may write for this course, or for the whole session; see `authorise`."""
        authorise(self.actor, permissions.ANNOUNCE, self.session if edition is None else edition)

    def authorise_somewhere(self) -> None:
        """Let through who may write for the whole session or for any course of it; see `authorise`."""
        own = [] if self.rights.is_whole else self.rights.editions
        self.authorise_at(self.session.editions.get(pk=own[0].edition_id) if own else None)

    def authorise_page(self) -> None:
        """Let through whom the page is for; see `authorise`."""
        self.authorise_somewhere()

    def http_method_not_allowed(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Nobody learns from it what there is."""
        self.authorise_page()
        return super().http_method_not_allowed(request, *args, **kwargs)

    def ask(
        self, form: PageForm, *, lead: Sequence[str] = (), changes: Notice | None = None, reload_url: str = ""
    ) -> HttpResponse:
        """The page with its form."""
        return self.render(
            form=form,
            title=self.title,
            button=self.button,
            lead=lead,
            changes=changes,
            reload_url=reload_url,
            cancel_url=address("announcements", self.session.code),
        )

    def confirm(self, what: str, *sentences: str) -> HttpResponse:
        """Ask whether that is meant."""
        return self.render(
            title=self.title,
            button=self.button,
            what=what,
            lead=sentences,
            cancel_url=address("announcements", self.session.code),
        )

    def back(self, report: Report, anchor: str = "") -> HttpResponse:
        """To the list, with what became of the change."""
        leave_report(self.request, self.session.code, report)
        return HttpResponseRedirect(f"{address('announcements', self.session.code)}{anchor}")
