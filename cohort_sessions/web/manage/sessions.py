"""*Manage sessions*: the sessions that whoever is signed in runs, to search, filter and sort."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.data import SessionStatus
from cohort_sessions.queries.managed_sessions import (
    FilterChoices,
    ManagedSession,
    ManagedSessions,
    SessionFilter,
    SessionOrder,
    filter_choices,
    managed_sessions,
)
from cohort_sessions.timeline import Phase
from cohort_sessions.web import moments
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.overview import OverviewPage
from cohort_sessions.web.manage.page import Way, address
from cohort_sessions.web.wording import PHASE_NAMES, STATUS_NAMES, Badge, status_badge

_ORDER_NAMES = {
    SessionOrder.LATEST: gettext_lazy("Latest opening first"),
    SessionOrder.EARLIEST: gettext_lazy("Earliest opening first"),
    SessionOrder.TITLE: gettext_lazy("Title, A to Z"),
    SessionOrder.TITLE_REVERSED: gettext_lazy("Title, Z to A"),
    SessionOrder.MOST_MEMBERS: gettext_lazy("Most members first"),
    SessionOrder.FEWEST_MEMBERS: gettext_lazy("Fewest members first"),
    SessionOrder.STATUS: gettext_lazy("Status, drafts first"),
    SessionOrder.STATUS_REVERSED: gettext_lazy("Status, archived first"),
}


class FilterForm(PageForm):
    """What is looked for. What is chosen but does not occur among `choices` counts as not chosen."""

    search = forms.CharField(
        label=gettext_lazy("Title or code"),
        required=False,
        max_length=150,
        widget=forms.TextInput({"type": "search", "autocomplete": "off", "dir": "auto"}),
    )
    phase = forms.TypedChoiceField(
        label=gettext_lazy("Phase"), required=False, coerce=Phase, empty_value=None, choices=list(PHASE_NAMES.items())
    )
    category = forms.TypedChoiceField(label=gettext_lazy("Category"), required=False, coerce=int, empty_value=None)
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"), required=False)
    course = forms.TypedChoiceField(label=gettext_lazy("Course"), required=False, empty_value=None)
    coach = forms.ChoiceField(label=gettext_lazy("Coach"), required=False)
    order = forms.TypedChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        coerce=SessionOrder,
        empty_value=SessionOrder.LATEST,
        choices=list(_ORDER_NAMES.items()),
    )
    # Chosen by the tabs, and kept by the form.
    status = forms.TypedChoiceField(
        required=False,
        coerce=SessionStatus,
        empty_value=None,
        choices=[("", ""), *STATUS_NAMES.items()],
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Mapping | None, choices: FilterChoices, **kwargs):
        super().__init__(data, auto_id="cs-filter-%s", **kwargs)
        by_text = {str(key): key for key in choices.courses}
        self.fields["course"].coerce = by_text.__getitem__
        occurring = {
            "phase": PHASE_NAMES.items(),
            "category": choices.categories.items(),
            "organisation": [(name, name) for name in choices.organisations],
            "course": [(str(key), title) for key, title in choices.courses.items()],
            "coach": [(person.username, person.name) for person in choices.coaches],
        }
        for name, options in occurring.items():
            self.fields[name].choices = [("", _("All")), *options]

    def wanted(self) -> SessionFilter:
        """What was understood of what is looked for."""
        self.is_valid()
        return SessionFilter(**self.cleaned_data)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in the table."""

    url: str
    title: str
    code: str
    dates: SafeString
    status: Badge
    members: str
    courses: SafeString
    coaches: SafeString


@dataclass(frozen=True, slots=True)
class StatusTab:
    """The sessions of one status, or all."""

    name: str
    url: str
    count: int
    is_current: bool


class ManageSessionsView(OverviewPage):
    """
    One page of the list.

    Query parameters, all optional: the fields of `FilterForm`, and ``page``.
    """

    template = "sessions.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        choices = filter_choices(self.actor)
        wanted = FilterForm(request.GET, choices).wanted()
        found = managed_sessions(self.actor, now=self.now, wanted=wanted, page=page_number(request.GET.get("page", "")))
        asked = _asked(wanted)
        return self.render(
            # Shown anew, so that the form says what was understood.
            form=FilterForm(None, choices, initial=asked),
            is_filtered=bool(asked.keys() - {"order"}),
            lines=[self._line(session, choices) for session in found.page],
            total=found.page.paginator.count,
            page=found.page,
            tabs=_tabs(found, wanted),
            pages=_pages(found, asked),
            page_url=_address({}),
        )

    def _line(self, session: ManagedSession, choices: FilterChoices) -> SessionLine:
        return SessionLine(
            url=address("people", session.code),
            title=session.title,
            code=session.code,
            dates=moments.period(session.period, now=self.now, duration_days=session.duration_days),
            status=status_badge(SessionStatus(session.status)),
            members=_members(session),
            courses=listed(choices.courses.get(key, str(key)) for key in session.base_keys),
            coaches=listed(person.name for person in session.coaches),
        )


def _members(session: ManagedSession) -> str:
    if session.capacity is None:
        return str(session.members)
    return _("%(members)d of %(seats)d") % {"members": session.members, "seats": session.capacity}


def listed(names: Iterable[str]) -> SafeString:
    """Names of any script, with commas between them; a dash for none."""
    return format_html_join(_(", "), "<bdi>{}</bdi>", ((name,) for name in names)) or SafeString("–")


def page_number(text: str) -> int:
    """The number of a page as an address names it; what is no number is the first."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _asked(wanted: SessionFilter) -> dict[str, str]:
    """The query parameters that ask for this, without those that say nothing."""
    values = {each.name: getattr(wanted, each.name) for each in fields(SessionFilter)}
    if wanted.order == SessionOrder.LATEST:
        del values["order"]
    return {name: str(value) for name, value in values.items() if value}


def _address(asked: Mapping[str, object]) -> str:
    url = reverse("cohort_sessions:manage_sessions")
    return f"{url}?{urlencode(asked)}" if asked else url


def _tabs(found: ManagedSessions, wanted: SessionFilter) -> list[StatusTab]:
    """All, and each status that occurs or is looked at."""
    rest = {name: value for name, value in _asked(wanted).items() if name != "status"}
    tabs = [StatusTab(_("All"), _address(rest), sum(found.counts.values()), wanted.status is None)]
    return tabs + [
        StatusTab(str(name), _address(rest | {"status": status.value}), found.counts[status], status == wanted.status)
        for status, name in STATUS_NAMES.items()
        if found.counts[status] or status == wanted.status
    ]


def _pages(found: ManagedSessions, asked: Mapping[str, str]) -> list[Way]:
    """The ways to the page before and after."""
    page, ways = found.page, []
    if page.has_previous():
        ways.append(Way(_("Previous page"), _address({**asked, "page": page.previous_page_number()}), is_current=False))
    if page.has_next():
        ways.append(Way(_("Next page"), _address({**asked, "page": page.next_page_number()}), is_current=False))
    return ways
