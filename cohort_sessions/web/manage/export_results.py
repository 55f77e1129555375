"""
Results as a file: of few members at once, of many from a page that tells how far the file has come.

What the form asks for is written as `queries.exports.ExportWish`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions import permissions
from cohort_sessions.data import ExportFormat, ExportStatus
from cohort_sessions.errors import NotFound
from cohort_sessions.host import get_host
from cohort_sessions.models import ResultExport
from cohort_sessions.operations.exports import request_export, sheet_title
from cohort_sessions.queries.exports import (
    ExportWish,
    covered_editions,
    exported_editions,
    exported_rows,
    own_export,
    own_exports,
)
from cohort_sessions.queries.people import chosen_people
from cohort_sessions.queries.result_order import ResultFilter
from cohort_sessions.queries.result_table import STANDING_NAMES, headings
from cohort_sessions.queries.results import count_results
from cohort_sessions.queries.shown_editions import ShownEdition
from cohort_sessions.standing import Standing
from cohort_sessions.web import moments
from cohort_sessions.web.downloads import as_file, csv_download, xlsx_download
from cohort_sessions.web.forms import PageForm
from cohort_sessions.web.manage.page import SessionPage, address
from cohort_sessions.web.wording import Badge, Tone

# How often the page of a file that is being made looks again, in seconds.
_LOOKS_AGAIN_S = 3

_FORMATS = {
    ExportFormat.CSV: gettext_lazy("CSV, for programs and spreadsheets"),
    ExportFormat.XLSX: gettext_lazy("Excel workbook (XLSX)"),
}

_YES, _NO = "yes", "no"

_STATUS_BADGES = {
    ExportStatus.WAITING: (gettext_lazy("Waiting"), Tone.INFO),
    ExportStatus.RUNNING: (gettext_lazy("Being made"), Tone.INFO),
    ExportStatus.DONE: (gettext_lazy("Ready"), Tone.SUCCESS),
    ExportStatus.FAILED: (gettext_lazy("Could not be made"), Tone.DANGER),
}

_UNFINISHED = (ExportStatus.WAITING, ExportStatus.RUNNING)


def _not_one_of(what: str) -> Mapping[str, str]:
    return {"invalid_choice": what}


class ExportForm(PageForm):
    """Which results, and as what; the filters are those of the page of results."""

    course = forms.TypedChoiceField(
        label=gettext_lazy("Course"),
        required=False,
        coerce=UUID,
        empty_value=None,
        error_messages=_not_one_of(
            gettext_lazy("There is no such course among those whose results you may export. Choose one of the list.")
        ),
    )
    standing = forms.TypedChoiceField(
        label=gettext_lazy("Standing in any of them"),
        required=False,
        coerce=Standing,
        empty_value=None,
        choices=[("", gettext_lazy("Any")), *STANDING_NAMES.items()],
        error_messages=_not_one_of(gettext_lazy("Nobody stands like that. Choose one of the list, or Any.")),
    )
    final = forms.TypedChoiceField(
        label=gettext_lazy("Final results"),
        required=False,
        coerce=lambda value: value == _YES,
        empty_value=None,
        choices=[("", gettext_lazy("All")), (_YES, gettext_lazy("Only final")), (_NO, gettext_lazy("Not final yet"))],
        error_messages=_not_one_of(gettext_lazy("Results are final or not. Choose one of the list, or All.")),
    )
    search = forms.CharField(
        label=gettext_lazy("Name, username or e-mail address"),
        required=False,
        max_length=255,
        widget=forms.TextInput({"type": "search", "autocomplete": "off", "dir": "auto"}),
        help_text=gettext_lazy("A part of it is enough; empty: everybody."),
    )
    former = forms.BooleanField(label=gettext_lazy("Former members as well"), required=False)
    format = forms.TypedChoiceField(
        label=gettext_lazy("Format"),
        coerce=ExportFormat,
        choices=list(_FORMATS.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose CSV or XLSX."),
            **_not_one_of(gettext_lazy("There is no such format. Choose CSV or XLSX.")),
        },
    )
    mark = forms.BooleanField(
        label=gettext_lazy("Mark CSV for spreadsheets"),
        required=False,
        help_text=gettext_lazy(
            "Excel then reads letters of every language. Leave it off for programs that stumble over a byte order mark."
        ),
    )

    def __init__(self, data: Mapping, *, editions: Sequence[ShownEdition]):
        super().__init__(data)
        courses = [(str(each.uuid), each.title) for each in editions]
        self.fields["course"].choices = [("", _("All of them")), *courses] if len(courses) != 1 else courses

    def wish(self, who: Sequence[str]) -> ExportWish:
        """What is asked for."""
        found = self.cleaned_data
        return ExportWish(
            course=found["course"],
            usernames=tuple(who) or None,
            members=ResultFilter(
                search=found["search"],
                standing=found["standing"],
                is_final=found["final"],
                with_former=found["former"],
            ),
        )


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that was asked for, in the list of them. `expires` is a ``<time>`` element."""

    name: str
    url: str
    badge: Badge
    asked: SafeString
    expires: SafeString


class ExportResultsView(SessionPage):
    """
    The form, and the file or the way to it.

    Query parameters, all optional: ``who`` (usernames, several times), and the fields of `ExportForm`, which stand in
    the form then.
    """

    # Whose results, `exported_editions` says: those of a course are not those of the session.
    permission = permissions.VIEW_ROSTER
    template = "export_results.html"
    current = "results"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Ask what is wanted."""
        asked = request.GET.copy()
        if "format" not in asked:
            asked["format"], asked["mark"] = ExportFormat.CSV.value, "on"
        return self._ask(ExportForm(asked, editions=self.editions))

    def post(self, request: HttpRequest, code: str) -> HttpResponseBase:
        """The file; of many members, the page where it will be."""
        form = ExportForm(request.POST, editions=self.editions)
        if not form.is_valid():
            return self._ask(form)
        wish = form.wish(self.who)
        number = count_results(self.session, usernames=wish.usernames)
        if self.who and not number:
            form.add_error(None, _("None of the people chosen has, or had, a place in this session. Choose others."))
            return self._ask(form)
        kind, is_marked = form.cleaned_data["format"], form.cleaned_data["mark"]
        if number <= settings.COHORT_SESSIONS_EXPORT_AT_ONCE:
            return self._send(wish, kind, is_marked=is_marked)
        export = request_export(self.session, wish, kind, is_marked=is_marked, actor=self.actor, now=self.now)
        return HttpResponseRedirect(address("export", code, uuid=export.uuid))

    @cached_property
    def who(self) -> list[str]:
        """The usernames that were chosen; nobody is everybody."""
        return _sent(self.request).getlist("who")

    @cached_property
    def editions(self) -> tuple[ShownEdition, ...]:
        """The courses whose results may be exported."""
        return exported_editions(self.session, ExportWish(), actor=self.actor)

    def _ask(self, form: ExportForm) -> HttpResponse:
        limit, number = settings.COHORT_SESSIONS_EXPORT_AT_ONCE, count_results(self.session)
        return self.render(
            form=form,
            lines=form.lines,
            who=self.who,
            chosen=chosen_people(self.session, self.who) if self.who else (),
            everybody_url=address("export_results", self.session.code),
            is_long=number > limit and not 0 < len(self.who) <= limit,
            hours=settings.COHORT_SESSIONS_EXPORT_HOURS,
            files=[self._line(export) for export in own_exports(self.session, actor=self.actor, now=self.now)],
        )

    def _send(self, wish: ExportWish, kind: ExportFormat, *, is_marked: bool) -> HttpResponseBase:
        editions = exported_editions(self.session, wish, actor=self.actor)

        def rows():
            return exported_rows(self.session, editions, wish, now=self.now)

        name = _file_name(self.session.code)
        if kind == ExportFormat.XLSX:
            return xlsx_download(name, sheet_title(), headings(), rows())
        return csv_download(name, headings(), rows, is_marked=is_marked)

    def _line(self, export: ResultExport) -> FileLine:
        return FileLine(
            name=_contents(export, self.editions),
            url=address("export", self.session.code, uuid=export.uuid),
            badge=_badge(export),
            asked=moments.exact(export.requested_at),
            expires=moments.exact(export.expires_at),
        )


class _OwnExport(SessionPage):
    """About one file of the actor's; for everybody else there is none, whatever their role."""

    permission = permissions.VIEW_SESSION
    current = "results"

    def export(self, uuid: UUID) -> ResultExport:
        """The row."""
        return own_export(self.session, uuid, actor=self.actor, now=self.now)


class ExportView(_OwnExport):
    """How far a file has come, and the way to it; looks again by itself while it is made, with or without a script."""

    template = "export.html"

    def get(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Show it."""
        export = self.export(uuid)
        is_unfinished = export.status in _UNFINISHED
        response = self.render(
            export=export,
            contents=_contents(export, exported_editions(self.session, ExportWish(), actor=self.actor)),
            badge=_badge(export),
            is_unfinished=is_unfinished,
            is_waiting=export.status == ExportStatus.WAITING,
            is_done=export.status == ExportStatus.DONE,
            percent=_percent(export),
            asked=moments.exact(export.requested_at),
            expires=moments.exact(export.expires_at),
            page_url=address("export", code, uuid=uuid),
            download_url=address("download_export", code, uuid=uuid),
            again_url=f"{address('export_results', code)}?{_again(export)}",
        )
        if is_unfinished:
            response["Refresh"] = str(_LOOKS_AGAIN_S)
        response["Cache-Control"] = "private, no-store"
        return response


class DownloadExportView(_OwnExport):
    """The file itself."""

    def get(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponseBase:
        """Send it, as long as it is there."""
        export = self.export(uuid)
        if export.status != ExportStatus.DONE:
            return HttpResponseRedirect(address("export", code, uuid=uuid))
        try:
            file = get_host().private_storage().open(export.file_name)
        except FileNotFoundError as missing:
            raise NotFound(_("There is no such file, or not any more.")) from missing
        return as_file(FileResponse(file), _file_name(code), ExportFormat(export.format))


def _sent(request: HttpRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _file_name(code: str) -> str:
    return f"{code}-results"


def _badge(export: ResultExport) -> Badge:
    name, tone = _STATUS_BADGES[ExportStatus(export.status)]
    return Badge(str(name), tone)


def _contents(export: ResultExport, editions: Sequence[ShownEdition]) -> str:
    """Of what the file is, in words: its courses, and as what."""
    covered = covered_editions(export)
    titles = [each.title for each in editions if each.uuid in covered]
    courses = titles[0] if len(titles) == 1 else ngettext("%d course", "%d courses", len(titles)) % len(titles)
    return _("%(courses)s, as %(format)s") % {"courses": courses, "format": export.format.upper()}


def _percent(export: ResultExport) -> int:
    return min(100 * export.written // export.total, 100) if export.total else 0


def _again(export: ResultExport) -> str:
    """The query that fills the form with what was asked for."""
    wanted, query = export.wanted, QueryDict(mutable=True)
    query.setlist("who", wanted["usernames"] or [])
    is_final = {None: "", True: _YES, False: _NO}[wanted["final"]]
    asked = {
        "course": wanted["course"],
        "standing": wanted["standing"],
        "final": is_final,
        "search": wanted["search"],
        "former": "on" if wanted["former"] else "",
        "format": export.format,
        "mark": "on" if wanted["marked"] else "",
    }
    query.update({name: value for name, value in asked.items() if value})
    return query.urlencode()
