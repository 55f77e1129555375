"""What a decision of `timeline` and the state of an edition become on a card."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import EditionState, SessionStatus
from cohort_sessions.host import Person
from cohort_sessions.queries.cards import EditionRow, SessionCard
from cohort_sessions.timeline import Access, Entry, Listing, Phase, Reason, Window
from cohort_sessions.web import cards
from cohort_sessions.web.wording import Badge, Notice, Tone

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = CourseKey.from_string("course-v1:Sea+Tides+2026")
ROW = EditionRow(
    uuid=UUID(int=1),
    edition_key=KEY,
    base_key=KEY,
    course_title="tides",
    image_url="",
    url="/enter",
    state=EditionState.READY,
    error="",
    started=True,
    progress=0.999,
    grade=0.295,
    passed=False,
    as_of=NOW,
    coaches=(Person(3, "cleo", "Cleo"),),
)
OPEN = Access(Phase.CURRENT, Listing.SHOWN, Entry.FULL, Reason.OPEN, Window(NOW - DAY, NOW + 7 * DAY))
CARD = SessionCard(
    code="crew",
    title="Crew",
    description="",
    category="",
    organisation="",
    status=SessionStatus.PUBLISHED,
    cancel_reason="",
    access=OPEN,
    duration_days=None,
    roles=frozenset({"member"}),
    coaches=(Person(1, "ben", "Ben"), Person(2, "ada", "Ada")),
    editions=(ROW,),
)
READ_ONLY = replace(OPEN, phase=Phase.PAST, entry=Entry.READ_ONLY, reason=Reason.ENDED)


def line(*, access: Access = OPEN, roles=("member",), manages: bool = False, **changes) -> cards.CourseLine:
    """The line of one course, with changes of its row."""
    card = replace(CARD, access=access, roles=frozenset(roles), editions=(replace(ROW, **changes),))
    return cards.present(card, now=NOW, manages=manages).courses[0]


def test_a_whole_card():
    assert cards.present(CARD, now=NOW) == cards.Card(
        code="crew",
        title="Crew",
        url="/cohort-sessions/sessions/crew/",
        description="",
        category="",
        organisation="",
        period='<time datetime="2026-11-22" dir="auto">Nov. 22, 2026</time> – '
        '<time datetime="2026-11-30T12:00+00:00" dir="auto">Nov. 30, 2026, noon UTC</time>',
        countdown="Closes in 7 days",
        is_soon=True,
        badges=(),
        remark="",
        notice=None,
        coaches="Ben, Ada",
        courses=(
            cards.CourseLine(
                title="tides",
                image_url="",
                mark="T",
                coaches="Cleo",
                badge=None,
                error="",
                result=cards.Result(
                    progress=99,
                    grade=30,
                    passed=False,
                    as_of='<time datetime="2026-11-23T12:00+00:00" dir="auto">Nov. 23, 2026, noon UTC</time>',
                ),
                url="/enter",
                entry="Resume",
                is_main_step=True,
            ),
        ),
        results_url="/cohort-sessions/sessions/crew/my-results/",
    )


@pytest.mark.parametrize(
    ("given", "entry", "is_main_step"),
    [
        ({"started": False}, "Start", True),
        ({}, "Resume", True),
        ({"progress": 1.0}, "Resume", False),
        ({"access": READ_ONLY}, "Look back", False),
        ({"roles": ["session_coach"]}, "Open", False),
        ({"roles": [], "manages": True}, "Open", False),
        ({"url": ""}, "", False),
    ],
)
def test_one_obvious_link(given, entry, is_main_step):
    found = line(**given)
    assert (found.entry, found.is_main_step and bool(found.url)) == (entry, is_main_step)


@pytest.mark.parametrize(
    ("given", "badge"),
    [
        ({}, None),
        ({"state": EditionState.PREPARING}, None),
        ({"state": EditionState.PREPARING, "url": ""}, Badge("Being prepared", Tone.INFO)),
        ({"state": EditionState.FAILED, "url": ""}, Badge("Being prepared", Tone.INFO)),
        ({"state": EditionState.FAILED}, None),
        ({"state": EditionState.FAILED, "roles": ["session_coach"]}, Badge("Could not be prepared", Tone.DANGER)),
        ({"state": EditionState.FAILED, "roles": [], "manages": True}, Badge("Could not be prepared", Tone.DANGER)),
        ({"state": EditionState.WITHDRAWN}, Badge("Withdrawn", Tone.NEUTRAL)),
    ],
)
def test_a_course_says_what_stands_in_the_way(given, badge):
    assert line(**given).badge == badge


def test_only_members_who_began_have_a_result():
    assert [line(started=False).result, line(roles=["session_coach"]).result] == [None, None]
    assert line(grade=None, progress=0.5, as_of=None).result == cards.Result(50, None, passed=False, as_of="")


def test_only_members_who_began_are_led_to_their_results():
    def urls(**changes):
        return cards.present(replace(CARD, **changes), now=NOW).results_url

    waiting = tuple(replace(row, started=False) for row in CARD.editions)
    assert [urls(), urls(editions=waiting), urls(roles=frozenset({"session_coach"}))] == [
        "/cohort-sessions/sessions/crew/my-results/",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("changes", "badges"),
    [
        ({"status": SessionStatus.DRAFT}, [Badge("Draft", Tone.WARNING)]),
        ({"status": SessionStatus.CANCELLED}, [Badge("Cancelled", Tone.DANGER)]),
        (
            {"status": SessionStatus.ARCHIVED, "access": READ_ONLY},
            [Badge("Archived", Tone.NEUTRAL), Badge("Read only", Tone.NEUTRAL)],
        ),
        (
            {"roles": frozenset({"member", "course_coach", "administrator"})},
            [Badge("Session administrator", Tone.INFO), Badge("Course coach", Tone.INFO)],
        ),
    ],
)
def test_states_and_roles_are_badges(changes, badges):
    assert list(cards.present(replace(CARD, **changes), now=NOW).badges) == badges


OPENS = '<time datetime="2026-11-24T12:00+00:00" dir="auto">Nov. 24, 2026, noon UTC</time>'
ENDS = Window(None, NOW - 2 * DAY)
ENDED = 'It was open until <time datetime="2026-11-21T12:00+00:00" dir="auto">Nov. 21, 2026, noon UTC</time>.'


@pytest.mark.parametrize(
    ("changes", "notice"),
    [
        ({}, None),
        (
            {"status": SessionStatus.DRAFT},
            Notice("This session is a draft", "Only its team can see it until it is published.", Tone.WARNING),
        ),
        (
            {"access": replace(OPEN, entry=Entry.CLOSED, reason=Reason.NOT_OPEN_YET, window=Window(NOW + DAY))},
            Notice(
                "This session has not opened yet",
                f"Its courses open on {OPENS}.",
                Tone.INFO,
            ),
        ),
        (
            {"access": replace(READ_ONLY, window=ENDS)},
            Notice(
                "This session has ended",
                f"{ENDED} You can still look back at its courses, but not hand anything in.",
                Tone.INFO,
            ),
        ),
        (
            {"access": replace(READ_ONLY, entry=Entry.FULL, window=ENDS)},
            Notice("This session has ended", f"{ENDED} Its courses stay open to you.", Tone.INFO),
        ),
        (
            {"access": replace(READ_ONLY, entry=Entry.CLOSED, window=ENDS)},
            Notice("This session has ended", f"{ENDED} Its courses can no longer be entered.", Tone.INFO),
        ),
        (
            {
                "status": SessionStatus.CANCELLED,
                "cancel_reason": "The slipway is closed.",
                "access": replace(OPEN, entry=Entry.CLOSED, reason=Reason.CANCELLED),
            },
            Notice("This session was cancelled", "The slipway is closed.", Tone.DANGER),
        ),
        (
            {"status": SessionStatus.CANCELLED, "access": replace(OPEN, entry=Entry.CLOSED, reason=Reason.CANCELLED)},
            Notice("This session was cancelled", "Its courses cannot be entered.", Tone.DANGER),
        ),
        (
            {"status": SessionStatus.ARCHIVED, "access": replace(READ_ONLY, reason=Reason.ARCHIVED)},
            Notice(
                "This session is archived",
                "You can still look back at its courses, but not hand anything in.",
                Tone.NEUTRAL,
            ),
        ),
        (
            {"access": replace(OPEN, entry=Entry.CLOSED, reason=Reason.NO_RELATION)},
            Notice("This session is not open to you", "Only its members and its team can enter it.", Tone.INFO),
        ),
        (
            {"access": replace(OPEN, entry=Entry.CLOSED, reason=Reason.WITHDRAWN)},
            Notice("This course is no longer part of the session", "The results reached in it are kept.", Tone.INFO),
        ),
    ],
)
def test_a_session_says_why_it_is_not_simply_open(changes, notice):
    assert cards.present(replace(CARD, **changes), now=NOW).notice == notice


@pytest.mark.parametrize(
    ("closes_at", "is_soon"),
    [(datetime(2026, 12, 1, tzinfo=UTC), True), (datetime(2026, 12, 1, 1, tzinfo=UTC), False), (None, False)],
)
def test_a_closing_within_a_week_of_days_is_marked(closes_at, is_soon):
    card = replace(CARD, access=replace(OPEN, window=Window(None, closes_at)))
    assert cards.present(card, now=NOW).is_soon is is_soon


def test_a_cancelled_session_counts_no_days():
    card = cards.present(replace(CARD, status=SessionStatus.CANCELLED, cancel_reason="Storm."), now=NOW)
    assert (card.countdown, card.remark) == ("", "Storm.")
