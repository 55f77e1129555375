"""Publish, cancel, archive and restore a session; each step says what it does before it does it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions import permissions
from cohort_sessions.data import SessionStatus
from cohort_sessions.errors import CohortSessionError
from cohort_sessions.models import CohortSession
from cohort_sessions.operations.restoring import restore_session
from cohort_sessions.operations.sessions import archive_session, cancel_session, publish_session
from cohort_sessions.queries.readiness import readiness
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.checklist import checklist
from cohort_sessions.web.manage.fields import add_refusal, reason_field
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.manage.reports import Report, leave_report


class CancelForm(PageForm):
    """Why."""

    reason = reason_field(required=True, help_text=gettext_lazy("Members read it on the session and in a mail."))


@dataclass(frozen=True, slots=True)
class Step:
    """
    A change of how a session stands.

    Attributes:
        link: what leads to the page; `title` heads it, `button` does it.
        lead: what will happen, what is lost, and whether it can be undone.
        possible_from: how the session may stand before.
        act: the operation; keywords are those of the form, `actor` and `now`.
        is_main: the next thing one would do.
    """

    link: str
    title: str
    button: str
    lead: Sequence[str]
    done: str
    possible_from: Collection[SessionStatus]
    act: Callable[..., CohortSession]
    form_class: type[PageForm] = PageForm
    is_main: bool = False
    is_destructive: bool = False


# By the names of the pages in `urls`.
STEPS = {
    "publish": Step(
        link=gettext_lazy("Publish…"),
        title=gettext_lazy("Publish"),
        button=gettext_lazy("Publish"),
        lead=(
            gettext_lazy("Members see the session from now on, and enter its courses when it opens."),
            gettext_lazy("This cannot be undone, but a published session can be cancelled or archived."),
        ),
        done=gettext_lazy("The session is published"),
        possible_from=(SessionStatus.DRAFT,),
        act=publish_session,
        is_main=True,
    ),
    "restore": Step(
        link=gettext_lazy("Restore…"),
        title=gettext_lazy("Restore"),
        button=gettext_lazy("Restore"),
        lead=(
            gettext_lazy("The session becomes what it was before it was cancelled or archived."),
            gettext_lazy("Members find everything as they left it. Who waited for a place before asks anew."),
            gettext_lazy("It can be cancelled or archived again at any time."),
        ),
        done=gettext_lazy("The session is restored"),
        possible_from=(SessionStatus.CANCELLED, SessionStatus.ARCHIVED),
        act=restore_session,
        is_main=True,
    ),
    "cancel": Step(
        link=gettext_lazy("Cancel the session…"),
        title=gettext_lazy("Cancel the session"),
        button=gettext_lazy("Cancel the session"),
        lead=(
            gettext_lazy("Members still see it, marked as cancelled, with your reason. Nobody enters its courses."),
            gettext_lazy("Who waits for a place is told by mail that there will be none."),
            gettext_lazy("Nothing that anybody has done is lost, and it can be restored, but not the waiting list."),
        ),
        done=gettext_lazy("The session is cancelled"),
        possible_from=(SessionStatus.DRAFT, SessionStatus.PUBLISHED),
        act=cancel_session,
        form_class=CancelForm,
        is_destructive=True,
    ),
    "archive": Step(
        link=gettext_lazy("Archive…"),
        title=gettext_lazy("Archive"),
        button=gettext_lazy("Archive"),
        lead=(
            gettext_lazy("The session is past and read only for everybody, whatever its dates say."),
            gettext_lazy("Nothing that anybody has done is lost, and it can be restored."),
        ),
        done=gettext_lazy("The session is archived"),
        possible_from=(SessionStatus.DRAFT, SessionStatus.PUBLISHED, SessionStatus.CANCELLED),
        act=archive_session,
        is_destructive=True,
    ),
}


class StatusView(SessionPage):
    """One of the `STEPS`; `name` says which."""

    permission = permissions.MANAGE_SESSION
    template = "status.html"
    current = "settings"
    name = "publish"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Say what will happen, and ask."""
        return self._ask(self._step.form_class())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Do it."""
        form = self._step.form_class(request.POST)
        if form.is_valid():
            try:
                self._step.act(self.session, **form.cleaned_data, actor=self.actor, now=self.now)
            except CohortSessionError as refusal:
                add_refusal(form, refusal)
            else:
                leave_report(request, code, Report(str(self._step.done)))
                return HttpResponseRedirect(address("settings", code))
        return self._ask(form)

    @property
    def _step(self) -> Step:
        return STEPS[self.name]

    def _ask(self, form: PageForm) -> HttpResponse:
        is_publishing = self.name == "publish"
        return self.render(
            form=form,
            step=self._step,
            checklist=checklist(readiness(self.session, now=self.now), self.session) if is_publishing else (),
            cancel_url=address("settings", self.session.code),
            is_possible=self.session.status in self._step.possible_from,
            not_possible=_("The session is not in a state for this any more."),
        )
