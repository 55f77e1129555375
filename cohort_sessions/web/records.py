"""The record of a session, worded for whose it is: what *My results* and *My history* show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohort_sessions.data import SessionStatus
from cohort_sessions.host import SectionGrade
from cohort_sessions.queries.records import CourseRecord, SessionRecord, Step
from cohort_sessions.standing import Standing
from cohort_sessions.timeline import Phase
from cohort_sessions.web import moments
from cohort_sessions.web.wording import PHASE_NAMES, STANDING_NAMES, STANDING_TONES, Badge, Notice, Tone

# What a coach must look at is nothing to alarm the learner with.
_TONES = STANDING_TONES | {Standing.BEHIND: Tone.INFO, Standing.FAILED: Tone.NEUTRAL}

_UNDER_WAY = (Standing.NOT_STARTED, Standing.ACTIVE, Standing.BEHIND)

_MEANINGS = {
    Standing.NOT_STARTED: gettext_lazy("Nothing is done or graded."),
    Standing.ACTIVE: gettext_lazy("Under way, and up to date."),
    Standing.BEHIND: gettext_lazy("Under way; less of the course is done than of the time is over."),
    Standing.PASSED: gettext_lazy("The passing line is reached."),
    Standing.FAILED: gettext_lazy("The course is over, and the passing line was not reached."),
    None: gettext_lazy("The place in this session ended with this course under way."),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A graded section: its title, its type of assignment, and the points earned in it of those possible."""

    title: str
    kind: str
    points: str


@dataclass(frozen=True, slots=True)
class Course:
    """
    What was earned in one course, in words.

    Attributes:
        meaning: of the first of the badges, in a sentence.
        passed: when, or that it is not.
        grade: in percent; empty while nothing is graded.
        progress: whole percents, 0..100.
        done: the blocks that this is made of; empty for a course without any.
        final: since when the result is final; empty as long as it is not.
        finality: what that means, in a sentence; empty before the first result.
        as_of: empty before the first result.
    """

    title: str
    badges: tuple[Badge, ...]
    meaning: str
    grade: str
    letter: str
    passed: str
    progress: int
    done: str
    first_activity: str
    last_activity: str
    as_of: str
    final: str
    finality: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """
    One session with its courses, in words.

    Attributes:
        url: of its results.
        home_url: of the session's own page; empty while that is not shown to the person.
        remark: why it was cancelled; empty where it was not.
        ended: when the place was left or moved; empty while they have it.
        came: where they were moved here from; empty for who was not.
        notice: why the session does not go on for them; ``None`` where it does, or went to its end.
    """

    code: str
    title: str
    url: str
    home_url: str
    organisation: str
    period: str
    badges: tuple[Badge, ...]
    remark: str
    ended: str
    came: str
    notice: Notice | None
    courses: tuple[Course, ...]


def present(record: SessionRecord, *, now: datetime) -> Record:
    """Word a record for whose it is, in the active time zone."""
    names = {"code": record.code}
    return Record(
        code=record.code,
        title=record.title,
        url=reverse("cohort_sessions:my_results", kwargs=names),
        home_url=reverse("cohort_sessions:session_home", kwargs=names) if record.is_shown else "",
        organisation=record.organisation,
        period=moments.period(record.window, now=now, duration_days=record.duration_days),
        badges=tuple(_session_badges(record)),
        remark=record.cancel_reason if record.status == SessionStatus.CANCELLED else "",
        ended=_ended(record),
        came=_came(record.came_from) if record.came_from else "",
        notice=_notice(record),
        courses=tuple(_course(course) for course in record.courses),
    )


def _session_badges(record: SessionRecord):
    if record.status == SessionStatus.CANCELLED:
        yield Badge(_("Cancelled"), Tone.DANGER)
    if record.moved_to is not None:
        yield Badge(_("Moved"), Tone.NEUTRAL)
    elif record.left_at is not None:
        yield Badge(_("Left"), Tone.NEUTRAL)
    elif record.phase != Phase.PAST and record.status == SessionStatus.PUBLISHED:
        yield Badge(str(PHASE_NAMES[record.phase]), Tone.INFO)


def _ended(record: SessionRecord) -> str:
    if record.left_at is None:
        return ""
    if record.moved_to is None:
        return format_html(_("The place ended on {moment}."), moment=moments.exact(record.left_at))
    return format_html(
        _("Moved to {session} on {moment}."), session=_named(record.moved_to), moment=moments.exact(record.left_at)
    )


def _came(step: Step) -> str:
    return format_html(
        _("Moved here from {session} on {moment}: what was earned before is kept there."),
        session=_named(step),
        moment=moments.exact(step.moved_at),
    )


def _named(step: Step) -> str:
    url = reverse("cohort_sessions:my_results", kwargs={"code": step.code})
    return format_html('<a href="{}"><bdi>{}</bdi></a>', url, step.title)


def _notice(record: SessionRecord) -> Notice | None:
    """What ended the session for this person comes before what became of the session."""
    if record.left_at is not None:
        why = format_html(_("Reason: {reason}"), reason=record.moved_to.reason) if record.moved_to else ""
        lines = (format_html("{} {}", _ended(record), _("What was earned until then stays.")), why)
        return Notice(
            _("You have no place in this session any more"),
            format_html_join("\n", "{}", [(line,) for line in lines if line]),
            Tone.INFO,
        )
    if record.status == SessionStatus.CANCELLED:
        text = record.cancel_reason or _("What was earned until then stays.")
        return Notice(_("This session was cancelled"), text, Tone.DANGER)
    return None


def _course(course: CourseRecord) -> Course:
    return Course(
        title=course.course_title,
        badges=_course_badges(course),
        meaning=str(_MEANINGS[course.standing]),
        grade="" if course.grade is None else _percent(round(course.grade * 100)),
        letter=course.letter,
        passed=_passed(course),
        # Rounded down: 100 % is for those who have done everything.
        progress=math.floor(course.progress * 100),
        done=_("%(done)d of %(all)d") % {"done": course.completed, "all": course.completable}
        if course.completable
        else "",
        first_activity=_moment(course.first_activity_at),
        last_activity=_moment(course.last_activity_at),
        as_of=_moment(course.as_of),
        final=_moment(course.final_at),
        finality=_finality(course) if course.as_of else "",
        sections=tuple(_section(section) for section in course.sections),
    )


def _course_badges(course: CourseRecord) -> tuple[Badge, ...]:
    if course.standing is None:
        badges = [Badge(_("Left before the end"), Tone.NEUTRAL)]
    else:
        badges = [Badge(str(STANDING_NAMES[course.standing]), _TONES[course.standing])]
    if course.is_withdrawn:
        badges.append(Badge(_("Withdrawn"), Tone.NEUTRAL))
    return tuple(badges)


def _passed(course: CourseRecord) -> str:
    if course.passed:
        return _moment(course.passed_at) or _("Yes")
    return _("Not so far") if course.standing in _UNDER_WAY else _("No")


def _finality(course: CourseRecord) -> str:
    if course.final_at is not None:
        return format_html(
            _("Final since {moment}: it stays as it is, whatever changes in the course later."),
            moment=moments.exact(course.final_at),
        )
    if course.becomes_final_at is not None:
        return format_html(
            _("Not final yet: it follows what is done and graded until {moment}, and stays as it is from then on."),
            moment=moments.exact(course.becomes_final_at),
        )
    return _("Not final: it follows what is done and graded in the course.")


def _section(section: SectionGrade) -> Section:
    points = _("%(earned)s of %(possible)s") % {
        "earned": _points(section.earned),
        "possible": _points(section.possible),
    }
    return Section(section.title, section.assignment_type, points)


def _points(number: float) -> str:
    """To the hundredth, without zeros at the end."""
    rounded = round(number, 2)
    return formats.number_format(int(rounded) if rounded == int(rounded) else rounded)


def _percent(number: int) -> str:
    return _("%(percent)d%%") % {"percent": number}


def _moment(moment: datetime | None) -> str:
    return moments.exact(moment) if moment else ""
