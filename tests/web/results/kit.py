"""What the pages of results are looked at with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model

from cohort_sessions.models import EditionResult, Member
from tests.web.kit import address

DAY = timedelta(days=1)
THEN = datetime(2026, 1, 10, 9, tzinfo=UTC)
OPENS, CLOSES = datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

GRID = "//div[@aria-label='Table of results']"
ROWS = f"{GRID}//tbody/tr"
NAMES = f"{ROWS}/th"
HEADINGS = f"{GRID}//thead/tr/th[not(contains(@class, 'cs-grid__tick'))]"
TABS = "//nav[@aria-label='Results by course']"
ACTIONS = "//div[@class='cs-actions']//button"
TILES = "//dl[@class='cs-totals']/div"
PAGES = "//nav[@class='cs-pages']"


def told(page) -> list[str]:
    """What stands in each row, but for the box to tick."""
    return [line.partition(" ")[2].partition(" ")[2] for line in page.words(ROWS)]


def work(session, username: str, position: int, **values) -> EditionResult:
    """A result of a member in the course at this place, of four parts."""
    row = EditionResult(
        member=session.members.get(user__username=username),
        edition=session.editions.get(position=position),
        **{"completable": 4, "as_of": THEN, **values},
    )
    EditionResult.objects.bulk_create([row])
    return row


def edition(session, position: int = 0):
    return session.editions.get(position=position)


def of_course(session, position: int = 0, page: str = "edition_results") -> str:
    return address(page, session, uuid=edition(session, position).uuid)


def crowd(session, count: int, now, *, results: bool = False):
    """So many more members of the session, with a result in each course or without any."""
    users = get_user_model().objects.bulk_create(
        get_user_model()(username=f"user{number:03}") for number in range(count)
    )
    members = Member.objects.bulk_create(Member(session=session, user=user, enrolled_at=now) for user in users)
    if results:
        EditionResult.objects.bulk_create(
            EditionResult(member=member, edition=each, grade=0.5, completed=3, completable=4, as_of=now)
            for each in session.editions.all()
            for member in members
        )
    return session
