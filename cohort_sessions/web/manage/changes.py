"""Who did what in a session, and when: a page to look through, and a file to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions import permissions
from cohort_sessions.host import Person
from cohort_sessions.queries.changes import ChangeFilter, ChangeKind, SessionChange, all_changes, session_changes
from cohort_sessions.timeline import FIRST_DAY, LAST_DAY, Window
from cohort_sessions.web import moments
from cohort_sessions.web.clock_changes import start_of_day
from cohort_sessions.web.downloads import csv_download
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage import change_words
from cohort_sessions.web.manage.page import SessionPage, Way, address
from cohort_sessions.web.manage.sessions import page_number

_DAY = timedelta(days=1)


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date", "min": FIRST_DAY, "max": LAST_DAY}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the day like this: 2026-03-31.")},
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )


class ChangesForm(PageForm):
    """What is looked for. What cannot be understood is said beside it, and not looked for."""

    kind = forms.TypedChoiceField(
        label=gettext_lazy("About"),
        required=False,
        coerce=ChangeKind,
        empty_value=None,
        choices=[("", gettext_lazy("Everything")), *change_words.KIND_NAMES.items()],
    )
    person = forms.CharField(
        label=gettext_lazy("By or about whom"),
        required=False,
        max_length=150,
        widget=forms.TextInput({"type": "search", "autocomplete": "off", "dir": "auto"}),
    )
    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("To"))

    def wanted(self, zone: tzinfo) -> ChangeFilter:
        """What was understood; days are those of `zone`, whole."""
        self.is_valid()
        found = self.cleaned_data
        since, until = found.get("since"), found.get("until")
        return ChangeFilter(
            kind=found.get("kind"),
            person=found.get("person", ""),
            window=Window(
                None if since is None else start_of_day(since, zone),
                None if until is None else start_of_day(until + _DAY, zone),
            ),
        )

    def asked(self) -> dict[str, str]:
        """The query parameters that ask for what was understood."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A line of the table."""

    when: SafeString
    who: SafeString
    deed: str
    concerned: SafeString
    details: tuple[SafeString, ...]
    why: str


class _Changes(SessionPage):
    permission = permissions.MANAGE_SESSION
    current = "changes"


class ChangesView(_Changes):
    """
    One page of the history, newest first.

    Query parameters, all optional: the fields of `ChangesForm`, and ``page``.
    """

    template = "changes.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show it."""
        form = ChangesForm(request.GET, auto_id="cs-filter-%s")
        wanted = form.wanted(self.zone)
        page = session_changes(self.session, wanted, page=page_number(request.GET.get("page", "")))
        asked = form.asked()
        return self.render(
            form=form,
            is_filtered=wanted != ChangeFilter(),
            is_asked=bool(asked or form.errors),
            lines=[_line(change) for change in page],
            page=page,
            total=page.paginator.count,
            pages=self._pages(page, asked),
            page_url=address("changes", code),
            export_url=_address("export_changes", code, asked),
        )

    def _pages(self, page, asked: Mapping[str, str]) -> list[Way]:
        """The ways to the page before and after."""
        ways = []
        if page.has_previous():
            ways.append((_("Newer changes"), page.previous_page_number()))
        if page.has_next():
            ways.append((_("Older changes"), page.next_page_number()))
        code = self.session.code
        return [Way(name, _address("changes", code, {**asked, "page": n}), is_current=False) for name, n in ways]


class ExportChangesView(_Changes):
    """The lines that `ChangesView` shows on all its pages, as a CSV file."""

    def get(self, request: HttpRequest, code: str) -> StreamingHttpResponse:
        """Send them."""
        wanted = ChangesForm(request.GET).wanted(self.zone)
        headings = (
            _("When"),
            _("Who"),
            _("Username"),
            _("About"),
            _("What"),
            _("Concerns"),
            _("Username of whom it concerns"),
            _("Details"),
            _("Reason"),
        )
        return csv_download(
            f"{code}-changes", headings, lambda: (_row(change) for change in all_changes(self.session, wanted))
        )


def _line(change: SessionChange) -> ChangeLine:
    return ChangeLine(
        when=moments.exact(change.at),
        who=format_html("<bdi>{}</bdi>", _who(change.by)),
        deed=change_words.deed(change),
        concerned=change_words.concerned(change),
        details=tuple(change_words.details(change)),
        why=change.why,
    )


def _row(change: SessionChange) -> tuple[str, ...]:
    return (
        # To the second and with its offset, for machines as well.
        timezone.localtime(change.at).isoformat(timespec="seconds"),
        _who(change.by),
        change.by.username if change.by else "",
        str(change_words.KIND_NAMES[change.kind]),
        change_words.deed(change),
        change_words.concerned(change),
        change.person.username if change.person else "",
        format_html_join("; ", "{}", ((each,) for each in change_words.details(change))),
        change.why,
    )


def _who(by: Person | None) -> str:
    return by.name if by else _("by itself")


def _address(page: str, code: str, asked: Mapping[str, object]) -> str:
    url = address(page, code)
    return f"{url}?{urlencode(asked)}" if asked else url
