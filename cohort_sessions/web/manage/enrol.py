"""Enrol people from a pasted list; addresses that nobody has yet are invited."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions.data import LineOutcome
from cohort_sessions.operations.members import enrol_members
from cohort_sessions.queries.seats import seats_of
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.acting import PeopleAction
from cohort_sessions.web.manage.fields import PeopleField
from cohort_sessions.web.manage.page import address
from cohort_sessions.web.manage.people import seats_sentence
from cohort_sessions.web.manage.reports import Report, take_report


class EnrolForm(PageForm):
    """A pasted list."""

    people = PeopleField(
        label=gettext_lazy("Usernames or e-mail addresses"),
        help_text=gettext_lazy(
            "One a line, or with commas between them. Every line is answered; one that fails stops no other. "
            "An address that has no account yet is invited."
        ),
    )


class EnrolView(PeopleAction):
    """Enrol people from a pasted list; lines that failed come back to be mended."""

    template = "enrol.html"
    form_class = EnrolForm
    title = gettext_lazy("Enrol people")
    button = gettext_lazy("Enrol")

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """A form with those who are to come back, or with the lines that could not be done a moment ago."""
        report = take_report(request, code)
        refused = [given for given, _why in report.refused] if report else []
        return self.ask(EnrolForm(initial={"people": "\n".join(self.who or refused)}), report=report)

    def ask(self, form: PageForm, *, report: Report | None = None) -> HttpResponse:
        """The page with its form."""
        return self.render(
            report=report,
            form=form,
            title=self.title,
            button=self.button,
            lead=self.lead(),
            cancel_url=address("people", self.session.code),
        )

    def lead(self) -> Sequence[str]:
        """How many seats there are."""
        return (
            seats_sentence(seats_of(self.session, now=self.now)),
            _("Who was here before comes back to their work and results."),
            _(
                "Who is invited gets a mail, and a place once they have registered with that address and confirmed it. "
                "Until then no seat is kept for them."
            ),
        )

    def act(self, form: PageForm) -> list[LineOutcome]:
        """Enrol every line."""
        return enrol_members(self.session, form.cleaned_data["people"], actor=self.actor, now=self.now)

    def done(self, number: int) -> str:
        """So many have a place now."""
        return ngettext("%d person was enrolled", "%d people were enrolled", number) % number

    def summary(self, outcomes: Sequence[LineOutcome]) -> str:
        """So many have a place now, and so many were invited."""
        invited = sum(line.invited for line in outcomes)
        enrolled = sum(line.changed for line in outcomes) - invited
        if not invited:
            return self.done(enrolled)
        sentence = ngettext("%d person was invited", "%d people were invited", invited) % invited
        if not enrolled:
            return sentence
        return _("%(enrolled)s; %(invited)s") % {"enrolled": self.done(enrolled), "invited": sentence}

    def next_address(self, outcomes: Sequence[LineOutcome]) -> str:
        """Back to the form while a line is refused, else to the members."""
        if all(line.ok for line in outcomes):
            return address("people", self.session.code)
        return address("enrol", self.session.code)
