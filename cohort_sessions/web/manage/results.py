"""
The results of a session for those who teach in it: members by courses, and one course with all there is of it.

Query parameters, all optional: the fields of `ResultsForm`, ``page``, and ``columns``, which is remembered.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions import permissions
from cohort_sessions.errors import NotFound
from cohort_sessions.queries.authority import authorise
from cohort_sessions.queries.result_order import Column, Order, ResultFilter
from cohort_sessions.queries.result_values import EditionTotals, MemberResults, Result, SessionResults
from cohort_sessions.queries.results import session_results
from cohort_sessions.queries.shown_editions import ShownEdition
from cohort_sessions.standing import Standing
from cohort_sessions.web import moments
from cohort_sessions.web.manage import pictures
from cohort_sessions.web.manage.page import SessionPage, Way, address
from cohort_sessions.web.manage.people import Action
from cohort_sessions.web.manage.pictures import percent
from cohort_sessions.web.manage.results_form import NO, YES, Asked, ResultsForm, Sort, with_query
from cohort_sessions.web.manage.sessions import page_number
from cohort_sessions.web.wording import Badge, result_badges

COLUMN_NAMES = {
    Column.STANDING: gettext_lazy("Standing"),
    Column.GRADE: gettext_lazy("Grade"),
    Column.LETTER: gettext_lazy("Letter"),
    Column.PROGRESS: gettext_lazy("Progress"),
    Column.FIRST_ACTIVITY: gettext_lazy("First activity"),
    Column.ACTIVITY: gettext_lazy("Last activity"),
    Column.FINAL: gettext_lazy("Final since"),
}

# What is told of each course where there are several, and what of all of them together.
_OF_EACH = (Column.STANDING, Column.GRADE, Column.PROGRESS)
_OVERALL = "overall"
_OVERVIEW_COLUMNS = {
    **{column.value: COLUMN_NAMES[column] for column in _OF_EACH},
    _OVERALL: gettext_lazy("Overall progress"),
    Column.ACTIVITY.value: COLUMN_NAMES[Column.ACTIVITY],
}
_EDITION_COLUMNS = {column.value: name for column, name in COLUMN_NAMES.items()}

# By which the overview and the page of a course are sorted alike.
_SORTED_ALIKE = frozenset({Column.NAME, Column.PROGRESS, Column.ACTIVITY})

# Sent beside the boxes, so that no box ticked is told from none asked for.
_COLUMNS = "columns"
_COOKIE = "cohort_sessions_results_{page}"
_REMEMBERED_S = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column: what it is sorted by; of a course, its title with the page about it above."""

    sorts: Sequence[Sort]
    title: str = ""
    url: str = ""

    @property
    def direction(self) -> str:
        """How the table is sorted by this column now, empty where it is not."""
        return next((sort.direction for sort in self.sorts if sort.direction), "")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column for one member; `progress` is in whole percents, 0..100."""

    text: str | SafeString = ""
    badges: Sequence[Badge] = ()
    progress: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A member in the table."""

    username: str
    name: str
    url: str
    is_former: bool
    cells: Sequence[Cell]


class ResultsView(SessionPage):
    """Members by the courses that the actor may view results of."""

    permission = permissions.VIEW_ROSTER
    template = "results.html"
    current = "results"
    columns = _OVERVIEW_COLUMNS
    kind = "overview"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show a page of them."""
        try:
            return self.show(None)
        except NotFound:
            # Who sees the roster sees results of every course, or of their own: there are no courses.
            return self.render(results=None, courses_url=self._courses_url())

    def show(self, edition: UUID | None) -> HttpResponse:
        """The page; of one course, or of all."""
        request = self.request
        form = ResultsForm(request.GET)
        wanted, order = form.wanted(), self.order(form.order())
        results = session_results(
            self.session,
            actor=self.actor,
            now=self.now,
            edition=edition,
            wanted=wanted,
            order=Order(order.column, edition or order.edition, is_descending=order.is_descending),
            page=page_number(request.GET.get("page", "")),
        )
        asked = self._asked(results, wanted, order)
        columns = self._columns()
        response = self.render(
            results=results,
            title=results.chosen.title if results.chosen else "",
            tabs=self._tabs(results, asked),
            as_of=moments.exact(results.as_of) if results.as_of else "",
            tiles=_tiles(results),
            # Shown anew, so that the form says what was understood.
            form=ResultsForm(None, initial=asked.sorted()),
            is_filtered=wanted != ResultFilter(),
            found=results.page.paginator.count,
            name_heading=Heading([asked.sort(Order(), _("Name"))]),
            headings=self.headings(results, columns, asked),
            rows=[self._row(line, results, columns) for line in results.page],
            totals=self.totals(results, columns),
            page=results.page,
            pages=_pages(results, asked),
            page_url=asked.url,
            clear_url=asked.url if asked.sorted() else "",
            columns=[(key, name, key in columns) for key, name in self.columns.items()],
            kept=asked.sorted(),
            carried=carried(asked, results.chosen),
            actions=_actions(results, self.session.code),
            pictures=_pictures(results) if results.learners else (),
            people_url=address("people", self.session.code),
        )
        if _COLUMNS in request.GET:
            self._remember(response, columns)
        return response

    def order(self, order: Order) -> Order:
        """What is understood of an order here; that of names else."""
        known = _OF_EACH if order.edition else _SORTED_ALIKE
        return order if order.column in known else Order()

    def headings(self, results: SessionResults, columns: Collection[str], asked: Asked) -> list[Heading]:
        """Of every column but that of names."""
        headings = [
            Heading(
                [
                    asked.sort(Order(column, edition.uuid), str(COLUMN_NAMES[column]), edition.title)
                    for column in _OF_EACH
                    if column in columns
                ],
                edition.title,
                address("edition_results", self.session.code, uuid=edition.uuid),
            )
            for edition in results.shown
            if set(_OF_EACH) & set(columns)
        ]
        if _OVERALL in columns:
            headings.append(Heading([asked.sort(Order(Column.PROGRESS), str(_OVERVIEW_COLUMNS[_OVERALL]))]))
        if Column.ACTIVITY in columns:
            headings.append(Heading([asked.sort(Order(Column.ACTIVITY), str(COLUMN_NAMES[Column.ACTIVITY]))]))
        return headings

    def cells(self, line: MemberResults, columns: Collection[str]) -> list[Cell]:
        """What stands in the columns for one member."""
        cells = [_course_cell(result, columns) for result in line.results if set(_OF_EACH) & set(columns)]
        if _OVERALL in columns:
            cells.append(Cell(progress=_done(line.progress)))
        if Column.ACTIVITY in columns:
            cells.append(_moment_cell(line.last_activity_at))
        return cells

    def totals(self, results: SessionResults, columns: Collection[str]) -> list[Cell]:
        """What stands at the foot of the columns: the means of all who have a place."""
        cells = [
            Cell(
                percent(each.mean_grade) if Column.GRADE in columns else "",
                progress=_done(each.mean_progress) if Column.PROGRESS in columns else None,
            )
            for each in results.totals
            if set(_OF_EACH) & set(columns)
        ]
        if _OVERALL in columns:
            cells.append(Cell(progress=_done(_mean([each.mean_progress for each in results.totals]))))
        return cells + [Cell()] * (Column.ACTIVITY in columns)

    def _row(self, line: MemberResults, results: SessionResults, columns: Collection[str]) -> Row:
        person = line.person
        url = address("member_results", self.session.code, username=person.username)
        return Row(person.username, person.name, url, line.is_former, self.cells(line, columns))

    def _asked(self, results: SessionResults, wanted: ResultFilter, order: Order) -> Asked:
        chosen = results.chosen
        url = (
            address("edition_results", self.session.code, uuid=chosen.uuid)
            if chosen
            else address("results", self.session.code)
        )
        final = "" if wanted.is_final is None else YES if wanted.is_final else NO
        values = {
            "search": wanted.search,
            "standing": wanted.standing.value if wanted.standing else "",
            "final": final,
            "former": "on" if wanted.with_former else "",
        }
        if order.edition and order.edition not in {each.uuid for each in results.shown}:
            order = Order()
        return Asked(url, {name: value for name, value in values.items() if value}, order)

    def _tabs(self, results: SessionResults, asked: Asked) -> list[Way]:
        """All courses and each of them, with what is looked for."""
        kept = {**asked.values}
        if asked.order.edition is None and asked.order.column in _SORTED_ALIKE:
            kept = asked.sorted()
        ways = [Way(_("All courses"), with_query(address("results", self.session.code), kept), results.chosen is None)]
        for each in results.editions:
            url = address("edition_results", self.session.code, uuid=each.uuid)
            ways.append(Way(each.title, with_query(url, kept), each == results.chosen))
        return ways

    def _columns(self) -> list[str]:
        """Those chosen now, else those chosen once, else all."""
        if _COLUMNS in self.request.GET:
            chosen = self.request.GET.getlist(_COLUMNS)
        elif (remembered := self.request.COOKIES.get(_COOKIE.format(page=self.kind))) is not None:
            chosen = remembered.split(".")
        else:
            chosen = list(self.columns)
        return [key for key in self.columns if key in chosen]

    def _remember(self, response: HttpResponse, columns: Sequence[str]) -> None:
        response.set_cookie(
            _COOKIE.format(page=self.kind),
            ".".join(columns),
            max_age=_REMEMBERED_S,
            path=reverse("cohort_sessions:my_sessions"),
            secure=self.request.is_secure(),
            httponly=True,
            samesite="Lax",
        )

    def _courses_url(self) -> str:
        manages = permissions.allows(self.actor, permissions.MANAGE_SESSION, self.session)
        return address("courses", self.session.code) if manages else ""


class EditionResultsView(ResultsView):
    """Members in one course, with all there is of it."""

    columns = _EDITION_COLUMNS
    kind = "course"

    def get(self, request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
        """Show a page of them."""
        try:
            return self.show(uuid)
        except NotFound:
            # The course of somebody else in the same session is refused; what is not of the session is not found.
            edition = self.session.editions.filter(uuid=uuid).first()
            if edition is not None:
                authorise(self.actor, permissions.VIEW_RESULT, edition)
            raise

    def order(self, order: Order) -> Order:
        """Everything here is of the one course, which need not be named."""
        return Order(order.column, is_descending=order.is_descending)

    def headings(self, results: SessionResults, columns: Collection[str], asked: Asked) -> list[Heading]:
        """Of every column but that of names."""
        return [
            Heading([asked.sort(Order(Column(key)), str(name))]) for key, name in self.columns.items() if key in columns
        ]

    def cells(self, line: MemberResults, columns: Collection[str]) -> list[Cell]:
        """What stands in the columns for one member."""
        (result,) = line.results
        # Where it says since when, it need not say that.
        badges = result_badges(result.standing, is_final=result.is_final and Column.FINAL not in columns)
        cells = {
            Column.STANDING: Cell(badges=badges),
            Column.GRADE: Cell(percent(result.grade)),
            Column.LETTER: Cell(result.letter or "–"),
            Column.PROGRESS: Cell(progress=_done(result.progress)),
            Column.FIRST_ACTIVITY: _moment_cell(result.first_activity_at),
            Column.ACTIVITY: _moment_cell(result.last_activity_at),
            Column.FINAL: _moment_cell(result.final_at),
        }
        return [cells[key] for key in columns]

    def totals(self, results: SessionResults, columns: Collection[str]) -> list[Cell]:
        """What stands at the foot of the columns: the means of all who have a place."""
        (totals,) = results.totals
        cells = {
            Column.GRADE: Cell(percent(totals.mean_grade)),
            Column.PROGRESS: Cell(progress=_done(totals.mean_progress)),
        }
        return [cells.get(key, Cell()) for key in columns]


def carried(asked: Asked, chosen: ShownEdition | None) -> Mapping[str, str]:
    """What a step for chosen members is told of the page they were chosen on."""
    return {**asked.sorted(), **({"course": str(chosen.uuid)} if chosen else {})}


def _course_cell(result: Result, columns: Collection[str]) -> Cell:
    return Cell(
        percent(result.grade) if Column.GRADE in columns and result.grade is not None else "",
        result_badges(result.standing, is_final=result.is_final) if Column.STANDING in columns else (),
        _done(result.progress) if Column.PROGRESS in columns else None,
    )


def _moment_cell(moment: datetime | None) -> Cell:
    return Cell(moments.day_of(moment) if moment else "–")


def _done(share: float) -> int:
    """Rounded down: 100 % is for who has done everything."""
    return math.floor(share * 100)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _tiles(results: SessionResults) -> list[tuple[str, str, str]]:
    """What there is to say of all who have a place: a word, a number, and what it is of."""
    totals = results.totals
    places = sum(each.learners for each in totals)
    of_results = _("of %d") % places if len(totals) == 1 else _("of %d, each course counted") % places
    graded = sum(sum(each.grades) for each in totals)
    grade = sum((each.mean_grade or 0) * sum(each.grades) for each in totals) / graded if graded else None
    return [
        (_("Learners"), str(results.learners), ""),
        (_("Passed"), str(_sum_of(totals, Standing.PASSED)), of_results),
        (_("Behind"), str(_sum_of(totals, Standing.BEHIND)), of_results),
        (_("Final"), str(sum(each.final for each in totals)), of_results),
        (_("Mean grade"), percent(grade), _("of %d graded") % graded),
        (_("Mean progress"), _("%d%%") % _done(_mean([each.mean_progress for each in totals])), ""),
    ]


def _sum_of(totals: Sequence[EditionTotals], standing: Standing) -> int:
    return sum(each.standings.get(standing, 0) for each in totals)


def _pictures(results: SessionResults) -> list[pictures.Picture]:
    found = [pictures.standings(results.totals), pictures.grades(results.totals)]
    if results.days:
        found.append(pictures.progress_over_time(results.days))
        found.append(pictures.activity(results.days, of_several=len(results.shown) > 1))
    return found


def _pages(results: SessionResults, asked: Asked) -> list[Way]:
    """The ways to the page before and after."""
    page, ways = results.page, []
    if page.has_previous():
        ways.append(Way(_("Previous page"), asked.address(page=page.previous_page_number()), is_current=False))
    if page.has_next():
        ways.append(Way(_("Next page"), asked.address(page=page.next_page_number()), is_current=False))
    return ways


def _actions(results: SessionResults, code: str) -> list[Action]:
    """What can be done for members who are ticked."""
    actions = [
        Action(_("Export…"), address("export_results", code)),
        Action(_("Write to…"), address("message_members", code)),
    ]
    if results.may_certify and settings.COHORT_SESSIONS_CERTIFICATES:
        actions.append(Action(_("Give certificate…"), address("give_certificates", code, uuid=results.chosen.uuid)))
    if results.may_reopen:
        actions.append(Action(_("Reopen…"), address("reopen_results", code, uuid=results.chosen.uuid)))
    return actions
