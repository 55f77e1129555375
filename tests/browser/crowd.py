"""
Two more sessions for the sandbox that is walked through: one with three hundred members and results, and one with none.

Run inside the sandbox, by ``manage.py shell``; rows are made in bulk, since three hundred people would take long to
learn.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone

from cohort_sessions import api
from cohort_sessions.models import ActiveDay, CohortSession, CourseEdition, EditionDay, EditionResult, Member
from sandbox.models import CourseRun

CODES = {"lighthouse": "Lighthouse keepers", "ghost-ship": "Ghost ship"}
MEMBERS, DAYS = 300, 70
GIVEN = ("Amira", "Björn", "Chiara", "Dimitrios", "Eun-ji", "Fatoumata", "Guðrún", "Hye-rin", "Ibrahim", "Jarosława")
FAMILY = ("Abellán", "van der Meer", "Castellano-Moreau", "Dąbrowska", "Eze", "Ferreira da Silva")


def plant() -> None:
    """Make them, once."""
    now = timezone.now()
    greta = get_user_model().objects.get(username="greta")
    for code, title in CODES.items():
        session = api.create_session(
            code=code,
            title=title,
            opens_at=now - timedelta(days=DAYS),
            closes_at=now + timedelta(days=20),
            results_final_after_days=10,
            actor=api.SYSTEM,
            now=now,
        )
        keys = list(CourseRun.objects.order_by("course_key").values_list("course_key", flat=True))
        api.add_courses(session, keys, actor=api.SYSTEM, now=now)
        api.assign_session_team(session, api.TeamRole.ADMINISTRATOR, [greta.username], actor=api.SYSTEM, now=now)
        api.publish_session(session, actor=api.SYSTEM, now=now)
    _fill(CohortSession.objects.get(code="lighthouse"), now)


def uproot() -> None:
    """Take them away again, so that whoever walks next finds the demo as it is."""
    sessions = CohortSession.objects.filter(code__in=CODES)
    EditionResult.objects.filter(edition__session__in=sessions).delete()
    Member.objects.filter(session__in=sessions).delete()
    CourseEdition.objects.filter(session__in=sessions).delete()
    sessions.delete()
    get_user_model().objects.filter(username__startswith="keeper").delete()


def _fill(session: CohortSession, now: datetime) -> None:
    accounts = get_user_model().objects
    users = accounts.bulk_create(
        accounts.model(
            username=f"keeper{number:03}",
            email=f"keeper{number:03}@example.com",
            first_name=f"{GIVEN[number % 10]} {FAMILY[number % 6]}",
        )
        for number in range(MEMBERS)
    )
    members = Member.objects.bulk_create(Member(session=session, user=user, enrolled_at=now) for user in users)
    for edition in session.editions.order_by("position"):
        _results(edition, members, now)
        _days(edition, now)


def _results(edition: CourseEdition, members: list[Member], now: datetime) -> None:
    rows = []
    for number, member in enumerate(members):
        share = (number * 37 + edition.position * 29) % 101
        if share < 8:
            continue
        grade = None if share < 20 else min(1.0, share / 100 + 0.05)
        passed = grade is not None and grade >= 0.5
        last = now - timedelta(hours=number * 3 % 400)
        rows.append(
            EditionResult(
                member=member,
                edition=edition,
                grade=grade,
                letter="Pass" if passed else "",
                passed=passed,
                passed_at=last if passed else None,
                completed=share * 40 // 100,
                completable=40,
                first_activity_at=now - timedelta(days=60 - number % 30),
                last_activity_at=last,
                as_of=last,
                **_finality(number, now),
                sections=_sections(grade) if grade is not None else [],
            )
        )
    EditionResult.objects.bulk_create(rows)
    today = now.astimezone(UTC).date()
    ActiveDay.objects.bulk_create(
        ActiveDay(member=members[0], edition=edition, day=today - timedelta(days=back))
        for back in (0, 1, 2, 5, 6, 9, 13, 14, 20, 21, 22, 23, 30, 41, 60, 69)
    )


def _finality(number: int, now: datetime) -> dict:
    if number % 9:
        return {}
    policy = {
        "letters": [["Pass", 0.5]],
        "assignments": [
            {"assignment_type": "Exercise", "weight": 0.4, "dropped": 1},
            {"assignment_type": "Exam", "weight": 0.6, "dropped": 0},
        ],
    }
    later = {"grade": 0.9, "passed": True, "as_of": now.isoformat()} if number % 18 == 0 else {}
    return {"final_at": now - timedelta(days=1), "grading_policy": policy, "later": later}


def _sections(grade: float) -> list[dict]:
    titles = (("Spring tides", "Exercise"), ("Neap tides", "Exercise"), ("The harbour at night", "Exam"))
    return [
        {
            "block_id": f"section{place}",
            "title": title,
            "assignment_type": kind,
            "earned": round(grade * 10) / 2,
            "possible": 5.0,
        }
        for place, (title, kind) in enumerate(titles)
    ]


def _days(edition: CourseEdition, now: datetime) -> None:
    today = now.astimezone(UTC).date()
    EditionDay.objects.bulk_create(
        EditionDay(
            edition=edition,
            day=today - timedelta(days=DAYS - 1 - number),
            learners=MEMBERS,
            active=30 + (number * 17 + edition.position * 5) % 40 - (25 if number % 7 in (5, 6) else 0),
            passed=number * 2,
            graded=min(MEMBERS, number * 4),
            grades=min(MEMBERS, number * 4) * (0.4 + number / 300),
            completed=number * 100,
            completable=MEMBERS * 40,
        )
        for number in range(DAYS)
    )
