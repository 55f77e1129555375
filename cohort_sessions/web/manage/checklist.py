"""What is missing before a session is published, in sentences, each with the way to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy, ngettext_lazy

from cohort_sessions.models import CohortSession
from cohort_sessions.queries.readiness import Finding, Subject, Verdict
from cohort_sessions.web.manage.page import address

# For each subject the page where it is mended, what is said where it is in order, and where it is not.
_WORDS = {
    Subject.COURSES: (
        "courses",
        ngettext_lazy("It has %(n)d course.", "It has %(n)d courses.", "n"),
        gettext_lazy("It has no course."),
    ),
    Subject.PREPARED: (
        "courses",
        gettext_lazy("Every course is ready on the platform."),
        ngettext_lazy(
            "%(n)d course is not ready on the platform yet.", "%(n)d courses are not ready on the platform yet.", "n"
        ),
    ),
    Subject.DATES: (
        "dates",
        gettext_lazy("It has dates, or a duration."),
        gettext_lazy("It has no opening, or its closing is over: members would be let in at once, or never."),
    ),
    Subject.TEACHERS: (
        "team",
        gettext_lazy("Every course has somebody who teaches it."),
        ngettext_lazy("Nobody teaches %(n)d course.", "Nobody teaches %(n)d courses.", "n"),
    ),
    Subject.LEARNERS: (
        "people",
        gettext_lazy("It has members, or people can join."),
        gettext_lazy("It has no members, and nobody can join by themselves."),
    ),
}


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One line of the list; `url` leads to where it is mended."""

    text: str
    verdict: Verdict
    url: str

    @property
    def is_in_order(self) -> bool:
        """Nothing to do here."""
        return self.verdict == Verdict.IN_ORDER

    @property
    def is_missing(self) -> bool:
        """Without it the session cannot be published."""
        return self.verdict == Verdict.MISSING


def checklist(findings: Iterable[Finding], session: CohortSession) -> list[CheckLine]:
    """The findings as their reader meets them; where there is no course, nothing is said of what courses need."""
    findings = tuple(findings)
    without_courses = Finding(Subject.COURSES, Verdict.MISSING) in findings
    return [
        _line(each, session)
        for each in findings
        if not (without_courses and each.subject in (Subject.PREPARED, Subject.TEACHERS))
    ]


def _line(finding: Finding, session: CohortSession) -> CheckLine:
    page, in_order, not_in_order = _WORDS[finding.subject]
    words = in_order if finding.verdict == Verdict.IN_ORDER else not_in_order
    return CheckLine(words % {"n": finding.number}, finding.verdict, address(page, session.code))
