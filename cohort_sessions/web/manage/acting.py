"""
What the team does for people: give own dates, move, remove, approve and decline.

Each step has a page of its own that says what will happen before it happens; the list of people that follows tells what
became of every line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions import permissions
from cohort_sessions.data import LineOutcome
from cohort_sessions.errors import CohortSessionError
from cohort_sessions.models import Member
from cohort_sessions.operations.members import UNCHANGED, remove_members, set_member_dates
from cohort_sessions.operations.moves import move_members
from cohort_sessions.operations.requests import approve_requests, decline_requests
from cohort_sessions.queries.choices import destinations
from cohort_sessions.queries.people import PeopleList, chosen_people
from cohort_sessions.queries.seats import seats_of
from cohort_sessions.web.date_fields import ClosingField, OpeningField, refuse_reversed
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.fields import (
    SUGGESTED_SESSIONS,
    SessionField,
    add_refusal,
    reason_field,
)
from cohort_sessions.web.manage.page import SessionPage
from cohort_sessions.web.manage.people import list_address, listed_in, seats_sentence
from cohort_sessions.web.manage.reports import Report, leave_report, report_on
from cohort_sessions.web.wording import Tone


class PeopleAction(SessionPage):
    """
    A step for chosen people: their usernames come as ``who``, the list they were chosen from as ``list``.

    Attributes:
        title: of the page, and of its button.
        is_destructive: colours the button.
        leads_to: the list that follows; ``None`` is the one they were chosen from.
    """

    permission = permissions.ENROL_MEMBER
    template = "act.html"
    form_class: type[PageForm] = PageForm
    title: str
    button: str
    is_destructive = False
    leads_to: PeopleList | None = None

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Say what will happen, and ask."""
        if not self.who:
            report = Report(_("Nobody was chosen"), _("Tick the people first, then choose what to do."), Tone.INFO)
            leave_report(request, self.session.code, report)
            return HttpResponseRedirect(self.back_address())
        return self.ask(self.form())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """Do it, and tell on the next page what became of every line."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                outcomes = self.act(form)
            except CohortSessionError as refusal:
                add_refusal(form, refusal)
            else:
                report = report_on(outcomes, self.summary(outcomes))
                leave_report(request, self.session.code, report)
                return HttpResponseRedirect(self.next_address(outcomes))
        return self.ask(form)

    def ask(self, form: PageForm) -> HttpResponse:
        """The page with its form."""
        return self.render(
            form=form,
            title=self.title,
            button=self.button,
            is_destructive=self.is_destructive,
            lead=self.lead(),
            chosen=self.chosen() if self.who else (),
            who=self.who,
            carried=self.carried(),
            cancel_url=self.back_address(),
            suggestions=self.suggestions(),
        )

    @cached_property
    def who(self) -> list[str]:
        """The usernames that were chosen."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        return sent.getlist("who")

    @cached_property
    def listed(self) -> PeopleList:
        """The list they were chosen from."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        return listed_in(sent.get("list", ""))

    def carried(self) -> Mapping[str, str]:
        """What the form sends along, so that the way back is known."""
        return {"list": self.listed.value}

    def back_address(self) -> str:
        """Where they were chosen."""
        return list_address(self.session, self.listed)

    def form(self, data: Mapping | None = None) -> PageForm:
        """The form of the step, filled with `data`."""
        return self.form_class(data)

    def chosen(self) -> Sequence:
        """Those who were chosen, each with a name and a username."""
        return chosen_people(self.session, self.who)

    def lead(self) -> Sequence[str]:
        """What will happen, in sentences."""
        raise NotImplementedError

    def act(self, form: PageForm) -> list[LineOutcome]:
        """Do it."""
        raise NotImplementedError

    def done(self, number: int) -> str:
        """What happened to so many people."""
        raise NotImplementedError

    def summary(self, outcomes: Sequence[LineOutcome]) -> str:
        """What happened, in a sentence."""
        return self.done(sum(line.changed for line in outcomes))

    def suggestions(self) -> Sequence:
        """Sessions to suggest, for a form that asks for one."""
        return ()

    def next_address(self, outcomes: Sequence[LineOutcome]) -> str:
        """Where to go when it is done."""
        return list_address(self.session, self.leads_to or self.listed)


class OwnDatesForm(PageForm):
    """Dates that are a member's alone."""

    opens_at = OpeningField(label=gettext_lazy("Own opening"), required=False)
    closes_at = ClosingField(label=gettext_lazy("Own closing"), required=False)
    extra_days = forms.IntegerField(
        label=gettext_lazy("Extra days"),
        required=False,
        min_value=0,
        max_value=3650,
        help_text=gettext_lazy("Added to whichever closing holds for them; deadlines inside the courses follow."),
    )
    resets = forms.BooleanField(
        label=gettext_lazy("The session's own dates again"),
        required=False,
        help_text=gettext_lazy("Takes away own opening, closing and extra days, whatever stands above."),
    )
    reason = reason_field(required=False, help_text=gettext_lazy("Kept in each member's history."))

    def clean(self) -> dict:
        """An end before its beginning is told beside the end."""
        refuse_reversed(self, "opens_at", "closes_at")
        return self.cleaned_data

    def values(self) -> dict:
        """What is to be set; what was left as it stood stays as it is for each member."""
        if self.cleaned_data["resets"]:
            return {"opens_at": None, "closes_at": None, "extra_days": 0}
        wanted = dict.fromkeys(("opens_at", "closes_at", "extra_days"), UNCHANGED)
        changed = {name: self.cleaned_data[name] for name in wanted if name in self.changed_data}
        if changed.get("extra_days", 0) is None:
            changed["extra_days"] = 0
        return wanted | changed


class OwnDatesView(PeopleAction):
    """Give members an opening, a closing or extra days of their own."""

    title = gettext_lazy("Own dates")
    button = gettext_lazy("Save")

    def form(self, data: Mapping | None = None) -> OwnDatesForm:
        """Filled with what holds for all of them alike."""
        places = list(Member.objects.filter(session=self.session, user__username__in=self.who))
        initial = {}
        for name in ("opens_at", "closes_at", "extra_days"):
            values = {getattr(place, name) for place in places}
            initial[name] = values.pop() if len(values) == 1 else None
        return OwnDatesForm(data, initial=initial)

    def lead(self) -> Sequence[str]:
        """What own dates are."""
        sentences = [_("They replace the session's dates for these members alone, on the platform as well.")]
        if len(self.who) > 1:
            sentences.append(_("What you leave as it stands here stays as it is for each of them."))
        return sentences

    def act(self, form: OwnDatesForm) -> list[LineOutcome]:
        """Set what was changed."""
        reason = form.cleaned_data["reason"]
        return set_member_dates(self.session, self.who, **form.values(), reason=reason, actor=self.actor, now=self.now)

    def done(self, number: int) -> str:
        """So many have other dates now."""
        return ngettext("%d member has new dates", "%d members have new dates", number) % number


class MoveForm(PageForm):
    """Where to, and why."""

    destination = SessionField(
        label=gettext_lazy("To which session"),
        suggestions="cs-sessions",
        help_text=gettext_lazy("The code of a session that you may enrol in; begin to type to choose."),
    )
    reason = reason_field(
        required=True, help_text=gettext_lazy("They read it, and it stays in their history in both sessions.")
    )


class MoveView(PeopleAction):
    """Move members to another session."""

    title = gettext_lazy("Move to another session")
    button = gettext_lazy("Move")

    def form(self, data: Mapping | None = None) -> MoveForm:
        """With the sessions that the actor may enrol in."""
        form = MoveForm(data)
        form.fields["destination"].choices = destinations(self.session, actor=self.actor, now=self.now)
        return form

    def suggestions(self) -> Sequence:
        """The newest of those sessions."""
        return destinations(self.session, actor=self.actor, now=self.now)[:SUGGESTED_SESSIONS]

    def lead(self) -> Sequence[str]:
        """What a move does."""
        return (
            _("They lose their place here and get one there, in one step. A move needs a free seat there."),
            _("What they have done here is kept and stays readable in their history."),
        )

    def act(self, form: MoveForm) -> list[LineOutcome]:
        """Move them."""
        chosen = form.cleaned_data
        return move_members(
            self.session, chosen["destination"], self.who, reason=chosen["reason"], actor=self.actor, now=self.now
        )

    def done(self, number: int) -> str:
        """So many are elsewhere now."""
        return ngettext("%d member was moved", "%d members were moved", number) % number


class RemoveView(PeopleAction):
    """Take members' places away."""

    title = gettext_lazy("Remove from the session")
    button = gettext_lazy("Remove")
    is_destructive = True

    def lead(self) -> Sequence[str]:
        """What is lost: nothing."""
        sentences = [
            _("They cannot enter the session any more."),
            _("Nothing they have done is lost: enrol them again, and it is all there."),
        ]
        waiting = seats_of(self.session, now=self.now).waiting
        if waiting:
            sentences.append(_("Their seats go to the waiting list at once."))
        return sentences

    def act(self, form: PageForm) -> list[LineOutcome]:
        """Remove them."""
        return remove_members(self.session, self.who, actor=self.actor, now=self.now)

    def done(self, number: int) -> str:
        """So many have no place any more."""
        return ngettext("%d member was removed", "%d members were removed", number) % number


class ApproveView(PeopleAction):
    """Let people in who asked."""

    title = gettext_lazy("Approve requests")
    button = gettext_lazy("Approve")
    leads_to = PeopleList.REQUESTS

    def lead(self) -> Sequence[str]:
        """Who gets a seat."""
        return (
            seats_sentence(seats_of(self.session, now=self.now)),
            _("They get a seat in the order in which they asked; for whom there is none, the end of the waiting list."),
            _("Each of them is told by mail."),
        )

    def act(self, form: PageForm) -> list[LineOutcome]:
        """Approve them."""
        return approve_requests(self.session, self.who, actor=self.actor, now=self.now)

    def done(self, number: int) -> str:
        """So many were approved."""
        return ngettext("%d request was approved", "%d requests were approved", number) % number


class DeclineForm(PageForm):
    """Why not."""

    reason = reason_field(required=False, help_text=gettext_lazy("They read it in the mail that tells them."))


class DeclineView(PeopleAction):
    """Say no to people who asked, or take them off the waiting list."""

    form_class = DeclineForm
    title = gettext_lazy("Decline")
    button = gettext_lazy("Decline")
    is_destructive = True

    def lead(self) -> Sequence[str]:
        """What they lose."""
        if self.listed == PeopleList.WAITING:
            return (
                _("They lose their place in line. If they ask again, they begin at its end."),
                _("A seat that was offered to them goes to the next in line."),
            )
        return (_("Each of them is told by mail. They may ask again, as long as enrolment is open."),)

    def act(self, form: PageForm) -> list[LineOutcome]:
        """Decline them."""
        reason = form.cleaned_data["reason"]
        return decline_requests(self.session, self.who, reason=reason, actor=self.actor, now=self.now)

    def done(self, number: int) -> str:
        """So many were declined."""
        return ngettext("%d person was told no", "%d people were told no", number) % number
