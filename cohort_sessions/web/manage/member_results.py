"""One member's results in a session, course by course, for those who teach in it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohort_sessions import permissions
from cohort_sessions.host import GradingPolicy, LearnerPage, SectionGrade
from cohort_sessions.queries.member_results import CourseOfMember, Later, Step, member_results
from cohort_sessions.web import moments
from cohort_sessions.web.manage.page import SessionPage, Way, address
from cohort_sessions.web.manage.pictures import percent
from cohort_sessions.web.wording import Badge, result_badges

_PAGE_NAMES = {
    LearnerPage.PROGRESS: gettext_lazy("Progress, as they see it"),
    LearnerPage.GRADEBOOK: gettext_lazy("Gradebook"),
    LearnerPage.STUDENT_ADMIN: gettext_lazy("Reset or rescore their work"),
}

_WEEKS = 12
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Strip:
    """
    The last weeks, a column for each, with the days on which somebody worked.

    Attributes:
        label: how many they were, in a sentence.
        weeks: for each day ``active``, ``idle``, or ``ahead`` for one that is still to come.
        ends: the first day and the last.
        days: all on which they ever worked, the newest first.
    """

    label: str
    weeks: Sequence[Sequence[str]]
    ends: tuple[str, str]
    days: Sequence[SafeString]


@dataclass(frozen=True, slots=True)
class Group:
    """Graded sections of one type of assignment: a title, points, and their share of what is possible."""

    assignment_type: str
    total: str
    sections: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Course:
    """
    One course, in words.

    Attributes:
        progress: in whole percents, 0..100; ``None`` before the first work.
        facts: pairs of a word and what there is to say.
        later: what the platform says since the result is final, in sentences; empty where that is the same.
        letters, weights: of the grading policy that a final result was earned under.
    """

    anchor: str
    title: str
    url: str
    badges: Sequence[Badge]
    progress: int | None
    facts: Sequence[tuple[str, str | SafeString]]
    later: Sequence[str | SafeString]
    letters: Sequence[tuple[str, str]]
    weights: Sequence[tuple[str, str, str]]
    groups: Sequence[Group]
    strip: Strip | None
    steps: Sequence[Mapping[str, object]]
    pages: Sequence[Way]


class MemberResultsView(SessionPage):
    """Everything that led to their results, as far as the actor may view those."""

    permission = permissions.VIEW_ROSTER
    template = "member_results.html"
    current = "results"

    def get(self, request: HttpRequest, code: str, username: str) -> HttpResponse:
        """Show the member of this username."""
        record = member_results(self.session, username, actor=self.actor, now=self.now)
        return self.render(
            person=record.person,
            is_former=record.is_former,
            courses=[self._course(each) for each in record.courses],
            member_url=address("member", code, username=record.person.username),
            results_url=address("results", code),
        )

    def _course(self, each: CourseOfMember) -> Course:
        row = each.result
        is_final = row is not None and row.final_at is not None
        return Course(
            anchor=f"cs-course-{each.edition.uuid}",
            title=each.edition.title,
            url=address("edition_results", self.session.code, uuid=each.edition.uuid),
            badges=result_badges(each.standing, is_final=is_final),
            progress=None if row is None else math.floor(row.progress * 100),
            facts=_facts(each),
            later=_later(each.later) if each.later else (),
            letters=_letters(each.policy) if each.policy else (),
            weights=_weights(each.policy) if each.policy else (),
            groups=_groups(each.sections),
            strip=_strip(each.days, self.now) if each.days else None,
            steps=[_step(step) for step in each.steps],
            pages=[Way(str(_PAGE_NAMES[page]), url, is_current=False) for page, url in each.pages.items()],
        )


def _facts(each: CourseOfMember) -> list[tuple[str, str | SafeString]]:
    row = each.result
    if row is None:
        return []
    facts = [
        (_("Grade"), percent(row.grade) if row.grade is not None else _("Nothing is graded")),
        (_("Letter"), row.letter),
        (_("Passed"), _moment(row.passed_at) or (_("Yes") if row.passed else _("No"))),
        (_("Done"), _done(row.completed, row.completable)),
        (_("First activity"), _moment(row.first_activity_at)),
        (_("Last activity"), _moment(row.last_activity_at)),
        (_("Active days"), str(len(each.days)) if each.days else ""),
        (_("Final since"), _moment(row.final_at) or _("Not final")),
        (_("Certificate"), _moment(row.certified_at)),
        (_("As of"), moments.exact(row.as_of)),
    ]
    return [(word, said) for word, said in facts if said]


def _done(completed: int, completable: int) -> str:
    words = {"done": completed, "of": completable}
    return ngettext("%(done)d of %(of)d part", "%(done)d of %(of)d parts", completable) % words


def _moment(moment: datetime | None) -> SafeString | str:
    return moments.exact(moment) if moment else ""


def _later(later: Later) -> list[str | SafeString]:
    """What differs, the moment last."""
    said = []
    if later.grade is not None:
        said.append(_("Grade %s.") % percent(later.grade))
    if later.letter is not None:
        said.append(_("Letter %s.") % later.letter if later.letter else _("No letter."))
    if later.passed is not None:
        said.append(_("Passed.") if later.passed else _("Not passed."))
    if later.progress is not None:
        said.append(_("%d%% done.") % math.floor(later.progress * 100))
    if later.as_of is not None:
        said.append(format_html(_("As of {moment}."), moment=moments.exact(later.as_of)))
    return said


def _letters(policy: GradingPolicy) -> list[tuple[str, str]]:
    return [(letter, _("%s and more") % percent(least)) for letter, least in policy.letters]


def _weights(policy: GradingPolicy) -> list[tuple[str, str, str]]:
    return [(each.assignment_type, percent(each.weight), str(each.dropped)) for each in policy.assignments]


def _groups(sections: Sequence[SectionGrade]) -> list[Group]:
    """By type of assignment, in the order in which each occurs first."""
    types = list(dict.fromkeys(section.assignment_type for section in sections))
    ordered = sorted(sections, key=lambda section: types.index(section.assignment_type))
    return [
        _group(name, list(of_type)) for name, of_type in groupby(ordered, key=lambda section: section.assignment_type)
    ]


def _group(assignment_type: str, sections: Sequence[SectionGrade]) -> Group:
    earned, possible = sum(each.earned for each in sections), sum(each.possible for each in sections)
    return Group(
        assignment_type or _("Without a type"),
        _points(earned, possible),
        [(each.title, _points(each.earned, each.possible), _share(each.earned, each.possible)) for each in sections],
    )


def _points(earned: float, possible: float) -> str:
    return _("%(earned)s of %(possible)s") % {"earned": _number(earned), "possible": _number(possible)}


def _share(earned: float, possible: float) -> str:
    return percent(earned / possible if possible else None)


def _number(value: float) -> str:
    """As the reader's language writes it, without decimals that say nothing."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return formats.number_format(text, decimal_pos=len(text.partition(".")[2]))


def _strip(days: Sequence[date], now: datetime) -> Strip:
    """Whole weeks, as the reader's language begins them; days are UTC, as they were counted."""
    today = now.astimezone(UTC).date()
    # Sunday is 0 there, Monday is 0 in `date.weekday`.
    first_weekday = (formats.get_format("FIRST_DAY_OF_WEEK") - 1) % 7
    begun = today - timedelta(days=(today.weekday() - first_weekday) % 7)
    first = begun - (_WEEKS - 1) * _WEEK
    worked = set(days)

    def look(day: date) -> str:
        return "ahead" if day > today else "active" if day in worked else "idle"

    recent = sum(day >= first for day in days)
    label = ngettext(
        "Active on %(number)d day of the last %(weeks)d weeks.",
        "Active on %(number)d days of the last %(weeks)d weeks.",
        recent,
    )
    return Strip(
        label=label % {"number": recent, "weeks": _WEEKS},
        weeks=[[look(first + week * _WEEK + timedelta(days=number)) for number in range(7)] for week in range(_WEEKS)],
        ends=(formats.date_format(first, "MONTH_DAY_FORMAT"), formats.date_format(today, "MONTH_DAY_FORMAT")),
        days=[moments.day(day) for day in reversed(days)],
    )


def _step(step: Step) -> Mapping[str, object]:
    when = moments.exact(step.at)
    by = None if step.by is None else format_html("<bdi>{}</bdi>", step.by.name)
    return {
        "what": _("Made final") if step.is_final else _("Opened again"),
        "why": step.why,
        "note": format_html(_("{when}, by {who}"), when=when, who=by)
        if by
        else format_html(_("{when}, by itself"), when=when),
    }
